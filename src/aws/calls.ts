import { getSmithyContext } from '@smithy/core/client';
import { problemOf } from '../core/problem';
import { orAborted } from './aborts';
import { readBody, type HttpAnswer } from './answers';
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
   * Told of the code on the wire where a call was refused, and of the id of the key that signed it.
   * @returns whether the call may go out once more: its keys were refused, so that nothing was done, and others may be found
   */
  refused?(wireCode: string, keyId: string | undefined): boolean;
}

/** Tells of each call of a client, and takes nothing for an answer of AWS's that is none. */
export function observe(client: Observable, observer: Observer): void {
  /** By call. The SDK's own count holds attempts that were never sent. */
  const attempts = new WeakMap<object, number>();
  const keyIds = new WeakMap<object, string>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = operationName(context);
      const { abortSignal } = getSmithyContext(context) as { readonly abortSignal?: AbortSignal };
      observer.begin(operation);
      for (let isFirst = true; ; isFirst = false) {
        attempts.set(context, 0);
        try {
          return await recorded(
            operation,
            () => orAborted(abortSignal, () => next(args)),
            observer,
            () => attempts.get(context) ?? 0,
          );
        } catch (error) {
          const wireCode = (error as ErrorShape).Code;
          const mayCallAgain = wireCode !== undefined && observer.refused?.(wireCode, keyIds.get(context)) === true;
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
      const keyId = signedWith(args.request);
      if (keyId !== undefined) {
        keyIds.set(context, keyId);
      }
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

/** @returns the id of the key that a request is signed with */
function signedWith(request: unknown): string | undefined {
  const { headers } = request as { readonly headers: Readonly<Record<string, string | undefined>> };
  return /Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1];
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

/** A call's name, as AWS has it. */
export function operationName(context: { readonly commandName?: string }): string {
  return (context.commandName ?? 'unknown').replace(/Command$/, '');
}
