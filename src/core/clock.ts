/** Time as the core needs it. */
export interface Clock {
  /** Milliseconds since 1970, by this computer's clock. */
  now(): number;
  /**
   * Waits.
   * @param milliseconds how long
   * @param signal ends the wait early: the promise then rejects with the signal's reason
   */
  delay(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  delay: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, milliseconds);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
