import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { type PracticeAws, type PracticeAwsOptions, startPracticeAws } from '../../../src/practice/aws';
import { sisterCompany, smallCompany } from '../../../src/practice/company';
import type { PracticeAccount } from '../../../src/practice/server';

export const MAIN = '210987654321';
export const SISTER = '543210987654';

export interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly error: string | null;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  readonly text: string;
}

/**
 * Two accounts, and a person's home for the SDK to read. Their clock goes as this computer's does, by which the SDK
 * judges tokens, until a test moves it.
 */
export class SignInStage {
  readonly main: PracticeAccount;
  readonly sister: PracticeAccount;
  readonly #clock: { ahead: number };
  readonly #clients: (IAMClient | STSClient)[] = [];
  readonly #variables: NodeJS.ProcessEnv;

  private constructor(
    readonly aws: PracticeAws,
    readonly home: string,
    clock: { ahead: number },
  ) {
    this.#clock = clock;
    const [main, sister] = aws.accounts;
    if (main === undefined || sister === undefined) {
      throw new RangeError('The stage has two accounts.');
    }
    [this.main, this.sister] = [main, sister];
    this.#variables = { ...process.env };
    for (const name of Object.keys(process.env).filter((one) => one.startsWith('AWS_'))) {
      Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, { HOME: home, USERPROFILE: home, ...aws.environment });
  }

  static async open(options: Partial<PracticeAwsOptions> = {}): Promise<SignInStage> {
    const clock = { ahead: 0 };
    const companies = [smallCompany(), sisterCompany()];
    const aws = await startPracticeAws({ companies, now: () => Date.now() + clock.ahead, ...options });
    return new SignInStage(aws, await mkdtemp(join(tmpdir(), 'practice-home-')), clock);
  }

  advance(ms: number): void {
    this.#clock.ahead += ms;
  }

  /** Writes a file below the home. @returns its path */
  async write(path: string, content: string): Promise<string> {
    const file = join(this.home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  /** Writes `~/.aws/config`: sections by name, each with its settings. */
  async config(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<void> {
    const lines = Object.entries(sections).flatMap(([name, settings]) => [
      `[${name}]`,
      ...Object.entries({ region: 'us-east-1', ...settings }).map(([key, value]) => `${key} = ${value}`),
    ]);
    await this.write('.aws/config', lines.join('\n'));
  }

  sts(credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider): STSClient {
    const client = new STSClient(this.#config(credentials));
    this.#clients.push(client);
    return client;
  }

  iam(credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider): IAMClient {
    const client = new IAMClient(this.#config(credentials));
    this.#clients.push(client);
    return client;
  }

  // No endpoint: it comes from the environment.
  #config(credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider) {
    return { region: 'us-east-1', credentials, maxAttempts: 1, systemClockOffset: this.#clock.ahead };
  }

  /** The ARN that credentials call as. */
  async arn(credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider): Promise<string | undefined> {
    return (await this.sts(credentials).send(new GetCallerIdentityCommand({}))).Arn;
  }

  async http(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Reply> {
    const sent = await fetch(`${this.aws.endpoint}${path}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await sent.text();
    const type = sent.headers.get('content-type');
    const parsed: unknown = type === 'application/json' ? JSON.parse(text) : text;
    return { status: sent.status, type, error: sent.headers.get('x-amzn-errortype'), body: parsed, text };
  }

  postJson(path: string, body: object, headers: Record<string, string> = {}): Promise<Reply> {
    return this.http('POST', path, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
  }

  /** The names of the operations that were asked for, in order. */
  get operations(): string[] {
    return this.aws.calls.map(({ operation }) => operation);
  }

  async close(): Promise<void> {
    this.#clients.forEach((client) => {
      client.destroy();
    });
    for (const name of Object.keys(process.env)) {
      Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, this.#variables);
    await this.aws.stop();
    await rm(this.home, { recursive: true });
  }
}

/** A DPoP proof (RFC 9449), by default of a key of its own. @param shown the key it says it is of */
export function dpopProof(
  claims: Readonly<Record<string, unknown>>,
  privateKey: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  shown: KeyObject = privateKey,
): string {
  const { kty, crv, x, y } = shown.export({ format: 'jwk' });
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } };
  const payload = { jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims };
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
