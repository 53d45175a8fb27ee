import { HOTP, Secret } from 'otpauth';

/** Seconds a code lasts (RFC 6238 section 4; AWS uses the default). */
export const timeStep = 30;

/**
 * How many time steps either side of the present are searched for a code that stands alone: ten minutes. A wider search
 * would take a wrong code for one of a very wrong clock: each step adds one chance in a million.
 */
const nearSteps = 20;

/** How far off a pair may be and still be taken by AWS: about 1000 steps were observed (iam-facts 2.2). */
const farSteps = 1000;

/**
 * A pair older than this when it is sent would still be taken by AWS, which would then believe the phone's clock to be
 * slow by that much and refuse fresh codes at sign-in (iam-facts 2.2: two steps either side are accepted there).
 */
const freshSteps = 2;

/** How the phone's clock stands against the true time. Whole steps are all that a code can tell. */
export type PhoneClock =
  | { readonly kind: 'fine' }
  | { readonly kind: 'fast' | 'slow'; /** About, a multiple of 30. */ readonly seconds: number };

/** What the codes typed so far are worth. */
export type CodesVerdict =
  | { readonly kind: 'nothing' }
  /** Code 1 (or, typed first, code 2) is one of this key's; the other is still to come. */
  | { readonly kind: 'half'; readonly which: 1 | 2; readonly clock: PhoneClock }
  /** Not a code of this key, at any time near the present. */
  | { readonly kind: 'unknown'; readonly which: 1 | 2 | 'both' }
  | { readonly kind: 'same' }
  | { readonly kind: 'reversed' }
  /** Both are of this key, in order, but `between` codes lie between them. */
  | { readonly kind: 'notAdjacent'; readonly between: number }
  /** Right when typed; too old to be sent. */
  | { readonly kind: 'tooOld' }
  | { readonly kind: 'right'; readonly clock: PhoneClock }
  // Of a device whose seed only AWS knows:
  /** One code is whole; the other is still to come. */
  | { readonly kind: 'halfUnjudged'; readonly which: 1 | 2 }
  /** Both are whole and different. Only AWS can tell more. */
  | { readonly kind: 'unjudged' };

/** A code as it stands in a field, and when it was completed there (milliseconds since 1970, true time). */
export interface TypedCode {
  readonly code: string;
  readonly at: number;
}

const sixDigits = /^\d{6}$/;

/** @returns whether the text is a whole code */
export function isCode(text: string): boolean {
  return sixDigits.test(text);
}

function stepAt(milliseconds: number): number {
  return Math.floor(milliseconds / 1000 / timeStep);
}

/**
 * Judges two codes of a device whose seed is not known here: that they are not the same, and not too old to be sent.
 * @param first field 1; undefined while it holds no whole code
 * @param second field 2, likewise
 * @param now true time, milliseconds since 1970
 */
export function blindly(first: TypedCode | undefined, second: TypedCode | undefined, now: number): CodesVerdict {
  if (!first || !second) {
    return first || second ? { kind: 'halfUnjudged', which: first ? 1 : 2 } : { kind: 'nothing' };
  }
  if (first.code === second.code) {
    return { kind: 'same' };
  }
  return stepAt(now) - stepAt(second.at) > freshSteps ? { kind: 'tooOld' } : { kind: 'unjudged' };
}

/**
 * The codes of one seed: makes them (for the practice account's phone) and judges what a person typed, so that only
 * codes that can work are sent (RFC 6238, SHA-1, six digits, 30 seconds: iam-facts 2.8).
 */
export class AuthenticatorCodes {
  readonly #secret: Secret;
  readonly #known = new Map<number, string>();

  /** @param seed base32, as AWS sends it */
  constructor(seed: string) {
    this.#secret = Secret.fromBase32(seed);
  }

  /** @returns the code an authenticator app shows at that time (milliseconds since 1970) */
  at(milliseconds: number): string {
    return this.#code(stepAt(milliseconds));
  }

