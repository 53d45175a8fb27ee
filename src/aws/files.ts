import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import {
  externalDataInterceptor,
  getHomeDir,
  loadSharedConfigFiles,
  loadSsoSessionData,
} from '@smithy/shared-ini-file-loader';
import type { BadLine } from '../core/connection';

type Environment = Readonly<Record<string, string | undefined>>;

/** The files that a person has named in place of AWS's own. */
export interface ChosenFiles {
  readonly config?: string;
  readonly credentials?: string;
}

/** Settings by name, of one section. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** What the two files say, as the SDK reads them. */
export interface AwsFiles {
  /** Where they are, or would be. */
  readonly config: string;
  readonly credentials: string;
  /** By name. `services` and `sso-session` sections stand in `configFile` under `services.NAME` and `sso-session.NAME`. */
  readonly configFile: Readonly<Record<string, Settings>>;
  readonly credentialsFile: Readonly<Record<string, Settings>>;
  readonly ssoSessions: Readonly<Record<string, Settings>>;
  readonly badLines: readonly BadLine[];
}

/** The two files: as chosen, by the environment's word, or in AWS's default place. */
export function awsFiles(env: Environment = process.env, chosen: ChosenFiles = {}): Required<ChosenFiles> {
  const expand = (file: string) => (file.startsWith('~/') ? path.join(homedir(), file.slice(2)) : file);
  // An empty name is none, as for the SDK.
  const first = (...names: readonly (string | undefined)[]) => names.find((name) => name !== undefined && name !== '');
  return {
    config: expand(first(chosen.config, env['AWS_CONFIG_FILE']) ?? '~/.aws/config'),
    credentials: expand(first(chosen.credentials, env['AWS_SHARED_CREDENTIALS_FILE']) ?? '~/.aws/credentials'),
  };
}

/**
 * Reads both files anew and hands their texts to the SDK, under the names at which every part of it would look
 * (docs/decisions/0008). Never rejects: a file that cannot be read is an empty one, as for the SDK.
 */
export async function loadAwsFiles(chosen: ChosenFiles = {}): Promise<AwsFiles> {
  const files = awsFiles(process.env, chosen);
  const [config, credentials] = await Promise.all([
    readable(files.config, 'config'),
    readable(files.credentials, 'credentials'),
  ]);
  handOver(lookedFor('AWS_CONFIG_FILE', 'config'), config.text);
  handOver(lookedFor('AWS_SHARED_CREDENTIALS_FILE', 'credentials'), credentials.text);
  const [{ configFile, credentialsFile }, ssoSessions] = await Promise.all([
    loadSharedConfigFiles(),
    loadSsoSessionData(),
  ]);
  return {
    ...files,
    configFile,
    credentialsFile,
    ssoSessions,
    badLines: [...config.badLines, ...credentials.badLines],
  };
}

/** @returns a profile's settings, the credentials file's before the config file's, as the SDK takes them for credentials */
export function profileSettings(
  { configFile, credentialsFile }: Pick<AwsFiles, 'configFile' | 'credentialsFile'>,
  name: string,
): Settings | undefined {
  const [inConfig, inCredentials] = [configFile[name], credentialsFile[name]];
  return inConfig || inCredentials ? { ...inConfig, ...inCredentials } : undefined;
}

/** Where the SDK itself looks for a file: its readers of SSO sessions do not know `~/`, the others do. */
function lookedFor(variable: string, name: string): readonly string[] {
  const named = process.env[variable] ?? '';
  const file = named === '' ? path.join(getHomeDir(), '.aws', name) : named;
  return file.startsWith('~/') ? [file, path.join(getHomeDir(), file.slice(2))] : [file];
}

function handOver(names: readonly string[], text: string): void {
  for (const name of names) {
    externalDataInterceptor.interceptFile(name, text);
  }
}

interface Readable {
  readonly text: string;
  readonly badLines: readonly BadLine[];
}

async function readable(file: string, kind: 'config' | 'credentials'): Promise<Readable> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { text: '', badLines: [] };
  }
  const bad: BadLine[] = [];
  if (text.startsWith('\uFEFF')) {
    // The SDK passes over it, and so does `trim` below: other tools do not.
    bad.push({ file, line: 1, read: 'byteOrderMark' });
  }
  const reader = new LineReader(kind);
  const lines = text.split(/\r?\n/).map((line, index) => {
    const read = reader.read(line);
    if (read.bad) {
      bad.push({ file, line: index + 1, ...(read.bad === 'upperCase' && { read: read.bad }) });
    }
    return read.line;
  });
  return { text: lines.join('\n'), badLines: bad };
}

interface ReadLine {
  readonly line: string;
  readonly bad?: 'passedOver' | 'upperCase';
}

/**
 * Tells which lines the SDK would pass over, and makes those readable that AWS's command line reads and the SDK does not. What is
 * good in them is parsed by the SDK alone.
 */
class LineReader {
  /** What has begun: a section whose settings count, one of another tool's, or neither. */
  #section: 'counts' | 'others' | undefined;

  constructor(private readonly kind: 'config' | 'credentials') {}

  read(line: string): ReadLine {
    // As the SDK takes a comment off.
    const content = (line.split(/(^|\s)[;#]/)[0] ?? '').trim();
    if (content === '') {
      return { line };
    }
    const section = /^\[(.*)\]$/.exec(content)?.[1];
    if (section !== undefined) {
      const isOthers = this.kind === 'config' && othersSections.includes(section);
      this.#section = this.#counts(section) ? 'counts' : isOthers ? 'others' : undefined;
      // The SDK makes something else of some of these names, or gives up the whole file: it gets a section without a name, which
      // it passes over with all that is in it.
      return this.#section === 'counts' ? { line } : { line: '[]', ...(!isOthers && { bad: 'passedOver' }) };
    }
    if (this.#section === 'others') {
      return { line };
    }
    const name = /^([^=[][^=]*?)\s*=/.exec(content)?.[1];
    if (name === undefined || !this.#section) {
      return { line, bad: 'passedOver' };
    }
    const lower = name.toLowerCase();
    return name === lower ? { line } : { line: line.replace(name, () => lower), bad: 'upperCase' };
  }

  /** Whether the SDK makes a section of that name out of it in this file. */
  #counts(section: string): boolean {
    // In the config file there is a word before the name. Two words of these signs mean nothing in the credentials file.
    const [, word, , name] = /^([\w-]+)\s(["']?)([\w\-@+.%:/]+)\2$/.exec(section) ?? [];
    if (this.kind === 'config') {
      return section === 'default' || (words.includes(word ?? '') && !isBuiltIn(name ?? ''));
    }
    const ofConfig = words.some((one) => new RegExp(`^${one}\\s`).test(section));
    return section.trim() !== '' && word === undefined && !ofConfig && !isBuiltIn(section);
  }
}

/** What sections of the config file begin with. */
const words: readonly string[] = ['profile', 'sso-session', 'services'];

/** Sections of the config file that the AWS CLI keeps there for itself. */
const othersSections: readonly string[] = ['plugins', 'preview'];

/** `__proto__`, `toString` and the like: the SDK would take what every object has for the section, and write into that. */
function isBuiltIn(name: string): boolean {
  return name in {};
}
