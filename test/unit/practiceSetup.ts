import assert from 'node:assert/strict';
import { otherTotp } from '../otherTotp';
import { connect, type CallRecord, type Connection, type ConnectOptions, type SignIn } from '../../src/aws/connect';
import type { AccountSource } from '../../src/core/account';
import type { Device } from '../../src/core/device';
import { Directory } from '../../src/core/directory';
import { Enrolment, type EnrolmentState, type NewKind } from '../../src/core/enrolment';
import type { Iam, MfaSession } from '../../src/core/iam';
import { problemOf, type Problem } from '../../src/core/problem';
import { type Company, type CompanyUser, smallCompany } from '../../src/practice/company';
import type { PermissionSet } from '../../src/practice/permissions';
import { type PracticeAccount, type PracticeOptions, startPracticeAccount } from '../../src/practice/server';
import { MemoryUnfinishedStore, SteeredClock } from './doubles';
import { Relay } from './relay';

export const practiceId = '210987654321';
export const serialOf = (name: string): string => `arn:aws:iam::${practiceId}:mfa/${name}`;

/** The small company with these users, in the place of any of the same names. */
export function companyWith(...users: CompanyUser[]): Company {
  const company = smallCompany();
  const names = new Set(users.map(({ name }) => name));
  return { ...company, users: [...company.users.filter(({ name }) => !names.has(name)), ...users] };
}

export interface SetupOptions extends Omit<PracticeOptions, 'now' | 'port'> {
  /** How far the account's clock is ahead of this computer's, milliseconds. */
  readonly ahead?: number;
}

/** The practice account over HTTP, with a relay before it, and the real AWS side to call it with. */
export class Setup {
  /** Every call as the log is told of it. */
  readonly records: CallRecord[] = [];
  readonly store = new MemoryUnfinishedStore();
  readonly #connections: Connection[] = [];

  private constructor(
    readonly clock: SteeredClock,
    readonly practice: PracticeAccount,
    readonly relay: Relay,
  ) {}

  static async open({ ahead = 0, ...options }: SetupOptions = {}): Promise<Setup> {
    const clock = new SteeredClock();
    const practice = await startPracticeAccount({ reportBuildMs: 0, ...options, now: () => clock.now() + ahead });
    return new Setup(clock, practice, await Relay.open(practice.endpoint));
  }

  async close(): Promise<void> {
    this.#connections.forEach((connection) => connection.dispose());
    await this.relay.close();
    await this.practice.stop();
  }

  /** @param caller whose keys are used */
  async connect(caller?: string, options?: ConnectOptions): Promise<Connection> {
    const connection = await connect(this.signIn(caller), (record) => this.records.push(record), options);
    this.#connections.push(connection);
    return connection;
  }

  /** With a caller's keys. */
  signIn(caller = 'keeper'): SignIn {
    const { accessKeyId, secretAccessKey, sessionToken } = this.practice.caller(caller);
    return {
      kind: 'keys',
      endpoint: this.relay.endpoint,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    };
  }

  async iam(caller?: string): Promise<Iam> {
    return (await this.connect(caller)).iam;
  }

  /** A directory that has not read anything yet. */
  async directory(caller?: string): Promise<Directory> {
    return new Directory(await this.iam(caller), this.clock);
  }

  /** A directory that has read the account. */
  async loaded(caller?: string): Promise<Directory> {
    const directory = await this.directory(caller);
    await directory.load();
    return directory;
  }

  /** An enrolment that has not started. */
  async enrolment(userName: string, caller?: string, source: AccountSource = { kind: 'default' }): Promise<Enrolling> {
    const directory = await this.loaded(caller);
    const { account } = directory;
    assert.ok(account, 'the account was read');
    const { clock, store } = this;
    const enrolment = new Enrolment({ directory, clock, unfinished: store, source, account, userName });
    return new Enrolling(this, enrolment, directory);
  }

  /** An enrolment of any kind that has not started. @param more who signs, what is enrolled, and in whose place */
  async enrolling(
    userName: string,
    more: { readonly caller?: string; readonly kind?: NewKind; readonly replaces?: Device } = {},
  ): Promise<Enrolling> {
    const { caller, ...rest } = more;
    const directory = await this.loaded(caller);
    const { account } = directory;
    assert.ok(account, 'the account was read');
    const { clock, store: unfinished } = this;
    const source: AccountSource = { kind: 'default' };
    const enrolment = new Enrolment({ directory, clock, unfinished, source, account, userName, ...rest });
    return new Enrolling(this, enrolment, directory);
  }

  /** Adds a caller of the user's own name who signs with the user's long-term keys. @returns the name */
  own(userName: string, permissions: PermissionSet = 'everything'): string {
    this.practice.addCaller({ name: userName, identity: { kind: 'user', userName }, permissions });
    return userName;
  }

  /** Every secret that AWS tells from now on: seeds, and the keys of sessions. */
  hearSecrets(): readonly string[] {
    const heard: string[] = [];
    const hear = (operation: string, names: readonly string[], decode: (text: string) => string) =>
      this.relay.spoil(operation, {
        kind: 'change',
        change: (body) => {
          for (const name of names) {
            const secret = new RegExp(`<${name}>(.+?)</${name}>`).exec(body)?.[1];
            if (secret !== undefined) {
              heard.push(decode(secret));
            }
          }
          return body;
        },
      });
    hear('CreateVirtualMFADevice', ['Base32StringSeed'], (text) => Buffer.from(text, 'base64').toString('ascii'));
    hear('GetSessionToken', ['AccessKeyId', 'SecretAccessKey', 'SessionToken'], (text) => text);
    return heard;
  }

  /** How many calls of an operation arrived, be they answered or not. */
  count(operation: string): number {
    return this.relay.arrived.filter((arrived) => arrived === operation).length;
  }

