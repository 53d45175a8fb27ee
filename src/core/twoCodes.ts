import type { AuthenticatorCodes } from './codes';
import { blindly, isCode, type CodesVerdict, type TypedCode } from './codes';

/** Two codes that can be sent, older first. */
export interface CodePair {
  readonly first: string;
  readonly second: string;
  /** When the second was typed; milliseconds since 1970, true time. */
  readonly at: number;
}

/** Judges what stands in the two fields; see `AuthenticatorCodes.judge`. */
export type Judge = (first: TypedCode | undefined, second: TypedCode | undefined, now: number) => CodesVerdict;

/**
 * Two codes in a row, as a person types them: the one model of it, be it for the QR code of a new device, for a token, or
 * for a device that is set right again.
 */
export class TwoCodes {
  #typed: { readonly first?: TypedCode; readonly second?: TypedCode } = {};

  private constructor(
    private readonly judge: Judge,
    private readonly now: () => number,
  ) {}

  /** Of a device whose seed is known here: each code can be told right from wrong. */
  static ofSeed(codes: AuthenticatorCodes, now: () => number): TwoCodes {
    return new TwoCodes((first, second, at) => codes.judge(first, second, at), now);
  }

  /** Of a device whose seed only AWS knows: their form and their age are all that can be checked. */
  static ofUnknownSeed(now: () => number): TwoCodes {
    return new TwoCodes(blindly, now);
  }

  /**
   * Takes note of what stands in the two fields.
   * @param code1 up to six digits
   * @param code2 likewise
   */
  type(code1: string, code2: string): void {
    const keep = (code: string, before: TypedCode | undefined): TypedCode | undefined =>
      !isCode(code) ? undefined : before?.code === code ? before : { code, at: this.now() };
    const first = keep(code1, this.#typed.first);
    const second = keep(code2, this.#typed.second);
    this.#typed = { ...(first && { first }), ...(second && { second }) };
  }

  clear(): void {
    this.#typed = {};
  }

  /** What the codes are worth now: what was right may have grown too old. */
  verdict(): CodesVerdict {
    return this.judge(this.#typed.first, this.#typed.second, this.now());
  }

  /** The codes where they can be sent. */
  pair(): CodePair | undefined {
    const { first, second } = this.#typed;
    return first && second && canBeSent(this.verdict())
      ? { first: first.code, second: second.code, at: second.at }
      : undefined;
  }
}

/** @returns whether AWS may take codes of which this is said */
export function canBeSent(verdict: CodesVerdict): boolean {
  return verdict.kind === 'right' || verdict.kind === 'unjudged';
}
