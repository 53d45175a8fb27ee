import assert from 'node:assert/strict';
import { type Connection, Connections } from '../../../src/aws/connect';
import { Paces } from '../../../src/aws/pace';
import type { Iam } from '../../../src/core/iam';
import { IdleClock, SteeredClock } from '../doubles';
import { problem, serialOf, Setup, until } from '../practiceSetup';
import { SignInHands } from './signInHands';

const look = (iam: Iam, signal?: AbortSignal) => iam.listMfaDevices('priya', signal);

describe('reads keep a pace', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  /** Waits are those of the account's clock, which they move: they take no time. */
  const paced = async (caller?: string) =>
    (await setup.connect(caller, { paces: new Paces(setup.clock, () => 1) })).iam;
  const looks = (iam: Iam, count: number) => Array.from({ length: count }, () => look(iam));
  const sentAsTold = () => setup.records.reduce((sum, { attempts = NaN }) => sum + attempts, 0);

  for (const [count, most] of [
    [60, 30],
    [300, 60],
  ] as const) {
    it(`of twenty a second: of ${count} look-ups none is lost, and few are throttled`, async () => {
      setup.practice.faults.set({ kind: 'rate', perSecond: 20 });
      const began = setup.clock.now();
      const found = await Promise.all(looks(await paced(), count));
      assert.ok(found.every(({ length }) => length === 3));
      const throttled = setup.count('ListMFADevices') - count;
      assert.ok(throttled > 0 && throttled <= most, `${throttled} were throttled`);
      const seconds = (setup.clock.now() - began) / 1000;
      assert.ok(seconds < 1 + (1.2 * (count - 20)) / 20, `${seconds} s`);
      assert.equal(sentAsTold(), setup.count('ListMFADevices'), 'the log is told of each attempt');
    });
  }

  it('in which a refusal is an answer like the others: of 300 users without a password none is lost, nor is it slow', async () => {
    setup.practice.faults.set({ kind: 'rate', perSecond: 20 });
    const iam = await paced();
    const began = setup.clock.now();
    const found = await Promise.all(Array.from({ length: 300 }, () => iam.hasConsolePassword('deploy-bot')));
    assert.ok(found.every((has) => !has));
    const throttled = setup.count('GetLoginProfile') - 300;
    assert.ok(throttled > 0 && throttled <= 60, `${throttled} were throttled`);
    const seconds = (setup.clock.now() - began) / 1000;
    assert.ok(seconds < 20, `${seconds} s instead of 14 at best`);
  });

  describe('where AWS does nothing but throttle', () => {
    it('all who wait hear so together, and for a while nobody is kept waiting', async () => {
      const off = setup.practice.faults.set({ kind: 'throttle', operation: 'ListMFADevices' });
      const iam = await paced();
      const began = setup.clock.now();
      const found = await Promise.all(looks(iam, 100).map(problem));
      for (const { code, operation, subject, status, awsCode, detail, requestId } of found) {
        assert.deepEqual(
          { code, operation, subject, status, awsCode, detail },
          {
            code: 'throttled',
            operation: 'ListMFADevices',
            subject: 'priya',
            status: 400,
            awsCode: 'Throttling',
            detail: 'Rate exceeded',
          },
        );
        assert.match(requestId ?? '', /^[0-9a-f-]{36}$/);
      }
      const seconds = (setup.clock.now() - began) / 1000;
      assert.ok(seconds >= 30, `${seconds} s`);
      const sent = setup.count('ListMFADevices');
      assert.equal(sentAsTold(), sent, 'the log is told of each attempt, and of no other');

      assert.equal((await problem(look(iam))).code, 'throttled');
      assert.equal(setup.records.at(-1)?.attempts, 0);
      assert.equal((await iam.getUser('priya')).name, 'priya', 'other APIs go on');
      assert.equal(setup.count('ListMFADevices'), sent);
      off();
      setup.clock.advance(30_000);
      assert.equal((await look(iam)).length, 3);
    });
  });

  it('with an abort, who waits for a turn leaves at once, with the reason', async () => {
    const clock = new IdleClock();
    const { iam } = await setup.connect(undefined, { paces: new Paces(clock) });
    setup.practice.faults.set({ kind: 'throttle', operation: 'ListMFADevices', times: 1 });
    const controller = new AbortController();
    const call = look(iam, controller.signal);
    await until(() => clock.waits > 0);
    controller.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
    assert.equal(setup.count('ListMFADevices'), 1);
    assert.equal(setup.records.at(-1)?.attempts, 1);
  });

  describe('that all readers of an account share', () => {
    let clock: IdleClock;
    let hands: SignInHands;
    let connections: Connections;
    const opened: Connection[] = [];

    beforeEach(async () => {
      clock = new IdleClock();
      hands = await SignInHands.open();
      connections = new Connections({
        onCall: (record) => hands.records.push(record),
        onFilesChanged: () => undefined,
        paces: new Paces(clock),
      });
      const { sister } = hands.stage;
      await hands.stage.config({
        'profile keeper': hands.keysOf('keeper'),
        'profile auditor': hands.keysOf('auditor'),
        'profile priya': hands.userKeys('priya'),
        'profile labs': hands.keysOf('labs-keeper', sister),
      });
    });
    afterEach(async () => {
      opened.splice(0).forEach((connection) => connection.dispose());
      connections.dispose();
      await hands.close();
    });

    const open = async (profile: string): Promise<Iam> => {
      const connection = await connections.open({ kind: 'profile', profile }, false);
      opened.push(connection);
      await connection.iam.callerIdentity();
      return connection.iam;
    };
    /** Has a look throttled: it waits until time goes by. */
    const stuck = async (iam: Iam): Promise<{ readonly call: Promise<unknown> }> => {
      hands.stage.main.faults.set({ kind: 'throttle', operation: 'ListMFADevices', times: 1 });
      const call = look(iam);
      await until(() => clock.waits > 0);
      return { call };
    };

    it('whoever they are, and whatever keys they have', async () => {
      const [keeper, auditor] = [await open('keeper'), await open('auditor')];
      const { call } = await stuck(keeper);
      const other = look(auditor);
      await auditor.getUser('priya');
      assert.equal(hands.count('ListMFADevices'), 1, 'the other one waits too');
      await clock.until(Promise.all([call, other]));
      assert.equal(hands.count('ListMFADevices'), 3);
    });

    it('and sessions made from them', async () => {
      const priya = await open('priya');
      const session = await sessionOf(priya);
      const { call } = await stuck(priya);
      const other = look(session.iam);
      await session.iam.getUser('priya');
      assert.equal(hands.count('ListMFADevices'), 1, 'the session waits too');
      await clock.until(Promise.all([call, other]));
      assert.equal(hands.count('ListMFADevices'), 3);
    });

    it('which send nothing once they are dropped, not even what was waiting', async () => {
      const session = await sessionOf(await open('priya'));
      const { call } = await stuck(session.iam);
      session.end();
      assert.equal((await problem(clock.until(call))).code, 'expiredCredentials');
      assert.equal(hands.count('ListMFADevices'), 1);
    });

    it('but not those of another account', async () => {
      const [keeper, labs] = [await open('keeper'), await open('labs')];
      const { call } = await stuck(keeper);
      await labs.listMfaDevices('kofi');
      assert.equal(hands.count('ListMFADevices'), 2);
      await clock.until(call);
    });

    const sessionOf = async (iam: Iam) => {
      const serial = serialOf('priya-tablet');
      return iam.mfaSession(serial, await hands.code(serial));
    };
  });

  describe('and are retried as the person’s settings say, where it is not throttling', () => {
    let hands: SignInHands;

    beforeEach(async () => {
      hands = await SignInHands.open();
    });
    afterEach(() => hands.close());

    /** Waits take no time. */
    const connect = async (settings: Readonly<Record<string, string>>) => {
      await hands.stage.config({ 'profile work': { ...hands.keysOf('keeper'), ...settings } });
      const paces = new Paces(new SteeredClock());
      return (await hands.connect('work', { paces })).iam;
    };

    for (const settings of [{ max_attempts: '2' }, { max_attempts: '2', retry_mode: 'adaptive' }]) {
      it(`${JSON.stringify(settings)}: throttling does not count`, async () => {
        const { faults } = hands.stage.main;
        faults.set({ kind: 'throttle', operation: 'ListMFADevices', times: 5 });
        faults.set({ kind: 'serverError', operation: 'ListMFADevices', times: 1 });
        const iam = await connect(settings);
        assert.equal((await look(iam)).length, 3);
        assert.deepEqual([hands.count('ListMFADevices'), hands.records.at(-1)?.attempts], [7, 7]);

        faults.set({ kind: 'serverError', operation: 'ListMFADevices' });
        assert.equal((await problem(look(iam))).code, 'serviceFault');
        assert.deepEqual([hands.count('ListMFADevices'), hands.records.at(-1)?.attempts], [9, 2]);
      });
    }

    it('"too many of something" is not too many calls', async () => {
      const fault = { kind: 'error', code: 'LimitExceeded', status: 409, message: 'too many' } as const;
      hands.stage.main.faults.set({ ...fault, operation: 'GenerateCredentialReport' });
      const iam = await connect({ max_attempts: '1' });
      assert.equal((await problem(iam.credentialReport())).code, 'limitExceeded');
      assert.equal(hands.count('GenerateCredentialReport'), 1);
    });
  });
});
