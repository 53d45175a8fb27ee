import type { AccountSource } from './account';
import type { Clock } from './clock';
import { AuthenticatorCodes, isCode, otpauthUri, type CodesVerdict, type TypedCode } from './codes';
import { deviceName, devicesPerUser, isDeviceName, nextFreeName, virtualSerial } from './device';
import type { AccountSnapshot, Directory } from './directory';
import { Emitter } from './emitter';
import type { CreatedDevice } from './iam';
import { asProblem, outcomeUnknown, ProblemError, type Problem } from './problem';
import { removeUnfinished, type Removal, type UnfinishedStore } from './unfinished';

/** Why the person has to choose a name. */
export type NameReason =
  /** An unassigned device of that name is in the account: it may be deleted, or another name taken. */
  | { readonly kind: 'leftover'; readonly name: string; readonly serial: string; readonly problem?: Problem }
  | { readonly kind: 'notAName'; readonly name: string }
  /** The name was refused, the user's own name may not be (iam-facts 2.7). */
  | { readonly kind: 'refused'; readonly name: string; readonly problem: Problem };

/** What is left in AWS of the device that was made. */
export type Remains =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'device'; readonly serial: string; readonly problem: Problem }
  /** AWS's answer was lost and it could not be asked what is true. */
  | { readonly kind: 'unknown'; readonly serial: string };

/** What is on screen of a device that is being enrolled. */
export interface NewDevice {
  readonly serial: string;
  readonly name: string;
  readonly seed: string;
  readonly uri: string;
  /** Counts the devices made by this enrolment, from 1. */
  readonly count: number;
}

/** Why the last attempt to enable did not succeed though the codes were right. */
export type Setback =
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** No answer came, and AWS's list says that the device is not on. */
  | { readonly kind: 'notEnabled'; readonly problem: Problem }
  /** The name could not be changed: the device on screen is still good. */
  | { readonly kind: 'nameKept'; readonly problem: Problem };

export type EnrolmentState =
  | { readonly kind: 'making'; readonly name: string }
  | { readonly kind: 'naming'; readonly why: NameReason; readonly suggestion: string }
  | {
      readonly kind: 'ready';
      readonly device: NewDevice;
      readonly verdict: CodesVerdict;
      readonly setback?: Setback;
      readonly enabling: boolean;
    }
  | { readonly kind: 'done'; readonly device: NewDevice; readonly confirmed: boolean; readonly verdict: CodesVerdict }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly remains: Remains }
  | { readonly kind: 'cancelled'; readonly remains: Remains };

export interface EnrolmentOptions {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly unfinished: UnfinishedStore;
  readonly source: AccountSource;
  readonly account: AccountSnapshot;
  readonly userName: string;
}

/** How often a name that turns out to be taken is followed by the next one, where the list of names is refused. */
const namesTried = 9;

/**
 * Takes one user from no device to an enabled virtual device, and leaves nothing half-made behind. One instance enrols
 * once: `start`, then codes, then `done`, `failed` or `cancelled`.
 *
 * The rules it keeps: every write goes out once; when an answer is lost, AWS's lists are asked what is true; the device is
 * remembered in `unfinished` before it is asked for and until it is enabled or deleted; the seed is dropped at the end.
 */
export class Enrolment {
  readonly #options: EnrolmentOptions;
  readonly #changed = new Emitter<EnrolmentState>();
  readonly onDidChange = this.#changed.on;
  #state: EnrolmentState;
  #codes: AuthenticatorCodes | undefined;
  /** How far true time is ahead of this computer's clock, in milliseconds. */
  #ahead = 0;
  #made = 0;
  #typed: { first?: TypedCode; second?: TypedCode } = {};
  #cancelled = false;
  /** Writes happen one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: EnrolmentOptions) {
    this.#options = options;
    this.#state = { kind: 'making', name: options.userName };
  }

  get state(): EnrolmentState {
    return this.#state;
  }

  get userName(): string {
    return this.#options.userName;
  }

  get account(): AccountSnapshot {
    return this.#options.account;
  }

  /** The best known true time, milliseconds since 1970: this computer's clock, set right by AWS's. */
  now(): number {
    return this.#options.clock.now() + this.#ahead;
  }

