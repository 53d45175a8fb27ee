import type { AccountSource } from './account';
import type { Clock } from './clock';
import type { AuthenticatorCodes, CodesVerdict } from './codes';
import { devicesPerUser, isDeviceName, isSameSerial, isTokenSerial, type Device } from './device';
import { isRemoved, removeDevice, type DeviceRemoval } from './deviceRemoval';
import type { AccountSnapshot } from './accountSnapshot';
import type { Directory } from './directory';
import { Emitter } from './emitter';
import { DeviceMaker, remainsAfter, type NameReason, type NewDevice, type Remains } from './newDevice';
import { asProblem, isPassing, outcomeUnknown, ProblemError, type Problem } from './problem';
import { Proof, proofNeed } from './proof';
import { isSignInLost } from './signInLost';
import { canBeSent, TwoCodes } from './twoCodes';
import { noted, type Removal, type UnfinishedStore } from './unfinished';
import type { MfaState, UserEntry } from './users';

/** Why the last attempt to enable did not succeed though the codes could have worked. */
export type Setback =
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** No answer came, and AWS's list says that the device is not on. */
  | { readonly kind: 'notEnabled'; readonly problem: Problem }
  /**
   * The sign-in has run out: AWS did nothing, and what was typed stays. Said until the next try. `unanswered`: the answer to an attempt
   * before it was lost, and what is true could not be asked.
   */
  | { readonly kind: 'signIn'; readonly problem: Problem; readonly unanswered: boolean }
  /** No answer came, and AWS could not be reached to ask what is true. What was typed stays, and the next try finds out. */
  | { readonly kind: 'unasked'; readonly problem: Problem }
  /** The name could not be changed: the device on screen is still good. */
  | { readonly kind: 'nameKept'; readonly problem: Problem }
  // Of a hardware token:
  /** AWS knows no token of this serial number. */
  | { readonly kind: 'unknownToken'; readonly problem: Problem }
  | { readonly kind: 'alreadyTheirs'; readonly problem: Problem }
  | { readonly kind: 'alreadyAnothers'; readonly problem: Problem }
  /** On for someone; whose it is may not be read. */
  | { readonly kind: 'alreadyInUse'; readonly problem: Problem };

/** What is shared by the states in which two codes are typed. */
interface Typing {
  /** Counts the questions for two codes of this enrolment, from 1. */
  readonly count: number;
  readonly verdict: CodesVerdict;
  readonly setback?: Setback;
  readonly enabling: boolean;
  /** Eight devices were there, so the old one had to go first. */
  readonly old?: OldDevice;
}

/** The device that a new one takes the place of. */
export interface OldDevice {
  readonly device: Device;
  /** `waiting`: it stays until AWS's list shows the new one, or the person says so who had given up meanwhile. */
  readonly removal: DeviceRemoval | { readonly kind: 'waiting' };
}

export type EnrolmentState =
  /** The user's devices are being read. */
  | { readonly kind: 'looking' }
  /** A code of one of these devices is needed first. */
  | {
      readonly kind: 'proving';
      readonly devices: readonly Device[];
      readonly problem?: Problem;
      readonly busy: boolean;
    }
  /** Eight devices are there: to replace one, the old one has to go first. */
  | { readonly kind: 'full'; readonly old: Device; readonly others: number }
  | { readonly kind: 'making'; readonly name: string }
  | { readonly kind: 'naming'; readonly why: NameReason; readonly suggestion: string }
  | (Typing & { readonly kind: 'ready'; readonly device: NewDevice })
  /** A hardware token: `serial` as typed; `form` says whether it can be one. */
  | (Typing & { readonly kind: 'token'; readonly serial: string; readonly form: 'empty' | 'wrong' | 'good' })
  | { readonly kind: 'removingOld'; readonly old: Device }
  | {
      readonly kind: 'done';
      readonly device: Device;
      readonly confirmed: boolean;
      readonly verdict: CodesVerdict;
      /** AWS took the codes so late that it may believe the device's clock to be slow (iam-facts 2.2). */
      readonly late: boolean;
      readonly old?: OldDevice;
      /** Of another device that was begun and given up for this one. */
      readonly remains: Remains;
    }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly remains: Remains; readonly old?: OldDevice }
  /** What was left at giving up is being deleted after all. */
  | { readonly kind: 'deleting'; readonly serial: string }
  | { readonly kind: 'cancelled'; readonly remains: Remains; readonly old?: OldDevice };

