import type {
  GetCredentialReportCommand,
  GetCredentialReportCommandInput,
  GetCredentialReportCommandOutput,
  IAMClient,
  ListUsersCommandOutput,
  ListVirtualMFADevicesCommandOutput,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-iam';
import type { DeserializeMiddleware } from '@smithy/types';
import { NotAwsError } from './problems';
import { Turns } from './turns';

/** What came over the wire, as the SDK's middleware hands it on. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** The lists that may hold a thousand entries, by command. */
const longLists: Readonly<Record<string, string>> = {
  ListUsersCommand: 'Users',
  ListVirtualMFADevicesCommand: 'VirtualMFADevices',
};

/** So many entries are read in one turn. */
const entriesATurn = 50;

/**
 * Has the SDK read long lists in parts, with a turn for everything else in between: its XML reader needs a twentieth of a second for a
 * thousand users, in which nothing else runs. Each part is an answer of its own, with some of the entries and all that stands around them.
 */
export function readInParts(client: IAMClient): void {
  type Middleware = DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes>;
  type Handled = Awaited<ReturnType<ReturnType<Middleware>>>;
  /** By call: what came, and the parts of it that were not read yet. */
  const unread = new WeakMap<object, { readonly came: Handled; readonly parts: Buffer[] }>();
  const split: Middleware = (next, context) => async (args) => {
    const before = unread.get(context);
    const part = before?.parts.shift();
    if (before && part) {
      (before.came.response as HttpAnswer).body = part;
      return before.came;
    }
    const came = await next(args);
    const list = longLists[context.commandName ?? ''];
    const answer = came.response as HttpAnswer;
    if (list !== undefined && answer.statusCode < 300) {
      const [first, ...parts] = partsOf(await readBody(answer), list);
      answer.body = first;
      unread.set(context, { came, parts });
    }
    return came;
  };
  /** One part in a turn, whichever list it is of. */
  const turns = new Turns();
  const join: Middleware = (next, context) => async (args) => {
    // Of an attempt before this one.
    unread.delete(context);
    let whole = await next(args);
    while (unread.get(context)?.parts.length) {
      // Rows are made of users, and theirs is the longest list: it is read first.
      await turns.next(context.commandName === 'ListUsersCommand');
      const { output } = await next(args).catch((error: unknown) => {
        // The SDK must not ask for the answer once more, as it does after some faults: some of it was told already.
        throw new NotAwsError((whole.response as HttpAnswer).statusCode, { cause: error });
      });
      if (whole.output && output) {
        whole = { ...whole, output: joined(whole.output, output) };
      }
    }
    return whole;
  };
  const toMiddleware = 'deserializerMiddleware';
  client.middlewareStack.addRelativeTo(join, { name: 'joinParts', relation: 'before', toMiddleware });
  client.middlewareStack.addRelativeTo(split, { name: 'splitAnswer', relation: 'after', toMiddleware });
}

/** @returns the entries of a part behind those before it; neither is changed, since whoever was told of them may still read them */
function joined(before: ServiceOutputTypes, part: ServiceOutputTypes): ServiceOutputTypes {
  type Lists = Partial<ListUsersCommandOutput & ListVirtualMFADevicesCommandOutput>;
  const { Users, VirtualMFADevices } = before as Lists;
  const more = part as Lists;
  return {
    ...before,
    ...(Users && { Users: [...Users, ...(more.Users ?? [])] }),
    ...(VirtualMFADevices && { VirtualMFADevices: [...VirtualMFADevices, ...(more.VirtualMFADevices ?? [])] }),
  };
}

/**
 * @param list the element whose entries are shared out
 * @param most so many entries are in a part
 * @returns the answer, or several that together hold its entries, in their order
 */
export function partsOf(body: Buffer, list: string, most = entriesATurn): readonly [Buffer, ...Buffer[]] {
  const start = body.indexOf(`<${list}>`) + list.length + 2;
  const end = body.lastIndexOf(`</${list}>`);
  // A tag may stand in a comment or in CDATA without being one. AWS writes neither; whoever does is read as it is.
  if (end < start || body.includes('<!')) {
    return [body];
  }
  const cuts: number[] = [];
  let entries = 0;
  let depth = 0;
  for (let at = start; ;) {
    const opening = before('<member>', at);
    const closing = before('</member>', at);
    if (opening < closing) {
      // Entries may have lists of their own, of tags for one.
      if (depth++ === 0 && entries++ % most === 0 && entries > 1) {
        cuts.push(opening);
      }
      at = opening + '<member>'.length;
    } else if (closing < end) {
      depth--;
      at = closing + '</member>'.length;
    } else {
      break;
    }
  }
  const around = (from: number, to: number) =>
    Buffer.concat([body.subarray(0, start), body.subarray(from, to), body.subarray(end)]);
  return depth === 0 && cuts.length > 0
    ? [around(start, cuts[0] ?? end), ...cuts.map((cut, index) => around(cut, cuts[index + 1] ?? end))]
    : [body];

  /** @returns where the tag stands, or the list's end where it does not any more */
  function before(tag: string, at: number): number {
    const found = body.indexOf(tag, at);
    return found < 0 ? end : Math.min(found, end);
  }
}

/**
 * Keeps the text of an element from the SDK, whose XML reader takes a quarter of a second for a megabyte of it, in which nothing else
 * runs. The SDK finds the element empty.
 * @returns gives the element's bytes, decoded from base64, once the command was answered; none where the answer had no such element
 */
export function takeBase64(command: GetCredentialReportCommand, element: string): () => Buffer {
  let taken: Buffer = Buffer.alloc(0);
  const take: DeserializeMiddleware<GetCredentialReportCommandInput, GetCredentialReportCommandOutput> =
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as HttpAnswer;
      if (response.statusCode >= 300) {
        return result;
      }
      const body = await readBody(response);
      const start = body.indexOf(`<${element}>`) + element.length + 2;
      const end = body.indexOf(`</${element}>`, start);
      if (end >= 0) {
        taken = Buffer.from(body.toString('latin1', start, end), 'base64');
        response.body = Buffer.concat([body.subarray(0, start), body.subarray(end)]);
      }
      return result;
    };
  // Nearer to the wire than what the client does with the answer: the client's come first in a stack.
  command.middlewareStack.add(take, { step: 'deserialize', name: 'takeBase64', priority: 'low' });
  return () => taken;
}

/** Reads an answer to its end, so that it can be read again. */
export async function readBody(response: HttpAnswer): Promise<Buffer> {
  if (!Buffer.isBuffer(response.body)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
    }
    response.body = Buffer.concat(chunks);
  }
  return response.body as Buffer;
}
