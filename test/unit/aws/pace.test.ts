import assert from 'node:assert/strict';
import { GivenUpError, type Outcome, Pace, Paces } from '../../../src/aws/pace';
import { IdleClock } from '../doubles';

/** What AWS says when it throttles, and the other ways in which a call may end badly. */
class Ended extends Error {
  constructor(
    readonly outcome: Outcome,
    override readonly message = 'Rate exceeded',
  ) {
    super();
  }
}

const outcomeOf = (error: unknown): Outcome => (error instanceof Ended ? error.outcome : 'unknown');

/** More than anybody calls. */
const noLimit = 1e9;

/** Everybody who calls tries again for as long as the pace lets them, as the SDK does. */
class Service {
  readonly clock = new IdleClock();
  readonly #pace: Pace;
  /** When calls arrived, in milliseconds from the beginning, and whether they were throttled. */
  readonly arrived: { readonly at: number; readonly throttled: boolean }[] = [];
  /** Throttles everything, whatever the rate. */
  isDown = false;
  /** How many calls were under way at once. */
  most = 0;
  #underWay = 0;
  #tokens: number;
  #filledAt: number;
  readonly #start: number;

  /** @param perSecond the rate; as many may come at once, or `size` */
  constructor(
    public perSecond: number,
    private readonly latency = 60,
    private readonly size = perSecond,
    random: () => number = () => 1,
  ) {
    this.#pace = new Pace(this.clock, random);
    this.#tokens = size;
    this.#start = this.#filledAt = this.clock.now();
  }

  /** One that throttles everything. */
  static down(latency = 0, random?: () => number): Service {
    const service = new Service(noLimit, latency, noLimit, random);
    service.isDown = true;
    return service;
  }

  get now(): number {
    return this.clock.now() - this.#start;
  }

  get throttled(): number {
    return this.arrived.filter(({ throttled }) => throttled).length;
  }

  async call(api = 'ListMFADevices', signal?: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#pace.run(api, () => this.#answer(), outcomeOf, signal);
        return;
      } catch (error) {
        if (!(error instanceof Ended)) {
          throw error;
        }
      }
    }
  }

  /** Makes so many calls, and lets time go by until all are answered. */
  calls(count: number, api?: string): Promise<unknown> {
    return this.clock.until(Promise.all(Array.from({ length: count }, () => this.call(api))));
  }

  async #answer(): Promise<void> {
    this.most = Math.max(this.most, ++this.#underWay);
    const arrival = { at: this.now, throttled: this.#isTooMany() };
    this.arrived.push(arrival);
    await this.clock.delay(this.latency);
    this.#underWay--;
    if (arrival.throttled) {
      throw new Ended('throttled');
    }
  }

  #isTooMany(): boolean {
    const now = this.clock.now();
    const passed = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.size, this.#tokens + (passed * this.perSecond) / 1000);
    this.#filledAt = now;
    const isTooMany = this.isDown || this.#tokens < 1;
    this.#tokens -= isTooMany ? 0 : 1;
    return isTooMany;
  }
}

/** Of numbers in order: how far each is from the one before. */
const gaps = (numbers: readonly number[]): number[] =>
  numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));

