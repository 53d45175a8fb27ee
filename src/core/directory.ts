import { accountKey, type Caller } from './account';
import type { AccountSnapshot, DeviceDetails } from './accountSnapshot';
import { AccountReading, type EarlierReading } from './accountReading';
import type { Clock } from './clock';
import { isAsOldAsReport, type CredentialReport } from './credentialReport';
import { deviceKind, type VirtualDevice } from './device';
import { Emitter } from './emitter';
import type { Iam } from './iam';
import { lookedAtFirst } from './lookUpOrder';
import { asProblem, type Problem } from './problem';
import { collect, eachFew, nextTurn, optional, settled } from './promises';
import { isReported, withNewerReport, withReported } from './reported';
import { lookUpPassword, lookUpMfa, rowOf } from './userLookup';
import { isSameUser, type MfaState, type PasswordState, type UserEntry } from './users';

/** What is known of devices beyond what AWS tells. */
export interface DeviceMemory {
  /** Serials that a running window works on. */
  held(): Promise<ReadonlySet<string>>;
  /**
   * Takes note of the unassigned devices of an account, and forgets those that are not there any more.
   * @returns when each was seen first, milliseconds since 1970
   */
  seen(account: string, serials: readonly string[], now: number): ReadonlyMap<string, number>;
}

/** Remembers nothing: every unassigned device is a leftover that is seen for the first time. */
export const noDeviceMemory: DeviceMemory = {
  held: () => Promise.resolve(new Set()),
  seen: () => new Map(),
};

export type DirectoryState =
  | { readonly kind: 'loading'; readonly checked: number; readonly total: number; readonly last?: AccountSnapshot }
  | { readonly kind: 'loaded'; readonly account: AccountSnapshot }
  /** Nothing could be read. `last` is what was read before, with its own age. */
  | { readonly kind: 'failed'; readonly problem: Problem; readonly last?: AccountSnapshot };

/** So many passwords are told together: each telling costs as much as there are users. */
const passwordsAtOnce = 120;

/** Looks at AWS again after a write, since reads lag behind: after so many milliseconds each time. */
const confirmAfter = [0, 500, 1000, 2000, 4000, 8000];

/** Whether AWS's list of a user's devices shows a device; `unknown` where it could not be read. */
export type Confirmation = 'shown' | 'notShown' | 'unknown';

/** What was changed in the account from here. */
export interface Write {
  /** Whose devices; absent where only devices that belong to nobody are concerned. */
  readonly userName?: string;
  /** Whether the list of virtual devices is another one now. */
  readonly virtualDevices: boolean;
}

/**
 * Who is in one account and what is known of their MFA. The one store of it: the tree, the status bar and the enrolment
 * all read and refresh this.
 */
export class Directory {
  readonly #changed = new Emitter<DirectoryState>();
  readonly onDidChange = this.#changed.on;
  readonly #wrote = new Emitter<Write>();
  /** Tells what was changed in AWS from here, never what was only read. */
  readonly onDidWrite = this.#wrote.on;
  #state: DirectoryState;
  #loading: AbortController | undefined;
  /** Ends the report that was asked for apart from a reading. */
  #reporting: AbortController | undefined;
  /** Counts how often the list of virtual devices was asked for, by a reading or by itself. */
  #lists = 0;
  /** Which of these lists is shown: one that was asked for before it is older, however late it comes. */
  #shownList = 0;
  #knowsCaller = false;
  /** By how many devices AWS's sum was off when the account was read last. */
  #missing: number | undefined;
  /** The last that was asked for: asked for again only once AWS would make another. */
  #report: AskedReport | undefined;
  #successor: Directory | undefined;
  #lookedAt: () => Iterable<string> = () => [];
  /** Who was asked about by themselves since the account is being read. */
  readonly #lookedUp = new Set<string>();
  /** Counts the answers about single users: a clock may be set back, and then tells nothing of what is newer. */
  #answers = 0;
  /** Which of them is shown of whom. */
  readonly #shownAnswers = new Map<string, number>();

  /**
   * @param memory what is known of devices beyond what AWS tells
   * @param last what an earlier directory of the same source read, shown until this one has read anew
   */
  constructor(
    readonly iam: Iam,
    readonly clock: Clock,
    private readonly memory: DeviceMemory = noDeviceMemory,
    last?: AccountSnapshot,
  ) {
    this.#state = loading(0, 0, last);
  }

