import { ReadableStream } from 'node:stream/web';
import type { DeserializeMiddleware, MetadataBearer, MiddlewareStack } from '@smithy/types';

/**
 * Hands on each part of an answer as soon as it was read. For clients that read in parts.
 * @param told for each part, in their order; none of them is read anew once it was told
 */
export function tellParts<Input extends object, Output extends MetadataBearer>(
  command: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  told: (part: Output) => void,
): void {
  const tell: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    const part = await next(args);
    if (part.output) {
      told(part.output);
    }
    return part;
  };
  command.middlewareStack.addRelativeTo(tell, { name: 'tellParts', relation: 'after', toMiddleware: 'joinParts' });
}

/**
 * The pages of a list in parts, each as soon as it was read. The next page is asked for once a part of this one was read: the
 * answer is on its way meanwhile.
 * @param ask asks for the page at a marker, and tells its parts; settles when they are told
 * @returns of each page, the first part alone says where the next one begins
 */
export async function* pagesAhead<Part extends { readonly Marker?: string | undefined }>(
  ask: (marker: string | undefined, told: (part: Part) => void) => Promise<unknown>,
): AsyncGenerator<Part, void> {
  interface Page {
    readonly parts: ReadableStream<Part>;
    next?: Page;
  }
  let wanted = true;
  const begin = (marker?: string): Page => {
    const page: Page = {
      parts: new ReadableStream({
        // What fails where nobody reads on is nobody's to hear.
        start: (read) => {
          let isFirst = true;
          const told = (part: Part) => {
            read.enqueue(isFirst ? part : { ...part, Marker: undefined });
            isFirst = false;
            // Whoever has no more pages may say so by an empty marker.
            if (part.Marker && wanted) {
              page.next ??= begin(part.Marker);
            }
          };
          ask(marker, told).then(
            () => read.close(),
            (error: unknown) => read.error(error),
          );
        },
      }),
    };
    return page;
  };
  try {
    for (let page: Page | undefined = begin(); page; page = page.next) {
      // Not cancelled: a page that nobody reads on with is still told.
      yield* page.parts.values({ preventCancel: true });
    }
  } finally {
    wanted = false;
  }
}
