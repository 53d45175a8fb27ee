import { accountKey, type Caller } from './account';
import { allFound, compareLikelihood, devicesInUse, isSearchInVain, missingDevices, otherDevices } from './checkSum';
import type { Clock } from './clock';
import type { CredentialReport, CredentialReportRow } from './credentialReport';
import { deviceKind, type Device, type VirtualDevice } from './device';
import { Emitter } from './emitter';
import type { AccountSummary, Iam, IamUser, Tags } from './iam';
import { asProblem, ProblemError, type Problem } from './problem';
import { withReported } from './reported';
import type { MfaState, PasswordState, UserEntry } from './users';

/** What a device is asked about by itself. */
export interface DeviceDetails {
  /** Of a virtual device; undefined where it could not be read. */
  readonly tags?: Tags;
  /** Of a passkey or security key, value by name; undefined where it could not be read. */
  readonly certifications?: ReadonlyMap<string, string>;
  readonly problem?: Problem;
}

/** A virtual device that belongs to nobody and that no window is enrolling. */
export interface Leftover extends VirtualDevice {
  /** When this extension saw it first, milliseconds since 1970: AWS does not tell when a device was made. */
  readonly firstSeenAt: number;
}

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

/** The account as it was read last. */
export interface AccountSnapshot {
  readonly caller: Caller;
  readonly alias?: string;
  /** Undefined where AWS did not say. */
  readonly rootHasMfa?: boolean;
  /** When the reading ended, milliseconds since 1970. */
  readonly readAt: number;
  readonly users: ReadonlyMap<string, UserEntry>;
  /** Virtual devices that belong to nobody, but for those that a window is enrolling. */
  readonly unassigned: readonly Leftover[];
  /** By serial; read when a person looks at a user's devices. */
  readonly details: ReadonlyMap<string, DeviceDetails>;
  /** Names of all virtual devices known, for choosing a free one; undefined where the list was refused. */
  readonly virtualDevices?: readonly VirtualDevice[];
  /** Why the others cannot be seen: only the caller is in `users` then. */
  readonly onlyYou?: Problem;
  /** Why the list of virtual devices is missing. */
  readonly virtualDevicesRefused?: Problem;
}

export type DirectoryState =
  | { readonly kind: 'loading'; readonly checked: number; readonly total: number; readonly last?: AccountSnapshot }
  | { readonly kind: 'loaded'; readonly account: AccountSnapshot }
  /** Nothing could be read. `last` is what was read before, with its own age. */
  | { readonly kind: 'failed'; readonly problem: Problem; readonly last?: AccountSnapshot };

/** So few users are asked about one by one: that is live, and sooner than a report. */
const fewUsers = 25;

/** AWS makes a new report after so long, and not before (iam-facts 3); milliseconds. */
const reportAge = 4 * 3_600_000;

/** So many passwords are told together: each telling costs as much as there are users. */
const passwordsAtOnce = 120;

/** How many look-ups of single users are on their way at once: few enough that IAM's unpublished rate is not met. */
const lookupsAtOnce = 6;

/** Looks at AWS again after a write, since reads lag behind: after so many milliseconds each time. */
const confirmAfter = [0, 500, 1000, 2000, 4000, 8000];

/** Whether AWS's list of a user's devices shows a device; `unknown` where it could not be read. */
export type Confirmation = 'shown' | 'notShown' | 'unknown';

/**
 * Who is in one account and what is known of their MFA. The one store of it: the tree, the status bar and the enrolment
 * all read and refresh this.
 */
export class Directory {
  readonly #changed = new Emitter<DirectoryState>();
  readonly onDidChange = this.#changed.on;
  #state: DirectoryState;
  #loading: AbortController | undefined;
  /** Whether the list of virtual devices was read by itself while the account is being read. */
  #virtualDevicesRead = false;
  #knowsCaller = false;
  /** By how many devices AWS's sum was off when the account was read last. */
  #missing: number | undefined;
  /** The last that was read: asked for again only once AWS would make another. */
  #report: CredentialReport | undefined;
  #successor: Directory | undefined;

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

