import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/core/clock';
import type { UnfinishedDevice, UnfinishedStore } from '../../src/core/unfinished';

/** A clock that moves only when told to, or by the delays that are asked of it: these take no real time. */
export class SteeredClock implements Clock {
  /** What was waited for, oldest first; milliseconds. */
  readonly waits: number[] = [];
  #now: number;

  /** Starts at the present: the SDK signs with the computer's own clock. */
  constructor(start = Date.now()) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(milliseconds);
    this.#now += milliseconds;
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** A clock that goes on to the end of the next wait whenever all else has come to rest: hours take no real time. */
export class IdleClock implements Clock {
  readonly #waits = new Set<{ readonly at: number; readonly end: () => void }>();
  /** Runs on, whatever the clock shows: a wait takes as long as it takes. */
  #now = Date.now();
  #back = 0;

  now(): number {
    return this.#now - this.#back;
  }

  setBack(milliseconds: number): void {
    this.#back += milliseconds;
  }

  delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (how: () => void) => {
        this.#waits.delete(wait);
        signal?.removeEventListener('abort', stop);
        how();
      };
      const stop = () => leave(() => reject(signal?.reason as Error));
      const wait = { at: this.#now + milliseconds, end: () => leave(resolve) };
      this.#waits.add(wait);
      signal?.addEventListener('abort', stop);
    });
  }

  /** How many waits there are now. */
  get waits(): number {
    return this.#waits.size;
  }

  /** Lets time go by until a promise is settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    const hasEnded = () => isSettled;
    for (;;) {
      await nextTurn();
      if (hasEnded()) {
        return promise;
      }
      // There may be none while a call is under way.
      const [next] = [...this.#waits].sort((one, other) => one.at - other.at);
      this.#now = next?.at ?? this.#now;
      next?.end();
    }
  }

  /** Lets so many milliseconds go by. */
  pass(milliseconds: number): Promise<void> {
    return this.until(this.delay(milliseconds));
  }
}

/** Remembers unfinished devices in memory. What is in it at the start was left by an earlier run. */
export class MemoryUnfinishedStore implements UnfinishedStore {
  readonly #devices = new Map<string, UnfinishedDevice>();
  readonly #abandoned: Set<string>;
  /** Every serial that was ever added, in order. */
  readonly added: string[] = [];

  constructor(left: readonly UnfinishedDevice[] = []) {
    left.forEach((device) => this.#devices.set(device.serial, device));
    this.#abandoned = new Set(left.map(({ serial }) => serial));
  }

  /** What is remembered now. */
  get serials(): readonly string[] {
    return [...this.#devices.keys()];
  }

  get devices(): readonly UnfinishedDevice[] {
    return [...this.#devices.values()];
  }

  add(device: UnfinishedDevice): Promise<void> {
    this.#devices.set(device.serial, device);
    this.#abandoned.delete(device.serial);
    this.added.push(device.serial);
    return Promise.resolve();
  }

  remove(serial: string): Promise<void> {
    this.#devices.delete(serial);
    return Promise.resolve();
  }

  release(serial: string): Promise<void> {
    this.#abandoned.add(serial);
    return Promise.resolve();
  }

  held(): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(this.serials.filter((serial) => !this.#abandoned.has(serial))));
  }

  abandoned(): Promise<readonly UnfinishedDevice[]> {
    return Promise.resolve(this.devices.filter(({ serial }) => this.#abandoned.has(serial)));
  }
}
