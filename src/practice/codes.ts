import { createHmac } from 'node:crypto';
import { fromBase32 } from './base32';

/** Seconds of one time step (RFC 6238; iam-facts 2.8). */
export const STEP_SECONDS = 30;

// What one observer saw AWS do; AWS publishes none of it (iam-facts 2.2).
const PAIR_WINDOW_STEPS = 1000;
const SINGLE_WINDOW_STEPS = 2;
const CHECKS_PER_WINDOW = 9;
const CHECK_WINDOW_MS = 3 * 60_000;

/** The time step of an instant in milliseconds since 1970. */
export const stepAt = (ms: number): number => Math.floor(ms / 1000 / STEP_SECONDS);

/** The six-digit code of RFC 6238 (HMAC-SHA-1, truncated as RFC 4226 5.3) for one time step. */
export function codeAt(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', seed).update(counter).digest();
  const offset = hash.readUInt8(hash.length - 1) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The code that a device with this seed (base32) shows at an instant of its own clock, in ms. */
export const codeShown = (seed: string, ms: number): string => codeAt(fromBase32(seed), stepAt(ms));

/** What the account remembers of one device's codes. */
interface Memory {
  /** When codes were checked, in ms; only the last three minutes matter. */
  checks: number[];
  /** How many steps the device runs ahead of the account (negative: behind). */
  drift: number;
  /** The first step of the last accepted pair. */
  lastPair: number | undefined;
  /** Steps already spent at STS. */
  readonly spent: Set<number>;
}

/** A device as far as codes go: an id that is new for every device made, and the seed it holds, if any. */
export interface CodeSource {
  readonly id: string;
  readonly seed: string | undefined;
}

/** Checks codes the way AWS was seen to (iam-facts 2.2), and remembers drift, pairs, spent codes and the rate. */
export class CodeChecks {
  readonly #memory = new Map<string, Memory>();

  /**
   * Enable and Resync: two adjacent codes, older first, within about 1000 steps, newer than the last accepted pair.
   * True when accepted; the drift is then remembered. `now` in ms.
   */
  acceptPair(device: CodeSource, first: string, second: string, now: number): boolean {
    const memory = this.#of(device);
    if (device.seed === undefined || !mayCheck(memory, now)) {
      return false;
    }
    const seed = fromBase32(device.seed);
    const here = stepAt(now);
    const oldest = Math.max(0, here - PAIR_WINDOW_STEPS);
    for (let step = here + PAIR_WINDOW_STEPS; step >= oldest; step--) {
      // "Newer" is read as: the pair starts at a later step. Whether AWS allows pairs to overlap was not seen.
      if (memory.lastPair !== undefined && step <= memory.lastPair) {
        return false;
      }
      if (codeAt(seed, step) === first && codeAt(seed, step + 1) === second) {
        memory.lastPair = step;
        // The current and the previous code are sent together, so the second one tells the device's clock.
        memory.drift = step + 1 - here;
        return true;
      }
    }
    return false;
  }

  /**
   * STS: one code within two steps of the device's own time, each code once; those of the last pair stay usable.
   * `overRate` is its own answer, since STS words it differently from a wrong code. `now` in ms.
   */
  acceptSingle(device: CodeSource, code: string, now: number): 'accepted' | 'wrong' | 'overRate' {
    const memory = this.#of(device);
    if (!mayCheck(memory, now)) {
      return 'overRate';
    }
    if (device.seed === undefined) {
      return 'wrong';
    }
    const seed = fromBase32(device.seed);
    const here = stepAt(now) + memory.drift;
    for (let step = here - SINGLE_WINDOW_STEPS; step <= here + SINGLE_WINDOW_STEPS; step++) {
      if (codeAt(seed, step) === code && !memory.spent.has(step)) {
        memory.spent.add(step);
        return 'accepted';
      }
    }
    return 'wrong';
  }

  /** Counts a check that is refused before its code is looked at; the code stays unspent (assumed). `now` in ms. */
  countCheck(device: CodeSource, now: number): void {
    mayCheck(this.#of(device), now);
  }

  #of(device: CodeSource): Memory {
    let memory = this.#memory.get(device.id);
    if (memory === undefined) {
      memory = { checks: [], drift: 0, lastPair: undefined, spent: new Set() };
      this.#memory.set(device.id, memory);
    }
    return memory;
  }
}

/** Counts a check against the rate, good or bad alike. Assumed: the window slides, and refused attempts do not count. */
function mayCheck(memory: Memory, now: number): boolean {
  memory.checks = memory.checks.filter((at) => now - at < CHECK_WINDOW_MS);
  if (memory.checks.length >= CHECKS_PER_WINDOW) {
    return false;
  }
  memory.checks.push(now);
  return true;
}