  get state(): DirectoryState {
    return this.#state;
  }

  /** The account as it was read last, however the last reading ended. */
  get account(): AccountSnapshot | undefined {
    return this.#state.kind === 'loaded' ? this.#state.account : this.#state.last;
  }

  /** Whether it was asked whose account this is: until then, what is shown was read by another directory. */
  get knowsCaller(): boolean {
    return this.#knowsCaller;
  }

  /** Names the directory that is shown from now on: a flow that keeps to this one is to be seen there too. */
  succeededBy(next: Directory): void {
    this.#successor = next;
  }

  /**
   * A reading asks about those first whom somebody looks at.
   * @param lookedAt names of the users in sight now, first things first; asked for several times in a second while it reads
   */
  askFirstAbout(lookedAt: () => Iterable<string>): void {
    this.#lookedAt = lookedAt;
  }

  /** Reads the whole account. A reading that is under way is given up for the new one. Never rejects: see `state`. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const controller = new AbortController();
    this.#loading = controller;
    const { signal } = controller;
    const list = ++this.#lists;
    this.#lookedUp.clear();
    this.#set(loading(0, 0, this.account));
    try {
      await this.#read(signal, list);
    } catch (error) {
      if (!signal.aborted) {
        this.#set(failed(asProblem(error, 'ListUsers'), this.account));
      }
    }
  }

  /**
   * Reads one user's devices and password again, live, and puts the answer into the account.
   * @returns the user as they are now; undefined where the account does not know them
   */
  async refreshUser(userName: string, signal?: AbortSignal): Promise<UserEntry | undefined> {
    const known = () => this.account?.users.get(userName);
    if (!known()) {
      return undefined;
    }
    await this.#look(userName, signal);
    return known();
  }

