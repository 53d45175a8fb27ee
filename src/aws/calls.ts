import type {
  GetCredentialReportCommand,
  GetCredentialReportCommandInput,
  GetCredentialReportCommandOutput,
} from '@aws-sdk/client-iam';
import type { DeserializeMiddleware } from '@smithy/types';
import { problemOf } from '../core/problem';
import { NotAwsError } from './problems';

/** What the log is told of each call. */
export interface CallRecord {
  readonly operation: string;
  readonly milliseconds: number;
  readonly status?: number;
  readonly requestId?: string;
  /** How often it went out; 0 where it waited for its turn in vain. */
  readonly attempts?: number;
  /** The code on the wire, else Node's code or the error's name, where it failed. */
  readonly error?: string;
}

/** The part of a client's middleware stack that is used here, the same for each service. */
export interface Observable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { readonly input: object; request?: unknown }) => Promise<Handled>,
        context: { readonly commandName?: string },
      ) => (args: { readonly input: object; request?: unknown }) => Promise<Handled>,
      options: { readonly step: 'initialize' | 'deserialize'; readonly name: string; readonly priority?: 'low' },
    ): void;
  };
}

interface Handled {
  readonly output: { readonly $metadata?: CallMetadata };
  readonly response: unknown;
}

interface CallMetadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
}

export interface Observer {
  /** Before a call; may throw, and then nothing is sent nor told. */
  begin(operation: string): void;
  onCall(call: CallRecord): void;
  /** Told of each answer's `Date`. */
  noteDate(date: string | undefined): void;
  /**
   * Told of the code on the wire where a call was refused.
   * @returns whether the call may go out once more: its keys were refused, so that nothing was done, and others may be found
   */
  refused?(wireCode: string): boolean;
}

/** Tells of each call of a client, and takes nothing for an answer of AWS's that is none. */
export function observe(client: Observable, observer: Observer): void {
  /** By call. The SDK's own count holds attempts that were never sent. */
  const attempts = new WeakMap<object, number>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = operationName(context);
      observer.begin(operation);
      for (let isFirst = true; ; isFirst = false) {
        attempts.set(context, 0);
        try {
          return await recorded(
            operation,
            () => next(args),
            observer,
            () => attempts.get(context) ?? 0,
          );
        } catch (error) {
          const wireCode = (error as ErrorShape).Code;
          const mayCallAgain = wireCode !== undefined && observer.refused?.(wireCode) === true;
          if (!isFirst || !mayCallAgain) {
            throw error;
          }
        }
      }
    },
    { step: 'initialize', name: 'recordCall' },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      attempts.set(context, (attempts.get(context) ?? 0) + 1);
      const result = await next(args);
      const response = result.response as HttpAnswer;
      observer.noteDate(response.headers['date']);
      if (response.statusCode < 300) {
        await expectAnswerOf(operationName(context), response);
      }
      return result;
    },
    { step: 'deserialize', name: 'readAnswer', priority: 'low' },
  );
}

interface ErrorShape {
  readonly name?: string;
  readonly Code?: string;
  readonly code?: string;
  readonly $metadata?: CallMetadata;
}

async function recorded(
  operation: string,
  call: () => Promise<Handled>,
  observer: Observer,
  attempts: () => number,
): Promise<Handled> {
  const started = performance.now();
  const record = (metadata: CallMetadata | undefined, error?: string) => {
    observer.onCall({
      operation,
      milliseconds: Math.round(performance.now() - started),
      ...(metadata?.httpStatusCode !== undefined && { status: metadata.httpStatusCode }),
      ...(metadata?.requestId !== undefined && { requestId: metadata.requestId }),
      attempts: attempts(),
      ...(error !== undefined && { error }),
    });
  };
  try {
    const result = await call();
    record(result.output.$metadata);
    return result;
  } catch (error) {
    const shape = error as ErrorShape;
    // Keys that could not be found are a problem of ours already.
    record(shape.$metadata, problemOf(error)?.code ?? shape.Code ?? shape.code ?? shape.name ?? 'Error');
    throw error;
  }
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/**
 * Makes sure that a good status comes with AWS's answer. The SDK takes any XML for one, a proxy's log-in page too, and finds
 * nothing in it: no users, no devices, a device deleted. An answer without content has its own element all the same.
 * @throws NotAwsError
 */
async function expectAnswerOf(operation: string, response: HttpAnswer): Promise<void> {
  const body = await readBody(response);
  if (!body.includes(`<${operation}Response`)) {
    throw new NotAwsError(response.statusCode);
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
async function readBody(response: HttpAnswer): Promise<Buffer> {
  if (!Buffer.isBuffer(response.body)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
    }
    response.body = Buffer.concat(chunks);
  }
  return response.body as Buffer;
}

/** A call's name, as AWS has it. */
export function operationName(context: { readonly commandName?: string }): string {
  return (context.commandName ?? 'unknown').replace(/Command$/, '');
}
