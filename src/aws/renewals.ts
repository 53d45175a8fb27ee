import { readFile } from 'node:fs/promises';
import type { FailedCall } from './signInCalls';

/** How long the SDK renews the token of an sso-session no second time, milliseconds. */
const silence = 30_000;

/**
 * What the sign-ins of a window know of each other’s renewals of tokens. A token that serves several profiles is renewed by one of
 * them: where that fails, the others are told of it by no call of their own. There is one of these for a window.
 */
export class Renewals {
  /** The last renewal that failed, by the token’s file. */
  readonly #failed = new Map<string, { readonly call: FailedCall; readonly at: number }>();
  /** The last of those who wait for their turn, by the token’s file. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @param failed undefined where the token was renewed */
  note(tokenFile: string, failed: FailedCall | undefined): void {
    if (failed) {
      this.#failed.set(tokenFile, { call: failed, at: this.now() });
    } else {
      this.#failed.delete(tokenFile);
    }
  }

  /** Why a token that may be renewed was not, a moment ago; undefined where that is not what is wrong. */
  async failedLately(tokenFile: string): Promise<FailedCall | undefined> {
    const failed = this.#failed.get(tokenFile);
    if (!failed || this.now() - failed.at >= silence) {
      return undefined;
    }
    return (await isRenewable(tokenFile)) ? failed.call : undefined;
  }

  /**
   * Works with a token that can be renewed once: one after the other, so that whoever comes later finds the new one. Where one
   * fails, so do all who wait: what is wrong is wrong for them too, and they have waited for it.
   */
  async inTurn<T>(tokenFile: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(tokenFile) ?? Promise.resolve()).then(() => work());
    this.#turns.set(tokenFile, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(tokenFile) === turn) {
        this.#turns.delete(tokenFile);
      }
    }
  }
}

async function isRenewable(tokenFile: string): Promise<boolean> {
  try {
    const token = JSON.parse(await readFile(tokenFile, 'utf8')) as { readonly refreshToken?: unknown } | null;
    return typeof token?.refreshToken === 'string';
  } catch {
    return false;
  }
}
