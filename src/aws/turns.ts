import { nextTurn } from '../core/promises';

/** Turns of the event loop, each for one piece of work: between two of them, everything else has its turn. */
export class Turns {
  readonly #urgent: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #isGoing = false;

  /**
   * Settles in a turn that no other caller gets.
   * @param isUrgent whether it goes before those that are not
   */
  next(isUrgent = false): Promise<void> {
    return new Promise((resolve) => {
      (isUrgent ? this.#urgent : this.#others).push(resolve);
      if (!this.#isGoing) {
        void this.#go();
      }
    });
  }

  async #go(): Promise<void> {
    this.#isGoing = true;
    while (this.#urgent.length + this.#others.length > 0) {
      await nextTurn();
      (this.#urgent.shift() ?? this.#others.shift())?.();
    }
    this.#isGoing = false;
  }
}
