import type { IAMClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-iam';
import { getSmithyContext } from '@smithy/core/client';
import { isThrottlingError } from '@smithy/core/retry';
import type { FinalizeRequestMiddleware, RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import { operationName } from './calls';
import { GivenUpError, type Outcome, type Pace } from './pace';
import { Turns } from './turns';

/**
 * Lets each attempt of a client's calls wait for its turn, and sends what AWS throttled again for as long as the pace does not
 * give it up. Whatever else fails is retried as the SDK was told to by profile and environment.
 * @param paceNow asked at each attempt
 * @param begin before an attempt is sent; may throw, and then it is not
 */
export function keepPace(client: IAMClient, paceNow: () => Pace, begin: (operation: string) => void): void {
  const { config } = client;
  const asTold = config.retryStrategy;
  let retries: Promise<RetryStrategyV2> | undefined;
  config.retryStrategy = () => (retries ??= asTold().then((strategy) => new PacedRetries(strategy as RetryStrategyV2)));
  const turns = new Turns();
  const inTurn: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next, context) => async (args) => {
    // To sign and send takes a few milliseconds: ten at once would hold everything else up.
    await turns.next();
    const operation = operationName(context);
    const send = () => {
      begin(operation);
      return next(args);
    };
    const { abortSignal } = getSmithyContext(context) as { readonly abortSignal?: AbortSignal };
    return paceNow().run(operation, send, outcomeOf, abortSignal);
  };
  client.middlewareStack.addRelativeTo(inTurn, {
    name: 'keepPace',
    // Within the retries, and not signed before it goes out: a signature does not last.
    relation: 'before',
    toMiddleware: 'httpSigningMiddleware',
  });
}

/** Retries throttling at once and without end, since the pace does the waiting, and leaves the rest to another strategy. */
class PacedRetries implements RetryStrategyV2 {
  constructor(private readonly others: RetryStrategyV2) {}

  async acquireInitialRetryToken(scope: string): Promise<PacedToken> {
    return new PacedToken(await this.others.acquireInitialRetryToken(scope), 0);
  }

  async refreshRetryTokenForRetry({ other, throttled }: PacedToken, info: RetryErrorInfo): Promise<RetryToken> {
    if (info.error instanceof GivenUpError) {
      throw info.error;
    }
    return isThrottle(info.error)
      ? new PacedToken(other, throttled + 1)
      : new PacedToken(await this.others.refreshRetryTokenForRetry(other, info), throttled);
  }

  recordSuccess({ other }: PacedToken): void {
    this.others.recordSuccess(other);
  }
}

/** What the other strategy knows of a call, which does not count throttling against it. */
class PacedToken implements RetryToken {
  constructor(
    readonly other: RetryToken,
    readonly throttled: number,
  ) {}

  getRetryCount(): number {
    return this.other.getRetryCount() + this.throttled;
  }

  getRetryDelay(): number {
    return 0;
  }
}

type SdkError = Parameters<typeof isThrottlingError>[0];

function outcomeOf(error: unknown): Outcome {
  const { Code, $metadata } = error as SdkError & { readonly Code?: string };
  if (isThrottle(error)) {
    return 'throttled';
  }
  // A refusal of AWS's counts against its rate like every answer.
  return Code !== undefined && ($metadata?.httpStatusCode ?? 500) < 500 ? 'passed' : 'unknown';
}

/** The SDK takes "too many of something" for "too many calls". */
function isThrottle(error: unknown): boolean {
  return error instanceof Error && error.name !== 'LimitExceededException' && isThrottlingError(error as SdkError);
}
