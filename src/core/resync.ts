import type { Clock } from './clock';
import type { CodesVerdict } from './codes';
import type { Device } from './device';
import type { AccountSnapshot } from './accountSnapshot';
import type { Directory } from './directory';
import { Emitter } from './emitter';
import { asProblem, outcomeUnknown, type Problem } from './problem';
import { isSignInLost } from './signInLost';
import { TwoCodes } from './twoCodes';

export type ResyncState =
  | {
      readonly kind: 'ready';
      readonly verdict: CodesVerdict;
      readonly sending: boolean;
      readonly setback?: ResyncSetback;
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };

/** Why the last two codes did not do. */
export type ResyncSetback =
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The sign-in has run out: AWS did nothing, and what was typed stays. Said until the next try. */
  | { readonly kind: 'signIn'; readonly problem: Problem }
  /** No answer came. Nothing that can be listed tells whether AWS took the codes. */
  | { readonly kind: 'notKnown'; readonly problem: Problem };

export interface ResyncOptions {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly account: AccountSnapshot;
  readonly userName: string;
  readonly device: Device;
}

/** Tells AWS how far off a device's clock is, by two codes in a row. Only AWS can judge them: it alone has the seed. */
export class Resync {
  readonly #changed = new Emitter<ResyncState>();
  readonly onDidChange = this.#changed.on;
  readonly #codes: TwoCodes;
  #state: ResyncState = { kind: 'ready', verdict: { kind: 'nothing' }, sending: false };

  constructor(private readonly options: ResyncOptions) {
    this.#codes = TwoCodes.ofUnknownSeed(() => this.now());
  }

  get state(): ResyncState {
    return this.#state;
  }

  get userName(): string {
    return this.options.userName;
  }

  get account(): AccountSnapshot {
    return this.options.account;
  }

  get device(): Device {
    return this.options.device;
  }

  /** By this computer's clock, milliseconds since 1970. */
  now(): number {
    return this.options.clock.now();
  }

  typed(code1: string, code2: string): void {
    const state = this.#state;
    if (state.kind !== 'ready' || state.sending) {
      return;
    }
    this.#codes.type(code1, code2);
    this.#judge(state);
  }

  /** Judges again: codes grow old. */
  tick(): void {
    const state = this.#state;
    if (state.kind === 'ready' && state.verdict.kind === 'unjudged' && !state.sending) {
      this.#judge(state);
    }
  }

  /** Sends the codes, where they can work. */
  async submit(): Promise<void> {
    const pair = this.#codes.pair();
    const state = this.#state;
    if (state.kind !== 'ready' || state.sending || !pair) {
      return;
    }
    const { directory, userName, device } = this.options;
    this.#set({ kind: 'ready', verdict: state.verdict, sending: true });
    try {
      await directory.iam.resyncMfaDevice(userName, device.serial, pair.first, pair.second);
      this.#set({ kind: 'done' });
      await directory.refreshUser(userName);
    } catch (error) {
      await this.#refused(asProblem(error, 'ResyncMFADevice'));
    }
  }

  cancel(): void {
    if (this.#state.kind === 'ready') {
      this.#set({ kind: 'cancelled' });
    }
  }

  dispose(): void {
    this.#codes.clear();
    this.#changed.dispose();
  }

  async #refused(problem: Problem): Promise<void> {
    const { directory, userName } = this.options;
    if (outcomeUnknown(problem)) {
      this.#askAgain({ kind: 'notKnown', problem });
      return;
    }
    if (isSignInLost(problem)) {
      this.#waitForSignIn(problem);
      return;
    }
    switch (problem.code) {
      case 'invalidCode':
      case 'throttled':
      case 'concurrentModification':
      case 'temporarilyUnmodifiable':
      case 'unreachable':
      case 'untrustedCertificate':
      case 'proxyRefused':
        this.#askAgain({ kind: 'refused', problem });
        return;
      default:
        // Gone or another's by now: the rows show what is true.
        await Promise.all([directory.refreshUser(userName), directory.refreshVirtualDevices().catch(() => undefined)]);
        this.#set({ kind: 'failed', problem });
    }
  }

  #askAgain(setback: ResyncSetback): void {
    this.#codes.clear();
    if (this.#state.kind === 'ready') {
      this.#set({ kind: 'ready', verdict: { kind: 'nothing' }, sending: false, setback });
    }
  }

  #waitForSignIn(problem: Problem): void {
    if (this.#state.kind === 'ready') {
      const setback = { kind: 'signIn', problem } as const;
      this.#set({ kind: 'ready', verdict: this.#codes.verdict(), sending: false, setback });
    }
  }

  #judge(state: Extract<ResyncState, { kind: 'ready' }>): void {
    const verdict = this.#codes.verdict();
    const { setback } = state;
    // A setback is said until the person types on; a lost sign-in, until the next try.
    const stays = verdict.kind === 'nothing' || setback?.kind === 'signIn';
    this.#set({ kind: 'ready', verdict, sending: false, ...(setback && stays && { setback }) });
  }

  #set(state: ResyncState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
