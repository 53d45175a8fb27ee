/** What was asked and how it was answered; no secrets. */
export interface PracticeCall {
  readonly operation: string;
  /** The caller's name; `unknown` when neither a signature nor a token told one. */
  readonly caller: string;
  /** HTTP status; 0 when the answer was dropped. */
  readonly status: number;
  /** The account's clock, ms. */
  readonly at: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const MOST_CALLS = 20_000;

/** What was asked, oldest first; the last 20,000. */
export class Calls {
  readonly list: PracticeCall[] = [];

  add(call: PracticeCall): void {
    this.list.push(call);
    if (this.list.length > MOST_CALLS) {
      this.list.shift();
    }
  }
}
