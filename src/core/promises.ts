import { asProblem, type Problem } from './problem';

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) {
    all.push(...page);
  }
  return all;
}

/** The value or the problem. @throws the signal's reason where it was aborted */
export async function settled<T>(
  promise: Promise<T>,
  operation: string,
  signal?: AbortSignal,
): Promise<{ readonly value: T } | { readonly problem: Problem }> {
  try {
    return { value: await promise };
  } catch (error) {
    signal?.throwIfAborted();
    return { problem: asProblem(error, operation) };
  }
}

/** For facts that one can do without: a refusal is no trouble. */
export async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}

/** Lets everything else have its turn: to go through five thousand users takes a hundredth of a second. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** How many look-ups of single users are on their way at once: fewer than a pace lets out, so that there is room for what a person asks. */
const atOnce = 10;

/** Works on a bounded number at once, in order, until all are done or `enough` says so. @throws the signal's reason */
export async function eachFew<T>(
  items: Iterable<T>,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
  enough: () => boolean = () => false,
): Promise<void> {
  // One for all: whoever takes from it takes what the others do not.
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    while (!enough()) {
      const next = queue.next();
      if (next.done === true) {
        return;
      }
      signal.throwIfAborted();
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
