import { setMaxListeners } from 'node:events';

/** As the SDK says it. */
export function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

/**
 * Stops waiting once the signal says so. The SDK hears of it only when it sends, and before that keys may take a person's time to be
 * found. They are found all the same, for whoever calls next.
 */
export async function orAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (!signal) {
    return work();
  }
  if (signal.aborted) {
    throw aborted();
  }
  let stop: () => void = () => undefined;
  const abort = new Promise<never>((_, reject) => (stop = () => reject(aborted())));
  // All calls of one reading listen to the same signal: that is no leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work(), abort]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
