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
  handOver(lookedFor('AWS_CONFIG_FILE', 'config'), [config.text, ...credentials.forConfig].join('\n'));
  handOver(lookedFor('AWS_SHARED_CREDENTIALS_FILE', 'credentials'), credentials.text);
  const [{ configFile, credentialsFile }, ssoSessions] = await Promise.all([
    loadSharedConfigFiles(),
    loadSsoSessionData(),
  ]);
  return {
    ...files,
    configFile: withWholeCommands(configFile),
    credentialsFile: withWholeCommands(credentialsFile),
    ssoSessions,
    badLines: [...config.badLines, ...credentials.badLines],
  };
}

/** Takes the marks out of commands (`markComments`). */
function withWholeCommands(sections: Readonly<Record<string, Settings>>): Readonly<Record<string, Settings>> {
  return Object.fromEntries(
    Object.entries(sections).map(([name, settings]) => {
      const command = settings['credential_process'];
      return [
        name,
        command === undefined ? settings : { ...settings, credential_process: command.replaceAll(mark, '') },
      ];
    }),
  );
}

/** What a variable of the environment says; one that is there and empty says nothing. */
export function variable(name: string): string | undefined {
  const text = process.env[name];
  return text === '' ? undefined : text;
}

/** The profile that the environment names. Of its two variables the SDK knows the first, the AWS CLI both. */
export function profileOfEnvironment(): string | undefined {
  return variable('AWS_PROFILE') ?? variable('AWS_DEFAULT_PROFILE');
}

/** What belongs together: a session's token is no good beside other keys. */
const keySettings = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'] as const;

/**
 * @returns a profile's settings, the credentials file's before the config file's, as the SDK takes them for credentials; but keys from
 *   one of them, as the AWS CLI takes them
 */
export function profileSettings(
  { configFile, credentialsFile }: Pick<AwsFiles, 'configFile' | 'credentialsFile'>,
  name: string,
): Settings | undefined {
  const [inConfig, inCredentials] = [configFile[name], credentialsFile[name]];
  if (!inConfig || !inCredentials) {
    return inConfig ?? inCredentials;
  }
  const keys = [inCredentials, inConfig].find(hasKeys);
  return {
    ...inConfig,
    ...inCredentials,
    ...(keys && Object.fromEntries(keySettings.map((setting) => [setting, keys[setting]]))),
  };
}

/** Whether a profile holds both parts of a key. */
export function hasKeys(settings: Settings): boolean {
  return settings['aws_access_key_id'] !== undefined && settings['aws_secret_access_key'] !== undefined;
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
  /** Lines of the credentials file that the SDK reads in the config file alone, where they come last and so count. */
  readonly forConfig: readonly string[];
  readonly badLines: readonly BadLine[];
}

