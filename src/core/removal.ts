import { removeDevice, type DeviceRemoval, type RemovalTools } from './deviceRemoval';
import type { Device } from './device';
import { Emitter } from './emitter';
import type { UserPolicies } from './iam';
import { mfaDemands, type MfaDemand } from './mfaDemands';
import { asProblem, type Problem } from './problem';
import { Proof, proofNeed, type ProofNeed } from './proof';
import type { PasswordState, UserEntry } from './users';

/** What is about to happen, for the person to confirm. */
export interface RemovalPlan {
  readonly devices: readonly Device[];
  /** What the user has left afterwards. */
  readonly remaining: readonly Device[];
  /** Policies that demand MFA, where the user loses the last device; otherwise not looked for. */
  readonly demands: readonly MfaDemand[];
  /** What could not be looked at: there may be more demands than are named. */
  readonly demandsUnread: readonly Problem[];
  /** True where the person is about to change their own devices. */
  readonly own: boolean;
  /** Whether the user can sign in with a password. */
  readonly password: PasswordState['kind'];
}

export interface RemovalResult {
  readonly device: Device;
  readonly removal: DeviceRemoval;
}

export type RemovalState =
  /** AWS is being asked: what is there, or whether a code is right. */
  | { readonly kind: 'looking' }
  | {
      readonly kind: 'confirming';
      readonly plan: RemovalPlan;
      /** The user's devices have changed since the last question. */
      readonly changed: boolean;
      /** What was typed is not the user's name. */
      readonly wrongName: boolean;
    }
  /** A code of one of these devices is needed first. */
  | { readonly kind: 'proving'; readonly devices: readonly Device[]; readonly problem?: Problem }
  | { readonly kind: 'removing'; readonly device: Device; readonly number: number; readonly of: number }
  | {
      readonly kind: 'ended';
      readonly results: readonly RemovalResult[];
      /** Those whose turn had not come when the person gave up, or when what was confirmed was no longer true. */
      readonly untried: readonly Device[];
      /** The user's devices have changed since the question, so the rest was left alone. */
      readonly changed: boolean;
      /** The user as AWS lists them now. */
      readonly now: UserEntry | undefined;
    }
  /** Nothing was changed. */
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** Only the console takes proof of these devices. */
  | { readonly kind: 'onlyConsole'; readonly devices: readonly Device[] }
  /** The user has none of these devices any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'cancelled' };

export interface RemovalOptions extends RemovalTools {
  readonly userName: string;
  /** Serials of the devices that are to go; all that the user has where this is left out. */
  readonly serials?: readonly string[];
}

/**
 * Takes devices from a user: looks, asks, proves where AWS wants that, and removes one after the other. A user never loses the
 * last device without the person having typed the user's name for just that.
 */
export class Removal {
  readonly #changed = new Emitter<RemovalState>();
  readonly onDidChange = this.#changed.on;
  readonly #proof: Proof;
  #state: RemovalState = { kind: 'looking' };
  /** Set as soon as nothing can be taken back. */
  #plan: RemovalPlan | undefined;
  readonly #given = new AbortController();

  constructor(private readonly options: RemovalOptions) {
    this.#proof = new Proof(options.directory.iam);
  }

  get state(): RemovalState {
    return this.#state;
  }

  get userName(): string {
    return this.options.userName;
  }

  /** Looks at what is there now. Ends in `confirming`, or says why there is nothing to confirm. */
  async start(): Promise<void> {
    await this.#ask({ changed: false });
  }