  /** Reads the whole account. A reading that is under way is given up for the new one. Never rejects: see `state`. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const controller = new AbortController();
    this.#loading = controller;
    const { signal } = controller;
    this.#virtualDevicesRead = false;
    const progress = (checked: number, total: number) => {
      if (!signal.aborted) {
        this.#set(loading(checked, total, this.account));
      }
    };
    progress(0, 0);
    try {
      const account = await this.#read(signal, progress);
      if (!signal.aborted) {
        const held = await this.memory.held();
        this.#set({ kind: 'loaded', account: this.#withLeftovers(this.#withNewer(account), held) });
        await this.#fillPasswords(signal);
      }
    } catch (error) {
      if (!signal.aborted) {
        const last = this.account;
        this.#set({ kind: 'failed', problem: asProblem(error, 'ListUsers'), ...(last && { last }) });
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
    return confirmation;
  }

  /** After a device was deactivated: asks AWS until its list does not show the device any more. See `confirmDevice`. */
  confirmGone(userName: string, serial: string): Promise<Confirmation> {
    return this.#confirm(userName, serial, 'notShown');
  }

  /** Reads the list of virtual devices again. @throws ProblemError */
  async refreshVirtualDevices(signal?: AbortSignal): Promise<readonly VirtualDevice[]> {
    const virtualDevices = await collect(this.iam.listVirtualMfaDevices(signal));
    this.#virtualDevicesRead = true;
    const held = await this.memory.held();
    this.#replace((account) => this.#withLeftovers({ ...account, virtualDevices }, held));
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
    const assigned = new Set(
      [...account.users.values()].flatMap(({ mfa }) =>
        mfa.kind === 'has' ? mfa.devices.map(({ serial }) => serial) : [],
      ),
    );
    const devices = (account.virtualDevices ?? []).filter(
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

  /** Gives up a reading that is under way. The directory can still be used. */
  stop(): void {
    this.#loading?.abort();
  }

  dispose(): void {
    this.stop();
    this.#changed.dispose();
  }

  async #read(signal: AbortSignal, progress: (checked: number, total: number) => void): Promise<AccountSnapshot> {
    const caller = await this.iam.callerIdentity(signal);
    this.#knowsCaller = true;
    const { account } = this;
    if (account && accountKey(account.caller) !== accountKey(caller) && !signal.aborted) {
      // The same source leads elsewhere now: what was read before is about another account.
      this.#set(loading(0, 0, undefined));
    }
    const listsAt = this.clock.now();
    const [alias, summary, users, virtual] = await Promise.all([
      optional(this.iam.accountAlias(signal)),
      optional(this.iam.accountSummary(signal)),
      settled(collect(this.iam.listUsers(signal)), 'ListUsers'),
      settled(collect(this.iam.listVirtualMfaDevices(signal)), 'ListVirtualMFADevices'),
    ]);
    const rootHasMfa = summary?.rootHasMfa;
    const listed = 'problem' in users ? await this.#onlyCaller(caller, users.problem, signal) : users.value;
    const virtualDevices = 'value' in virtual ? virtual.value : undefined;
    const states = await this.#states(
      { listed, listsAt, virtualDevices, summary, before: account?.users },
      signal,
      progress,
    );
    const entryOf = (user: IamUser, password: PasswordState): UserEntry => ({
      user,
      isCaller: user.name === caller.userName,
      mfa: stateOf(states, user),
      password,
    });
    const withoutMfa = listed.filter((user) => stateOf(states, user).kind === 'none');
    // Of many, the report tells, and who is left is asked about afterwards.
    const asked = withoutMfa.length <= fewUsers ? new Set(withoutMfa) : new Set<IamUser>();
    const passwords = new Map<IamUser, PasswordState>();
    await eachFew([...asked], signal, async (user) => {
      passwords.set(user, await this.#livePassword(user, signal));
    });
    const entries = listed
      .map((user) => entryOf(user, passwords.get(user) ?? knownPassword(user, this.clock)))
      .map((entry) => this.#reported(entry));

    return {
      caller,
      ...(alias !== undefined && { alias }),
      ...(rootHasMfa !== undefined && { rootHasMfa }),
      readAt: this.clock.now(),
      users: new Map(entries.map((entry) => [entry.user.name, entry])),
      // Told apart from what is being enrolled once the account is in place.
      unassigned: [],
      details: account?.details ?? new Map<string, DeviceDetails>(),
      ...('value' in virtual ? { virtualDevices: virtual.value } : { virtualDevicesRefused: virtual.problem }),
      ...('problem' in users && { onlyYou: users.problem }),
    };
  }

  /**
   * What is known of each user's MFA. Few users are asked about one by one. Of many, the account's sum of devices tells who has
   * none, else the report, and AWS is asked about those of whom both leave a doubt: cost grows with pages, not with users.
   */
  async #states(
    { listed, listsAt, virtualDevices, summary, before }: Lists,
    signal: AbortSignal,
    progress: (checked: number, total: number) => void,
  ): Promise<ReadonlyMap<string, MfaState>> {
    const virtual = new Map<string, Device[]>();
    for (const device of virtualDevices ?? []) {
      if (device.userName !== undefined) {
        virtual.set(device.userName, [...(virtual.get(device.userName) ?? []), device]);
      }
    }
    const states = new Map<string, MfaState>();
    /** Devices that are not virtual, found just now or known from an earlier look. */
    let others = 0;
    const doubts: IamUser[] = [];
    const known: IamUser[] = [];
    for (const user of listed) {
      const devices = virtual.get(user.name) ?? [];
      const earlier = before?.get(user.name)?.mfa;
      const beside = otherDevices(earlier);
      if (earlier && beside.length > 0) {
        others += beside.length;
        known.push(user);
        states.set(user.name, { kind: 'has', devices: [...devices, ...beside], complete: true, at: earlier.at });
      } else if (devices.length > 0) {
        states.set(user.name, { kind: 'has', devices, complete: false, at: listsAt });
      } else {
        doubts.push(user);
      }
    }
    progress(states.size, listed.length);

    const ask = async (users: readonly IamUser[], enough: () => boolean) => {
      await eachFew(
        users,
        signal,
        async (user) => {
          const earlier = states.get(user.name);
          const state = await this.#mfa(user.name, signal);
          others += otherDevices(state).length - otherDevices(earlier).length;
          states.set(user.name, state);
          progress(states.size, listed.length);
        },
        enough,
      );
    };
    const none = (user: IamUser, state: MfaState) => {
      if (!states.has(user.name)) {
        states.set(user.name, state);
      }
    };

    if (doubts.length + known.length <= fewUsers) {
      await ask([...known, ...doubts], () => false);
      return states;
    }
    const sum = devicesInUse(virtualDevices, summary);
    const enough = () => allFound(sum, others);
    const never = () => false;
    const missing = missingDevices(sum, others);
    if (missing !== undefined && missing !== 0 && missing === this.#missing) {
      // The sum is off by as much as it was: nothing has changed, but for who came and who lost a virtual device.
      await ask(
        doubts.filter(({ name }) => before?.get(name)?.mfa.kind !== 'none'),
        never,
      );
      // A sum that is off proves nothing by itself: they are shown as they were found, with the age of that.
      for (const user of doubts) {
        const earlier = before?.get(user.name)?.mfa;
        if (earlier?.kind === 'none') {
          none(user, earlier);
        }
      }
    } else if (!enough()) {
      // One that went and one that came look like none of either: who was found is looked at again where the sum is off.
      await ask(known, never);
      const report = await optional(this.#readReport(signal));
      const told = new Set(report && doubts.filter((user) => reportsNone(user, report, before?.get(user.name)?.mfa)));
      const untold = doubts.filter((user) => !told.has(user)).sort(compareLikelihood);
      await ask(untold, report ? never : enough);
      const unchecked = [...states.values()].filter(({ kind }) => kind === 'unknown').length;
      if (report && !enough()) {
        if (isSearchInVain(sum, others, unchecked)) {
          told.forEach((user) => none(user, { kind: 'none', source: 'report', at: report.generatedAt.getTime() }));
        } else {
          await ask([...told].sort(compareLikelihood), enough);
        }
      }
    }
    this.#missing = missingDevices(sum, others);
    doubts.forEach((user) => none(user, { kind: 'none', at: listsAt }));
    progress(states.size, listed.length);
    return states;
  }

  async #readReport(signal: AbortSignal): Promise<CredentialReport> {
    const known = this.#report;
    if (known && this.clock.now() - known.generatedAt.getTime() < reportAge) {
      return known;
    }
    const report = await this.iam.credentialReport(signal);
    this.#report = report;
    return report;
  }

  /**
   * Reads AWS's credential report, or takes the one at hand, and puts into the account what it alone tells of users.
   * @throws ProblemError
   */
  async readReport(signal = new AbortController().signal): Promise<void> {
    await this.#readReport(signal);
    this.#replace((account) => ({ ...account, users: this.#allReported(account) }));
  }

  #allReported({ users }: AccountSnapshot): Map<string, UserEntry> {
    return new Map([...users].map(([name, entry]) => [name, this.#reported(entry)]));
  }

  #reported(entry: UserEntry): UserEntry {
    return this.#report ? withReported(entry, rowOf(entry.user, this.#report)) : entry;
  }

  /** Where the list of users is refused, the caller is all there is to show: that needs no permission to list. */
  async #onlyCaller(caller: Caller, refused: Problem, signal: AbortSignal): Promise<readonly IamUser[]> {
    if (refused.code !== 'accessDenied' || caller.userName === undefined) {
      throw new ProblemError(refused);
    }
    const self = await settled(this.iam.getUser(caller.userName, signal), 'GetUser');
    // Even where GetUser is refused, GetCallerIdentity has told the name and the ARN.
    return ['value' in self ? self.value : { name: caller.userName, arn: caller.arn, path: '/' }];
  }

  async #mfa(userName: string, signal?: AbortSignal): Promise<MfaState> {
    const devices = await settled(this.iam.listMfaDevices(userName, signal), 'ListMFADevices', signal);
    const at = this.clock.now();
    if ('problem' in devices) {
      return { kind: 'unknown', problem: devices.problem, at };
    }
    return devices.value.length > 0
      ? { kind: 'has', devices: devices.value, complete: true, at }
      : { kind: 'none', at };
  }

