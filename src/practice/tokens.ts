export type Found<T> =
  { readonly state: 'unknown' } | { readonly state: 'expired' } | { readonly state: 'good'; readonly value: T };

interface Issued<T> {
  readonly value: T;
  /** ms. */
  expiresAt: number;
}

/** Tokens of one kind that were handed out: what each stands for, and until when. */
export class Tokens<T> {
  readonly #issued = new Map<string, Issued<T>>();

  /** @param expiresAt ms; may be past, for a token that has run out already */
  issue(token: string, value: T, expiresAt: number): void {
    this.#issued.set(token, { value, expiresAt });
  }

  /** What a token stands for at an instant, in ms. */
  find(token: string | undefined, now: number): Found<T> {
    const issued = token === undefined ? undefined : this.#issued.get(token);
    if (issued === undefined) {
      return { state: 'unknown' };
    }
    return issued.expiresAt <= now ? { state: 'expired' } : { state: 'good', value: issued.value };
  }

  /** All that are still good run out. */
  expireAll(now: number): void {
    for (const issued of this.#issued.values()) {
      issued.expiresAt = Math.min(issued.expiresAt, now);
    }
  }
}
