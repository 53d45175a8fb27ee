/** So many users stand in one place of the tree at first: more than fit on a screen, and few enough to be drawn at once. */
const firstRows = 100;

/** So many come with each press on *Show more users*. */
export const moreRows = 1000;

/**
 * How many users are shown in each place of the tree, which is a group, or an account where users are not grouped. The editor takes
 * each row over by itself, whether it is on screen or not: with thousands, every key in the filter box would wait for that.
 */
export class RowLimits {
  readonly #limits = new Map<string, number>();

  of(place: string): number {
    return this.#limits.get(place) ?? firstRows;
  }

  showMore(place: string): void {
    this.#limits.set(place, this.of(place) + moreRows);
  }

  /** @param count so many users, from the first one on, are shown from now on */
  showAtLeast(place: string, count: number): void {
    if (count > this.of(place)) {
      this.#limits.set(place, count);
    }
  }

  reset(): void {
    this.#limits.clear();
  }
}
