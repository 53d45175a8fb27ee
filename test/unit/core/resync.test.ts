import assert from 'node:assert/strict';
import { Resync, type ResyncState } from '../../../src/core/resync';
import { ofKind, problem, serialOf, Setup } from '../practiceSetup';

const step = 30_000;
const serial = serialOf('marcus');
/** Marcus’ phone is twenty minutes slow. */
const slow = -40;

describe('resync', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  /** With the person’s phone beside it. */
  const opened = async (caller?: string) => {
    const directory = await setup.loaded(caller);
    const { account } = directory;
    const mfa = account?.users.get('marcus')?.mfa;
    const device = mfa?.kind === 'has' ? mfa.devices[0] : undefined;
    assert.ok(account && device, 'marcus has a device');
    const resync = new Resync({ directory, clock: setup.clock, account, userName: 'marcus', device });
    const history: string[] = [];
    resync.onDidChange((state) => {
      const name = state.kind === 'ready' && state.sending ? 'sending' : state.kind;
      if (history.at(-1) !== name) {
        history.push(name);
      }
    });
    const as = <K extends ResyncState['kind']>(kind: K) => ofKind(resync.state, kind);
    const type = async () => resync.typed(await setup.codeOf(serial, slow - 1), await setup.codeOf(serial, slow));
    return { resync, directory, history, as, type };
  };
  const sent = () => setup.count('ResyncMFADevice');

  it('sets right a phone that AWS does not take codes of, with one’s own keys and no session', async () => {
    const iam = await setup.iam(setup.own('marcus', 'selfService'));
    const shown = setup.practice.codeShownBy(serial);
    assert.equal(shown, await setup.codeOf(serial, slow));
    assert.equal((await problem(iam.mfaSession(serial, shown))).code, 'invalidCode');

    const { resync, as, type, history } = await opened('marcus');
    assert.deepEqual(as('ready'), { kind: 'ready', verdict: { kind: 'nothing' }, sending: false });
    assert.deepEqual([resync.userName, resync.device.serial], ['marcus', serial]);
    resync.typed(await setup.codeOf(serial, slow - 1), '');
    assert.deepEqual(as('ready').verdict, { kind: 'halfUnjudged', which: 1 });
    await type();
    assert.deepEqual(as('ready').verdict, { kind: 'unjudged' });
    await resync.submit();
    as('done');
    assert.deepEqual(history, ['ready', 'sending', 'done']);
    assert.equal(sent(), 1);
    assert.equal(setup.count('GetSessionToken'), 1, 'the one that was refused before');

    await iam.mfaSession(serial, setup.practice.codeShownBy(serial) ?? '');
  });

  it('works for another user, and reads the user again', async () => {
    const { resync, directory, type } = await opened();
    await type();
    await resync.submit();
    assert.equal(resync.state.kind, 'done');
    const mfa = directory.account?.users.get('marcus')?.mfa;
    assert.ok(mfa?.kind === 'has' && mfa.complete, 'read by itself');
  });

  it('sends nothing that cannot work', async () => {
    const { resync, as } = await opened();
    const code = await setup.codeOf(serial, slow);
    for (const [first, second, verdict] of [
      ['', '', 'nothing'],
      [code, '', 'halfUnjudged'],
      ['', code, 'halfUnjudged'],
      [code, code.slice(1), 'halfUnjudged'],
      [code, code, 'same'],
    ] as const) {
      resync.typed(first, second);
      assert.equal(as('ready').verdict.kind, verdict);
      await resync.submit();
      assert.equal(as('ready').verdict.kind, verdict);
    }
    assert.equal(sent(), 0);
  });

  it('sends no codes that grew too old, and says so by itself', async () => {
    const { resync, as, type } = await opened();
    await type();
    setup.clock.advance(2 * step);
    resync.tick();
    assert.equal(as('ready').verdict.kind, 'unjudged');
    setup.clock.advance(step);
    resync.tick();
    assert.equal(as('ready').verdict.kind, 'tooOld');
    await resync.submit();
    assert.equal(sent(), 0);
    await type();
    await resync.submit();
    as('done');
  });

  it('sends no codes that grew too old without a tick either', async () => {
    const { resync, as, type } = await opened();
    await type();
    setup.clock.advance(4 * step);
    await resync.submit();
    as('ready');
    assert.equal(sent(), 0);
  });

  it('sends once though the button is pressed twice', async () => {
    const { resync, as, type } = await opened();
    await type();
    await Promise.all([resync.submit(), resync.submit()]);
    as('done');
    assert.equal(sent(), 1);
  });

  it('takes no codes while some are on their way, nor at the end', async () => {
    const { resync, as, type } = await opened();
    await type();
    const gate = setup.relay.hold('ResyncMFADevice');
    const sending = resync.submit();
    await gate.reached;
    resync.typed('1', '2');
    resync.tick();
    assert.deepEqual(as('ready'), { kind: 'ready', verdict: { kind: 'unjudged' }, sending: true });
    gate.open();
    await sending;
    resync.typed('123456', '654321');
    resync.tick();
    await resync.submit();
    resync.cancel();
    as('done');
    assert.equal(sent(), 1);
  });

  describe('is refused', () => {
    it('for wrong codes: asks for others until something is typed', async () => {
      const { resync, as, type } = await opened();
      resync.typed('000000', '111111');
      await resync.submit();
      const { verdict, sending, setback } = as('ready');
      assert.deepEqual([verdict.kind, sending], ['nothing', false]);
      await resync.submit();
      assert.equal(sent(), 1, 'the codes are gone');
      assert.deepEqual(
        [setback?.kind, setback?.problem.code, setback?.problem.operation],
        ['refused', 'invalidCode', 'ResyncMFADevice'],
      );
      resync.typed('1', '');
      assert.ok(as('ready').setback, 'said until something is typed that can be judged');
      resync.typed('123456', '');
      assert.equal(as('ready').setback, undefined);
      await type();
      await resync.submit();
      as('done');
      assert.equal(sent(), 2);
    });

    for (const [title, fault, code] of [
      ['as there were too many calls', { kind: 'throttle' }, 'throttled'],
      [
        'as somebody changes the device',
        { kind: 'error', code: 'ConcurrentModification', status: 409, message: 'no' },
        'concurrentModification',
      ],
    ] as const) {
      it(`${title}: it can be tried again`, async () => {
        setup.practice.faults.set({ ...fault, operation: 'ResyncMFADevice', times: 1 });
        const { resync, as, type } = await opened();
        await type();
        await resync.submit();
        assert.deepEqual([as('ready').setback?.kind, as('ready').setback?.problem.code], ['refused', code]);
        assert.equal(sent(), 1);
        await type();
        await resync.submit();
        as('done');
      });
    }

    for (const [title, fault, code] of [
      ['as the sign-in has run out', { kind: 'expiredToken' }, 'expiredCredentials'],
      [
        'as the keys are being changed',
        { kind: 'error', code: 'InvalidClientTokenId', status: 403, message: 'no' },
        'unknownKey',
      ],
    ] as const) {
      it(`${title}: what was typed stays, and can be sent again`, async () => {
        const back = setup.practice.faults.set({ ...fault, operation: 'ResyncMFADevice' });
        const { resync, as, type } = await opened();
        await type();
        await resync.submit();
        const { setback, verdict, sending } = as('ready');
        assert.deepEqual(
          [setback?.kind, setback?.problem.code, verdict.kind, sending],
          ['signIn', code, 'unjudged', false],
        );
        resync.typed('123456', '');
        assert.equal(as('ready').setback?.kind, 'signIn', 'said until the next try');
        await type();
        setup.clock.advance(3 * step);
        resync.tick();
        assert.deepEqual([as('ready').verdict.kind, as('ready').setback?.kind], ['tooOld', 'signIn']);
        await resync.submit();
        assert.equal(sent(), 1);
        back();
        await type();
        await resync.submit();
        as('done');
        assert.equal(sent(), 2);
      });
    }

    it('for want of a permission: that is the end', async () => {
      setup.practice.faults.set({ kind: 'deny', operation: 'ResyncMFADevice' });
      const { resync, as, type } = await opened();
      await type();
      await resync.submit();
      assert.equal(as('failed').problem.permission, 'iam:ResyncMFADevice');
    });

    it('as the device is gone: that is the end, and the row shows what is true', async () => {
      const { resync, as, type, directory } = await opened();
      await (await setup.iam()).deactivateMfaDevice('marcus', serial);
      await type();
      await resync.submit();
      assert.equal(as('failed').problem.code, 'notFound');
      assert.equal(directory.account?.users.get('marcus')?.mfa.kind, 'none');
    });
  });

  for (const [title, spoil] of [
    [
      'but it was done',
      (one: Setup) => void one.practice.faults.set({ kind: 'dropAnswer', operation: 'ResyncMFADevice', times: 1 }),
    ],
    ['and it was not done', (one: Setup) => one.relay.spoil('ResyncMFADevice', { kind: 'lost' }, 1)],
    [
      'to a proxy’s error',
      (one: Setup) => void one.practice.faults.set({ kind: 'html503', operation: 'ResyncMFADevice', times: 1 }),
    ],
  ] as const) {
    it(`the answer lost, ${title}: that it is not known is said, and it is not sent again by itself`, async () => {
      const { resync, as, type } = await opened();
      spoil(setup);
      await type();
      await resync.submit();
      const { setback, verdict, sending } = as('ready');
      assert.deepEqual([setback?.kind, verdict.kind, sending], ['notKnown', 'nothing', false]);
      assert.equal(sent(), 1);
      setup.clock.advance(2 * step);
      await type();
      await resync.submit();
      as('done');
    });
  }

  it('cancelled, sends nothing any more', async () => {
    const { resync, as, type } = await opened();
    await type();
    resync.cancel();
    as('cancelled');
    await type();
    await resync.submit();
    as('cancelled');
    assert.equal(sent(), 0);
  });

  it('cancelled while the codes are on their way, does not come back with a question', async () => {
    const { resync, as } = await opened();
    resync.typed('000000', '111111');
    const gate = setup.relay.hold('ResyncMFADevice');
    const sending = resync.submit();
    await gate.reached;
    resync.cancel();
    gate.open();
    await sending;
    as('cancelled');
  });

  it('keeps no code, and no code is in the log', async () => {
    const { resync, type } = await opened();
    const codes = [await setup.codeOf(serial, slow - 1), await setup.codeOf(serial, slow)];
    const states: ResyncState[] = [];
    resync.onDidChange((state) => states.push(state));
    await type();
    await resync.submit();
    const told = JSON.stringify([states, setup.records]);
    for (const code of codes) {
      assert.ok(!told.includes(code), 'a code is told');
    }
  });
});