  /** That of the operations named, so many calls arrived, and none of those that `expected` leaves out. */
  assertSent<O extends string>(operations: readonly O[], expected: Readonly<Partial<Record<O, number>>>): void {
    assert.deepEqual(
      Object.fromEntries(operations.map((operation) => [operation, this.count(operation)])),
      Object.fromEntries(operations.map((operation) => [operation, expected[operation] ?? 0])),
    );
  }

  /** The names of a user's devices, as is true in the account. */
  devicesOf(userName: string): string[] {
    return this.practice
      .devices()
      .filter(({ owner }) => owner?.kind === 'user' && owner.userName === userName)
      .map(({ serial }) => serial);
  }

  /** The serials of virtual devices that belong to nobody, as is true in the account. */
  unassigned(): string[] {
    return this.practice
      .devices()
      .filter(({ kind, owner }) => kind === 'virtual' && owner === undefined)
      .map(({ serial }) => serial);
  }

  /** The code that a device of the account shows where its clock is right, or so many time steps off. */
  codeOf(serial: string, steps = 0): Promise<string> {
    const seed = this.practice.seedOf(serial);
    assert.ok(seed !== undefined, `${serial} shows codes`);
    return this.code(seed, this.clock.now() + steps * 30_000);
  }

  /** The code a phone shows; computed by a library of its own. */
  async code(seed: string, at: number): Promise<string> {
    return otherTotp(seed, at);
  }
}

type StateOf<K extends EnrolmentState['kind']> = Extract<EnrolmentState, { readonly kind: K }>;

/** An enrolment with the person's phone. */
export class Enrolling {
  /** Every kind of state there was, in order, without repetitions. */
  readonly history: string[] = [];
  readonly #seeds = new Set<string>();

  constructor(
    private readonly setup: Setup,
    readonly enrolment: Enrolment,
    readonly directory: Directory,
  ) {
    enrolment.onDidChange((state) => {
      const name = state.kind === 'ready' && state.enabling ? 'enabling' : state.kind;
      if (this.history.at(-1) !== name) {
        this.history.push(name);
      }
      if (state.kind === 'ready') {
        this.#seeds.add(state.device.seed);
      }
    });
  }

  /** The state, which must be of that kind. */
  as<K extends EnrolmentState['kind']>(kind: K): StateOf<K> {
    const { state } = this.enrolment;
    assert.equal(
      state.kind,
      kind,
      JSON.stringify(state, (key, value: unknown) => (key === 'seed' ? '…' : value)),
    );
    return state as StateOf<K>;
  }

  /** The two codes the phone shows one after the other, the second of them now. `steps` shifts both. */
  async codes(steps = 0): Promise<readonly [string, string]> {
    const { seed } = this.as('ready').device;
    const at = this.enrolment.now() + steps * 30_000;
    return [await this.setup.code(seed, at - 30_000), await this.setup.code(seed, at)];
  }

  /** Types two codes that are right, or others. */
  async type(codes?: readonly [string, string]): Promise<void> {
    const [first, second] = codes ?? (await this.codes());
    this.enrolment.typed(first, second);
  }

  async typeAndSubmit(): Promise<void> {
    await this.type();
    await this.enrolment.submit();
  }

  /** Submits, and does something while AWS is being asked to enable the device. What it starts may end after AWS's answer. */
  async submitMeanwhile(work: () => unknown): Promise<void> {
    const gate = this.setup.relay.hold('EnableMFADevice');
    const submitting = this.enrolment.submit();
    await gate.reached;
    work();
    gate.open();
    await submitting;
  }

  /** Thinks better of it while AWS is being asked to enable the device. @returns how it ends */
  async submitAndCancel(): Promise<EnrolmentState> {
    let cancelling: Promise<EnrolmentState> | undefined;
    await this.submitMeanwhile(() => (cancelling = this.enrolment.cancel()));
    assert.ok(cancelling);
    return cancelling;
  }

  /** That nothing of a seed is left in the enrolment's state, nor was ever in the log. */
  assertSeedIsGone(): void {
    assert.ok(this.#seeds.size > 0, 'there was a seed');
    const left = JSON.stringify([this.enrolment.state, this.setup.records, this.setup.store.devices]);
    for (const seed of this.#seeds) {
      assert.ok(!left.includes(seed), 'the seed is still there');
    }
    assert.equal(this.enrolment.currentCode(), undefined);
  }
}

/** The state, which must be of that kind. */
export function ofKind<S extends { readonly kind: string }, K extends S['kind']>(
  state: S,
  kind: K,
): Extract<S, { readonly kind: K }> {
  assert.equal(
    state.kind,
    kind,
    JSON.stringify(state, (key, value: unknown) => (key === 'seed' ? '…' : value)),
  );
  return state as Extract<S, { readonly kind: K }>;
}

/** The sessions that are made by a code from now on. */
export function watchSessions(iam: Iam): readonly MfaSession[] {
  const sessions: MfaSession[] = [];
  const make = iam.mfaSession.bind(iam);
  iam.mfaSession = async (serial, code) => {
    const session = await make(serial, code);
    sessions.push(session);
    return session;
  };
  return sessions;
}

/** That a session was dropped: it calls AWS no more. */
export async function assertEnded(session: MfaSession | undefined): Promise<void> {
  assert.ok(session, 'there was a session');
  assert.equal((await problem(session.iam.callerIdentity())).code, 'expiredCredentials');
}

/** The problem a promise is refused with. */
export async function problem(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    const found = problemOf(error);
    assert.ok(found, `no problem: ${String(error)}`);
    return found;
  }
  return assert.fail('it was not refused');
}

/** Waits for a condition; how long it takes is not the test's business. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