  /**
   * After a device was enabled: asks AWS until its list shows the device, since reads may lag behind (iam-facts 4). Asks
   * also about a user who is not in the account as it was read last.
   * @returns what the list said at the end
   */
  async confirmDevice(userName: string, serial: string): Promise<Confirmation> {
    const confirmation = await this.#confirm(userName, serial, 'shown');
    if (confirmation === 'shown') {
      this.#replace((account) => ({
        ...account,
        unassigned: account.unassigned.filter((device) => device.serial !== serial),
      }));
      this.#tellSuccessor((next) => next.refreshVirtualDevices());
    }
    this.wrote({ userName, virtualDevices: deviceKind(serial) === 'virtual' });
    return confirmation;
  }

  /** After a device was deactivated: asks AWS until its list does not show the device any more. See `confirmDevice`. */
  async confirmGone(userName: string, serial: string): Promise<Confirmation> {
    const confirmation = await this.#confirm(userName, serial, 'notShown');
    this.wrote({ userName, virtualDevices: deviceKind(serial) === 'virtual' });
    return confirmation;
  }

  /** Said by whoever has changed something, unless it is confirmed here. See `onDidWrite`. */
  wrote(write: Write): void {
    this.#wrote.fire(write);
  }

  /** Reads the list of virtual devices again. @throws ProblemError */
  async refreshVirtualDevices(signal?: AbortSignal): Promise<readonly VirtualDevice[]> {
    const list = ++this.#lists;
    const virtualDevices = await collect(this.iam.listVirtualMfaDevices(signal));
    const held = await this.memory.held();
    if (list > this.#shownList) {
      this.#shownList = list;
      this.#replace((account) => this.#withLeftovers({ ...account, virtualDevices }, held));
    }
    this.#tellSuccessor((next) => next.refreshVirtualDevices());
    return virtualDevices;
  }

  /** Lets the directory that is shown look for itself, as long as it is about the same account. */
  #tellSuccessor(look: (next: Directory) => Promise<unknown>): void {
    const next = this.#successor;
    if (next?.account && this.account && accountKey(next.account.caller) === accountKey(this.account.caller)) {
      // Nobody waits for it: what it cannot read, it shows as it was.
      look(next).catch(() => undefined);
    }
  }

  /** As `refreshUser`, and reads the tags and certifications of the user's devices too. All of it is told at once. */
  async readDetails(userName: string, signal?: AbortSignal): Promise<void> {
    if (this.account?.users.get(userName)?.mfa.kind === 'has') {
      await this.#look(userName, signal, { details: true });
    }
  }

  async #detailsOf(
    userName: string,
    mfa: MfaState,
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly [string, DeviceDetails])[]> {
    const devices = mfa.kind === 'has' ? mfa.devices : [];
    return Promise.all(devices.map(async ({ serial }) => [serial, await this.#details(userName, serial, signal)]));
  }

  async #details(userName: string, serial: string, signal: AbortSignal | undefined): Promise<DeviceDetails> {
    switch (deviceKind(serial)) {
      case 'virtual': {
        const tags = await settled(this.iam.deviceTags(serial, signal), 'ListMFADeviceTags', signal);
        return 'value' in tags ? { tags: tags.value } : { problem: tags.problem };
      }
      case 'passkey': {
        const certifications = await settled(
          this.iam.deviceCertifications(userName, serial, signal),
          'GetMFADevice',
          signal,
        );
        return 'value' in certifications
          ? { certifications: certifications.value }
          : { problem: certifications.problem };
      }
      case 'hardware':
      case 'sms':
        return {};
    }
  }

  async #confirm(userName: string, serial: string, wanted: 'shown' | 'notShown'): Promise<Confirmation> {
    let confirmation: Confirmation = 'unknown';
    for (const wait of confirmAfter) {
      await this.clock.delay(wait);
      const mfa = await this.#look(userName);
      const shown = mfa.kind === 'has' && mfa.devices.some((device) => device.serial === serial);
      confirmation = mfa.kind === 'unknown' ? 'unknown' : shown ? 'shown' : 'notShown';
      if (confirmation === wanted) {
        break;
      }
    }
    return confirmation;
  }

  /** Tells leftovers from devices that are being enrolled, and how long they have been seen. */
  #withLeftovers(account: AccountSnapshot, held: ReadonlySet<string>): AccountSnapshot {
    if (!account.virtualDevices) {
      // What could not be listed is not gone: since when it was seen stays known.
      return account;
    }
    const assigned = new Set(
      [...account.users.values()].flatMap(({ mfa }) =>
        mfa.kind === 'has' ? mfa.devices.map(({ serial }) => serial) : [],
      ),
    );
    const devices = account.virtualDevices.filter(
      // Root's device carries no user name but is assigned all the same; it has the date of that.
      ({ serial, userName, enabledAt }) =>
        userName === undefined && enabledAt === undefined && !held.has(serial) && !assigned.has(serial),
    );
    const now = this.clock.now();
    const serials = devices.map(({ serial }) => serial);
    const seen = this.memory.seen(accountKey(account.caller), serials, now);
    return {
      ...account,
      unassigned: devices.map((device) => ({ ...device, firstSeenAt: seen.get(device.serial) ?? now })),
    };
  }

  /**
   * Gives up a reading that is under way for somebody who does not want to wait. What is known stays, and who is not settled could
   * not be checked.
   */
  cancelReading(): void {
    this.stop();
    if (this.#state.kind !== 'loading') {
      return;
    }
    const { account } = this;
    const problem: Problem = { code: 'stopped', operation: 'ListUsers' };
    if (!account || account.isPartial) {
      this.#set(failed(problem, account));
      return;
    }
    const at = this.clock.now();
    const users = [...account.users].map(([name, entry]): [string, UserEntry] => [
      name,
      entry.mfa.kind === 'checking' ? { ...entry, mfa: { kind: 'unknown', problem, at } } : entry,
    ]);
    this.#set({ kind: 'loaded', account: { ...account, users: new Map(users) } });
  }

  /** Gives up a reading that is under way. The directory can still be used. */
  stop(): void {
    this.#loading?.abort();
    this.#reporting?.abort();
    this.#reporting = undefined;
  }

  dispose(): void {
    this.stop();
    this.#changed.dispose();
  }

  /** @param list the number of the list of virtual devices that the reading asks for */
  async #read(signal: AbortSignal, list: number): Promise<void> {
    const reading = new AccountReading({
      iam: this.iam,
      clock: this.clock,
      signal,
      report: () => optional(this.#readReport(signal)),
      lookedAt: () => this.#lookedAt(),
      onCaller: (caller) => this.#earlierOf(caller),
      tell: (checked, total, account) => {
        const shown = account ? this.#withNewer(account, list, this.#lookedUp) : this.account;
        this.#set(loading(checked, total, shown));
      },
    });
    const account = await reading.read();
    const held = await this.memory.held();
    await nextTurn();
    if (!signal.aborted) {
      this.#missing = reading.missing;
      const newest = this.#withLeftovers(this.#withNewer(account, list), held);
      this.#shownList = account.virtualDevices ? Math.max(this.#shownList, list) : this.#shownList;
      this.#set({ kind: 'loaded', account: { ...newest, users: this.#allReported(newest) } });
      await nextTurn();
      await this.#fillFromReport(reading, signal);
    }
  }

  /** @returns what was read before, where it was the same account */
  #earlierOf(caller: Caller): EarlierReading | undefined {
    this.#knowsCaller = true;
    const { account } = this;
    if (account && accountKey(account.caller) !== accountKey(caller)) {
      // The same source leads elsewhere now: what was read before is about another account.
      this.#report = undefined;
      this.#set(loading(0, 0, undefined));
      return undefined;
    }
    return account && !account.isPartial ? { account, missing: this.#missing } : undefined;
  }

  /** Asks for AWS's report, once in four hours and once at a time; after a refusal once in a reading. @throws ProblemError */
  async #readReport(signal: AbortSignal): Promise<CredentialReport> {
    const known = this.#report;
    const isFresh = known?.value && !isAsOldAsReport(known.value.generatedAt.getTime(), this.clock.now());
    const isUnderWay = known && !known.value && !known.isRefused && !known.of.aborted;
    if (known && (isFresh || isUnderWay || known.of === signal)) {
      return known.report;
    }
    const asked: AskedReport = { of: signal, report: this.iam.credentialReport(signal) };
    this.#report = asked;
    asked.value = await asked.report.catch((error: unknown) => {
      asked.isRefused = true;
      throw error;
    });
    return asked.value;
  }

  /**
   * Reads AWS's credential report, or takes the one at hand, and puts into the account what it alone tells of users. Given up with
   * a reading that a person stops: that is no error.
   * @throws ProblemError
   */
  async readReport(): Promise<void> {
    this.#reporting ??= new AbortController();
    // Of its own each time: a refusal holds for one reading, and for one question of a person.
    const signal = AbortSignal.any([this.#reporting.signal]);
    const reading = this.#readReport(signal);
    const askedBy = this.#report?.of;
    try {
      // A reading that had asked for it may be given up for a new one.
      await reading.catch((error: unknown) => {
        if (signal.aborted || askedBy?.aborted !== true) {
          throw error;
        }
        return this.#readReport(signal);
      });
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      throw error;
    }
    this.#replace((account) => ({ ...account, users: this.#allReported(account) }));
  }

  #allReported({ users }: AccountSnapshot): Map<string, UserEntry> {
    const report = this.#report?.value;
    const all = new Map(users);
    if (report) {
      for (const [name, entry] of users) {
        all.set(name, withReported(entry, rowOf(entry.user, report)));
      }
    }
    return all;
  }

  /**
   * Of passwords that AWS did not tell live, the credential report may still tell, with its age. It may be long in the making, so
   * the account is shown before. Where it says otherwise than the reading, AWS is asked.
   */
  async #fillFromReport(reading: AccountReading, signal: AbortSignal): Promise<void> {
    /** Whose password is not known, or was learned so long ago that a report would be newer. */
    const unknown = () =>
      [...(this.account?.users.values() ?? [])].filter(
        ({ mfa, password }) =>
          mfa.kind === 'none' && (password.kind === 'unknown' || isAsOldAsReport(password.at, this.clock.now())),
      );
    if (unknown().length === 0 && !this.#report && reading.doubtful(undefined).length === 0) {
      return;
    }
    const report = await optional(this.#readReport(signal));
    await nextTurn();
    if (signal.aborted) {
      return;
    }
    if (report) {
      this.#showReport(report);
      await nextTurn();
    }
    const doubtful = reading.doubtful(report);
    const listed = new Set(this.account?.virtualDevices?.map(({ userName }) => userName));
    let isRefused = false;
    await eachFew(
      doubtful,
      signal,
      async ({ name }) => {
        // Where nothing says otherwise, a question that is not answered leaves what is known, with its age.
        const mfa = await this.#look(name, signal, { keepsKnown: !report || listed.has(name) });
        isRefused ||= mfa.kind === 'unknown' && mfa.problem.code === 'accessDenied';
      },
      // Without a report nobody is in doubt but for the age: after a refusal, the others are not asked in vain.
      () => !report && isRefused,
    );
    if (report && doubtful.length > 0) {
      this.#showReport(report);
    }
    // Who has a problem was asked about already, and of whom the report tells, that is the newest there is.
    const left = unknown().flatMap(({ user, password }) => {
      const isTold = report && rowOf(user, report)?.passwordEnabled !== undefined;
      return isTold || (password.kind === 'unknown' && password.problem) ? [] : [user];
    });
    const found: (readonly [string, PasswordState])[] = [];
    await eachFew(lookedAtFirst(left, this.#lookedAt, this.clock), signal, async (user) => {
      found.push([user.name, await lookUpPassword(this.iam, this.clock, user, signal)]);
      if (found.length >= passwordsAtOnce) {
        this.#setPasswords(found.splice(0));
      }
    });
    this.#setPasswords(found);
  }

  /** Puts into the account what a report tells of those of whom nothing newer is known. */
  #showReport(report: CredentialReport): void {
    const at = report.generatedAt.getTime();
    const told = [...(this.account?.users.values() ?? [])].flatMap((entry) => {
      const isAsked = this.#lookedUp.has(entry.user.name) && entry.password.kind !== 'unknown';
      const row = rowOf(entry.user, report);
      const newer = row && (isAsked ? withReported(entry, row) : withNewerReport(entry, row, at, this.clock.now()));
      return newer && newer !== entry ? [newer] : [];
    });
    if (told.length > 0) {
      this.#replace((account) => {
        const users = new Map(account.users);
        told.forEach((entry) => users.set(entry.user.name, entry));
        return { ...account, users };
      });
    }
  }

  #setPasswords(passwords: readonly (readonly [userName: string, password: PasswordState])[]): void {
    if (passwords.length === 0) {
      return;
    }
    this.#replace((account) => {
      const users = this.#allReported(account);
      for (const [name, password] of passwords) {
        const entry = users.get(name);
        // What was asked just now is newer than anything, unless there was no answer.
        if (entry && (password.kind !== 'unknown' || entry.password.kind === 'unknown')) {
          users.set(name, { ...entry, password });
        }
      }
      return { ...account, users };
    });
  }

  /** Asks AWS about one user, live, and puts the answer into the account where it knows the user. */
  async #look(
    userName: string,
    signal?: AbortSignal,
    also: { readonly details?: boolean; readonly keepsKnown?: boolean } = {},
  ): Promise<MfaState> {
    const mfa = await lookUpMfa(this.iam, this.clock, userName, signal);
    if (also.keepsKnown === true && mfa.kind === 'unknown') {
      return mfa;
    }
    const answer = ++this.#answers;
    const before = this.account?.users.get(userName);
    if (!before) {
      return mfa;
    }
    const details = also.details ? await this.#detailsOf(userName, mfa, signal) : [];
    const live = mfa.kind === 'none' ? await lookUpPassword(this.iam, this.clock, before.user, signal) : undefined;
    this.#lookedUp.add(userName);
    this.#replace((account) => {
      const entry = account.users.get(userName);
      // One that came while passwords and details were waited for is newer, and so is what the whole account was read with.
      const isReadSince = entry !== undefined && entry.mfa !== before.mfa && entry.mfa.at > mfa.at;
      if (!entry || isReadSince || (this.#shownAnswers.get(userName) ?? 0) > answer) {
        return account;
      }
      this.#shownAnswers.set(userName, answer);
      // What was told by then stays where the live question was not asked, or refused.
      const isTold = live === undefined || (live.kind === 'unknown' && entry.password.kind !== 'unknown');
      const password = isTold ? entry.password : live;
      return {
        ...account,
        users: new Map(account.users).set(userName, { ...entry, mfa, password }),
        details: detailsOfListed(new Map([...account.details, ...details]), entry.mfa, mfa),
      };
    });
    this.#tellSuccessor((next) => next.refreshUser(userName));
    return mfa;
  }

  /**
   * The account just read, but for what was read of it by itself in the meantime: that is newer. What the reading did not tell of
   * somebody stays as it was known.
   * @param list as in `#read`
   * @param names of whom that may be
   */
  #withNewer(read: AccountSnapshot, list: number, names: Iterable<string> = read.users.keys()): AccountSnapshot {
    const meanwhile = this.account;
    if (!meanwhile) {
      return read;
    }
    const users = new Map(read.users);
    for (const name of names) {
      const [entry, older] = [meanwhile.users.get(name), users.get(name)];
      if (!entry || !older || !isSameUser(entry.user, older.user)) {
        continue;
      }
      if (this.#isNewer(entry, older)) {
        const isLive = this.#lookedUp.has(name);
        users.set(name, { ...withKnown(older, entry), mfa: entry.mfa, ...(isLive && { password: entry.password }) });
      } else if (entry !== older) {
        users.set(name, withKnown(older, entry));
      }
    }
    const virtualDevices = this.#shownList > list ? meanwhile.virtualDevices : read.virtualDevices;
    return { ...read, users, ...(virtualDevices && { virtualDevices }) };
  }

  /** @param entry as it is shown. @param read as it was just read */
  #isNewer({ user, mfa }: UserEntry, { mfa: read }: UserEntry): boolean {
    const isLive = this.#lookedUp.has(user.name);
    if (mfa.kind === 'checking') {
      // What is not settled yet is no answer.
      return false;
    }
    if (!isReported(read)) {
      return isLive && mfa.at >= read.at;
    }
    // A report's time is AWS's, and by this computer's clock nobody knows which is later: who was asked about since knows better.
    return isLive || (mfa.kind !== 'unknown' && mfa.at > read.at);
  }

  #replace(change: (account: AccountSnapshot) => AccountSnapshot): void {
    const state = this.#state;
    if (state.kind === 'loaded') {
      this.#set({ kind: 'loaded', account: change(state.account) });
    } else if (state.last) {
      this.#set({ ...state, last: change(state.last) });
    }
  }

  #set(state: DirectoryState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** What is known of devices, less those that are not the user's any more: one of the same name may be made anew. */
