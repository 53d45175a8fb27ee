/** A part that is loaded when it is asked for first, and once. */
export class Lazy<T> {
  #loaded: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  /** Undefined where nobody has asked for it. */
  get loaded(): Promise<T> | undefined {
    return this.#loaded;
  }

  /** Arrow function, so that it can be handed on by itself. */
  readonly get = (): Promise<T> => (this.#loaded ??= this.load());
}
