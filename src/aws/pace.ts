import { setMaxListeners } from 'node:events';
import type { Clock } from '../core/clock';
import { aborted } from './aborts';

/** So many calls of an account are under way at once, over all APIs. */
const atOnce = 16;

/** What of the rate that went through is asked for after AWS has throttled. */
const lowered = 0.7;

/** The least and, where nothing is known yet, the first rate to be tried; calls a second. */
const slowest = 1;
const firstRate = 5;

/** By so much a limit rises in each second in which it is used to the full: calls a second, and at most such a part of it. */
const raised = 1;
const raisedPart = 0.2;

/** How long nothing goes out after a throttle, in milliseconds; doubled with each further one in a row. */
const firstWait = 200;
const longestWait = 5000;

/** An API of which nothing went through for so long is given up, and for as long again; milliseconds. */
const patience = 30_000;

/** A limit that AWS has not confirmed for so long is forgotten if far less is used; milliseconds. */
const forgottenAfter = 60_000;

/** Over so long the rate is measured that goes through; milliseconds. */
const measuredOver = 1000;

/** What a call's end says of the rate. `unknown`: nothing, as where the connection broke. */
export type Outcome = 'passed' | 'throttled' | 'unknown';

/** Says what AWS said when it throttled, in the place of a call that was not sent again. */
export class GivenUpError extends Error {
  constructor(throttled: Error) {
    super(throttled.message);
    // The SDK notes in `$metadata` how each call went.
    const { $metadata } = throttled as { readonly $metadata?: object };
    Object.assign(this, throttled, { name: throttled.name, $metadata: { ...$metadata } });
  }
}

/** The paces of a window, by account. */
export class Paces {
  readonly #paces = new Map<string, Pace>();

  /** @param random from 0 to 1, so that windows do not come back all at once */
  constructor(
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {}

  /** The one pace of an account. @param key the account's, with its endpoint */
  of(key: string): Pace {
    const pace = this.#paces.get(key) ?? this.apart();
    this.#paces.set(key, pace);
    return pace;
  }

  /** A pace of its own, as long as it is not known whose account it is. */
  apart(): Pace {
    return new Pace(this.clock, this.random);
  }
}

/**
 * How fast an account is called. IAM's rates are not published, and are per account and API (iam-facts 4), so each API goes as
 * fast as it can until AWS throttles it, and then at the rate that goes through. Calls wait here in their order and are not lost.
 */
export class Pace {
  readonly #apis = new Map<string, Api>();
  #underWay = 0;
  #count = 0;
  #alarm: { readonly at: number; readonly off: AbortController } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /**
   * Sends one attempt of a call once it is its turn, and learns from how it ends.
   * @param api the operation's name
   * @param outcomeOf what an error of `send` says of the rate
   * @throws what `send` throws; GivenUpError where AWS has done nothing but throttle the API for half a minute; AbortError
   */
  async run<T>(
    api: string,
    send: () => Promise<T>,
    outcomeOf: (error: unknown) => Outcome,
    signal?: AbortSignal,
  ): Promise<T> {
    const place = this.#apis.get(api) ?? new Api(this.random);
    this.#apis.set(api, place);
    const round = await this.#turn(place, signal);
    try {
      const answer = await send();
      place.passed(round, this.clock.now());
      return answer;
    } catch (error) {
      switch (outcomeOf(error)) {
        case 'passed':
          place.passed(round, this.clock.now());
          break;
        case 'throttled':
          place.throttled(round, this.clock.now(), error as Error);
          break;
        case 'unknown':
      }
      throw error;
    } finally {
      this.#underWay--;
      this.#sendNext();
    }
  }

  /** Waits for the turn of a call. @returns the round in which it goes out */
  #turn(api: Api, signal: AbortSignal | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      const refusal = signal?.aborted ? aborted() : api.refusal(this.clock.now());
      if (refusal) {
        reject(refusal);
        return;
      }
      const leave = () => {
        api.waiting.delete(call);
        signal?.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        reject(aborted());
        this.#sendNext();
      };
      const call: Waiting = {
        number: this.#count++,
        go: (round) => {
          leave();
          resolve(round);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      if (signal) {
        // All calls of one reading may wait with the same signal: that is no leak.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', abort);
      }
      api.waiting.add(call);
      this.#sendNext();
    });
  }

