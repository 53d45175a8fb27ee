/** Keys that sign calls. In memory only. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a session; long-term keys have none. */
  readonly sessionToken?: string;
  /** When a session's keys run out, by this computer's clock. Long-term keys do not. */
  readonly expiration?: Date;
}

/** How long before their end new keys are found, milliseconds: what is begun with them should end with them. */
const margin = 300_000;

interface Held {
  readonly found: Promise<Keys>;
  /** When they are no longer used; undefined while they are being found. */
  until?: number;
  /** As `until`. */
  keyId?: string;
}

/**
 * Keeps the keys in hand. The SDK's own memory keeps keys that do not run out for ever, but a person may put others in their
 * place.
 */
export class KeyMemo {
  #held: Held | undefined;

  /** @param find finds the keys anew */
  constructor(
    private readonly find: () => Promise<Keys>,
    private readonly now: () => number = Date.now,
  ) {}

  /** For the SDK's clients. Says that it remembers by itself, so that they ask it at each call. */
  readonly provider = Object.assign(() => this.keys(), { memoized: true as const });

  /** Finds keys once for all who ask at the same time, and keeps them until shortly before they run out. */
  keys(): Promise<Keys> {
    if (this.#held && (this.#held.until === undefined || this.now() < this.#held.until)) {
      return this.#held.found;
    }
    const held: Held = { found: this.find() };
    this.#held = held;
    held.found.then(
      ({ expiration, accessKeyId }) => {
        held.until = this.#until(expiration);
        held.keyId = accessKeyId;
      },
      () => {
        if (this.#held === held) {
          this.#held = undefined;
        }
      },
    );
    return held.found;
  }

  /** The next call finds keys anew. */
  forget(): void {
    this.#held = undefined;
  }

  /**
   * The next call finds keys anew where AWS has refused those in hand. Of many calls that are refused at once, one has them looked
   * for: the others come when that is under way, or done.
   */
  refused(keyId: string | undefined): void {
    if (keyId !== undefined && this.#held?.keyId === keyId) {
      this.#held = undefined;
    }
  }

  #until(expiration: Date | undefined): number {
    if (!expiration) {
      return Number.POSITIVE_INFINITY;
    }
    // Keys with little time left are used all the same, instead of being found anew for each call.
    const left = expiration.getTime() - this.now();
    return expiration.getTime() - Math.min(margin, left / 2);
  }
}