type DoneState = Extract<EnrolmentState, { kind: 'done' }>;
type TypingState = Extract<EnrolmentState, { kind: 'ready' | 'token' }>;

/** So long after the second code was typed, milliseconds, it is two steps old: sign-in takes no older ones (iam-facts 2.2). */
const lateAfter = 60_000;

/** A device that a person enrols: a virtual device in an authenticator app, or a hardware token. */
export type NewKind = 'virtual' | 'token';

export interface EnrolmentOptions {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly unfinished: UnfinishedStore;
  readonly source: AccountSource;
  readonly account: AccountSnapshot;
  readonly userName: string;
  /** What is enrolled at first; the person may change that. */
  readonly kind?: NewKind;
  /** The device that is to go once the new one is on. */
  readonly replaces?: Device;
}

/**
 * Takes one user to an enabled device and leaves nothing half-made behind: a first device, another one, a token, or one in
 * another's place. One instance enrols once: `start`, then codes, then `done`, `failed` or `cancelled`.
 *
 * The rules it keeps: every write goes out once; when an answer is lost, AWS's lists are asked what is true; a virtual device is
 * remembered in `unfinished` before it is asked for and until it is enabled or deleted; the old device goes only after AWS's list
 * shows the new one; seed and session are dropped at the end.
 */
export class Enrolment {
  readonly #options: EnrolmentOptions;
  readonly #changed = new Emitter<EnrolmentState>();
  readonly onDidChange = this.#changed.on;
  readonly #proof: Proof;
  readonly #maker: DeviceMaker;
  #state: EnrolmentState = { kind: 'looking' };
  #kind: NewKind;
  /** The name that the person chose last; undefined where it is the user's, or the next that is free. */
  #chosen: string | undefined;
  /** The virtual device that was made and is not yet enabled. */
  #device: NewDevice | undefined;
  #app: AuthenticatorCodes | undefined;
  #codes: TwoCodes | undefined;
  /** How far true time is ahead of this computer's clock, in milliseconds. */
  #ahead = 0;
  #count = 0;
  /** Whether the codes sent last were long on their way. */
  #late = false;
  /** What goes on once a code was proved. */
  #afterProof: () => Promise<void> = () => this.#begin();
  /** Serials of devices whose enabling got no answer: that one is on may be our own doing. */
  readonly #unanswered = new Set<string>();
  #old: OldDevice | undefined;
  /** The new device is on, while the old one still waits for proof. */
  #done: DoneState | undefined;
  #leftBehind: Remains = { kind: 'nothing' };
  #cancelled = false;
  /** Writes happen one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: EnrolmentOptions) {
    const { directory, unfinished, source, account, userName } = options;
    this.#options = options;
    this.#kind = options.kind ?? 'virtual';
    this.#proof = new Proof(directory.iam);
    this.#maker = new DeviceMaker({
      directory,
      unfinished,
      source,
      account,
      userName,
      signed: () => this.#proof.signed,
    });
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

  /** What is being enrolled. */
  get kind(): NewKind {
    return this.#kind;
  }

  /** The device that is to go. */
  get replaces(): Device | undefined {
    return this.#options.replaces;
  }

  /** What is known of the user's MFA now; undefined for a user whom the account does not list. */
  get mfa(): MfaState | undefined {
    return this.#options.directory.account?.users.get(this.userName)?.mfa;
  }

  /** The best known true time, milliseconds since 1970: this computer's clock, set right by AWS's. */
  now(): number {
    return this.#options.clock.now() + this.#ahead;
  }

