interface Scope {
  /** Only calls of this operation, e.g. `ListUsers`. Left out: all. */
  readonly operation?: string;
  /** Only the next so many calls. Left out: until cleared. */
  readonly times?: number;
}

/** Something that goes wrong. Several may be switched on at once; of one kind the oldest that fits is used. */
export type Fault = Scope &
  (
    | { readonly kind: 'throttle' }
    /**
     * Throttles what comes faster than so many calls a second, each operation counted by itself. Assumed: so many may come at
     * once after a rest (at least one); AWS publishes neither rate nor size of its buckets (iam-facts 4).
     */
    | { readonly kind: 'rate'; readonly perSecond: number }
    /** The answer comes so many milliseconds late. */
    | { readonly kind: 'latency'; readonly ms: number }
    /** The work is done, then the connection breaks before the answer. */
    | { readonly kind: 'dropAnswer' }
    | { readonly kind: 'serverError'; readonly code?: 'InternalFailure' | 'ServiceFailure' }
    /** A proxy's HTML page instead of an answer. */
    | { readonly kind: 'html503' }
    /** The account's clock is off by so many milliseconds, and so is its Date header. */
    | {
        readonly kind: 'clockSkew';
        readonly ms: number;
        readonly code?: 'SignatureDoesNotMatch' | 'RequestExpired';
      }
    /** What a write changes is seen by reads only after so many milliseconds. `operation` names the write. */
    | { readonly kind: 'propagation'; readonly ms: number }
    /** The operation is refused whatever the caller's permissions say. */
    | { readonly kind: 'deny'; readonly operation: string }
    | { readonly kind: 'expiredToken' }
    /** Any other error, word for word, instead of doing the work. */
    | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message: string }
  );

export type FaultKind = Fault['kind'];
type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

interface Entry {
  readonly fault: Fault;
  left: number;
  /** Of a rate, by operation. */
  readonly buckets: Map<string, Bucket>;
}

/** The calls that may come at once, at an instant in ms. */
interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** The faults that are switched on now. */
export class Faults {
  #entries: Entry[] = [];

  /** Switches a fault on. The answer switches just this one off again. */
  set(fault: Fault): () => void {
    const entry: Entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY, buckets: new Map() };
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  /** Switches off all faults, or all of one kind. */
  clear(kind?: FaultKind): void {
    this.#entries = kind === undefined ? [] : this.#entries.filter((entry) => entry.fault.kind !== kind);
  }

  /** Those that still have calls left. */
  get active(): readonly Fault[] {
    return this.#entries.map((entry) => entry.fault);
  }

  /** The fault of a kind that hits this call, if any; counts it as used. */
  take<K extends FaultKind>(kind: K, operation: string): FaultOf<K> | undefined {
    return this.#take(kind, operation)?.fault as FaultOf<K> | undefined;
  }

  /** Whether this call is throttled, be it by a throttle or by a rate; counts it as made. `now` in ms. */
  throttles(operation: string, now: number): boolean {
    return this.take('throttle', operation) !== undefined || this.#isTooFast(operation, now);
  }

  #isTooFast(operation: string, now: number): boolean {
    const entry = this.#take('rate', operation);
    if (entry?.fault.kind !== 'rate') {
      return false;
    }
    const { perSecond } = entry.fault;
    const size = Math.max(1, perSecond);
    const { tokens, at } = entry.buckets.get(operation) ?? { tokens: size, at: now };
    const filled = Math.min(size, tokens + (Math.max(0, now - at) * perSecond) / 1000);
    const isTooFast = filled < 1;
    entry.buckets.set(operation, { tokens: isTooFast ? filled : filled - 1, at: now });
    return isTooFast;
  }

  #take(kind: FaultKind, operation: string): Entry | undefined {
    const entry = this.#entries.find(
      ({ fault }) => fault.kind === kind && (fault.operation === undefined || fault.operation === operation),
    );
    if (entry === undefined) {
      return undefined;
    }
    entry.left -= 1;
    if (entry.left <= 0) {
      this.#entries = this.#entries.filter((other) => other !== entry);
    }
    return entry;
  }
}
