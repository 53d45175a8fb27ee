import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { systemClock } from '../../../src/core/clock';
import { Emitter } from '../../../src/core/emitter';
import { asProblem, outcomeUnknown, ProblemError, problemOf, type ProblemCode } from '../../../src/core/problem';
import { until } from '../practiceSetup';

describe('emitter', () => {
  it('tells every listener, the same one twice if it asked twice, until its subscription ends', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    const listener = (event: number) => void heard.push(event);
    const first = emitter.on(listener);
    emitter.on(listener);
    emitter.fire(1);
    first.dispose();
    first.dispose();
    emitter.fire(2);
    emitter.dispose();
    emitter.fire(3);
    assert.deepEqual(heard, [1, 1, 2]);
  });

  it('tells those who were there when it began, whatever they do meanwhile', () => {
    const emitter = new Emitter<string>();
    const heard: string[] = [];
    const first = emitter.on(() => {
      first.dispose();
      emitter.on(() => void heard.push('late'));
    });
    emitter.on(() => void heard.push('second'));
    emitter.fire('');
    assert.deepEqual(heard, ['second']);
  });

  it('lets neither the teller nor the other listeners suffer from one that throws, and does not hide it', async () => {
    const emitter = new Emitter<string>();
    const heard: string[] = [];
    emitter.on(() => {
      throw new Error('broken listener');
    });
    emitter.on((event) => void heard.push(event));
    // The test runner's own handlers would take the error for a failure.
    const handlers = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught: unknown[] = [];
    process.on('uncaughtException', (error) => uncaught.push(error));
    try {
      emitter.fire('hello');
      assert.deepEqual(heard, ['hello']);
      await until(() => uncaught.length > 0);
      assert.match(String(uncaught[0]), /broken listener/);
    } finally {
      process.removeAllListeners('uncaughtException');
      handlers.forEach((handler) => process.on('uncaughtException', handler));
    }
  });
});

describe('the computer’s clock', () => {
  it('waits at least as long as asked', async () => {
    const before = performance.now();
    await systemClock.delay(5);
    assert.ok(performance.now() - before >= 4, 'it was too short');
  });

  it('stops waiting when told to, with the reason, before or during', async () => {
    const controller = new AbortController();
    const waiting = systemClock.delay(3_600_000, controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    await assert.rejects(systemClock.delay(0, controller.signal), /enough/);
  });

  it('leaves nothing on the signal once it has waited', async () => {
    const controller = new AbortController();
    await systemClock.delay(0, controller.signal);
    assert.deepEqual(getEventListeners(controller.signal, 'abort'), []);
  });
});

describe('problems', () => {
  const problem = { code: 'accessDenied', operation: 'ListUsers' } as const;

  it('are carried by an error and known by its shape, whichever copy of the class made it', () => {
    assert.equal(problemOf(new ProblemError(problem)), problem);
    assert.equal(problemOf(Object.assign(new Error('x'), { name: 'ProblemError', problem })), problem);
    assert.equal(problemOf(new Error('x')), undefined);
    assert.equal(problemOf(undefined), undefined);
  });

  it('tell the log what is wrong with the files, by its kind and values', () => {
    assert.equal(new ProblemError(problem).message, 'ListUsers: accessDenied');
    assert.equal(new ProblemError({ ...problem, detail: 'No.' }).message, 'ListUsers: accessDenied (No.)');
    const fault = { kind: 'noSourceProfile', profile: 'work', source: 'base' } as const;
    assert.equal(
      new ProblemError({ code: 'badConfig', operation: 'Credentials', fault }).message,
      `Credentials: badConfig (${JSON.stringify(fault)})`,
    );
  });

  it('say what little is known of any other error', () => {
    assert.deepEqual(asProblem(new Error('x'), 'ListUsers'), { code: 'other', operation: 'ListUsers', detail: 'x' });
    assert.deepEqual(asProblem('y', 'ListUsers'), { code: 'other', operation: 'ListUsers', detail: 'y' });
  });

  for (const [code, status, unknown] of [
    ['answerLost', undefined, true],
    ['timedOut', undefined, true],
    ['notAws', 503, true],
    ['notAws', 200, true],
    ['serviceFault', 500, true],
    ['other', undefined, true],
    ['other', 502, true],
    ['other', 400, false],
    ['accessDenied', 403, false],
    ['throttled', 400, false],
    ['unreachable', undefined, false],
    ['alreadyExists', 409, false],
    ['invalidCode', 403, false],
  ] as const satisfies readonly (readonly [ProblemCode, number | undefined, boolean])[]) {
    it(`${code} with status ${status ?? 'none'}: AWS ${unknown ? 'may have' : 'has not'} done the work`, () =>
      assert.equal(
        outcomeUnknown({ code, operation: 'EnableMFADevice', ...(status !== undefined && { status }) }),
        unknown,
      ));
  }
});