  async #livePassword(user: IamUser, signal?: AbortSignal): Promise<PasswordState> {
    const answer = await settled(this.iam.hasConsolePassword(user.name, signal), 'GetLoginProfile', signal);
    if ('problem' in answer) {
      const known = knownPassword(user, this.clock);
      return known.kind === 'unknown' ? { kind: 'unknown', problem: answer.problem } : known;
    }
    return { kind: answer.value ? 'yes' : 'no', source: 'live', at: this.clock.now() };
  }

  /**
   * Where the live question about passwords was refused, the credential report may still tell, with its age. It may be
   * long in the making, so the account is shown before.
   */
  async #fillPasswords(signal: AbortSignal): Promise<void> {
    const unknown = () =>
      [...(this.account?.users.values() ?? [])].filter(
        ({ mfa, password }) => mfa.kind === 'none' && password.kind === 'unknown',
      );
    if (unknown().length === 0) {
      return;
    }
    const report = await optional(this.#readReport(signal));
    if (signal.aborted) {
      return;
    }
    if (report) {
      const at = report.generatedAt.getTime();
      this.#setPasswords(
        unknown().flatMap(({ user }): readonly (readonly [string, PasswordState])[] => {
          const enabled = rowOf(user, report)?.passwordEnabled;
          return enabled === undefined ? [] : [[user.name, { kind: enabled ? 'yes' : 'no', source: 'report', at }]];
        }),
      );
    }
    // Who has a problem was asked about already.
    const left = unknown().filter(({ password }) => password.kind === 'unknown' && !password.problem);
    while (left.length > 0) {
      const found: (readonly [string, PasswordState])[] = [];
      await eachFew(left.splice(0, passwordsAtOnce), signal, async ({ user }) => {
        found.push([user.name, await this.#livePassword(user, signal)]);
      });
      this.#setPasswords(found);
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
        if (entry?.password.kind === 'unknown') {
          users.set(name, { ...entry, password });
        }
      }
      return { ...account, users };
    });
  }

  /** Asks AWS about one user, live, and puts the answer into the account where it knows the user. */
  async #look(userName: string, signal?: AbortSignal, also: { readonly details?: boolean } = {}): Promise<MfaState> {
    const mfa = await this.#mfa(userName, signal);
    const before = this.account?.users.get(userName);
    if (!before) {
      return mfa;
    }
    const details = also.details ? await this.#detailsOf(userName, mfa, signal) : [];
    const live = mfa.kind === 'none' ? await this.#livePassword(before.user, signal) : before.password;
    // What the report told stays, where the live question is refused.
    const password = live.kind === 'unknown' && before.password.kind !== 'unknown' ? before.password : live;
    this.#replace((account) => {
      const entry = account.users.get(userName);
      // An answer that came while this one was waited for is newer.
      return entry && entry.mfa.at <= mfa.at
        ? {
            ...account,
            users: new Map(account.users).set(userName, { ...entry, mfa, password }),
            details: detailsOfListed(new Map([...account.details, ...details]), entry.mfa, mfa),
          }
        : account;
    });
    this.#tellSuccessor((next) => next.refreshUser(userName));
    return mfa;
  }

  /** The account just read, but for what was read of it by itself in the meantime: that is newer. */
  #withNewer(read: AccountSnapshot): AccountSnapshot {
    const meanwhile = this.account;
    if (!meanwhile) {
      return read;
    }
    const users = new Map(read.users);
    for (const [name, entry] of meanwhile.users) {
      const older = users.get(name);
      if (older && entry.mfa.at > older.mfa.at) {
        users.set(name, { ...older, mfa: entry.mfa, password: entry.password });
      }
    }
    const virtualDevices = this.#virtualDevicesRead ? meanwhile.virtualDevices : read.virtualDevices;
    return { ...read, users, ...(virtualDevices && { virtualDevices }) };
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

