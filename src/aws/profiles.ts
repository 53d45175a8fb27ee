import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import type { BadLine, Profile, ProfileList } from '../core/connection';

type Environment = Readonly<Record<string, string | undefined>>;

/** The two files, by the environment's word or AWS's default place. */
export function awsFiles(env: Environment = process.env): { readonly config: string; readonly credentials: string } {
  const expand = (file: string) => (file.startsWith('~/') ? path.join(homedir(), file.slice(2)) : file);
  return {
    config: expand(env['AWS_CONFIG_FILE'] ?? '~/.aws/config'),
    credentials: expand(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '~/.aws/credentials'),
  };
}

/** Reads the profiles anew from the files. Never rejects: what cannot be read is named in the answer. */
export async function listProfiles(env: Environment = process.env): Promise<ProfileList> {
  const files = awsFiles(env);
  const loaded = await loadSharedConfigFiles({
    configFilepath: files.config,
    filepath: files.credentials,
    ignoreCache: true,
  });
  const names = [...Object.keys(loaded.configFile), ...Object.keys(loaded.credentialsFile)]
    // Sections such as `sso-session.name` and `services.name` stand beside the profiles, with a dot the loader puts in.
    .filter((name) => !/^(sso-session|services)\./.test(name));
  const profiles = [...new Set(names)].map((name): Profile => {
    const section = { ...loaded.credentialsFile[name], ...loaded.configFile[name] };
    const region = section['region'];
    const endpointUrl = section['endpoint_url'];
    return { name, ...(region !== undefined && { region }), ...(endpointUrl !== undefined && { endpointUrl }) };
  });
  const environmentProfile = env['AWS_PROFILE'];
  return {
    profiles,
    files: [files.config, files.credentials],
    badLines: (await Promise.all([files.config, files.credentials].map(findBadLines))).flat(),
    ...(environmentProfile !== undefined && { environmentProfile }),
  };
}

/** Lines that are neither a section, a setting, a comment nor blank. The SDK ignores them, a person should hear of them. */
async function findBadLines(file: string): Promise<BadLine[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return [];
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    const content = line.trim();
    const good =
      content === '' || /^[#;]/.test(content) || /^\[[^\]]+\]\s*([#;].*)?$/.test(content) || /^[^=]+=/.test(content);
    return good ? [] : [{ file, line: index + 1 }];
  });
}