describe('pace', () => {
  it('knows no limit before AWS has thrown one in, but for sixteen calls at once', async () => {
    const service = new Service(noLimit, 50);
    await service.calls(160);
    assert.equal(service.most, 16);
    assert.equal(service.now, 10 * 50);
  });

  it('lets sixteen calls at once through over all APIs of an account, in the order of their coming', async () => {
    const service = new Service(noLimit, 50);
    const order: string[] = [];
    const call = async (api: string) => {
      await service.call(api);
      order.push(api);
    };
    const apis = Array.from({ length: 48 }, (_, index) => `Api${index % 3}`);
    await service.clock.until(Promise.all(apis.map(call)));
    assert.equal(service.most, 16);
    assert.deepEqual(order, apis);
  });

  for (const [perSecond, size, latency, count] of [
    [20, 20, 60, 500],
    [20, 20, 300, 500],
    [20, 100, 60, 500],
    [50, 50, 60, 1000],
    [5, 5, 60, 200],
  ] as const) {
    it(`finds a rate of ${perSecond}/s, ${size} at once, answered in ${latency} ms, and uses it well`, async () => {
      const service = new Service(perSecond, latency, size);
      await service.calls(count);
      assert.equal(service.arrived.length - service.throttled, count, 'all went through');
      const best = ((count - size) / perSecond) * 1000;
      assert.ok(service.now < 1.15 * best, `${service.now} ms instead of ${best} at best`);
      assert.ok(service.throttled < 0.2 * count, `${service.throttled} were throttled`);
    });
  }

  it('gets over a rate that falls, and back up when it rises', async () => {
    const service = new Service(40);
    await service.calls(200);
    service.perSecond = 2;
    await service.calls(20);
    service.perSecond = 40;
    const [before, throttled] = [service.now, service.throttled];
    await service.calls(1000);
    assert.ok(service.now - before < 50_000, `${service.now - before} ms for a thousand calls`);
    assert.ok(service.throttled - throttled < 50, `${service.throttled - throttled} were throttled`);
  });

  it('calls smoothly under a limit: nothing comes in bursts', async () => {
    const service = new Service(10, 20);
    await service.calls(100);
    const times = service.arrived.map(({ at }) => at).filter((at) => at > 1000);
    assert.ok(
      gaps(times).every((gap) => gap > 50),
      gaps(times).join(' '),
    );
  });

  describe('after a throttle', () => {
    /** Everything is throttled; when something arrived. */
    const rounds = async (random: number): Promise<number[]> => {
      const service = Service.down(0, () => random);
      await assert.rejects(service.calls(1), GivenUpError);
      return gaps(service.arrived.map(({ at }) => at));
    };

    it('nothing goes out for a while, which grows with each in a row', async () => {
      assert.deepEqual(await rounds(1), [200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000, 5000]);
    });

    it('and differs from window to window', async () => {
      assert.deepEqual((await rounds(0)).slice(0, 7), [100, 200, 400, 800, 1600, 2500, 2500]);
    });

    it('what had been sent before tells nothing new: sixteen throttled together wait once, for 0.2 seconds', async () => {
      const service = Service.down(50);
      const calls = Array.from({ length: 16 }, () => service.call());
      await service.clock.pass(50 + 199);
      assert.equal(service.arrived.length, 16);
      await service.clock.pass(2);
      assert.equal(service.arrived.length, 17);
      await assert.rejects(service.clock.until(Promise.all(calls)), GivenUpError);
    });

    it('the wait is short again once something has gone through', async () => {
      const service = Service.down();
      const call = service.call();
      await service.clock.pass(1000);
      service.isDown = false;
      await service.clock.until(call);
      service.isDown = true;
      const { length } = service.arrived;
      const next = service.call();
      await service.clock.pass(2000);
      service.isDown = false;
      await service.clock.until(next);
      assert.equal(gaps(service.arrived.slice(length).map(({ at }) => at))[0], 200);
    });

    it('nobody waits for the time that a clock is set back by', async () => {
      const service = Service.down();
      const call = service.call();
      await service.clock.pass(300);
      service.clock.setBack(3_600_000);
      service.isDown = false;
      const { now } = service;
      await service.clock.until(call);
      assert.ok(service.now - now < 5000, `${service.now - now} ms`);
    });

    it('other APIs of the account go on', async () => {
      const service = Service.down();
      const stuck = service.call('ListMFADevices');
      await service.clock.pass(10_000);
      service.isDown = false;
      const { now } = service;
      await service.calls(1, 'GetUser');
      assert.equal(service.now, now);
      await service.clock.until(stuck);
    });
  });

  it('forgets a limit that is not met any more once far less is used', async () => {
    const service = new Service(20);
    await service.calls(100);
    service.perSecond = noLimit;
    await service.clock.pass(61_000);
    await service.calls(1);
    const { now } = service;
    await service.calls(16);
    assert.equal(service.now, now + 60, 'all at once');
  });

  it('does not forget it while it is used up: nothing comes in bursts after a minute either', async () => {
    const service = new Service(20);
    await service.calls(100);
    service.perSecond = noLimit;
    const { now } = service;
    await service.calls(4000);
    const late = service.arrived.map(({ at }) => at).filter((at) => at > now + 60_000);
    assert.ok(late.length > 100 && gaps(late).every((gap) => gap > 5), `${late.length}: ${Math.min(...gaps(late))} ms`);
  });

  describe('an abort', () => {
    it('takes a call that waits out of the queue at once', async () => {
      const service = Service.down();
      const controller = new AbortController();
      const call = service.call('ListMFADevices', controller.signal);
      await service.clock.pass(100);
      const other = service.call();
      controller.abort(new Error('enough'));
      await assert.rejects(call, { name: 'AbortError' });
      assert.equal(service.arrived.length, 1, 'only before');
      service.isDown = false;
      await service.clock.until(other);
      assert.equal(service.arrived.length, 2, 'and the other one');
      assert.equal(service.clock.waits, 0, 'nothing is waited for any more');
    });

    it('of all who wait leaves nothing behind', async () => {
      const service = Service.down();
      const controller = new AbortController();
      const calls = Array.from({ length: 50 }, () => service.call('ListMFADevices', controller.signal));
      const settled = Promise.allSettled(calls);
      await service.clock.pass(100);
      controller.abort();
      assert.ok((await settled).every(({ status }) => status === 'rejected'));
      assert.equal(service.clock.waits, 0);
    });

    it('comes before the turn: then nothing is sent', async () => {
      const service = new Service(noLimit);
      await assert.rejects(service.call('ListMFADevices', AbortSignal.abort()), { name: 'AbortError' });
      assert.equal(service.arrived.length, 0);
    });
  });

  describe('gives an API up', () => {
    it('of which nothing went through for half a minute: all who wait hear so at once, in AWS’s words', async () => {
      const service = Service.down();
      const ends: (readonly [at: number, error: unknown])[] = [];
      const calls = Array.from({ length: 300 }, () =>
        service.call().catch((error: unknown) => ends.push([service.now, error])),
      );
      await service.clock.until(Promise.all(calls));
      const [[first]] = ends as [[number, unknown]];
      assert.ok(first >= 30_000 && first <= 35_000, `${first} ms`);
      assert.ok(
        ends.every(([at, error]) => at === first && (error as Error).message === 'Rate exceeded'),
        'all of them, with it',
      );
      assert.ok(service.arrived.length < 40, `${service.arrived.length} arrived`);
      assert.equal(service.clock.waits, 0, 'nothing is waited for any more');
    });

    it('for half a minute, in which nothing is sent; then it begins anew', async () => {
      const service = Service.down();
      await assert.rejects(service.calls(1), GivenUpError);
      const { length } = service.arrived;
      await service.clock.pass(29_999);
      await assert.rejects(service.calls(20), GivenUpError);
      assert.equal(service.arrived.length, length);
      await service.clock.pass(1);
      service.isDown = false;
      const { now } = service;
      await service.calls(16);
      assert.equal(service.now, now, 'at once');
    });

    it('not for the time that a clock is set back by', async () => {
      const service = Service.down();
      await assert.rejects(service.calls(1), GivenUpError);
      service.clock.setBack(3_600_000);
      service.isDown = false;
      await service.calls(1);
    });

    it('by itself: others of the account are called', async () => {
      const service = Service.down();
      await assert.rejects(service.calls(1), GivenUpError);
      service.isDown = false;
      await service.calls(1, 'GetUser');
    });

    it('never while something goes through, be it ever so slow', async () => {
      const service = new Service(1 / 20, 0, 1);
      await service.calls(10);
      assert.ok(service.now > 170_000, `${service.now} ms`);
    });
  });

  it('takes a refusal for an answer, and a broken connection for none', async () => {
    const clock = new IdleClock();
    const pace = new Pace(clock, () => 1);
    const times: number[] = [];
    const start = clock.now();
    const call = (outcome: Outcome) =>
      clock.until(
        assert.rejects(
          pace.run(
            'GetLoginProfile',
            () => {
              times.push(clock.now() - start);
              return Promise.reject(new Ended(outcome));
            },
            outcomeOf,
          ),
          Ended,
        ),
      );
    for (const outcome of ['throttled', 'unknown', 'throttled', 'passed', 'throttled', 'passed'] as const) {
      await call(outcome);
    }
    const [, , afterUnknown = 0, , , last = 0] = gaps([0, ...times]);
    assert.ok(times[0] === 0 && times[1] === 200 && afterUnknown > 200, times.join(' '));
    const second = gaps(times)[2];
    assert.equal(second, 400, 'the connection that broke did not end the row');
    assert.equal(last, 200, 'the refusal did');
  });

  it('is one for each account', () => {
    const paces = new Paces(new IdleClock());
    assert.equal(paces.of('aws:210987654321'), paces.of('aws:210987654321'));
    assert.notEqual(paces.of('aws:210987654321'), paces.of('aws:543210987654'));
    assert.notEqual(paces.of('aws:210987654321'), paces.of('aws:210987654321@http://127.0.0.1:1'));
    assert.notEqual(paces.apart(), paces.apart());
  });
});