  /** Looks at what the user has, asks for proof where AWS wants that, and makes the device. */
  start(): Promise<void> {
    return this.#enqueue(async () => {
      this.#set({ kind: 'looking' });
      const { account, directory, userName } = this.#options;
      const entry = await directory.refreshUser(userName);
      if (this.#cancelled) {
        return;
      }
      const need = proofNeed(account, entry);
      if (need.kind === 'impossible') {
        throw new ProblemError({ code: 'mfaSessionNeeded', operation: 'EnableMFADevice', subject: userName });
      }
      if (need.kind === 'code' && !this.#isFullFor(entry)) {
        this.#afterProof = () => this.#begin();
        this.#set({ kind: 'proving', devices: need.devices, busy: false });
        return;
      }
      await this.#begin(entry);
    });
  }

  /**
   * Proves a device, and goes on.
   * @param code six digits that the device of that serial shows
   */
  prove(serial: string, code: string): Promise<void> {
    return this.#enqueue(async () => {
      const state = this.#state;
      if (state.kind !== 'proving') {
        return;
      }
      const { devices } = state;
      this.#set({ kind: 'proving', devices, busy: true });
      const problem = await this.#proof.give(serial, code);
      if (problem) {
        this.#set({ kind: 'proving', devices, problem, busy: false });
      } else if (!this.#cancelled) {
        await this.#afterProof();
      }
    });
  }

  /** Eight devices are there: removes the old one, because the person said so, and makes the new one then. */
  makeRoom(): Promise<void> {
    return this.#enqueue(async () => {
      const state = this.#state;
      if (state.kind !== 'full') {
        return;
      }
      const { old } = state;
      this.#set({ kind: 'removingOld', old });
      const entry = await this.#options.directory.refreshUser(this.userName);
      if (entry?.mfa.kind === 'unknown') {
        throw new ProblemError(entry.mfa.problem);
      }
      const devices = entry?.mfa.kind === 'has' ? entry.mfa.devices : [];
      if (devices.length < devicesPerUser) {
        // There is room by now, so the old one need not go first.
        await this.#begin(entry);
        return;
      }
      const removal = this.#proof.explainRemoval(
        await removeDevice(this.#options, this.#proof.signed, this.userName, old),
      );
      if (removal.kind === 'kept') {
        throw new ProblemError(removal.problem);
      }
      this.#old = { device: old, removal };
      if (removal.kind === 'unknown') {
        throw new ProblemError(removal.problem);
      }
      if (!this.#cancelled) {
        await this.#make();
      }
    });
  }

  /** Enrols a hardware token instead; a virtual device that is on screen is deleted. */
  useToken(): Promise<void> {
    return this.#enqueue(async () => {
      const { kind } = this.#state;
      if (kind !== 'ready' && kind !== 'naming') {
        return;
      }
      if (this.#device && !(await this.#discard(this.#device))) {
        return;
      }
      this.#kind = 'token';
      this.#askForToken('');
    });
  }

  /** Enrols an authenticator app instead of a token. */
  useApp(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state.kind !== 'token') {
        return;
      }
      // An attempt to enable a token whose answer was lost may have worked.
      const isInDoubt = this.#unanswered.size > 0;
      const token = isInDoubt && this.#unansweredOf(await this.#options.directory.refreshUser(this.userName));
      if (token) {
        await this.#enabled(token, { kind: 'nothing' }, true);
        return;
      }
      this.#kind = 'virtual';
      await this.#make();
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
        const removal = await this.#maker.remove(state.device.serial);
        if (removal.kind === 'left') {
          await this.#maker.remember(state.device.serial);
          this.#set({ ...state, setback: { kind: 'nameKept', problem: removal.problem } });
          return;
        }
        if (removal.kind === 'inUse') {
          await this.#wasEnabled(state.device, state.verdict);
          return;
        }
        this.#device = undefined;
        this.#app = undefined;
      }
      this.#chosen = name;
      await this.#make();
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
      const removal = await this.#removeUnlessHeld(why.serial);
      if (removal.kind === 'left') {
        this.#set({ ...state, why: { ...why, problem: removal.problem } });
        return;
      }
      if (this.#leftBehind.kind !== 'nothing' && this.#leftBehind.serial === why.serial) {
        this.#leftBehind = { kind: 'nothing' };
      }
      if (this.#old?.device.serial === why.serial && removal.kind === 'removed') {
        this.#old = { device: this.#old.device, removal };
      }
      // In use: it is somebody's after all, so there is nothing to ask.
      this.#chosen = why.name;
      await this.#make(removal.kind === 'inUse' ? 'next' : 'ask');
    });
  }

  /**
   * Takes note of what stands in the two fields and judges it.
   * @param code1 up to six digits
   * @param code2 likewise
   */
  typed(code1: string, code2: string): void {
    if (!this.#isSending()) {
      this.#codes?.type(code1, code2);
      this.#judge();
    }
  }

  /** Takes note of a token's serial number; spaces, as some are printed with, do not count. */
  typedSerial(text: string): void {
    const state = this.#state;
    if (state.kind !== 'token' || state.enabling) {
      return;
    }
    const serial = text.replace(/\s/g, '');
    const { setback, ...rest } = state;
    this.#set({
      ...rest,
      serial,
      form: serial === '' ? 'empty' : isTokenSerial(serial) ? 'good' : 'wrong',
      ...(setback && (serial === state.serial || isSaidUntilNextTry(setback)) && { setback }),
    });
  }

  /** Judges again: what was right may have grown too old. */
  tick(): void {
    const state = this.#state;
    if ((state.kind === 'ready' || state.kind === 'token') && canBeSent(state.verdict)) {
      this.#judge();
    }
  }

  /** Enables the device with the codes typed, where they can work; otherwise does nothing. */
  submit(): Promise<void> {
    return this.#enqueue(async () => {
      this.#judge();
      const asked = this.#state;
      const pair = this.#codes?.pair();
      if ((asked.kind !== 'ready' && asked.kind !== 'token') || !pair) {
        return;
      }
      if (asked.kind === 'token' && asked.form !== 'good') {
        return;
      }
      const state = withoutSetback(asked);
      if (state.kind === 'token' && this.#isReplacing(state.serial)) {
        // In its own place, it would be taken away in the end.
        const problem: Problem = { code: 'alreadyExists', operation: 'EnableMFADevice', subject: state.serial };
        this.#askAgain(state, { kind: 'alreadyTheirs', problem });
        return;
      }
      this.#set({ ...state, enabling: true });
      const serial = state.kind === 'ready' ? state.device.serial : state.serial;
      let problem: Problem | undefined;
      try {
        await this.#proof.signed.enableMfaDevice(this.userName, serial, pair.first, pair.second);
      } catch (error) {
        problem = asProblem(error, 'EnableMFADevice');
      }
      this.#late = this.now() - pair.at > lateAfter || this.#codes?.verdict().kind === 'tooOld';
      if (problem) {
        await this.#notEnabled(state, serial, problem);
      } else {
        await this.#wasEnabled({ serial }, state.verdict);
      }
    });
  }

  /** Removes the device that the new one has replaced, where that did not work or had to wait. */
  removeOld(): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'done' || !state.old || isRemoved(state.old.removal)) {
      return Promise.resolve();
    }
    const { device: old, removal } = state.old;
    // At once, so that asking twice removes once.
    this.#set({ kind: 'removingOld', old });
    return this.#enqueue(async () => {
      if ('problem' in removal && (await this.#askAgainForProof(state, removal.problem))) {
        return;
      }
      switch (await this.#isOn(state)) {
        case 'notShown':
          this.#set({ ...state, confirmed: false });
          break;
        case 'shown':
          await this.#replaceOld({ ...state, confirmed: true }, old);
          break;
        case 'unknown':
          // Where no list may be read, AWS's answer to enabling and the person's word have to do.
          await this.#replaceOld(state, old);
          break;
      }
    });
  }

  /** After a failure: begins anew. After giving up: deletes what could not be deleted then. */
  async retry(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'failed' && !this.#cancelled) {
      // At once, so that asking twice begins once.
      this.#set({ kind: 'looking' });
      await this.start();
    } else if (state.kind === 'cancelled' && state.remains.kind === 'device') {
      const { serial } = state.remains;
      this.#set({ kind: 'deleting', serial });
      await this.#enqueue(async () => {
        this.#finish({ kind: 'cancelled', remains: remainsAfter(await this.#removeUnlessHeld(serial), serial) });
      });
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
      if (this.#done) {
        // Given up is only the question for a code.
        this.#finish(this.#done);
      } else if (this.#device) {
        await this.#giveUp(this.#device, (remains) => {
          this.#leftBehind = remains;
          return this.#endWithoutDevice();
        });
      } else {
        this.#finish(await this.#endWithoutDevice());
      }
    });
    if (this.#state.kind === 'done') {
      // The old device can still be removed, which may want a code.
      this.#cancelled = false;
    }
    return this.#state;
  }

  /** What an authenticator app shows now; only for the practice account's phone. */
  currentCode(): string | undefined {
    return this.#app?.at(this.now());
  }

  dispose(): void {
    this.#changed.dispose();
    this.#forgetSecrets();
  }

  /** @param entry the user as read just now; read again where that is not at hand */
  async #begin(entry?: UserEntry): Promise<void> {
    const { directory, userName, replaces } = this.#options;
    const now = entry ?? (await directory.refreshUser(userName));
    if (now?.mfa.kind === 'unknown' && isSignInLost(now.mfa.problem)) {
      // Before anything is made by whoever signs in next.
      throw new ProblemError(now.mfa.problem);
    }
    const devices = now?.mfa.kind === 'has' ? now.mfa.devices : [];
    const old = replaces && devices.find(({ serial }) => serial === replaces.serial);
    if (old) {
      this.#old = undefined;
    } else if (replaces && now && now.mfa.kind !== 'unknown') {
      // Where an attempt before this one has removed it, that stands.
      this.#old ??= { device: replaces, removal: { kind: 'gone' } };
    }
    if (devices.length >= devicesPerUser) {
      if (!old) {
        throw new ProblemError({ code: 'limitExceeded', operation: 'EnableMFADevice', subject: userName });
      }
      this.#set({ kind: 'full', old, others: devices.length - 1 });
      return;
    }
    await this.#make();
  }

  /** Whether nothing can be added, so that there is nothing to prove either. */
  #isFullFor(entry: UserEntry | undefined): boolean {
    return (
      this.#options.replaces === undefined && entry?.mfa.kind === 'has' && entry.mfa.devices.length >= devicesPerUser
    );
  }

  /** Makes the device that is to be enrolled, named as chosen; of a token, asks for the serial number. */
  async #make(ifTaken: 'next' | 'ask' = this.#chosen === undefined ? 'next' : 'ask'): Promise<void> {
    if (this.#kind === 'token') {
      this.#askForToken('');
      return;
    }
    const wanted = this.#chosen ?? this.userName;
    this.#set({ kind: 'making', name: wanted });
    const making = await this.#maker.make(wanted, ifTaken, () => this.#cancelled);
    switch (making.kind) {
      case 'made':
        this.#ahead = making.ahead;
        this.#device = making.device;
        this.#app = making.codes;
        this.#codes = TwoCodes.ofSeed(making.codes, () => this.now());
        this.#set({
          kind: 'ready',
          device: making.device,
          count: ++this.#count,
          verdict: { kind: 'nothing' },
          enabling: false,
          ...(this.#old && { old: this.#old }),
        });
        break;
      case 'naming':
        this.#set(making);
        break;
      case 'failed':
        this.#finish(making);
        break;
      case 'cancelled':
        break;
    }
  }

  #askForToken(serial: string): void {
    this.#codes = TwoCodes.ofUnknownSeed(() => this.now());
    this.#set({
      kind: 'token',
      serial,
      form: serial === '' ? 'empty' : 'good',
      count: ++this.#count,
      verdict: { kind: 'nothing' },
      enabling: false,
      ...(this.#old && { old: this.#old }),
    });
  }

  #isSending(): boolean {
    const state = this.#state;
    return (state.kind === 'ready' || state.kind === 'token') && state.enabling;
  }

  #judge(): void {
    const state = this.#state;
    if ((state.kind !== 'ready' && state.kind !== 'token') || state.enabling || !this.#codes) {
      return;
    }
    const verdict = this.#codes.verdict();
    const { setback, ...rest } = state;
    // Others are said until the person types on.
    const stays = setback && (verdict.kind === 'nothing' || isSaidUntilNextTry(setback));
    this.#set({ ...rest, verdict, ...(stays && { setback }) });
  }

  /** AWS did not say yes: what is true now decides what comes next. */
  async #notEnabled(state: TypingState, serial: string, problem: Problem): Promise<void> {
    if (outcomeUnknown(problem)) {
      this.#unanswered.add(serial);
      await this.#afterLostEnable(state, serial, problem);
      return;
    }
    switch (problem.code) {
      case 'invalidCode':
      case 'throttled':
      case 'temporarilyUnmodifiable':
      case 'concurrentModification':
      case 'unreachable':
      case 'untrustedCertificate':
      case 'proxyRefused':
        this.#askAgain(state, { kind: 'refused', problem });
        return;
      case 'alreadyExists':
        await this.#alreadyOn(state, serial, problem);
        return;
      case 'notFound':
        if (state.kind === 'token') {
          await this.#tokenNotFound(state, problem);
          return;
        }
        break;
      default:
        break;
    }
    const lost = isSignInLost(problem);
    if ((lost || problem.code === 'accessDenied') && (await this.#askForProof(state, problem))) {
      return;
    }
    if (lost) {
      // A session is worth no more than the keys it was made with.
      this.#proof.drop();
      this.#keepCodes(state, { kind: 'signIn', problem, unanswered: false });
      return;
    }
    await this.#fail(problem);
  }

  /** No good answer came: AWS's list tells whether the device is on; where that cannot be read, a delete does. */
  async #afterLostEnable(state: TypingState, serial: string, problem: Problem): Promise<void> {
    switch (await this.#options.directory.confirmDevice(this.userName, serial)) {
      case 'shown':
        await this.#enabled({ serial }, state.verdict, true);
        break;
      case 'notShown':
        if (state.kind === 'ready') {
          this.#unanswered.delete(serial);
        }
        this.#askAgain(state, { kind: 'notEnabled', problem });
        break;
      case 'unknown': {
        const { mfa } = this;
        // Trying again finds out: AWS says of a device that is on that it is.
        if (mfa?.kind === 'unknown' && isSignInLost(mfa.problem)) {
          this.#keepCodes(state, { kind: 'signIn', problem: mfa.problem, unanswered: true });
        } else if (mfa?.kind === 'unknown' && isPassing(mfa.problem)) {
          this.#keepCodes(state, { kind: 'unasked', problem: mfa.problem });
        } else if (this.#device) {
          await this.#giveUp(this.#device, (remains) => ({ kind: 'failed', problem, remains }));
        } else {
          this.#finish({ kind: 'failed', problem, remains: { kind: 'unknown', serial } });
        }
        break;
      }
    }
  }

  /** AWS says that the device is on already: this user's or, of a token, perhaps another's. */
  async #alreadyOn(state: TypingState, serial: string, problem: Problem): Promise<void> {
    // Nobody but us knows the codes of a virtual device on screen: an earlier attempt whose answer was lost has worked.
    if (state.kind === 'ready') {
      await this.#wasEnabled({ serial }, state.verdict);
      return;
    }
    const entry = await this.#options.directory.refreshUser(this.userName);
    const theirs = entry?.mfa.kind === 'has' && entry.mfa.devices.some((device) => device.serial === serial);
    if (theirs && this.#unanswered.has(serial)) {
      await this.#enabled({ serial }, state.verdict, true);
    } else {
      const unread = !entry || entry.mfa.kind === 'unknown';
      const kind = theirs ? 'alreadyTheirs' : unread ? 'alreadyInUse' : 'alreadyAnothers';
      this.#askAgain(state, { kind, problem });
    }
  }

  /** Either the user or the token is not known: the list of the user's devices tells which. */
  async #tokenNotFound(state: TypingState, problem: Problem): Promise<void> {
    const entry = await this.#options.directory.refreshUser(this.userName);
    if (entry?.mfa.kind === 'unknown' && entry.mfa.problem.code === 'notFound') {
      await this.#fail(problem);
    } else {
      this.#askAgain(state, { kind: 'unknownToken', problem });
    }
  }

  /**
   * Refused for want of proof: the session has run out, or someone gave this user a device since the start.
   * @returns whether that is why
   */
  async #askForProof(state: TypingState, { code }: Problem): Promise<boolean> {
    const { account, directory } = this.#options;
    // With proof given, a refusal is about permissions; without it, nothing of ours can have run out.
    if (account.caller.userName !== this.userName || (code === 'accessDenied') === this.#proof.given) {
      return false;
    }
    const need = proofNeed(account, await directory.refreshUser(this.userName));
    if (need.kind !== 'code') {
      return false;
    }
    this.#proof.drop();
    this.#afterProof = () => {
      this.#set({ ...state, enabling: false });
      this.#judge();
      return Promise.resolve();
    };
    this.#set({ kind: 'proving', devices: need.devices, busy: false });
    return true;
  }

  /**
   * The session has run out before the old device could go: asks for another code, and removes it then.
   * @returns whether a code can be asked for
   */
  async #askAgainForProof(done: DoneState, { code }: Problem): Promise<boolean> {
    const { account, directory } = this.#options;
    // With proof given, a refusal is about permissions.
    if (code !== 'mfaSessionNeeded' && (code !== 'accessDenied' || this.#proof.given)) {
      return false;
    }
    const need = proofNeed(account, await directory.refreshUser(this.userName));
    if (need.kind !== 'code' || !done.old) {
      return false;
    }
    const { device } = done.old;
    this.#proof.drop();
    this.#done = done;
    this.#afterProof = () => this.#replaceOld(done, device);
    this.#set({ kind: 'proving', devices: need.devices, busy: false });
    return true;
  }

  /** Whether AWS's list shows the new device, now. */
  async #isOn({ confirmed, device }: DoneState): Promise<'shown' | 'notShown' | 'unknown'> {
    const { directory } = this.#options;
    if (!confirmed) {
      return directory.confirmDevice(this.userName, device.serial);
    }
    // It was shown before: a look is enough to see whether someone has removed it since.
    const mfa = (await directory.refreshUser(this.userName))?.mfa;
    if (!mfa || mfa.kind === 'unknown') {
      return 'unknown';
    }
    return mfa.kind === 'has' && mfa.devices.some(({ serial }) => serial === device.serial) ? 'shown' : 'notShown';
  }

  /** What giving up comes to where no virtual device is left on screen: one whose enabling got no answer may be on. */
  async #endWithoutDevice(): Promise<EnrolmentState> {
    const cancelled = { kind: 'cancelled', remains: this.#leftBehind } as const;
    const [unanswered] = this.#unanswered;
    if (unanswered === undefined) {
      return cancelled;
    }
    const entry = await this.#options.directory.refreshUser(this.userName);
    if (entry?.mfa.kind === 'unknown' && cancelled.remains.kind === 'nothing') {
      return { kind: 'cancelled', remains: { kind: 'unknown', serial: unanswered } };
    }
    const device = this.#unansweredOf(entry);
    if (!device) {
      return cancelled;
    }
    await noted(this.#options.unfinished.remove(device.serial));
    return this.#doneWith(device, { kind: 'nothing' }, true);
  }

  /** A device of the user's that an attempt to enable it without an answer has brought. */
  #unansweredOf(entry: UserEntry | undefined): Device | undefined {
    const devices = entry?.mfa.kind === 'has' ? entry.mfa.devices : [];
    return devices.find(({ serial }) => this.#unanswered.has(serial));
  }

  #doneWith(device: Device, verdict: CodesVerdict, confirmed: boolean): DoneState {
    const old = this.#oldBeside(device);
    const left = this.#leftBehind;
    // What was not known of this one is known now.
    const remains: Remains =
      left.kind !== 'nothing' && isSameSerial(left.serial, device.serial) ? { kind: 'nothing' } : left;
    const done = { kind: 'done', device, confirmed, verdict, late: this.#late, remains } as const;
    return old ? { ...done, old } : done;
  }

  /** What is known of the old device now that another is on. */
  #oldBeside({ serial }: Device): OldDevice | undefined {
    const { replaces } = this.#options;
    const old: OldDevice | undefined = this.#old ?? (replaces && { device: replaces, removal: { kind: 'waiting' } });
    // A new one of the old one's name could only be made because the old one was gone: to remove that would remove the new one.
    return old && isSameSerial(old.device.serial, serial) && !isRemoved(old.removal)
      ? { device: old.device, removal: { kind: 'gone' } }
      : old;
  }

  /** Whether a token is the very one that is to be replaced, and still on. */
  #isReplacing(serial: string): boolean {
    const { replaces } = this.#options;
    return replaces !== undefined && isSameSerial(replaces.serial, serial) && !this.#old;
  }

  /** The device on screen is still good: only the codes are asked for again. */
  #askAgain(state: TypingState, setback: Setback): void {
    this.#codes?.clear();
    this.#set({ ...state, verdict: { kind: 'nothing' }, enabling: false, setback });
  }

  /** The codes were not refused: what was typed stays, and can be sent again while it is new enough. */
  #keepCodes(state: TypingState, setback: Setback): void {
    const verdict = this.#codes?.verdict() ?? { kind: 'nothing' };
    this.#set({ ...state, verdict, enabling: false, setback });
  }

  /** AWS has said that the device is on. */
  async #wasEnabled(device: Device, verdict: CodesVerdict): Promise<void> {
    const confirmation = await this.#options.directory.confirmDevice(this.userName, device.serial);
    await this.#enabled({ serial: device.serial }, verdict, confirmation === 'shown');
  }

  async #enabled(device: Device, verdict: CodesVerdict, confirmed: boolean): Promise<void> {
    await noted(this.#options.unfinished.remove(device.serial));
    this.#device = undefined;
    this.#app = undefined;
    const done = this.#doneWith(device, verdict, confirmed);
    // Whoever gave up meanwhile is not to lose the old device: they may have no use for the new one.
    if (done.old?.removal.kind === 'waiting' && confirmed && !this.#cancelled) {
      await this.#replaceOld(done, done.old.device);
    } else {
      this.#finish(done);
    }
  }

  /** The new device is on, so the old one can go. */
  async #replaceOld(done: DoneState, old: Device): Promise<void> {
    this.#done = undefined;
    this.#set({ kind: 'removingOld', old });
    let removal: DeviceRemoval;
    try {
      removal = await removeDevice(this.#options, this.#proof.signed, this.userName, old);
    } catch (error) {
      removal = { kind: 'unknown', problem: asProblem(error, 'DeactivateMFADevice') };
    }
    this.#finish({ ...done, old: { device: old, removal: this.#proof.explainRemoval(removal) } });
  }

  /** Ends, with what was made deleted. */
  async #fail(problem: Problem): Promise<void> {
    if (problem.code === 'limitExceeded') {
      // Someone gave this user devices meanwhile: the row shows them.
      await this.#options.directory.refreshUser(this.userName);
    }
    if (this.#device) {
      await this.#giveUp(this.#device, (remains) => ({ kind: 'failed', problem, remains }));
    } else {
      this.#finish({ kind: 'failed', problem, remains: this.#leftBehind });
    }
  }

  /**
   * Deletes the device on screen and ends. Where AWS says that it is in use, an attempt to enable it whose answer was lost
   * has worked: that is the end then.
   */
  async #giveUp(device: NewDevice, end: (remains: Remains) => EnrolmentState | Promise<EnrolmentState>): Promise<void> {
    const removal = await this.#maker.remove(device.serial);
    if (removal.kind === 'inUse') {
      await this.#wasEnabled(device, { kind: 'nothing' });
      return;
    }
    this.#device = undefined;
    const remains = this.#remainsAfter(removal, device.serial);
    this.#finish(await end(remains.kind === 'nothing' ? this.#leftBehind : remains));
  }

  /** What is left of a device of ours; one whose enabling got no answer may be on. */
  #remainsAfter(removal: Removal, serial: string): Remains {
    if (removal.kind === 'removed') {
      this.#unanswered.delete(serial);
    }
    const remains = remainsAfter(removal, serial);
    return remains.kind === 'device' && this.#unanswered.has(serial) ? { kind: 'unknown', serial } : remains;
  }

  /**
   * Deletes the device on screen, for another kind to be enrolled.
   * @returns whether there is another to enrol: not where the device is on, nor where it could not be deleted for want of a sign-in
   */
  async #discard(device: NewDevice): Promise<boolean> {
    const removal = await this.#maker.remove(device.serial);
    if (removal.kind === 'inUse') {
      await this.#wasEnabled(device, { kind: 'nothing' });
      return false;
    }
    const state = this.#state;
    if (removal.kind === 'left' && isSignInLost(removal.problem) && state.kind === 'ready') {
      await this.#maker.remember(device.serial);
      this.#keepCodes(state, { kind: 'signIn', problem: removal.problem, unanswered: false });
      return false;
    }
    this.#device = undefined;
    this.#app = undefined;
    this.#leftBehind = this.#remainsAfter(removal, device.serial);
    return true;
  }

  /** Deletes an unfinished device that is not on screen here: another window may have made its own of that name since. */
  async #removeUnlessHeld(serial: string): Promise<Removal> {
    const held = (await this.#options.unfinished.held()).has(serial);
    return held ? { kind: 'inUse' } : this.#maker.remove(serial);
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(async () => {
      try {
        await work();
      } catch (error) {
        await this.#fail(asProblem(error, 'CreateVirtualMFADevice'));
      }
    });
    // What comes next has its turn, whatever became of this.
    this.#queue = run.catch(() => undefined);
    return run;
  }

  /** An end: seed and session are dropped. The session stays while the old device waits to be removed. */
  #finish(state: EnrolmentState): void {
    this.#forgetSecrets({ session: !(state.kind === 'done' && state.old && !isRemoved(state.old.removal)) });
    const old = this.#old;
    this.#set(old && (state.kind === 'failed' || state.kind === 'cancelled') ? { ...state, old } : state);
  }

  #forgetSecrets({ session } = { session: true }): void {
    this.#app = undefined;
    this.#codes = undefined;
    this.#afterProof = () => this.#begin();
    if (session) {
      this.#proof.drop();
    }
  }

  #set(state: EnrolmentState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** Typing on does not change what these say. */
export function isSaidUntilNextTry({ kind }: Setback): boolean {
  return kind === 'signIn' || kind === 'unasked';
}

function withoutSetback(state: TypingState): TypingState {
  const { setback, ...rest } = state;
  return setback ? rest : state;
}
