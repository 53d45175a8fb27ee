import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account';
import type { PracticeCall } from './calls';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The work is done, but the connection is to break. */
  readonly dropped: boolean;
  readonly call: PracticeCall;
  /** The account the call is counted to. */
  readonly account: Account;
}

export interface Exchange {
  readonly account: Account;
  readonly operation: string;
  /** Without secrets. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One request at the time it is worked on. */
export interface Moment {
  /** The account's clock, ms, with a fault of it. */
  readonly now: number;
  readonly skewCode: 'SignatureDoesNotMatch' | 'RequestExpired';
  readonly requestId: string;
}

export interface Worked {
  readonly caller: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request, with the faults that no protocol knows of: delay, a wrong clock, a proxy's page, a lost answer. */
export async function exchange(asked: Exchange, work: (moment: Moment) => Worked): Promise<Answer> {
  const { account, operation, parameters } = asked;
  const { faults } = account;
  const late = faults.take('latency', operation);
  if (late !== undefined) {
    // Unreferenced, so that a stopped account keeps no process alive.
    await delay(late.ms, undefined, { ref: false });
  }
  const skew = faults.take('clockSkew', operation);
  const now = account.settings.clock() + (skew?.ms ?? 0);
  const requestId = randomUUID();
  const worked =
    faults.take('html503', operation) === undefined
      ? work({ now, skewCode: skew?.code ?? 'SignatureDoesNotMatch', requestId })
      : PAGE;
  const { caller, status, type, body } = worked;
  const dropped = status < 300 && faults.take('dropAnswer', operation) !== undefined;
  return {
    status,
    headers: {
      'x-amzn-RequestId': requestId,
      Date: new Date(now).toUTCString(),
      'Content-Type': type,
      ...worked.headers,
    },
    body,
    dropped,
    call: { operation, caller, status: dropped ? 0 : status, at: now, parameters },
    account,
  };
}

const PAGE: Worked = {
  caller: 'unknown',
  status: 503,
  type: 'text/html',
  body: '<html><head><title>503</title></head><body><h1>503 Service Unavailable</h1></body></html>',
};