function detailsOfListed(
  details: ReadonlyMap<string, DeviceDetails>,
  before: MfaState,
  now: MfaState,
): ReadonlyMap<string, DeviceDetails> {
  if (before.kind !== 'has' || now.kind === 'unknown') {
    return details;
  }
  const listed = new Set(now.kind === 'has' ? now.devices.map(({ serial }) => serial) : []);
  const gone = before.devices.filter(({ serial }) => !listed.has(serial));
  const kept = new Map(details);
  gone.forEach(({ serial }) => kept.delete(serial));
  return kept;
}

/** @returns the user as just read; of what that did not tell, as it was known before, with the age of that */
function withKnown(read: UserEntry, before: UserEntry): UserEntry {
  const { password, reported } = before;
  // A password that was used and is not any more was taken away.
  const isGone = before.user.passwordLastUsed !== undefined && read.user.passwordLastUsed === undefined;
  const keepsPassword = read.password.kind === 'unknown' && !isGone && password.kind !== 'unknown';
  return keepsPassword || reported
    ? { ...read, ...(keepsPassword && { password }), ...(reported && { reported }) }
    : read;
}

/** AWS's report, as it was asked for. */
interface AskedReport {
  /** Of the reading that asked. */
  readonly of: AbortSignal;
  readonly report: Promise<CredentialReport>;
  /** Once it is there. */
  value?: CredentialReport;
  isRefused?: boolean;
}

/** A list that broke off says nothing of who is not in it: it is not shown as the account. */
function failed(problem: Problem, last: AccountSnapshot | undefined): DirectoryState {
  return { kind: 'failed', problem, ...(last && !last.isPartial && { last }) };
}

function loading(checked: number, total: number, last: AccountSnapshot | undefined): DirectoryState {
  return { kind: 'loading', checked, total, ...(last && { last }) };
}