  /**
   * Goes on, where what was confirmed is still true.
   * @param typedName what the person typed, where the last device goes
   */
  async confirm(typedName?: string): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'confirming') {
      return;
    }
    const { plan } = state;
    if (isLast(plan) && typedName !== this.options.userName) {
      this.#set({ ...state, wrongName: true });
      return;
    }
    this.#plan = plan;
    // At once, so that confirming twice removes once.
    this.#set({ kind: 'looking' });
    await this.#goOn(plan);
  }

  /** @param code six digits of the device of that serial */
  async prove(serial: string, code: string): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'proving' || !this.#plan) {
      return;
    }
    // At once, so that a code that is sent twice is used once.
    this.#set({ kind: 'looking' });
    const problem = await this.#proof.give(serial, code);
    if (this.#isCancelled()) {
      this.#end({ kind: 'cancelled' });
    } else if (problem) {
      this.#set({ kind: 'proving', devices: state.devices, problem });
    } else {
      await this.#goOn(this.#plan);
    }
  }

  /** Gives up, up to the first write; between two devices, what has not gone yet stays. */
  cancel(): void {
    this.#given.abort();
    if (this.#state.kind === 'confirming' || this.#state.kind === 'proving') {
      this.#end({ kind: 'cancelled' });
    }
  }

  dispose(): void {
    this.#proof.drop();
    this.#changed.dispose();
  }

  async #ask({ changed }: { readonly changed: boolean }): Promise<void> {
    const { account } = this.options;
    this.#set({ kind: 'looking' });
    const entry = await this.#look();
    if (this.#isCancelled()) {
      this.#end({ kind: 'cancelled' });
      return;
    }
    if (!entry) {
      return;
    }
    const need = proofNeed(account, entry);
    const plan = this.#planFor(entry);
    if (plan.devices.length === 0) {
      this.#end({ kind: 'gone' });
      return;
    }
    if (need.kind === 'impossible') {
      this.#end({ kind: 'onlyConsole', devices: need.devices });
      return;
    }
    const policies = isLast(plan) ? await this.#policies() : { policies: [], problems: [] };
    if (this.#isCancelled()) {
      this.#end({ kind: 'cancelled' });
      return;
    }
    const password = isLast(plan) && plan.password === 'unknown' ? await this.#password() : plan.password;
    this.#set({
      kind: 'confirming',
      plan: { ...plan, password, demands: mfaDemands(policies.policies), demandsUnread: policies.problems },
      changed,
      wrongName: false,
    });
  }

  /** The user as AWS lists them now; ends the removal where that cannot be read. */
  async #look(): Promise<UserEntry | undefined> {
    const { directory, userName } = this.options;
    const entry = await directory.refreshUser(userName);
    if (!entry) {
      this.#end({ kind: 'failed', problem: { code: 'notFound', operation: 'ListMFADevices', subject: userName } });
      return undefined;
    }
    if (entry.mfa.kind === 'unknown') {
      this.#end({ kind: 'failed', problem: entry.mfa.problem });
      return undefined;
    }
    return entry;
  }

  /** Read as far as they may be read; given up with the removal. */
  async #policies(): Promise<UserPolicies> {
    const { directory, userName } = this.options;
    try {
      return await directory.iam.userPolicies(userName, this.#given.signal);
    } catch (error) {
      return { policies: [], problems: [asProblem(error, 'ListUserPolicies')] };
    }
  }

  /** The account's reading does not ask about the passwords of users who have MFA. */
  async #password(): Promise<PasswordState['kind']> {
    try {
      return (await this.options.directory.iam.hasConsolePassword(this.userName)) ? 'yes' : 'no';
    } catch {
      return 'unknown';
    }
  }

  #planFor(entry: UserEntry): RemovalPlan {
    const { serials } = this.options;
    const devices = entry.mfa.kind === 'has' ? entry.mfa.devices : [];
    const goes = ({ serial }: Device) => serials?.includes(serial) ?? true;
    return {
      devices: devices.filter(goes),
      remaining: devices.filter((device) => !goes(device)),
      demands: [],
      demandsUnread: [],
      own: entry.isCaller,
      password: entry.password.kind,
    };
  }

  async #goOn(confirmed: RemovalPlan): Promise<void> {
    const entry = await this.#look();
    if (!entry) {
      return;
    }
    // Someone else was at it meanwhile.
    if (!isAsConfirmed(confirmed, this.#planFor(entry))) {
      await this.#ask({ changed: true });
      return;
    }
    const need: ProofNeed = this.#proof.given ? { kind: 'none' } : proofNeed(this.options.account, entry);
    if (this.#isCancelled()) {
      this.#end({ kind: 'cancelled' });
    } else if (need.kind === 'impossible') {
      this.#end({ kind: 'onlyConsole', devices: need.devices });
    } else if (need.kind === 'code') {
      this.#set({ kind: 'proving', devices: need.devices });
    } else {
      // Of a device that is off the user by now, the second half may be left.
      await this.#removeAll(confirmed);
    }
  }

  async #removeAll(confirmed: RemovalPlan): Promise<void> {
    const { userName, directory } = this.options;
    const { devices } = confirmed;
    const results: RemovalResult[] = [];
    let changed = false;
    // The device that gave the proof goes last: the session counts for as long as it is the user's.
    const last = (device: Device) => Number(device.serial === this.#proof.serial);
    for (const device of [...devices].sort((a, b) => last(a) - last(b))) {
      if (this.#isCancelled()) {
        break;
      }
      this.#set({ kind: 'removing', device, number: results.length + 1, of: devices.length });
      // The first was looked at just now; each takes its time.
      const entry = results.length > 0 ? await directory.refreshUser(userName) : undefined;
      changed = entry !== undefined && !isAsConfirmed(confirmed, this.#planFor(entry));
      if (changed) {
        break;
      }
      results.push({ device, removal: await this.#remove(device, confirmed, entry) });
    }
    const now = await directory.refreshUser(userName);
    const tried = new Set(results.map(({ device }) => device.serial));
    const untried = devices.filter(({ serial }) => !tried.has(serial));
    this.#end(results.length === 0 ? { kind: 'cancelled' } : { kind: 'ended', results, untried, changed, now });
  }

  async #remove(device: Device, confirmed: RemovalPlan, entry: UserEntry | undefined): Promise<DeviceRemoval> {
    if (entry?.mfa.kind === 'unknown' && !isLast(confirmed)) {
      // It may be the last by now.
      return { kind: 'kept', problem: entry.mfa.problem };
    }
    try {
      const removal = await removeDevice(this.options, this.#proof.signed, this.userName, device);
      return this.#proof.explainRemoval(removal);
    } catch (error) {
      return { kind: 'unknown', problem: asProblem(error, 'DeactivateMFADevice') };
    }
  }

  /** Asked anew after each wait. */
  #isCancelled(): boolean {
    return this.#given.signal.aborted;
  }

  /** The session is dropped with the work. */
  #end(state: RemovalState): void {
    this.#proof.drop();
    this.#set(state);
  }

  #set(state: RemovalState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** @returns whether the user has no device left after this */
export function isLast(plan: RemovalPlan): boolean {
  return plan.devices.length > 0 && plan.remaining.length === 0;
}

/** Whether no more would be lost than was confirmed, and no device is another of the same name by now. */
function isAsConfirmed(confirmed: RemovalPlan, now: RemovalPlan): boolean {
  const listed = new Map(now.devices.map(({ serial, enabledAt }) => [serial, enabledAt?.getTime()]));
  const isSame = ({ serial, enabledAt }: Device) => !listed.has(serial) || listed.get(serial) === enabledAt?.getTime();
  return (isLast(confirmed) || !isLast(now)) && confirmed.devices.every(isSame);
}
