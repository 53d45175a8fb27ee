import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop, each for one piece of work: between two of them, everything else has its turn. */
export class Turns {
  #last = Promise.resolve();

  /** Settles in a turn that no other caller gets. */
  next(): Promise<void> {
    this.#last = this.#last.then(() => nextTurn());
    return this.#last;
  }
}
