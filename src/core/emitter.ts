/** A subscription that can be ended; ending it twice is harmless. */
export interface Subscription {
  dispose(): void;
}

/** Tells listeners that something happened. A listener that throws does not keep the others from hearing of it. */
export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();

  /** Arrow function, so that it can be handed on by itself. */
  readonly on = (listener: (event: T) => void): Subscription => {
    // A wrapper of its own for each call: the same function may listen twice.
    const entry = (event: T) => {
      listener(event);
    };
    this.#listeners.add(entry);
    return { dispose: () => this.#listeners.delete(entry) };
  };

  /** @throws AggregateError with what the listeners threw, after all of them were called */
  fire(event: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw new AggregateError(errors, 'A listener failed');
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
