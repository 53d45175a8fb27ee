import type { Caller } from './account';
import { allFound, compareLikelihood, devicesInUse, isSearchInVain, missingDevices, otherDevices } from './checkSum';
import type { Clock } from './clock';
import { isAsOldAsReport, type CredentialReport } from './credentialReport';
import type { Device, VirtualDevice } from './device';
import type { AccountSnapshot, DeviceDetails } from './accountSnapshot';
import type { AccountSummary, Iam, IamUser } from './iam';
import { lookedAtFirst } from './lookUpOrder';
import { ProblemError, type Problem } from './problem';
import { eachFew, nextTurn, optional, settled } from './promises';
import { knownPassword, lookUpMfa, lookUpPassword, rowOf } from './userLookup';
import { isSameUser, type MfaState, type PasswordState, type UserEntry } from './users';

/** So few users are asked about one by one: that is live, and sooner than a report. */
export const fewUsers = 25;

/** Of no more, those are asked about who likeliest have a device: while the report is in the making, and at later readings after it. */
const soonAsked = 100;

/** What is being read is told no more often than this, milliseconds: each telling costs as much as there are users. */
const tellEvery = 250;

/** What an earlier reading of the same account has left. */
export interface EarlierReading {
  readonly account: AccountSnapshot;
  /** By how many devices AWS's sum was off; undefined where there was no sum. */
  readonly missing: number | undefined;
}

export interface ReadingOptions {
  readonly iam: Iam;
  readonly clock: Clock;
  /** Told whose account it is. @returns what was read of it before */
  readonly onCaller: (caller: Caller) => EarlierReading | undefined;
  /** AWS's credential report; undefined where there is none to be had. It may be long in the making: begins with the first call. */
  readonly report: () => Promise<CredentialReport | undefined>;
  /** Told how far the reading is, and what is known of an account that was never read before. */
  readonly tell: (checked: number, total: number, account: AccountSnapshot | undefined) => void;
  /** Names of the users whom somebody looks at now: of those whom AWS is asked about, they come first. */
  readonly lookedAt: () => Iterable<string>;
  readonly signal: AbortSignal;
}

/** Why a list is missing. */
interface Refused {
  readonly problem: Problem;
}

/**
 * One reading of an account. The lists come side by side, and what they tell is told as it is read. Of few users, everyone is
 * asked about by name. Of many, the account's sum of devices tells who has none, else the report, and AWS is asked about those of
 * whom both leave a doubt: cost grows with pages, not with users.
 */
export class AccountReading {
  readonly #users = new Map<string, IamUser>();
  readonly #nameOfId = new Map<string, string>();
  /** The users' virtual devices, as far as they are listed. */
  readonly #virtual = new Map<string, readonly Device[]>();
  readonly #virtualDevices: VirtualDevice[] = [];
  readonly #states = new Map<string, MfaState>();
  /** What is shown of each: made anew for those alone of whom something was learned. */
  readonly #entries = new Map<string, UserEntry>();
  /** Who has none by AWS's sum alone. */
  readonly #bySum = new Set<string>();
  /** What an earlier reading found and this one did not ask. */
  readonly #takenOver = new Map<string, MfaState>();
  /** Devices that are not virtual, found just now or known from an earlier look. */
  #others = 0;
  #caller: Caller | undefined;
  #earlier: EarlierReading | undefined;
  #alias: string | undefined;
  #summary: AccountSummary | undefined;
  #usersRefused: Problem | undefined;
  #virtualRefused: Problem | undefined;
  #missing: number | undefined;
  /** Whether the devices of somebody are told as they were found before, since nobody answered. */
  #isUnanswered = false;
  #listsAt = 0;
  #isListed = false;
  #toldAt = -Infinity;

  constructor(private readonly options: ReadingOptions) {}

  /** By how many devices AWS's sum was off; undefined where there was no sum. Known once the account was read. */
  get missing(): number | undefined {
    return this.#missing;
  }

  /** @throws ProblemError where neither the users nor the caller can be read; the signal's reason */
  async read(): Promise<AccountSnapshot> {
    const { iam, signal, onCaller } = this.options;
    this.#listsAt = this.options.clock.now();
    const listing = new AbortController();
    // Nothing in the lists waits for the caller's name.
    const lists = this.#list(AbortSignal.any([signal, listing.signal]));
    lists.catch(() => undefined);
    try {
      this.#caller = await iam.callerIdentity(signal);
    } catch (error) {
      listing.abort(error);
      throw error;
    }
    signal.throwIfAborted();
    this.#renew(this.#caller.userName ?? '');
    this.#earlier = onCaller(this.#caller);
    this.#beginReport();
    this.#tell();
    await lists;
    if (this.#usersRefused) {
      this.#add(await this.#onlyCaller(this.#caller, this.#usersRefused));
    } else {
      await this.#addUnlisted();
    }
    this.#isListed = true;
    await this.#settle();
    await this.#readPasswords();
    return this.#snapshot();
  }

