import assert from 'node:assert/strict';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { otherTotp } from '../../otherTotp';
import { type PracticeAccount, type PracticeOptions, startPracticeAccount } from '../../../src/practice/server';

export const ACCOUNT = '210987654321';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A practice account whose clock stands still until a test moves it. */
export class Stage {
  readonly account: PracticeAccount;
  readonly #clock: { ms: number };
  readonly #clients: (IAMClient | STSClient)[] = [];

  private constructor(account: PracticeAccount, clock: { ms: number }) {
    this.account = account;
    this.#clock = clock;
  }

  static async open(options: PracticeOptions = {}): Promise<Stage> {
    const clock = { ms: Date.parse('2026-03-02T09:00:10Z') };
    const account = await startPracticeAccount({ reportBuildMs: 2000, now: () => clock.ms, ...options });
    return new Stage(account, clock);
  }

  get now(): number {
    return this.#clock.ms;
  }

  advance(ms: number): void {
    this.#clock.ms += ms;
  }

  /** An IAM client of a caller, by name or by keys. It does not retry, and its clock is the account's. */
  iam(who: string | Keys): IAMClient {
    const client = new IAMClient(this.#config(who));
    this.#clients.push(client);
    return client;
  }

  sts(who: string | Keys): STSClient {
    const client = new STSClient(this.#config(who));
    this.#clients.push(client);
    return client;
  }

  #config(who: string | Keys) {
    return {
      endpoint: this.account.endpoint,
      region: 'us-east-1',
      credentials: typeof who === 'string' ? this.account.caller(who) : who,
      maxAttempts: 1,
      systemClockOffset: this.#clock.ms - Date.now(),
    };
  }

  /** The code a device shows so many steps from now; computed by a library of its own. */
  async code(serial: string, steps = 0): Promise<string> {
    const seed = this.account.seedOf(serial);
    assert.ok(seed !== undefined, `no seed of ${serial}`);
    return otherTotp(seed, this.now + steps * 30_000);
  }

  /** The previous and the current code, in the fields Enable and Resync take. `steps` shifts both. */
  async pair(serial: string, steps = 0): Promise<{ AuthenticationCode1: string; AuthenticationCode2: string }> {
    return {
      AuthenticationCode1: await this.code(serial, steps - 1),
      AuthenticationCode2: await this.code(serial, steps),
    };
  }

  async close(): Promise<void> {
    this.#clients.forEach((client) => {
      client.destroy();
    });
    await this.account.stop();
  }
}

/** The refusal a call ends with; a call that succeeds fails the test. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code: string; status: number | undefined; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, Code, $metadata } = error as {
      name: string;
      message: string;
      Code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    return { code: Code ?? name, status: $metadata?.httpStatusCode, message };
  }
  assert.fail('the call was not refused');
}

export const userArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:user/${name}`;
export const mfaArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:mfa/${name}`;