async function readable(file: string, kind: 'config' | 'credentials'): Promise<Readable> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { text: '', forConfig: [], badLines: [] };
  }
  const bad: BadLine[] = [];
  if (text.startsWith('\uFEFF')) {
    // The SDK passes over it, and so does `trim` below: other tools do not.
    bad.push({ file, line: 1, read: 'byteOrderMark' });
  }
  const reader = new LineReader(kind);
  const lines: string[] = [];
  const forConfig: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const read = reader.read(line, index + 1);
    if (read.bad) {
      bad.push({ file, line: index + 1, ...(read.bad === 'upperCase' && { read: read.bad }) });
    }
    (reader.isForConfig ? forConfig : lines).push(read.line);
  }
  bad.push(...reader.dropped.map((line) => ({ file, line })));
  return { text: lines.join('\n'), forConfig, badLines: bad.sort((a, b) => a.line - b.line) };
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
  /** What the SDK calls the section that counts. */
  #name = '';
  /** The lines of `[default]` in the config file, and whether anything is said in a `[profile default]`. */
  readonly #defaults: number[] = [];
  #defaultByWord = false;

  #isForConfig = false;

  constructor(private readonly kind: 'config' | 'credentials') {}

  /** Whether what was read last is of the credentials file, and the SDK would know it in the config file alone. */
  get isForConfig(): boolean {
    return this.#isForConfig;
  }

  /** Sections that the SDK drops for the sake of others: it takes `[profile default]` and nothing of `[default]`. */
  get dropped(): readonly number[] {
    return this.#defaultByWord ? this.#defaults : [];
  }

  read(line: string, number: number): ReadLine {
    // As the SDK takes a comment off.
    const content = (line.split(/(^|\s)[;#]/)[0] ?? '').trim();
    if (content === '') {
      return { line };
    }
    if (content.startsWith('[')) {
      return this.#readSection(/^\[(.*)\]$/.exec(content)?.[1] ?? '', number);
    }
    if (this.#section === 'others') {
      return { line };
    }
    const name = /^([^=]+?)\s*=/.exec(content)?.[1];
    if (name === undefined || !this.#section) {
      return { line, bad: 'passedOver' };
    }
    this.#defaultByWord ||= this.#name === 'profile.default';
    const lower = name.toLowerCase();
    const whole = lower === 'credential_process' ? markComments(line) : line;
    return name === lower ? { line: whole } : { line: whole.replace(name, () => lower), bad: 'upperCase' };
  }

  /** @param section what stands in the brackets; empty where there is no end to them */
  #readSection(section: string, number: number): ReadLine {
    const name = nameForSdk(section, this.kind);
    this.#isForConfig = this.kind === 'credentials' && name !== undefined && name !== section;
    if (name !== undefined) {
      this.#section = 'counts';
      this.#name = name;
      if (this.kind === 'config' && name === 'default') {
        this.#defaults.push(number);
      }
      return { line: `[${name}]` };
    }
    const isOthers = this.kind === 'config' && othersSections.includes(section);
    this.#section = isOthers ? 'others' : undefined;
    // The SDK makes something else of some of these names, takes what follows for settings of the section before, or gives up the
    // whole file: it gets a section without a name, which it passes over with all that is in it.
    return { line: '[]', ...(!isOthers && { bad: 'passedOver' }) };
  }
}

/** A sign that is nobody's. */
const mark = '\uE000';

/** Keeps the SDK from taking a part of a command for a comment: to the AWS CLI no value has one. */
function markComments(line: string): string {
  return line.replaceAll(/\s(?=[;#])/g, (space) => space + mark);
}

/**
 * What the SDK calls a section, in words that it reads as such. It keeps `[profile work]` as `profile.work`, and takes that form in a
 * file too, also of names with spaces and other letters, which it does not know in the first form and the AWS CLI does.
 * @returns undefined where the section means nothing in this file
 */
function nameForSdk(section: string, kind: 'config' | 'credentials'): string | undefined {
  if (kind === 'config') {
    const [, word, inDouble, inSingle, plain] = wordAndName.exec(section) ?? [];
    const name = inDouble ?? inSingle ?? plain;
    if (word === undefined || name === undefined) {
      return section === 'default' ? section : undefined;
    }
    return isBuiltIn(name) ? undefined : `${word}.${name}`;
  }
  // The words of the config file do not belong there.
  if (section.trim() === '' || /^(profile|sso-session|services)\s/.test(section) || isBuiltIn(section)) {
    return undefined;
  }
  // Two words of these signs mean nothing to the SDK there: in the config file they do.
  return /^[\w-]+\s(["']?)[\w\-@+.%:/]+\1$/.test(section) ? `profile.${section}` : section;
}

/** A section of the config file with a name, as the AWS CLI reads it: one word, or in quotes. */
const wordAndName = /^(profile|sso-session|services)\s+(?:"([^"\\]+)"|'([^'\\]+)'|([^\s"'\\]+))\s*$/;

/** Sections of the config file that the AWS CLI keeps there for itself. */
const othersSections: readonly string[] = ['plugins', 'preview'];

/** `__proto__`, `toString` and the like: the SDK would take what every object has for the section, and write into that. */
function isBuiltIn(name: string): boolean {
  return name in {};
}