  /**
   * @param report undefined where there is none to be had
   * @returns those of whom the reading says otherwise than a report that is newer than what it goes by: a sum fits also where as
   *   many devices went as came. Without a report: of those who were last found to have a device as long ago as a report may be
   *   old, a few, the oldest first
   */
  doubtful(report: CredentialReport | undefined): readonly IamUser[] {
    const { clock } = this.options;
    const notAsked = [...this.#takenOver].flatMap(([name, state]) => {
      const user = this.#users.get(name);
      return user ? [{ user, state }] : [];
    });
    if (!report) {
      return notAsked
        .filter(({ state }) => state.kind === 'has' && isAsOldAsReport(state.at, clock.now()))
        .sort((a, b) => a.state.at - b.state.at)
        .slice(0, fewUsers)
        .map(({ user }) => user);
    }
    const bySum = [...this.#bySum].flatMap((name) => {
      const user = this.#users.get(name);
      const earlier = user && this.#before(user);
      const isNewer = earlier?.kind === 'none' && earlier.at > report.generatedAt.getTime();
      return user && !isNewer && rowOf(user, report)?.mfaActive === true ? [user] : [];
    });
    const takenOver = notAsked.flatMap(({ user, state }) => {
      const has = state.kind === 'has';
      const told = rowOf(user, report)?.mfaActive ?? has;
      return told !== has && state.at < report.generatedAt.getTime() ? [user] : [];
    });
    return [...bySum, ...takenOver];
  }

  /** @returns what an earlier reading found of the same user */
  #before(user: IamUser): MfaState | undefined {
    const earlier = this.#earlier?.account.users.get(user.name);
    return earlier && isSameUser(earlier.user, user) ? earlier.mfa : undefined;
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { iam } = this.options;
    const [alias, summary, users, virtual] = await Promise.all([
      optional(iam.accountAlias(signal)),
      optional(iam.accountSummary(signal)),
      settled(this.#listUsers(signal), 'ListUsers', signal),
      settled(this.#listVirtualDevices(signal), 'ListVirtualMFADevices', signal),
    ]);
    this.#alias = alias;
    this.#summary = summary;
    this.#usersRefused = (users as Partial<Refused>).problem;
    // Whoever is in a part of the list has a device all the same.
    this.#virtualRefused = (virtual as Partial<Refused>).problem;
  }

  async #listUsers(signal: AbortSignal): Promise<void> {
    for await (const users of this.options.iam.listUsers(signal)) {
      users.forEach((user) => this.#add(user));
      this.#beginReport();
      this.#tellSoon();
    }
  }

  /** Long in the making, so it is asked for while the lists come; not before it is known whose account it is about. */
  #beginReport(): void {
    if (this.#caller && this.#users.size > soonAsked) {
      void this.options.report();
    }
  }

  async #listVirtualDevices(signal: AbortSignal): Promise<void> {
    for await (const devices of this.options.iam.listVirtualMfaDevices(signal)) {
      this.#virtualDevices.push(...devices);
      for (const device of devices) {
        if (device.userName !== undefined) {
          this.#virtual.set(device.userName, [...(this.#virtual.get(device.userName) ?? []), device]);
          this.#renew(device.userName);
        }
      }
      this.#tellSoon();
    }
  }

  /** Someone who is renamed while the list comes is in it twice: what was listed last holds. */
  #add(user: IamUser): void {
    const { id, name } = user;
    const earlierName = id === undefined ? undefined : this.#nameOfId.get(id);
    if (earlierName !== undefined && earlierName !== name) {
      this.#users.delete(earlierName);
      this.#entries.delete(earlierName);
    }
    if (id !== undefined) {
      this.#nameOfId.set(id, name);
    }
    this.#users.set(name, user);
    this.#renew(name);
  }

  /** @param password where it was asked for; left out: what the list of users tells */
  #renew(name: string, password?: PasswordState): void {
    const user = this.#users.get(name);
    if (user) {
      const mfa = this.#states.get(name) ?? this.#stateSoFar(user);
      const told = password ?? knownPassword(user, this.options.clock);
      this.#entries.set(name, { user, isCaller: name === this.#caller?.userName, mfa, password: told });
    }
  }

  #setState(name: string, state: MfaState): void {
    this.#states.set(name, state);
    this.#renew(name);
  }

  /** Someone who came, or was renamed, after their page was listed is known by a device: of these, AWS is asked. */
  async #addUnlisted(): Promise<void> {
    const { iam, signal } = this.options;
    const names = [...this.#virtual.keys()].filter((name) => !this.#users.has(name));
    await eachFew(names.slice(0, fewUsers), signal, async (name) => {
      const user = await settled(iam.getUser(name, signal), 'GetUser', signal);
      if ('value' in user) {
        this.#add(user.value);
      }
    });
  }

  /** Where the list of users is refused, the caller is all there is to show: that needs no permission to list. */
  async #onlyCaller(caller: Caller, refused: Problem): Promise<IamUser> {
    if (refused.code !== 'accessDenied' || caller.userName === undefined) {
      throw new ProblemError(refused);
    }
    // What was listed before the refusal is no list.
    this.#users.clear();
    this.#entries.clear();
    const self = await settled(this.options.iam.getUser(caller.userName, this.options.signal), 'GetUser');
    // Even where GetUser is refused, GetCallerIdentity has told the name and the ARN.
    return 'value' in self ? self.value : { name: caller.userName, arn: caller.arn, path: '/' };
  }

  /** Finds out each user's MFA. */
  async #settle(): Promise<void> {
    const { doubts, known } = this.#fromLists();
    // Of five thousand users, what the lists tell and who is left take a turn each.
    await nextTurn();
    if (doubts.length + known.length <= fewUsers) {
      await this.#ask([...known, ...doubts]);
      return;
    }
    const sum = devicesInUse(this.#virtualRefused ? undefined : this.#virtualDevices, this.#summary);
    const missing = () => missingDevices(sum, this.#others);
    const enough = () => allFound(sum, this.#others);
    if (missing() !== undefined && missing() !== 0 && missing() === this.#earlier?.missing) {
      // The sum is off by as much as it was: nothing has changed, but for who came and who lost a virtual device.
      await this.#ask(doubts.filter((user) => this.#before(user)?.kind !== 'none'));
      // A sum that is off proves nothing by itself: they are shown as they were found, with the age of that.
      for (const user of doubts) {
        const earlier = this.#before(user);
        if (earlier?.kind === 'none' && !this.#states.has(user.name)) {
          this.#takeOver(user, earlier);
        }
      }
    } else if (!enough()) {
      // One that went and one that came look like none of either: who was found is looked at again where the sum is off.
      await this.#ask(known);
      const report = await this.#reportOrEnough(doubts, enough);
      const left = doubts.filter(({ name }) => !this.#states.has(name));
      const told = new Set(report && left.filter((user) => reportsNone(user, report, this.#before(user))));
      const untold = left.filter((user) => !told.has(user)).sort(compareLikelihood);
      await this.#ask(untold, { enough: report ? undefined : enough });
      const unchecked = [...this.#states.values()].filter(({ kind }) => kind === 'unknown').length;
      if (report && !enough()) {
        const none: MfaState = { kind: 'none', source: 'report', at: report.generatedAt.getTime() };
        if (!isSearchInVain(sum, this.#others, unchecked)) {
          // Whoever has a second device of another kind is never found: everybody is gone through for it once, and not at each reading.
          const most = this.#earlier ? soonAsked : told.size;
          await this.#ask([...told].sort(compareLikelihood).slice(0, most), { enough, otherwise: none });
        }
        if (!enough()) {
          told.forEach((user) => this.#settleAs(user, none));
        }
      }
    }
    // A sum that is off for want of an answer is none to go by next time.
    this.#missing = this.#isUnanswered ? undefined : missing();
    await nextTurn();
    for (const user of doubts.filter(({ name }) => !this.#states.has(name))) {
      this.#bySum.add(user.name);
      this.#settleAs(user, { kind: 'none', at: this.#listsAt });
    }
    if (!this.options.signal.aborted) {
      // The account itself comes in a moment.
      this.options.tell(this.#states.size, this.#users.size, undefined);
    }
  }

  /** @returns the report; undefined where there is none, or where none is needed any more */
  async #reportOrEnough(doubts: readonly IamUser[], enough: () => boolean): Promise<CredentialReport | undefined> {
    let isThere = false;
    this.#tell();
    const report = this.options.report().finally(() => (isThere = true));
    if (doubts.length <= soonAsked) {
      await this.#ask([...doubts].sort(compareLikelihood), { enough: () => isThere || enough() });
    }
    return enough() ? undefined : report;
  }

  /**
   * Settles who has a device by the lists, or by an earlier look.
   * @returns those of whom nothing is known, and those who were found to have a device that no list shows
   */
  #fromLists() {
    const doubts: IamUser[] = [];
    const known: IamUser[] = [];
    for (const user of this.#users.values()) {
      const devices = this.#virtual.get(user.name) ?? [];
      const earlier = this.#before(user);
      const beside = otherDevices(earlier);
      if (earlier && beside.length > 0) {
        this.#others += beside.length;
        known.push(user);
        this.#takeOver(user, { kind: 'has', devices: [...devices, ...beside], complete: true, at: earlier.at });
      } else if (devices.length > 0) {
        this.#setState(user.name, { kind: 'has', devices, complete: false, at: this.#listsAt });
      } else {
        doubts.push(user);
      }
    }
    return { doubts, known };
  }

  /**
   * @param enough when to ask nobody any more
   * @param otherwise what is known where nobody answers; then nobody else is asked after a refusal, which the others would meet too
   */
  async #ask(
    users: readonly IamUser[],
    { enough, otherwise }: { readonly enough?: (() => boolean) | undefined; readonly otherwise?: MfaState } = {},
  ): Promise<void> {
    const { iam, clock, lookedAt, signal } = this.options;
    if (users.length === 0) {
      return;
    }
    this.#tell();
    let isRefused = false;
    await eachFew(
      lookedAtFirst(users, lookedAt, clock),
      signal,
      async ({ name }) => {
        const earlier = this.#states.get(name);
        const answer = await lookUpMfa(iam, clock, name, signal);
        // A device that is listed is one, though nobody answers about others: what was found of these before stays, with its age.
        const known = this.#virtual.has(name) ? earlier : otherwise;
        const state = answer.kind === 'unknown' && known ? known : answer;
        if (answer.kind === 'unknown') {
          this.#isUnanswered ||= known === earlier && known !== undefined;
          isRefused ||= answer.problem.code === 'accessDenied';
        }
        if (state !== earlier) {
          this.#takenOver.delete(name);
        }
        this.#others += otherDevices(state).length - otherDevices(earlier).length;
        this.#setState(name, state);
        this.#tellSoon();
      },
      () => enough?.() === true || (otherwise !== undefined && isRefused),
    );
    this.#tell();
  }

  #takeOver({ name }: IamUser, state: MfaState): void {
    this.#takenOver.set(name, state);
    this.#setState(name, state);
  }

  #settleAs(user: IamUser, state: MfaState): void {
    if (!this.#states.has(user.name)) {
      this.#setState(user.name, state);
    }
  }

  /** Of few, AWS is asked at once. Of many, the report tells, and who is left is asked about afterwards. */
  async #readPasswords(): Promise<void> {
    const { iam, clock, signal } = this.options;
    const withoutMfa = [...this.#users.values()].filter(({ name }) => this.#states.get(name)?.kind === 'none');
    if (withoutMfa.length <= fewUsers) {
      await eachFew(withoutMfa, signal, async (user) => {
        this.#renew(user.name, await lookUpPassword(iam, clock, user, signal));
      });
    }
  }

  /** Tells what is known by now, unless something was told a moment ago. */
  #tellSoon(): void {
    if (this.options.clock.now() - this.#toldAt >= tellEvery) {
      this.#tell();
    }
  }

  #tell(): void {
    const { clock, signal, tell } = this.options;
    if (!this.#caller || signal.aborted) {
      return;
    }
    const isShown = !this.#earlier && this.#users.size > 0;
    if (isShown || this.#earlier) {
      // The first users of an account do not wait because something was told before there were any.
      this.#toldAt = clock.now();
    }
    tell(this.#states.size, this.#users.size, isShown ? this.#snapshot() : undefined);
  }

  #snapshot(): AccountSnapshot {
    const caller = this.#caller;
    if (!caller) {
      throw new Error('An account that is nobody’s was to be told.');
    }
    const rootHasMfa = this.#summary?.rootHasMfa;
    return {
      caller,
      ...(this.#alias !== undefined && { alias: this.#alias }),
      ...(rootHasMfa !== undefined && { rootHasMfa }),
      readAt: this.options.clock.now(),
      users: new Map(this.#entries),
      // Told apart from what is being enrolled once the account is in place.
      unassigned: [],
      details: this.#earlier?.account.details ?? new Map<string, DeviceDetails>(),
      ...(this.#isListed ? {} : { isPartial: true }),
      ...this.#listed(),
    };
  }

  #listed(): Partial<AccountSnapshot> {
    if (!this.#isListed) {
      return {};
    }
    return {
      ...(this.#virtualRefused
        ? { virtualDevicesRefused: this.#virtualRefused }
        : { virtualDevices: this.#virtualDevices }),
      ...(this.#usersRefused && { onlyYou: this.#usersRefused }),
    };
  }

  /** Before the lists are whole: a virtual device that is listed is one. */
  #stateSoFar({ name }: IamUser): MfaState {
    const devices = this.#virtual.get(name);
    return devices
      ? { kind: 'has', devices, complete: false, at: this.#listsAt }
      : { kind: 'checking', at: this.#listsAt };
  }
}

/** Whether the report says that a user has no MFA, and nothing known is newer and says otherwise. */
function reportsNone(user: IamUser, report: CredentialReport, before: MfaState | undefined): boolean {
  return rowOf(user, report)?.mfaActive === false && before?.kind !== 'has';
}
