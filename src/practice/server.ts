import { Account, type AccountSettings, type PracticeCaller } from './account';
import { answer } from './answer';
import type { PracticeCall } from './calls';
import { type Company, type CompanyCaller, smallCompany } from './company';
import type { Faults } from './faults';
import { listen, type Listener, type ListenOptions } from './listener';
import { Partition } from './partition';
import type { Device, User } from './state';

export type { PracticeCaller } from './account';
export type { PracticeCall } from './calls';

export interface PracticeSettings extends ListenOptions {
  /** The account's clock, ms since 1970; the machine's when left out. */
  readonly now?: () => number;
  /** Lists come in pages shorter than asked for. */
  readonly shortPages?: boolean;
  /** An empty page comes before each page of a list. */
  readonly emptyPages?: boolean;
  /** How long a credential report is in the making, ms; 2000 when left out (iam-facts 3). */
  readonly reportBuildMs?: number;
  /** How long after it was enabled STS begins to take a device's codes, ms; 10,000 when left out (iam-facts 2.2). */
  readonly stsDelayMs?: number;
}

export interface PracticeOptions extends PracticeSettings {
  /** Left out: smallCompany(). */
  readonly company?: Company;
}

/** An IAM and STS account that lives on 127.0.0.1 and keeps nothing on disk. */
export interface PracticeAccount {
  /** `http://127.0.0.1:PORT`, with TLS `https://localhost:PORT`; for IAM and STS alike. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly callers: readonly PracticeCaller[];
  readonly faults: Faults;
  /** What was asked, oldest first; the last 20,000. */
  readonly calls: readonly PracticeCall[];
  /** One of the callers by name. Throws RangeError when there is none. */
  caller(name: string): PracticeCaller;
  /** Adds a caller: an existing user, root or a role session, with the given permissions. */
  addCaller(caller: CompanyCaller): PracticeCaller;
  /** The ARN of one of the company's roles. Throws RangeError when there is none. */
  roleArn(name: string): string;
  /** For tests: what is true now, whatever has propagated. */
  devices(): readonly Device[];
  user(name: string): User | undefined;
  /** For tests: the seed (base32) of a virtual device or a hardware token; AWS never tells it again. */
  seedOf(serial: string): string | undefined;
  /**
   * The code that the phone or the token of a device shows now, by a clock that may be wrong.
   * Undefined for a serial that is unknown, and for passkeys and SMS.
   */
  codeShownBy(serial: string): string | undefined;
  /** Printed serials of hardware tokens that exist and belong to nobody now. */
  readonly spareTokens: readonly string[];
  stop(): Promise<void>;
}

/** Starts a practice account. Resolves when it answers; rejects when the port is taken. */
export async function startPracticeAccount(options: PracticeOptions = {}): Promise<PracticeAccount> {
  const account = new Account(options.company ?? smallCompany(), accountSettings(options));
  const partition = new Partition(account);
  const listener = await listen(options, async (request) => {
    const answered = await answer(partition, request);
    account.calls.add(answered.call);
    return answered;
  });
  return practiceAccount(account, listener);
}

/** The settings of an account as of all options, those left out filled in. */
export const accountSettings = (options: PracticeSettings): AccountSettings => ({
  clock: options.now ?? Date.now,
  shortPages: options.shortPages ?? false,
  emptyPages: options.emptyPages ?? false,
  reportBuildMs: options.reportBuildMs ?? 2000,
  stsDelayMs: options.stsDelayMs ?? 10_000,
  keyPrefix: '',
  permissionSets: false,
});

/** What those who started an account hold in hand. */
export function practiceAccount(account: Account, listener: Listener): PracticeAccount {
  return {
    endpoint: listener.endpoint,
    accountId: account.id,
    callers: account.callers,
    faults: account.faults,
    calls: account.calls.list,
    caller: (name) => {
      const caller = account.callers.find((one) => one.name === name);
      if (caller === undefined) {
        throw new RangeError(`The practice account has no caller ${name}.`);
      }
      return caller;
    },
    addCaller: (caller) => account.addCaller(caller),
    roleArn: (name) => {
      const arn = account.roleArn(name);
      if (arn === undefined) {
        throw new RangeError(`The practice account has no role ${name}.`);
      }
      return arn;
    },
    devices: () => [...account.state.devices.values()],
    user: (name) => account.state.users.get(name),
    seedOf: (serial) => account.state.devices.get(serial)?.seed,
    codeShownBy: (serial) => account.codeShownBy(serial),
    get spareTokens() {
      return account.spareTokens;
    },
    stop: () => listener.stop(),
  };
}