  /**
   * Judges what stands in the two fields.
   * @param first field 1; undefined while it holds no whole code
   * @param second field 2, likewise
   * @param now true time, milliseconds since 1970
   */
  judge(first: TypedCode | undefined, second: TypedCode | undefined, now: number): CodesVerdict {
    if (first && second) {
      return this.#judgePair(first, second, now);
    }
    const only = first ?? second;
    if (!only) {
      return { kind: 'nothing' };
    }
    const which = first ? 1 : 2;
    const step = this.#nearest(only);
    return step === undefined
      ? { kind: 'unknown', which }
      : { kind: 'half', which, clock: clockFrom(step - stepAt(only.at)) };
  }

  #judgePair(first: TypedCode, second: TypedCode, now: number): CodesVerdict {
    if (first.code === second.code) {
      // Said even of a code that is not this key's: typing the next one is the first thing to mend.
      return this.#nearest(first) === undefined ? { kind: 'unknown', which: 'both' } : { kind: 'same' };
    }
    const typedAt = stepAt(second.at);
    const pairStep = this.#pair(first.code, second.code, typedAt);
    if (pairStep !== undefined) {
      const clock = clockFrom(pairStep + 1 - typedAt);
      // A code that was typed late is as old as the step it is of; of a phone whose clock is wrong, that tells nothing.
      const since = clock.kind === 'fine' ? pairStep + 1 : typedAt;
      return stepAt(now) - since > freshSteps ? { kind: 'tooOld' } : { kind: 'right', clock };
    }
    const step1 = this.#nearest(first);
    const step2 = this.#nearest(second);
    if (step1 === undefined || step2 === undefined) {
      return { kind: 'unknown', which: step1 !== undefined ? 2 : step2 !== undefined ? 1 : 'both' };
    }
    return step2 < step1 ? { kind: 'reversed' } : { kind: 'notAdjacent', between: step2 - step1 - 1 };
  }

  /** The step nearest to when the code was typed that gives it. */
  #nearest(typed: TypedCode): number | undefined {
    return nearestFirst(stepAt(typed.at), nearSteps).find((step) => this.#code(step) === typed.code);
  }

  /** The step of the first of two codes that follow each other. */
  #pair(code1: string, code2: string, around: number): number | undefined {
    return nearestFirst(around, farSteps).find((step) => this.#code(step) === code1 && this.#code(step + 1) === code2);
  }

  #code(step: number): string {
    let code = this.#known.get(step);
    if (code === undefined) {
      code = HOTP.generate({ secret: this.#secret, counter: step });
      this.#known.set(step, code);
    }
    return code;
  }
}

/** `around`, then one earlier, one later, two earlier, …; never before 1970. */
function nearestFirst(around: number, reach: number): number[] {
  const steps = [around];
  for (let distance = 1; distance <= reach; distance++) {
    steps.push(around - distance, around + distance);
  }
  return steps.filter((step) => step >= 0);
}

/** A code of the step just past was read in time and typed late: that is no fault of the clock. */
function clockFrom(steps: number): PhoneClock {
  if (steps === 0 || steps === -1) {
    return { kind: 'fine' };
  }
  return steps > 0 ? { kind: 'fast', seconds: steps * timeStep } : { kind: 'slow', seconds: (-steps - 1) * timeStep };
}

/**
 * The address that AWS's own QR code holds (iam-facts 2.8).
 * @param deviceName the device's name, which is what the app shows before the `@`
 * @param account the account's alias, or its id where it has none
 * @param seed base32
 */
export function otpauthUri(deviceName: string, account: string, seed: string): string {
  const issuer = encodeURIComponent('Amazon Web Services');
  return `otpauth://totp/${issuer}:${encodeURIComponent(deviceName)}@${encodeURIComponent(account)}?secret=${seed}&issuer=${issuer}`;
}