  /** Makes the device, named after the user where that name is free. */
  start(): Promise<void> {
    return this.#enqueue(async () => {
      const { account, userName, directory } = this.#options;
      const entry = await directory.refreshUser(userName);
      const devices = entry?.mfa.kind === 'has' ? entry.mfa.devices.length : 0;
      if (devices >= devicesPerUser) {
        throw new ProblemError({ code: 'limitExceeded', operation: 'EnableMFADevice', subject: userName });
      }
      if (devices > 0 && entry?.isCaller && account.caller.longTermKeys) {
        throw new ProblemError({ code: 'mfaSessionNeeded', operation: 'EnableMFADevice', subject: userName });
      }
      await this.#make(userName, 'next');
    });
  }

  /**
   * Makes the device with a name the person chose; one that is on screen is deleted first, as its seed cannot be taken over.
   */
  useName(name: string): Promise<void> {
    return this.#enqueue(async () => {
      const state = this.#state;
      if (state.kind !== 'ready' && state.kind !== 'naming') {
        return;
      }
      if (!isDeviceName(name)) {
        // A device on screen is still good; the page has said what a name may be.
        if (state.kind === 'naming') {
          this.#set({ kind: 'naming', why: { kind: 'notAName', name }, suggestion: state.suggestion });
        }
        return;
      }
      if (state.kind === 'ready') {
        if (state.device.name === name) {
          return;
        }
        const removal = await removeUnfinished(
          this.#options.directory.iam,
          this.#options.unfinished,
          state.device.serial,
        );
        if (removal.kind === 'left') {
          this.#set({ ...state, setback: { kind: 'nameKept', problem: removal.problem } });
          return;
        }
        if (removal.kind === 'inUse') {
          await this.#wasEnabled(state.device, state.verdict);
          return;
        }
      }
      await this.#make(name, 'ask');
    });
  }

  /** Deletes the leftover that stands in the way, because the person said so, and makes the device in its place. */
  deleteLeftover(): Promise<void> {
    return this.#enqueue(async () => {
      const state = this.#state;
      if (state.kind !== 'naming' || state.why.kind !== 'leftover') {
        return;
      }
      const { why } = state;
      this.#set({ kind: 'making', name: why.name });
      const removal = await removeUnfinished(this.#options.directory.iam, this.#options.unfinished, why.serial);
      if (removal.kind === 'left') {
        this.#set({ ...state, why: { ...why, problem: removal.problem } });
        return;
      }
      // In use: it is somebody's after all, so there is nothing to ask.
      await this.#make(why.name, removal.kind === 'inUse' ? 'next' : 'ask');
    });
  }

  /**
   * Takes note of what stands in the two fields and judges it.
   * @param code1 up to six digits
   * @param code2 likewise
   */
  typed(code1: string, code2: string): void {
    const keep = (code: string, before: TypedCode | undefined): TypedCode | undefined =>
      !isCode(code) ? undefined : before?.code === code ? before : { code, at: this.now() };
    const first = keep(code1, this.#typed.first);
    const second = keep(code2, this.#typed.second);
    this.#typed = { ...(first && { first }), ...(second && { second }) };
    this.#judge();
  }

  /** Judges again: what was right may have grown too old. */
  tick(): void {
    const state = this.#state;
    if (state.kind === 'ready' && state.verdict.kind === 'right' && !state.enabling) {
      this.#judge();
    }
  }

  /** Enables the device with the codes typed, where they can work; otherwise does nothing. */
  submit(): Promise<void> {
    return this.#enqueue(async () => {
      this.#judge();
      const state = this.#state;
      const { first, second } = this.#typed;
      if (state.kind !== 'ready' || state.verdict.kind !== 'right' || !first || !second) {
        return;
      }
      const { device, verdict } = state;
      const { directory, userName } = this.#options;
      this.#set({ kind: 'ready', device, verdict, enabling: true });
      let problem: Problem | undefined;
      try {
        await directory.iam.enableMfaDevice(userName, device.serial, first.code, second.code);
      } catch (error) {
        problem = asProblem(error, 'EnableMFADevice');
      }
      // "Already exists" for a device whose codes only we know: an earlier attempt whose answer was lost has worked.
      if (!problem || problem.code === 'alreadyExists') {
        await this.#wasEnabled(device, verdict);
      } else if (outcomeUnknown(problem)) {
        await this.#afterLostEnable(device, verdict, problem);
      } else {
        await this.#refused(device, verdict, problem);
      }
    });
  }

  /** After a failure: begins anew. */
  async retry(): Promise<void> {
    if (this.#state.kind === 'failed' && !this.#cancelled) {
      this.#set({ kind: 'making', name: this.#options.userName });
      await this.start();
    }
  }

  /**
   * Gives up and deletes the device that was made. Waits for a write that is under way, since its outcome decides: a
   * device that was enabled stays.
   * @returns what it came to: `cancelled`, or `done` or `failed` where that was reached before
   */
  async cancel(): Promise<EnrolmentState> {
    this.#cancelled = true;
    await this.#enqueue(async () => {
      const state = this.#state;
      if (state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled') {
        return;
      }
      if (state.kind === 'ready') {
        await this.#giveUp(state.device, state.verdict, (remains) => ({ kind: 'cancelled', remains }));
      } else {
        this.#finish({ kind: 'cancelled', remains: { kind: 'nothing' } });
      }
    });
    return this.#state;
  }

  /** What an authenticator app shows now; only for the practice account's phone. */
  currentCode(): string | undefined {
    return this.#codes?.at(this.now());
  }

  dispose(): void {
    this.#changed.dispose();
    this.#codes = undefined;
    this.#typed = {};
  }

  #judge(): void {
    const state = this.#state;
    if (state.kind !== 'ready' || state.enabling || !this.#codes) {
      return;
    }
    const verdict = this.#codes.judge(this.#typed.first, this.#typed.second, this.now());
    const { setback, ...rest } = state;
    // A setback is said until the person types on.
    this.#set({ ...rest, verdict, ...(setback && verdict.kind === 'nothing' && { setback }) });
  }

  /** AWS refused the codes or the call: what can be tried again stays on screen, the rest ends here. */
  async #refused(device: NewDevice, verdict: CodesVerdict, problem: Problem): Promise<void> {
    const again =
      problem.code === 'invalidCode' ||
      problem.code === 'throttled' ||
      problem.code === 'temporarilyUnmodifiable' ||
      problem.code === 'concurrentModification' ||
      problem.code === 'unreachable';
    if (again) {
      this.#askAgain(device, { kind: 'refused', problem });
    } else {
      await this.#giveUp(device, verdict, (remains) => ({ kind: 'failed', problem, remains }));
    }
  }

  /** No good answer came: AWS's list tells whether the device is on; where that cannot be read, a delete does. */
  async #afterLostEnable(device: NewDevice, verdict: CodesVerdict, problem: Problem): Promise<void> {
    const { directory, userName } = this.#options;
    switch (await directory.confirmDevice(userName, device.serial)) {
      case 'shown':
        await this.#enabled(device, verdict, true);
        break;
      case 'notShown':
        this.#askAgain(device, { kind: 'notEnabled', problem });
        break;
      case 'unknown':
        await this.#giveUp(device, verdict, (remains) => ({
          kind: 'failed',
          problem,
          remains: remains.kind === 'device' ? { kind: 'unknown', serial: device.serial } : remains,
        }));
        break;
    }
  }

  /** The device on screen is still good: only the codes are asked for again. */
  #askAgain(device: NewDevice, setback: Setback): void {
    this.#typed = {};
    this.#set({ kind: 'ready', device, verdict: { kind: 'nothing' }, enabling: false, setback });
  }

  /** AWS has said that the device is on. */
  async #wasEnabled(device: NewDevice, verdict: CodesVerdict): Promise<void> {
    const { directory, userName } = this.#options;
    await this.#enabled(device, verdict, (await directory.confirmDevice(userName, device.serial)) === 'shown');
  }

  async #enabled(device: NewDevice, verdict: CodesVerdict, confirmed: boolean): Promise<void> {
    await this.#options.unfinished.remove(device.serial);
    this.#finish({ kind: 'done', device: { ...device, seed: '', uri: '' }, confirmed, verdict });
  }

  /**
   * Deletes the device on screen and ends. Where AWS says that it is in use, an attempt to enable it whose answer was lost
   * has worked: that is the end then.
   */
  async #giveUp(device: NewDevice, verdict: CodesVerdict, end: (remains: Remains) => EnrolmentState): Promise<void> {
    const removal = await this.#remove(device.serial);
    if (removal.kind === 'inUse') {
      await this.#wasEnabled(device, verdict);
    } else {
      this.#finish(end(remainsAfter(removal, device.serial)));
    }
  }

  /**
   * Makes a device.
   * @param ifTaken `next`: take the next free name without asking; `ask`: let the person choose
   */
  async #make(name: string, ifTaken: 'next' | 'ask'): Promise<void> {
    const { account, userName } = this.#options;
    this.#set({ kind: 'making', name });
    const known = await this.#knownDevices();
    const taken = new Set(known?.map((device) => deviceName(device.serial)));
    const serialOf = (deviceName: string) =>
      virtualSerial(account.caller.partition, account.caller.accountId, deviceName);
    let candidate = name;
    for (let tries = 0; ; tries++) {
      const serial = serialOf(candidate);
      const holder = known?.find((device) => device.serial.toLowerCase() === serial.toLowerCase());
      if (holder && !holder.userName && !holder.enabledAt) {
        this.#set({
          kind: 'naming',
          why: { kind: 'leftover', name: deviceName(holder.serial), serial: holder.serial },
          suggestion: nextFreeName(name, taken),
        });
        return;
      }
      if (holder) {
        candidate = nextFreeName(name, taken);
        continue;
      }
      if (this.#cancelled) {
        return;
      }
      try {
        await this.#create(candidate, serial, known !== undefined);
        return;
      } catch (error) {
        const problem = asProblem(error, 'CreateVirtualMFADevice');
        if (problem.code === 'alreadyExists' && tries < namesTried) {
          taken.add(candidate);
          const next = nextFreeName(name, taken);
          if (ifTaken === 'ask') {
            this.#set({ kind: 'naming', why: { kind: 'leftover', name: candidate, serial }, suggestion: next });
            return;
          }
          candidate = next;
          continue;
        }
        if (problem.code === 'accessDenied' && candidate !== userName) {
          this.#set({ kind: 'naming', why: { kind: 'refused', name: candidate, problem }, suggestion: userName });
          return;
        }
        throw error;
      }
    }
  }

  /** The account's virtual devices as AWS lists them now; undefined where it refuses to. */
  async #knownDevices() {
    try {
      return await this.#options.directory.refreshVirtualDevices();
    } catch {
      return undefined;
    }
  }

  /** @param looked whether AWS's list has just shown the name to be free */
  async #create(name: string, serial: string, looked: boolean): Promise<void> {
    const { account, clock, directory, source, unfinished } = this.#options;
    const { accountId, partition } = account.caller;
    const remember = (made: string) =>
      unfinished.add({ serial: made, accountId, partition, source, startedAt: clock.now() });
    // Where the name is known to be free, the device is remembered before it is asked for: should this process end before
    // the answer comes, it is found all the same. Where one could not look, it might be another's.
    if (looked) {
      await remember(serial);
    }
    let created: CreatedDevice;
    try {
      created = await directory.iam.createVirtualMfaDevice(name);
    } catch (error) {
      const problem = asProblem(error, 'CreateVirtualMFADevice');
      if (!outcomeUnknown(problem)) {
        await unfinished.remove(serial);
        throw error;
      }
      await this.#afterLostCreate(serial, looked, problem);
      return;
    }
    try {
      if (created.serial !== serial || !looked) {
        await remember(created.serial);
      }
      if (created.serial !== serial) {
        await unfinished.remove(serial);
      }
      this.#codes = codesOf(created);
    } catch (error) {
      // It was made all the same, so it has to go.
      const problem = asProblem(error, 'CreateVirtualMFADevice');
      const removal = await this.#remove(created.serial);
      this.#finish({ kind: 'failed', problem, remains: remainsAfter(removal, created.serial) });
      return;
    }
    this.#ahead = created.awsClockAhead;
    this.#typed = {};
    const device: NewDevice = {
      serial: created.serial,
      name: deviceName(created.serial),
      seed: created.seed,
      uri: otpauthUri(deviceName(created.serial), account.alias ?? accountId, created.seed),
      count: ++this.#made,
    };
    this.#set({ kind: 'ready', device, verdict: { kind: 'nothing' }, enabling: false });
  }

  /** The device may exist, but its seed was in the answer that was lost: it can only be deleted. */
  async #afterLostCreate(serial: string, looked: boolean, problem: Problem): Promise<void> {
    if (!looked) {
      // It might be another's.
      this.#finish({ kind: 'failed', problem, remains: { kind: 'unknown', serial } });
      return;
    }
    // Deleted even where the list would not show it: the list may lag behind, and "not found" is a good answer too.
    const remains = remainsAfter(await this.#remove(serial), serial);
    const listed = this.#options.directory.account?.virtualDevices?.some((device) => device.serial === serial) ?? false;
    this.#finish({
      kind: 'failed',
      problem,
      remains: remains.kind === 'device' && !listed ? { kind: 'unknown', serial } : remains,
    });
  }

  async #remove(serial: string): Promise<Removal> {
    const removal = await removeUnfinished(this.#options.directory.iam, this.#options.unfinished, serial);
    // The list is for show here; what was removed is known from AWS's answer.
    await this.#knownDevices();
    return removal;
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(async () => {
      try {
        await work();
      } catch (error) {
        this.#finish({
          kind: 'failed',
          problem: asProblem(error, 'CreateVirtualMFADevice'),
          remains: { kind: 'nothing' },
        });
      }
    });
    this.#queue = run;
    return run;
  }

  /** An end: the seed is dropped. */
  #finish(state: EnrolmentState): void {
    this.#codes = undefined;
    this.#typed = {};
    this.#set(state);
  }

  #set(state: EnrolmentState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

function remainsAfter(removal: Removal, serial: string): Remains {
  return removal.kind === 'left' ? { kind: 'device', serial, problem: removal.problem } : { kind: 'nothing' };
}

/** @throws ProblemError where the seed is no base32, as from some stand-ins for AWS (iam-facts 5); it says nothing of the seed */
function codesOf(created: CreatedDevice): AuthenticatorCodes {
  try {
    return new AuthenticatorCodes(created.seed);
  } catch {
    throw new ProblemError({ code: 'notAws', operation: 'CreateVirtualMFADevice' });
  }
}
