import assert from 'node:assert/strict';
import type { Iam } from '../../../src/core/iam';
import { problem, serialOf, Setup, type SetupOptions } from '../practiceSetup';

const hour = 3_600_000;
const step = 30_000;
const serial = serialOf('priya');

describe('an MFA session', () => {
  let setup: Setup;
  /** Signs with priya's long-term keys. */
  let iam: Iam;
  let ahead = 0;

  const open = async (options: SetupOptions = {}): Promise<void> => {
    ahead = options.ahead ?? 0;
    setup = await Setup.open(options);
    setup.practice.addCaller({
      name: 'priya',
      identity: { kind: 'user', userName: 'priya' },
      permissions: 'selfService',
    });
    iam = await setup.iam('priya');
  };
  beforeEach(() => open());
  afterEach(() => setup.close());

  /** What the phone shows, its clock being right. */
  const code = (steps = 0, of = serial): Promise<string> =>
    setup.code(setup.practice.seedOf(of) ?? '', setup.clock.now() + ahead + steps * step);

  it('may change a device of one’s own, which the keys it was made with may not', async () => {
    const refused = await problem(iam.deactivateMfaDevice('priya', serialOf('priya-tablet')));
    assert.deepEqual([refused.code, refused.permission], ['accessDenied', 'iam:DeactivateMFADevice']);
    const session = await iam.mfaSession(serial, await code());
    await session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet'));
    assert.ok(setup.unassigned().includes(serialOf('priya-tablet')), 'the device was deactivated');
  });

  it('is of the same user, and no long-term keys’', async () => {
    const session = await iam.mfaSession(serial, await code());
    assert.deepEqual(await session.iam.callerIdentity(), {
      ...(await iam.callerIdentity()),
      longTermKeys: false,
    });
    assert.equal((await iam.callerIdentity()).longTermKeys, true);
  });

  it('lasts an hour', async () => {
    const session = await iam.mfaSession(serial, await code());
    const left = session.expiresAt - Date.now();
    assert.ok(Math.abs(left - hour) < 5000, `${left}`);
    setup.clock.advance(hour);
    assert.equal((await problem(session.iam.callerIdentity())).code, 'expiredCredentials');
    assert.equal((await iam.callerIdentity()).userName, 'priya');
  });

  it('is made with a hardware token too', async () => {
    setup.practice.addCaller({
      name: 'elena',
      identity: { kind: 'user', userName: 'elena' },
      permissions: 'selfService',
    });
    const own = await setup.iam('elena');
    const session = await own.mfaSession('GAHT40718293', await code(0, 'GAHT40718293'));
    await session.iam.deactivateMfaDevice('elena', 'GAHT40718293');
    assert.deepEqual(setup.devicesOf('elena'), []);
  });

  describe('is not made', () => {
    const refusal = async (call: Promise<unknown>) => {
      const { code: found, operation, awsCode, permission } = await problem(call);
      return [found, operation, awsCode, permission];
    };
    const invalid = ['invalidCode', 'GetSessionToken', 'AccessDenied', undefined];

    it('with a wrong code', async () => {
      assert.deepEqual(await refusal(iam.mfaSession(serial, await code(-20))), invalid);
      assert.equal(setup.count('GetSessionToken'), 1);
    });

    it('with a code that was used', async () => {
      const used = await code();
      await iam.mfaSession(serial, used);
      assert.deepEqual(await refusal(iam.mfaSession(serial, used)), invalid);
      await iam.mfaSession(serial, await code(1));
    });

    it('with another’s device, though its code is right', async () => {
      assert.deepEqual(await refusal(iam.mfaSession(serialOf('ines'), await code(0, serialOf('ines')))), invalid);
    });

    it('where a policy forbids it: AWS says it with the same code, and whatever the text is', async () => {
      setup.practice.faults.set({
        kind: 'error',
        operation: 'GetSessionToken',
        code: 'AccessDenied',
        status: 403,
        message: 'not authorized to perform: sts:GetSessionToken with an explicit deny',
      });
      assert.deepEqual(await refusal(iam.mfaSession(serial, await code())), invalid);
    });

    it('from a session', async () => {
      const session = await iam.mfaSession(serial, await code());
      assert.deepEqual(await refusal(session.iam.mfaSession(serial, await code(1))), invalid);
    });

    it('where the keys are the trouble, which is said', async () => {
      setup.practice.faults.set({ kind: 'expiredToken', operation: 'GetSessionToken' });
      assert.deepEqual(await refusal(iam.mfaSession(serial, await code())), [
        'expiredCredentials',
        'GetSessionToken',
        'ExpiredToken',
        undefined,
      ]);
    });

    it('without keys in AWS’s answer', async () => {
      setup.relay.spoil('GetSessionToken', {
        kind: 'change',
        change: (body) => body.replace(/<SessionToken>.*<\/SessionToken>/s, ''),
      });
      const found = await problem(iam.mfaSession(serial, await code()));
      assert.deepEqual(
        [found.code, found.operation, found.subject],
        ['notAws', 'GetSessionToken', setup.relay.endpoint],
      );
    });
  });

  describe('is asked for once, since a code works once', () => {
    it('though the answer is lost', async () => {
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'GetSessionToken' });
      const found = await problem(iam.mfaSession(serial, await code()));
      assert.deepEqual([found.code, setup.count('GetSessionToken')], ['answerLost', 1]);
    });

    it('though AWS has a fault or wants fewer calls', async () => {
      setup.practice.faults.set({ kind: 'serverError', operation: 'GetSessionToken', times: 1 });
      assert.equal((await problem(iam.mfaSession(serial, await code()))).code, 'serviceFault');
      setup.practice.faults.set({ kind: 'throttle', operation: 'GetSessionToken', times: 1 });
      assert.equal((await problem(iam.mfaSession(serial, await code()))).code, 'throttled');
      assert.equal(setup.count('GetSessionToken'), 2);
    });
  });

  for (const [title, off] of [
    ['behind', hour],
    ['ahead', -hour],
  ] as const) {
    it(`is made and used at once where this computer’s clock is an hour ${title}`, async () => {
      await setup.close();
      await open({ ahead: off });
      // A reading comes before, and learns the difference.
      await iam.listMfaDevices('priya');
      const session = await iam.mfaSession(serial, await code());
      await session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet'));
      assert.deepEqual(
        ['GetSessionToken', 'DeactivateMFADevice'].map((operation) => setup.count(operation)),
        [1, 1],
      );
      const left = session.expiresAt - Date.now();
      assert.ok(Math.abs(left - hour) < 5000, `${left} by this computer’s clock`);
    });
  }

  describe('follows the rules of every connection', () => {
    it('the log is told of its calls', async () => {
      const session = await iam.mfaSession(serial, await code());
      await session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet'));
      assert.deepEqual(
        setup.records.map(({ operation, status, attempts }) => [operation, status, attempts]),
        [
          ['GetSessionToken', 200, 1],
          ['DeactivateMFADevice', 200, 1],
        ],
      );
      assert.ok(
        setup.records.every(({ requestId }) => /^[0-9a-f-]{36}$/.test(requestId ?? '')),
        'each has its request id',
      );
    });

    it('nothing secret is in the log or in a problem', async () => {
      let answer = '';
      setup.relay.spoil('GetSessionToken', { kind: 'change', change: (body) => (answer = body) }, 1);
      const typed = await code();
      const session = await iam.mfaSession(serial, typed);
      setup.practice.faults.set({ kind: 'deny', operation: 'DeactivateMFADevice' });
      const problems = [
        await problem(session.iam.deactivateMfaDevice('priya', serial)),
        await problem(iam.mfaSession(serial, typed)),
      ];
      const told = JSON.stringify([setup.records, problems]);
      const secrets = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(
        (name) => new RegExp(`<${name}>(.+?)</${name}>`).exec(answer)?.[1],
      );
      for (const secret of [typed, ...secrets]) {
        assert.ok(secret, 'AWS told it');
        assert.ok(!told.includes(secret), 'the log holds a secret');
      }
    });

    it('a write whose answer is lost goes out once', async () => {
      const session = await iam.mfaSession(serial, await code());
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeactivateMFADevice' });
      const found = await problem(session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet')));
      assert.deepEqual([found.code, setup.count('DeactivateMFADevice')], ['answerLost', 1]);
    });

    it('a log-in page is no answer of AWS’s', async () => {
      const body = '<html><body><h1>Log in</h1></body></html>';
      const page = { kind: 'answer', status: 200, type: 'text/html', body } as const;
      const session = await iam.mfaSession(serial, await code());
      setup.relay.spoil('DeactivateMFADevice', page);
      const found = await problem(session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet')));
      assert.deepEqual([found.code, found.subject], ['notAws', setup.relay.endpoint]);
    });
  });

  it('calls no more once it has ended', async () => {
    const session = await iam.mfaSession(serial, await code());
    session.end();
    const found = await problem(session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet')));
    assert.deepEqual([found.code, found.operation], ['expiredCredentials', 'DeactivateMFADevice']);
    assert.equal(setup.count('DeactivateMFADevice'), 0);
    assert.equal((await iam.callerIdentity()).userName, 'priya');
  });

  it('outlives the connection it was made from, so that a window that closes can clean up', async () => {
    const connection = await setup.connect('priya');
    const session = await connection.iam.mfaSession(serial, await code());
    connection.dispose();
    await session.iam.deactivateMfaDevice('priya', serialOf('priya-tablet'));
    assert.ok(!setup.devicesOf('priya').includes(serialOf('priya-tablet')), 'it was deactivated');
    session.end();
  });
});
