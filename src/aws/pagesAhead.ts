import type { DeserializeMiddleware, MetadataBearer, MiddlewareStack } from '@smithy/types';

/**
 * Tells where the next page begins as soon as a part of this one was read. For clients that read in parts.
 * @param told may be told more than once; undefined after the last page
 */
export function tellMarker<Input extends object, Output extends MetadataBearer & { Marker?: string | undefined }>(
  command: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  told: (marker: string | undefined) => void,
): void {
  const tell: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    const part = await next(args);
    told(part.output?.Marker);
    return part;
  };
  command.middlewareStack.addRelativeTo(tell, { name: 'tellMarker', relation: 'after', toMiddleware: 'joinParts' });
}

/**
 * The pages of a list, the next one asked for while this one is still being read: the answer is on its way meanwhile.
 * @param ask asks for the page at a marker, and tells where the next one begins once that is known
 */
export async function* pagesAhead<T>(
  ask: (marker: string | undefined, told: (marker: string | undefined) => void) => Promise<T>,
): AsyncGenerator<T, void> {
  interface Asked {
    readonly answer: Promise<T>;
    next?: Asked;
  }
  let wanted = true;
  const begin = (marker?: string): Asked => {
    const asked: Asked = {
      answer: ask(marker, (next) => {
        // Whoever has no more pages may say so by an empty marker.
        if (next && wanted) {
          asked.next ??= begin(next);
        }
      }),
    };
    // Where a page before it failed, or nobody reads on, nobody waits for this one.
    asked.answer.catch(() => undefined);
    return asked;
  };
  try {
    for (let page: Asked | undefined = begin(); page; page = page.next) {
      yield await page.answer;
    }
  } finally {
    wanted = false;
  }
}