  /** Sends what may go out now, and sets the alarm for the next. */
  #sendNext(): void {
    const now = this.clock.now();
    while (this.#underWay < atOnce) {
      const next = this.#oldest(now);
      if (!next) {
        break;
      }
      this.#underWay++;
      next.sendOne(now);
    }
    // Where all places are taken, the next answer is what is waited for.
    const times = this.#underWay < atOnce ? this.#waiting().map((api) => api.opensAt(now)) : [];
    this.#setAlarm(now, times.length === 0 ? undefined : Math.min(...times));
  }

  /** The API whose call has waited longest, of those that may be called now. */
  #oldest(now: number): Api | undefined {
    return this.#waiting()
      .filter((api) => api.opensAt(now) <= now)
      .sort((one, other) => (one.first?.number ?? 0) - (other.first?.number ?? 0))[0];
  }

  #waiting(): Api[] {
    return [...this.#apis.values()].filter(({ waiting }) => waiting.size > 0);
  }

  #setAlarm(now: number, at: number | undefined): void {
    if (this.#alarm?.at === at) {
      return;
    }
    this.#alarm?.off.abort();
    this.#alarm = undefined;
    if (at === undefined) {
      return;
    }
    const alarm = { at, off: new AbortController() };
    this.#alarm = alarm;
    this.clock.delay(Math.ceil(at - now), alarm.off.signal).then(
      () => {
        if (this.#alarm === alarm) {
          this.#alarm = undefined;
          this.#sendNext();
        }
      },
      () => undefined,
    );
  }
}

/** Whether a time lies further ahead than anything waits for. */
function isAhead(at: number, now: number): boolean {
  return at - now > patience;
}

interface Waiting {
  readonly number: number;
  readonly go: (round: number) => void;
  readonly refuse: (error: Error) => void;
}

/** One API of an account: who waits for it, and what is known of its rate. Instants and durations in milliseconds. */
class Api {
  /** In the order of their coming. */
  readonly waiting = new Set<Waiting>();
  /** Calls a second; undefined: AWS has not said that there is a limit. */
  #rate: number | undefined;
  #opensAt = 0;
  /** Counts the throttles that were heeded: calls that were sent before the last of them tell nothing new. */
  #round = 0;
  #roundFrom = 0;
  /** When calls of this round went through, as far as they are measured. */
  #passes: number[] = [];
  #throttledAt = 0;
  /** Throttles since something went through, and when the first of them was. */
  #inARow = 0;
  #inVainSince = 0;
  #givenUp: { readonly error: Error; readonly until: number } | undefined;

  constructor(private readonly random: () => number) {}

  /** @returns when the next call may go out; 0 where that lies further ahead than any wait: the clock was set back */
  opensAt(now: number): number {
    return isAhead(this.#opensAt, now) ? 0 : this.#opensAt;
  }

  get first(): Waiting | undefined {
    return this.waiting.values().next().value;
  }

  /** Why there is no waiting for this API now, if so. */
  refusal(now: number): GivenUpError | undefined {
    const { error, until } = this.#givenUp ?? {};
    return error && until !== undefined && now < until && !isAhead(until, now) ? new GivenUpError(error) : undefined;
  }

  sendOne(now: number): void {
    if (this.#rate !== undefined) {
      this.#opensAt = now + 1000 / this.#rate;
    }
    this.first?.go(this.#round);
  }

  passed(round: number, now: number): void {
    this.#inARow = 0;
    this.#givenUp = undefined;
    if (round !== this.#round) {
      return;
    }
    this.#passes = [...this.#measured(now), now];
    if (this.#rate === undefined) {
      return;
    }
    this.#rate += Math.min(raised / this.#rate, raisedPart);
    const isUnused = this.#rate > 2 * this.#passes.length;
    if (isUnused && now - this.#throttledAt > forgottenAfter) {
      this.#rate = undefined;
    }
  }

  throttled(round: number, now: number, error: Error): void {
    if (round !== this.#round) {
      return;
    }
    this.#rate = Math.max(slowest, lowered * (this.#passingRate(now) ?? this.#rate ?? firstRate));
    if (this.#inARow === 0) {
      this.#inVainSince = now;
    }
    // Half of it at least: what is on its way should have come back by then.
    const wait = Math.min(longestWait, firstWait * 2 ** this.#inARow) * (0.5 + this.random() / 2);
    this.#inARow++;
    this.#throttledAt = now;
    this.#beginRound(now + wait);
    if (now - this.#inVainSince >= patience) {
      this.#giveUp(now, error);
    }
  }

  #beginRound(from: number): void {
    this.#round++;
    this.#roundFrom = from;
    this.#opensAt = from;
    this.#passes = [];
  }

  /** Refuses all who wait and who come in the next while. Afterwards nothing is known of the rate any more. */
  #giveUp(now: number, error: Error): void {
    const until = now + patience;
    this.#givenUp = { error, until };
    this.#rate = undefined;
    this.#inARow = 0;
    this.#beginRound(until);
    for (const call of [...this.waiting]) {
      call.refuse(new GivenUpError(error));
    }
  }

  /** The rate that went through lately; undefined where nothing did. */
  #passingRate(now: number): number | undefined {
    const passes = this.#measured(now).length;
    if (passes === 0) {
      return undefined;
    }
    if (this.#rate === undefined) {
      return (passes * 1000) / measuredOver;
    }
    // Right after a wait there is less than that to look back on.
    const span = Math.min(measuredOver, now - this.#roundFrom);
    return Math.min(this.#rate, (passes * 1000) / span);
  }

  #measured(now: number): readonly number[] {
    return this.#passes.filter((at) => at > now - measuredOver);
  }
}