/** What was listed of an account, and what was known before. */
interface Lists {
  readonly listed: readonly IamUser[];
  /** Milliseconds since 1970. */
  readonly listsAt: number;
  /** Undefined where they could not be listed. */
  readonly virtualDevices: readonly VirtualDevice[] | undefined;
  readonly summary: AccountSummary | undefined;
  readonly before: ReadonlyMap<string, UserEntry> | undefined;
}

function stateOf(states: ReadonlyMap<string, MfaState>, { name }: IamUser): MfaState {
  const state = states.get(name);
  if (!state) {
    throw new Error(`Nothing was made out of ${name}.`);
  }
  return state;
}

/** @returns the user's row, unless the user was made since: then it was another of the same name */
function rowOf(user: IamUser, report: CredentialReport): CredentialReportRow | undefined {
  const wasThere = user.createdAt !== undefined && user.createdAt < report.generatedAt;
  return wasThere ? report.rows.get(user.name) : undefined;
}

/** Whether the report says that a user has no MFA, and nothing known is newer and says otherwise. */
function reportsNone(user: IamUser, report: CredentialReport, before: MfaState | undefined): boolean {
  return rowOf(user, report)?.mfaActive === false && (before === undefined || before.kind === 'none');
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

function loading(checked: number, total: number, last: AccountSnapshot | undefined): DirectoryState {
  return { kind: 'loading', checked, total, ...(last && { last }) };
}

/** A password that was used is there: IAM leaves the date out for users who have none (iam-facts 1.4). */
function knownPassword(user: IamUser, clock: Clock): PasswordState {
  return user.passwordLastUsed ? { kind: 'yes', source: 'live', at: clock.now() } : { kind: 'unknown' };
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) {
    all.push(...page);
  }
  return all;
}

/** The value or the problem. @throws the signal's reason where it was aborted */
async function settled<T>(
  promise: Promise<T>,
  operation: string,
  signal?: AbortSignal,
): Promise<{ readonly value: T } | { readonly problem: Problem }> {
  try {
    return { value: await promise };
  } catch (error) {
    signal?.throwIfAborted();
    return { problem: asProblem(error, operation) };
  }
}

/** For facts that one can do without: a refusal is no trouble. */
async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}

/** Works on a bounded number at once, in order, until all are done or `enough` says so. */
async function eachFew<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
  enough: () => boolean = () => false,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (enough()) {
        return;
      }
      signal.throwIfAborted();
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lookupsAtOnce, items.length) }, worker));
}
