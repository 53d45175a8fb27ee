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

  /** Never throws: what a listener throws becomes an uncaught error of its own, and whoever tells goes on with its work. */
  fire(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
