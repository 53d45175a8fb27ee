import assert from 'node:assert/strict';
import { Enrolment } from '../../../src/core/enrolment';
import { sweepUnfinished } from '../../../src/core/unfinished';
import { smallCompany, type CompanyUser } from '../../../src/practice/company';
import type { Fault } from '../../../src/practice/faults';
import type { PermissionSet } from '../../../src/practice/permissions';
import type { Mishap } from '../relay';
import { practiceId, serialOf, Setup } from '../practiceSetup';

const writes = ['CreateVirtualMFADevice', 'EnableMFADevice', 'DeleteVirtualMFADevice'] as const;
type Writes = Readonly<Partial<Record<(typeof writes)[number], number>>>;

const proxyPage: Mishap = {
  kind: 'answer',
  status: 200,
  type: 'text/html',
  body: '<html><body><h1>Log in</h1></body></html>',
};

describe('enrolment', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  /** The account anew, with other users. */
  const reopen = async (...users: CompanyUser[]): Promise<void> => {
    const company = smallCompany();
    const names = new Set(users.map(({ name }) => name));
    await setup.close();
    setup = await Setup.open({
      company: { ...company, users: [...company.users.filter(({ name }) => !names.has(name)), ...users] },
    });
  };
  /** A caller like the keeper or, for `userName`, another user. */
  const addCaller = (permissions: PermissionSet, userName = 'jordan'): string => {
    setup.practice.addCaller({ name: 'other', identity: { kind: 'user', userName }, permissions });
    return 'other';
  };
  const assertWrites = (expected: Writes): void => setup.assertSent(writes, expected);
  /** What was in the account from the start belongs to nobody. */
  const assertNothingLeft = (): void => {
    assert.deepEqual(setup.unassigned(), [serialOf('sam')]);
    assert.deepEqual(setup.store.serials, [], 'nothing is remembered');
  };
  const started = async (userName = 'maya', caller?: string) => {
    const person = await setup.enrolment(userName, caller);
    await person.enrolment.start();
    return person;
  };

  describe('the whole way', () => {
    it('makes a device named after the user, takes two codes, and is done when AWS’s list shows it', async () => {
      const person = await setup.enrolment('maya');
      person.as('looking');
      await person.enrolment.start();
      const { device, count, verdict, enabling } = person.as('ready');
      assert.deepEqual([device.serial, device.name, count], [serialOf('maya'), 'maya', 1]);
      assert.match(device.seed, /^[A-Z2-7]{64}$/);
      assert.equal(
        device.uri,
        `otpauth://totp/Amazon%20Web%20Services:maya@acme-practice?secret=${device.seed}&issuer=Amazon%20Web%20Services`,
      );
      assert.deepEqual([verdict.kind, enabling], ['nothing', false]);
      assert.deepEqual(setup.store.serials, [serialOf('maya')], 'remembered until it is enabled');
      assert.deepEqual(setup.store.devices[0], {
        serial: serialOf('maya'),
        accountId: practiceId,
        partition: 'aws',
        source: { kind: 'default' },
        startedAt: setup.clock.now(),
      });

      const [first, second] = await person.codes();
      person.enrolment.typed(first, '');
      assert.deepEqual(person.as('ready').verdict, { kind: 'half', which: 1, clock: { kind: 'fine' } });
      person.enrolment.typed(first, second);
      assert.equal(person.as('ready').verdict.kind, 'right');
      await person.enrolment.submit();

      const done = person.as('done');
      assert.deepEqual([done.confirmed, done.device.serial], [true, serialOf('maya')]);
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
      assert.equal(person.directory.account?.users.get('maya')?.mfa.kind, 'has', 'the row turns green');
      assert.deepEqual(person.history, ['looking', 'making', 'ready', 'enabling', 'done']);
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
      assertNothingLeft();
      person.assertSeedIsGone();
    });

    it('takes codes from a phone whose clock is wrong, and says how much', async () => {
      const person = await started();
      await person.type(await person.codes(8));
      const { verdict } = person.as('ready');
      assert.deepEqual(verdict, { kind: 'right', clock: { kind: 'fast', seconds: 240 } });
      await person.enrolment.submit();
      assert.deepEqual(person.as('done').verdict, verdict);
    });

    it('is done, though not confirmed, where the list lags behind for long', async () => {
      setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: 60_000 });
      const person = await started();
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, false);
      assertNothingLeft();
    });

    it('works with nothing but AWS’s self-service policy', async () => {
      const person = await started('maya', 'self');
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, true);
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
    });

    it('works where no list may be read', async () => {
      const caller = addCaller({ only: ['CreateVirtualMFADevice', 'EnableMFADevice'] }, 'maya');
      const person = await started('maya', caller);
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, false, 'AWS has said so, no list was read');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
      assert.deepEqual(setup.store.serials, []);
    });

    it('knows what an app shows now, for the practice phone', async () => {
      const person = await started();
      const code = person.enrolment.currentCode();
      assert.equal(code, await setup.code(person.as('ready').device.seed, setup.clock.now()));
      setup.clock.advance(30_000);
      assert.equal(person.enrolment.currentCode(), await setup.code(person.as('ready').device.seed, setup.clock.now()));
    });
  });

  describe('the name', () => {
    it('is the next free one, without a question, where a device in use has it', async () => {
      const person = await started('marcus');
      assert.equal(person.as('ready').device.name, 'marcus-2');
      assertWrites({ CreateVirtualMFADevice: 1 });
    });

    it('is found free by trying where the list is refused', async () => {
      const person = await started('marcus', addCaller({ allExcept: ['ListVirtualMFADevices'] }));
      assert.equal(person.as('ready').device.name, 'marcus-2');
      assertWrites({ CreateVirtualMFADevice: 2 });
      assert.deepEqual(setup.store.serials, [serialOf('marcus-2')], 'another’s device is never remembered as ours');
      assert.ok(!setup.store.added.includes(serialOf('marcus')), 'nor was it in between');
    });

    it('compares without regard to case', async () => {
      await reopen({
        name: 'Marcus',
        createdDaysAgo: 9,
        devices: [{ kind: 'virtual', name: 'MAYA', enabledDaysAgo: 3 }],
      });
      assert.equal((await started('maya')).as('ready').device.name, 'maya-2');
    });

    it('is asked for where an unfinished device has it, and nothing is made before', async () => {
      const person = await started('sam');
      const { why, suggestion } = person.as('naming');
      assert.deepEqual(why, { kind: 'leftover', name: 'sam', serial: serialOf('sam') });
      assert.equal(suggestion, 'sam-2');
      assertWrites({});
      await person.enrolment.cancel();
      assert.deepEqual(person.as('cancelled').remains, { kind: 'nothing' });
      assertNothingLeft();
    });

    it('is taken over from the unfinished device once the person has it deleted', async () => {
      const person = await started('sam');
      await person.enrolment.deleteLeftover();
      assert.equal(person.as('ready').device.name, 'sam');
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
      await person.typeAndSubmit();
      assert.deepEqual(setup.devicesOf('sam'), [serialOf('sam')]);
      assert.deepEqual(setup.unassigned(), []);
    });

    it('is asked for again, with the reason, where the unfinished device cannot be deleted', async () => {
      const person = await started('sam', addCaller({ allExcept: ['DeleteVirtualMFADevice'] }));
      await person.enrolment.deleteLeftover();
      const { why } = person.as('naming');
      assert.equal(why.kind === 'leftover' && why.problem?.permission, 'iam:DeleteVirtualMFADevice');
      await person.enrolment.useName('sam-2');
      assert.equal(person.as('ready').device.name, 'sam-2');
    });

    it('is the next free one where the unfinished device turns out to be in use', async () => {
      const person = await started('sam');
      // Somebody finishes it meanwhile.
      const iam = await setup.iam();
      const seed = setup.practice.seedOf(serialOf('sam')) ?? '';
      const now = setup.clock.now();
      await iam.enableMfaDevice(
        'theo',
        serialOf('sam'),
        await setup.code(seed, now - 30_000),
        await setup.code(seed, now),
      );
      await person.enrolment.deleteLeftover();
      assert.equal(person.as('ready').device.name, 'sam-2');
      assert.deepEqual(setup.devicesOf('theo'), [serialOf('sam')], 'it was left alone');
    });

    for (const name of ['', 'two words', 'x/y', 'x'.repeat(129)]) {
      it(`is not “${name.slice(0, 10)}” (${name.length}): AWS is not even asked`, async () => {
        const person = await started('sam');
        await person.enrolment.useName(name);
        assert.deepEqual(person.as('naming').why, { kind: 'notAName', name });
        assertWrites({});
      });
    }

    it('can be changed: the device is made anew, with another seed', async () => {
      const person = await started();
      const { seed } = person.as('ready').device;
      await person.type();
      await person.enrolment.useName('maya-phone');
      const { device, count, verdict } = person.as('ready');
      assert.deepEqual([device.name, count, verdict.kind], ['maya-phone', 2, 'nothing']);
      assert.notEqual(device.seed, seed);
      assert.deepEqual(setup.unassigned(), [serialOf('sam'), serialOf('maya-phone')]);
      assert.deepEqual(setup.store.serials, [serialOf('maya-phone')]);
      await person.typeAndSubmit();
      person.as('done');
      person.assertSeedIsGone();
    });

    it('stays where it is the same or no name', async () => {
      const person = await started();
      const { device } = person.as('ready');
      await person.enrolment.useName('maya');
      await person.enrolment.useName('no name');
      assert.equal(person.as('ready').device, device);
      assertWrites({ CreateVirtualMFADevice: 1 });
    });

    it('stays where the device may not be deleted, and the device on screen is still good', async () => {
      const person = await started('maya', 'self');
      await person.enrolment.useName('phone');
      const { device, setback } = person.as('ready');
      assert.equal(device.name, 'maya');
      assert.equal(setback?.kind, 'nameKept');
      assert.equal(setback.problem.permission, 'iam:DeleteVirtualMFADevice');
      await person.typeAndSubmit();
      person.as('done');
    });

    it('is the user’s own where another is refused, as under AWS’s older policy', async () => {
      const person = await started('theo', 'selfOld');
      await person.enrolment.useName('phone');
      const { why, suggestion } = person.as('naming');
      assert.deepEqual([why.kind, why.name, suggestion], ['refused', 'phone', 'theo']);
      assert.equal(why.kind === 'refused' && why.problem.permission, 'iam:CreateVirtualMFADevice');
      await person.enrolment.useName(suggestion);
      await person.typeAndSubmit();
      person.as('done');
      assert.deepEqual(setup.devicesOf('theo'), [serialOf('theo')]);
      assertNothingLeft();
    });
  });

  describe('what stands in the way is said before anything is made', () => {
    const devices = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        kind: 'virtual' as const,
        name: `device-${index}`,
        enabledDaysAgo: 3,
      }));

    it('eight devices', async () => {
      await reopen({ name: 'full', createdDaysAgo: 9, devices: devices(8) });
      const { problem, remains } = (await started('full')).as('failed');
      assert.deepEqual([problem.code, problem.subject, remains.kind], ['limitExceeded', 'full', 'nothing']);
      assertWrites({});
    });

    it('but not seven', async () => {
      await reopen({ name: 'nearly', createdDaysAgo: 9, devices: devices(7) });
      const person = await started('nearly');
      await person.typeAndSubmit();
      person.as('done');
    });

    it('one’s own second device with long-term keys (iam-facts 2.5)', async () => {
      setup.practice.addCaller({
        name: 'marcus',
        identity: { kind: 'user', userName: 'marcus' },
        permissions: 'everything',
      });
      const { devices, problem } = (await started('marcus', 'marcus')).as('proving');
      assert.deepEqual([devices.map(({ serial }) => serial), problem], [[serialOf('marcus')], undefined]);
      assertWrites({});
    });

    it('but not another’s second device', async () => {
      const person = await started('marcus');
      await person.typeAndSubmit();
      person.as('done');
      assert.equal(setup.devicesOf('marcus').length, 2);
    });
  });

  it('tells of codes that were long on their way: they can leave a device out of step', async () => {
    const quick = await started('theo');
    await quick.typeAndSubmit();
    assert.equal(quick.as('done').late, false);
    const person = await started();
    await person.type();
    await person.submitMeanwhile(() => setup.clock.advance(90_000));
    assert.equal(person.as('done').late, true);
  });

  it('tells of codes that were typed late and were on their way for a while, too', async () => {
    const person = await started();
    // To the first second of a time step, which is none of the codes'.
    setup.clock.advance(31_000 - (person.enrolment.now() % 30_000));
    await person.type(await person.codes(-1));
    await person.submitMeanwhile(() => setup.clock.advance(59_500));
    assert.equal(person.as('done').late, true);
  });

  describe('making the device goes wrong', () => {
    it('refused: nothing is left, and the permission is named', async () => {
      const person = await started('maya', addCaller({ allExcept: ['CreateVirtualMFADevice'] }));
      const { problem, remains } = person.as('failed');
      assert.deepEqual([problem.permission, remains.kind], ['iam:CreateVirtualMFADevice', 'nothing']);
      assertWrites({ CreateVirtualMFADevice: 1 });
      assertNothingLeft();
    });

    for (const [title, spoil] of [
      ['the account is full', { kind: 'error', code: 'LimitExceeded', status: 409, message: 'full' }],
      ['throttled', { kind: 'throttle' }],
      ['a refusal of a kind nobody knows', { kind: 'error', code: 'Odd', status: 400, message: 'odd' }],
    ] as const satisfies readonly (readonly [string, Fault])[]) {
      it(`${title}: it was sent once, and nothing is left`, async () => {
        setup.practice.faults.set({ ...spoil, operation: 'CreateVirtualMFADevice' });
        const { remains } = (await started()).as('failed');
        assert.equal(remains.kind, 'nothing');
        assertWrites({ CreateVirtualMFADevice: 1 });
        assertNothingLeft();
      });
    }

    it('the answer lost on its way: the device is deleted again, for its seed was in the answer', async () => {
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'CreateVirtualMFADevice' });
      const { problem, remains } = (await started()).as('failed');
      assert.deepEqual([problem.code, remains.kind], ['answerLost', 'nothing']);
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
    });

    it('the answer lost while lists lag behind: it is deleted though no list shows it', async () => {
      setup.practice.faults.set({ kind: 'propagation', operation: 'CreateVirtualMFADevice', ms: 60_000 });
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'CreateVirtualMFADevice' });
      assert.equal((await started()).as('failed').remains.kind, 'nothing');
      assertNothingLeft();
    });

    for (const [title, mishap] of [
      ['the question lost on its way', { kind: 'lost' }],
      ['a proxy answers', proxyPage],
      ['something answers that is not HTTP', { kind: 'garbage' }],
    ] as const satisfies readonly (readonly [string, Mishap])[]) {
      it(`${title}: sent once, looked after, nothing is left`, async () => {
        setup.relay.spoil('CreateVirtualMFADevice', mishap);
        assert.equal((await started()).as('failed').remains.kind, 'nothing');
        assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
        assertNothingLeft();
      });
    }

    it('the answer lost and the device may not be deleted: it is said to be left, and remembered', async () => {
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'CreateVirtualMFADevice' });
      const { remains } = (await started('maya', 'self')).as('failed');
      assert.deepEqual([remains.kind, 'serial' in remains && remains.serial], ['device', serialOf('maya')]);
      assert.deepEqual(setup.store.serials, [serialOf('maya')]);
    });

    it('the answer lost, and nothing answers any more: what is left is not known, and remembered', async () => {
      const person = await setup.enrolment('maya');
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'CreateVirtualMFADevice' });
      setup.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' });
      // The name is still seen to be free; then the network is gone.
      setup.relay.spoil('ListVirtualMFADevices', { kind: 'lost' }, Number.POSITIVE_INFINITY, 1);
      await person.enrolment.start();
      assert.deepEqual(person.as('failed').remains, { kind: 'unknown', serial: serialOf('maya') });
      assert.deepEqual(setup.store.serials, [serialOf('maya')]);
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('the answer lost where the list is refused: another’s device is not deleted on suspicion', async () => {
      setup.relay.spoil('CreateVirtualMFADevice', { kind: 'lost' });
      const person = await started('sam', addCaller({ allExcept: ['ListVirtualMFADevices'] }));
      assert.deepEqual(person.as('failed').remains, { kind: 'unknown', serial: serialOf('sam') });
      assertWrites({ CreateVirtualMFADevice: 1 });
      assertNothingLeft();
    });

    it('a seed that is none: the device is deleted again, and nothing of the seed is told', async () => {
      const notBase32 = Buffer.from('8f14e45f-ceea-167a').toString('base64');
      setup.relay.spoil('CreateVirtualMFADevice', {
        kind: 'change',
        change: (body) => body.replace(/(<Base32StringSeed>)[^<]*/, `$1${notBase32}`),
      });
      const person = await started();
      const { problem, remains } = person.as('failed');
      assert.deepEqual([problem.code, remains.kind], ['notAws', 'nothing']);
      assert.ok(!JSON.stringify(problem).includes('8f14'), 'the problem holds a seed');
      assertNothingLeft();
    });

    it('can be tried again', async () => {
      setup.practice.faults.set({ kind: 'throttle', operation: 'CreateVirtualMFADevice', times: 1 });
      const person = await started();
      person.as('failed');
      await Promise.all([person.enrolment.retry(), person.enrolment.retry()]);
      await person.typeAndSubmit();
      person.as('done');
      assertWrites({ CreateVirtualMFADevice: 2, EnableMFADevice: 1 });
    });
  });

  describe('the codes', () => {
    it('that are wrong never reach AWS', async () => {
      const person = await started();
      const [first, second] = await person.codes();
      const [before] = await person.codes(-2);
      for (const [one, two, verdict] of [
        ['', '', 'nothing'],
        [first, '', 'half'],
        ['000000', '', 'unknown'],
        [first, '000000', 'unknown'],
        [first, first, 'same'],
        [second, first, 'reversed'],
        [before, second, 'notAdjacent'],
        ['12345', second, 'half'],
      ] as const) {
        person.enrolment.typed(one, two);
        assert.equal(person.as('ready').verdict.kind, verdict);
        await person.enrolment.submit();
        assert.equal(person.as('ready').verdict.kind, verdict);
      }
      assertWrites({ CreateVirtualMFADevice: 1 });
      await person.typeAndSubmit();
      person.as('done');
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
    });

    it('that were right when typed grow too old to be sent', async () => {
      const person = await started();
      await person.type();
      setup.clock.advance(90_000);
      assert.equal(person.as('ready').verdict.kind, 'right');
      person.enrolment.tick();
      assert.equal(person.as('ready').verdict.kind, 'tooOld');
      await person.enrolment.submit();
      assertWrites({ CreateVirtualMFADevice: 1 });
      await person.typeAndSubmit();
      person.as('done');
    });

    it('that grew too old without a tick are not sent either', async () => {
      const person = await started();
      await person.type();
      setup.clock.advance(120_000);
      await person.enrolment.submit();
      assert.equal(person.as('ready').verdict.kind, 'tooOld');
      assertWrites({ CreateVirtualMFADevice: 1 });
    });

    it('are judged by AWS’s time where this computer’s clock is wrong', async () => {
      for (const ahead of [10 * 60_000, -10 * 60_000]) {
        await setup.close();
        setup = await Setup.open({ ahead });
        const person = await started();
        const found = person.enrolment.now() - setup.clock.now();
        assert.ok(Math.abs(found - ahead) < 2000, String(found));
        await person.type();
        assert.deepEqual(person.as('ready').verdict, { kind: 'right', clock: { kind: 'fine' } });
        await person.enrolment.submit();
        person.as('done');
      }
    });

    it('are sent once though the button is pressed twice', async () => {
      const person = await started();
      await person.type();
      await Promise.all([person.enrolment.submit(), person.enrolment.submit()]);
      person.as('done');
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
    });
  });

  describe('enabling is refused', () => {
    for (const [title, fault, code] of [
      [
        'as the codes are not valid',
        { kind: 'error', code: 'InvalidAuthenticationCode', status: 403, message: 'no' },
        'invalidCode',
      ],
      ['as there were too many calls', { kind: 'throttle' }, 'throttled'],
      [
        'as the user is being changed',
        { kind: 'error', code: 'EntityTemporarilyUnmodifiable', status: 409, message: 'no' },
        'temporarilyUnmodifiable',
      ],
      [
        'as somebody changes the device',
        { kind: 'error', code: 'ConcurrentModification', status: 409, message: 'no' },
        'concurrentModification',
      ],
    ] as const) {
      it(`${title}: it can be tried again with the same device`, async () => {
        setup.practice.faults.set({ ...fault, operation: 'EnableMFADevice', times: 1 });
        const person = await started();
        const { device } = person.as('ready');
        await person.typeAndSubmit();
        const { setback, verdict, enabling } = person.as('ready');
        assert.deepEqual([setback?.kind, setback?.problem.code], ['refused', code]);
        assert.deepEqual([verdict.kind, enabling], ['nothing', false], 'new codes are asked for');
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });

        person.enrolment.typed('1', '');
        assert.ok(person.as('ready').setback, 'said until something is typed that can be judged');
        setup.clock.advance(60_000);
        await person.type();
        assert.equal(person.as('ready').setback, undefined);
        await person.enrolment.submit();
        assert.equal(person.as('done').device.serial, device.serial);
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 2 });
      });
    }

    for (const [title, fault, code] of [
      ['for want of a permission', { kind: 'deny' }, 'accessDenied'],
      ['as AWS counts eight', { kind: 'error', code: 'LimitExceeded', status: 409, message: 'no' }, 'limitExceeded'],
      ['as the user is gone', { kind: 'error', code: 'NoSuchEntity', status: 404, message: 'no' }, 'notFound'],
    ] as const) {
      it(`${title}: the device is deleted again`, async () => {
        setup.practice.faults.set({ ...fault, operation: 'EnableMFADevice' });
        const person = await started();
        await person.typeAndSubmit();
        const { problem, remains } = person.as('failed');
        assert.deepEqual([problem.code, problem.operation, remains.kind], [code, 'EnableMFADevice', 'nothing']);
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1, DeleteVirtualMFADevice: 1 });
        assertNothingLeft();
        person.assertSeedIsGone();
      });
    }
  });

  describe('the answer to enabling is lost', () => {
    it('but it was done: so it is done', async () => {
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
      const person = await started();
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, true);
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
      assertNothingLeft();
      person.assertSeedIsGone();
    });

    it('and the list lags behind: it waits for the list', async () => {
      setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: 5000 });
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
      const person = await started();
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, true);
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
    });

    for (const [title, spoil] of [
      ['the question never came', (one: Setup) => one.relay.spoil('EnableMFADevice', { kind: 'lost' }, 1)],
      [
        'a proxy’s error',
        (one: Setup) => one.practice.faults.set({ kind: 'html503', operation: 'EnableMFADevice', times: 1 }),
      ],
      ['a proxy’s log-in page', (one: Setup) => one.relay.spoil('EnableMFADevice', proxyPage, 1)],
      [
        'AWS’s own fault',
        (one: Setup) => one.practice.faults.set({ kind: 'serverError', operation: 'EnableMFADevice', times: 1 }),
      ],
    ] as const) {
      it(`and it was not done (${title}): it can be tried again`, async () => {
        const person = await started();
        spoil(setup);
        await person.typeAndSubmit();
        const { setback, enabling } = person.as('ready');
        assert.deepEqual([setback?.kind, enabling], ['notEnabled', false]);
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
        await person.typeAndSubmit();
        person.as('done');
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 2 });
        assertNothingLeft();
      });
    }

    it('while the list may not be read, and it was done: a delete tells that it is on', async () => {
      const person = await started('maya', addCaller({ allExcept: ['ListMFADevices'] }));
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
      await person.typeAndSubmit();
      person.as('done');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
      assert.deepEqual(setup.store.serials, []);
    });

    it('while the list may not be read, and it was not done: the device goes', async () => {
      const person = await started('maya', addCaller({ allExcept: ['ListMFADevices'] }));
      setup.relay.spoil('EnableMFADevice', { kind: 'lost' });
      await person.typeAndSubmit();
      assert.equal(person.as('failed').remains.kind, 'nothing');
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
    });

    it('while neither list nor delete may be used: that it is not known is said, and it is remembered', async () => {
      const person = await started('maya', addCaller({ allExcept: ['ListMFADevices', 'DeleteVirtualMFADevice'] }));
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
      await person.typeAndSubmit();
      assert.deepEqual(person.as('failed').remains, { kind: 'unknown', serial: serialOf('maya') });
      assert.deepEqual(setup.store.serials, [serialOf('maya')]);
    });

    describe('and AWS cannot be reached any more', () => {
      /** It was done, but nothing answers from then on. */
      const cutOff = async () => {
        const person = await started();
        await person.type();
        const gate = setup.relay.hold('EnableMFADevice');
        const submitting = person.enrolment.submit();
        await gate.reached;
        await setup.relay.goAway();
        gate.open();
        await submitting;
        return person;
      };

      it('the same QR code stays, what was typed too, and trying again finds that it is on', async () => {
        const person = await cutOff();
        const { setback, device, verdict } = person.as('ready');
        assert.deepEqual([setback?.kind, setback?.problem.code, verdict.kind], ['unasked', 'unreachable', 'right']);
        person.enrolment.typed('', '');
        assert.equal(person.as('ready').setback?.kind, 'unasked', 'until the next try');
        await setup.relay.comeBack();
        await person.typeAndSubmit();
        assert.deepEqual([person.as('done').confirmed, person.as('done').device.serial], [true, device.serial]);
        assert.deepEqual(setup.devicesOf('maya'), [device.serial]);
        assertNothingLeft();
      });

      it('and a token is wanted instead: what became of it is not known', async () => {
        const person = await cutOff();
        await person.enrolment.useToken();
        person.as('token');
        await person.enrolment.cancel();
        assert.deepEqual(person.as('cancelled').remains, { kind: 'unknown', serial: serialOf('maya') });
      });

      for (const [what, { wantsToken, end }] of Object.entries({
        'a token was wanted, then the app again': { wantsToken: true, end: 'useApp' },
        'a token was wanted, then nothing': { wantsToken: true, end: 'cancel' },
        'someone gave up who may not delete': { wantsToken: false, end: 'cancel' },
      } as const)) {
        it(`and is found on once ${what}: nothing more is said of it`, async () => {
          const person = await cutOff();
          const { enrolment } = person;
          const { serial } = person.as('ready').device;
          if (wantsToken) {
            await enrolment.useToken();
          }
          await setup.relay.comeBack();
          setup.practice.faults.set({ kind: 'deny', operation: 'DeleteVirtualMFADevice' });
          await enrolment[end]();
          const { device, remains } = person.as('done');
          assert.deepEqual([device.serial, remains], [serial, { kind: 'nothing' }]);
          assert.deepEqual(setup.store.serials, []);
        });
      }

      it('given up, what became of it is not known, and it stays remembered', async () => {
        const person = await cutOff();
        await person.enrolment.cancel();
        assert.deepEqual(person.as('cancelled').remains, { kind: 'unknown', serial: serialOf('maya') });
        assert.deepEqual(setup.store.serials, [serialOf('maya')]);
        person.assertSeedIsGone();
      });
    });

    it('while the list only meets AWS’s own fault: the same QR code stays', async () => {
      const person = await started();
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 });
      const back = setup.practice.faults.set({ kind: 'serverError', operation: 'ListMFADevices' });
      await person.typeAndSubmit();
      assert.equal(person.as('ready').setback?.kind, 'unasked');
      back();
      await person.enrolment.submit();
      person.as('done');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
    });

    /** The device is on, the answer was lost, and the list has not shown it in time. */
    const enabledUnseen = async (caller?: string) => {
      setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: 5 * 60_000 });
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 });
      const person = await started('maya', caller);
      await person.typeAndSubmit();
      assert.equal(person.as('ready').setback?.kind, 'notEnabled');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
      return person;
    };

    it('and the list shows it too late: trying again finds that it is on', async () => {
      const person = await enabledUnseen();
      await person.typeAndSubmit();
      person.as('done');
      assert.deepEqual(setup.store.serials, []);
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 2 });
    });

    it('and the list shows it too late: cancelling finds that it is on, and says so', async () => {
      const person = await enabledUnseen();
      assert.equal((await person.enrolment.cancel()).kind, 'done');
      person.assertSeedIsGone();
    });

    it('and the list shows it too late: another name finds that it is on, and makes no second one', async () => {
      const person = await enabledUnseen();
      await person.enrolment.useName('maya-phone');
      person.as('done');
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('and one’s own keys no longer suffice: the refusal is not taken for a failure', async () => {
      setup.practice.addCaller({
        name: 'maya',
        identity: { kind: 'user', userName: 'maya' },
        permissions: 'everything',
      });
      const person = await enabledUnseen('maya');
      // Having a device now, maya is asked for an MFA session (iam-facts 2.5).
      await person.typeAndSubmit();
      person.as('done');
    });
  });

  describe('the sign-in runs out while it is open', () => {
    const out = { kind: 'expiredToken' } as const;

    for (const [title, fault, code] of [
      ['its session has expired', out, 'expiredCredentials'],
      [
        'its key was deleted',
        { kind: 'error', code: 'InvalidClientTokenId', status: 403, message: 'no' },
        'unknownKey',
      ],
      [
        'its keys are half changed',
        { kind: 'error', code: 'SignatureDoesNotMatch', status: 403, message: 'no' },
        'wrongSecret',
      ],
    ] as const satisfies readonly (readonly [string, Fault, string])[]) {
      it(`${title}: the same device goes on, with the codes that were typed`, async () => {
        const person = await started();
        const { device, count } = person.as('ready');
        await person.type();
        setup.practice.faults.set({ ...fault, operation: 'EnableMFADevice', times: 1 });
        await person.enrolment.submit();
        const { setback, verdict, ...rest } = person.as('ready');
        assert.deepEqual([setback?.kind, setback?.problem.code, verdict.kind], ['signIn', code, 'right']);
        assert.equal(setback?.kind === 'signIn' && setback.unanswered, false);
        assert.deepEqual([rest.device, rest.count, rest.enabling], [device, count, false]);
        assert.deepEqual(setup.store.serials, [device.serial], 'it is still being enrolled');
        const told = JSON.stringify([setup.records, setback, setup.store.devices]);
        assert.ok(!told.includes(device.seed), 'the seed is told');

        await person.enrolment.submit();
        assert.deepEqual([person.as('done').confirmed, person.as('done').device.serial], [true, device.serial]);
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 2 });
        assertNothingLeft();
        person.assertSeedIsGone();
      });
    }

    it('is said until the next try, whatever is typed; codes that grew too old are not sent', async () => {
      const person = await started();
      await person.type();
      const back = setup.practice.faults.set({ ...out, operation: 'EnableMFADevice' });
      await person.enrolment.submit();
      setup.clock.advance(120_000);
      person.enrolment.tick();
      assert.deepEqual([person.as('ready').verdict.kind, person.as('ready').setback?.kind], ['tooOld', 'signIn']);
      await person.enrolment.submit();
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
      person.enrolment.typed('000000', '');
      assert.deepEqual([person.as('ready').verdict.kind, person.as('ready').setback?.kind], ['unknown', 'signIn']);

      await person.typeAndSubmit();
      assert.equal(person.as('ready').setback?.kind, 'signIn', 'it was not renewed');
      back();
      await person.submitMeanwhile(() => assert.equal(person.as('ready').setback, undefined));
      person.as('done');
    });

    it('of a token: its serial number and the codes stay', async () => {
      const token = 'GAHT00000001';
      const person = await setup.enrolling('maya', { kind: 'token' });
      await person.enrolment.start();
      person.enrolment.typedSerial(token);
      setup.practice.faults.set({ ...out, operation: 'EnableMFADevice', times: 1 });
      await person.type(['000000', '111111']);
      await person.enrolment.submit();
      const { serial, form, verdict, setback } = person.as('token');
      assert.deepEqual([serial, form, verdict.kind, setback?.kind], [token, 'good', 'unjudged', 'signIn']);
      person.enrolment.typedSerial(`${token}9`);
      assert.equal(person.as('token').setback?.kind, 'signIn');
    });

    for (const [title, spoil] of [
      [
        'but it was done',
        () => void setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 }),
      ],
      ['and it was not done', () => setup.relay.spoil('EnableMFADevice', { kind: 'lost' }, 1)],
    ] as const) {
      describe(`the answer lost, ${title}, before AWS’s list could be asked`, () => {
        const unasked = async () => {
          const person = await started();
          spoil();
          const back = setup.practice.faults.set({ ...out, operation: 'ListMFADevices' });
          await person.typeAndSubmit();
          const { setback } = person.as('ready');
          assert.deepEqual(
            [setback?.kind, setback?.problem.operation, setback?.kind === 'signIn' && setback.unanswered],
            ['signIn', 'ListMFADevices', true],
          );
          return { person, back };
        };

        it('trying again brings it to its end', async () => {
          const { person, back } = await unasked();
          back();
          await person.enrolment.submit();
          assert.equal(person.as('done').confirmed, true);
          assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
          assertNothingLeft();
        });

        it('given up, is not known, and it stays remembered', async () => {
          const { person } = await unasked();
          setup.practice.faults.set({ ...out, operation: 'DeleteVirtualMFADevice' });
          await person.enrolment.cancel();
          assert.deepEqual(person.as('cancelled').remains, { kind: 'unknown', serial: serialOf('maya') });
          assert.deepEqual(setup.store.serials, [serialOf('maya')]);
        });
      });
    }

    it('after it was enabled: it is on, though not confirmed, and that is why', async () => {
      const person = await started();
      setup.practice.faults.set({ ...out, operation: 'ListMFADevices' });
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, false);
      const { mfa } = person.enrolment;
      assert.equal(mfa?.kind === 'unknown' && mfa.problem.code, 'expiredCredentials');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
      assertNothingLeft();
    });

    describe('and it is given up', () => {
      const givenUp = async () => {
        const person = await started();
        setup.practice.faults.set({ ...out, operation: 'EnableMFADevice', times: 1 });
        await person.typeAndSubmit();
        const back = setup.practice.faults.set({ ...out, operation: 'DeleteVirtualMFADevice' });
        await person.enrolment.cancel();
        return { person, back };
      };

      it('the device is said to be left, with the reason, and can be deleted once one is signed in', async () => {
        const { person, back } = await givenUp();
        const { remains } = person.as('cancelled');
        assert.deepEqual(remains.kind === 'device' && [remains.serial, remains.problem.code], [
          serialOf('maya'),
          'expiredCredentials',
        ]);
        person.assertSeedIsGone();
        await person.enrolment.retry();
        assert.equal(person.as('cancelled').remains.kind, 'device', 'not before');
        back();
        await Promise.all([person.enrolment.retry(), person.enrolment.retry()]);
        assert.equal(person.as('cancelled').remains.kind, 'nothing');
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1, DeleteVirtualMFADevice: 3 });
        assertNothingLeft();
      });

      it('another window’s is not deleted in its place, where that has taken the name since', async () => {
        const { person, back } = await givenUp();
        back();
        const other = await started();
        await other.enrolment.deleteLeftover();
        other.as('ready');
        await person.enrolment.retry();
        assert.equal(person.as('cancelled').remains.kind, 'nothing', 'nothing of its own');
        await other.typeAndSubmit();
        other.as('done');
      });

      it('the device is deleted at a later start, which tries again as long as nobody has signed in', async () => {
        const { back } = await givenUp();
        const sweep = async () => {
          const swept = await sweepUnfinished(setup.store, () => setup.iam(), setup.clock.now());
          return swept.map(({ device, removal }) => [device.serial, removal.kind]);
        };
        assert.deepEqual(await sweep(), [[serialOf('maya'), 'left']]);
        back();
        assert.deepEqual(await sweep(), [[serialOf('maya'), 'removed']]);
        assertNothingLeft();
      });
    });

    describe('before the device is made', () => {
      for (const operation of ['ListMFADevices', 'ListVirtualMFADevices', 'CreateVirtualMFADevice'] as const) {
        it(`(${operation}): nothing is made, and it can be tried again`, async () => {
          const person = await setup.enrolment('maya');
          setup.practice.faults.set({ ...out, operation, times: 1 });
          await person.enrolment.start();
          const { problem, remains } = person.as('failed');
          assert.deepEqual(
            [problem.code, problem.operation, remains.kind],
            ['expiredCredentials', operation, 'nothing'],
          );
          assertNothingLeft();
          await person.enrolment.retry();
          assert.equal(person.as('ready').device.name, 'maya');
          assertWrites({ CreateVirtualMFADevice: operation === 'CreateVirtualMFADevice' ? 2 : 1 });
        });
      }

      it('trying again keeps the name that was chosen', async () => {
        const person = await started('sam');
        setup.practice.faults.set({ ...out, operation: 'CreateVirtualMFADevice', times: 1 });
        await person.enrolment.useName('work-phone');
        person.as('failed');
        await person.enrolment.retry();
        assert.equal(person.as('ready').device.name, 'work-phone');
      });
    });

    it('the device on screen stays where another name, or a token, is wanted', async () => {
      const person = await started();
      const { device } = person.as('ready');
      const back = setup.practice.faults.set({ ...out, operation: 'DeleteVirtualMFADevice' });
      await person.enrolment.useName('work-phone');
      assert.deepEqual([person.as('ready').device, person.as('ready').setback?.kind], [device, 'nameKept']);
      await person.enrolment.useToken();
      assert.deepEqual([person.as('ready').device, person.as('ready').setback?.kind], [device, 'signIn']);
      assert.deepEqual([...(await setup.store.held())], [device.serial], 'nobody else deletes it');
      back();
      await person.enrolment.useToken();
      person.as('token');
      assertNothingLeft();
    });

    describe('of one’s own, where a code was given first', () => {
      const proving = async () => {
        const person = await started('priya', setup.own('priya'));
        person.as('proving');
        const prove = async (steps: number) =>
          person.enrolment.prove(serialOf('priya'), await setup.codeOf(serialOf('priya'), steps));
        return { person, prove };
      };

      it('at that code: it is said there, and the same code does', async () => {
        const { person, prove } = await proving();
        setup.practice.faults.set({ ...out, operation: 'GetSessionToken', times: 1 });
        await prove(0);
        assert.equal(person.as('proving').problem?.code, 'expiredCredentials');
        await prove(0);
        person.as('ready');
      });

      it('with the keys that the session was made with: another code is asked for, and the device goes on', async () => {
        const { person, prove } = await proving();
        await prove(0);
        const { device } = person.as('ready');
        const gone = { kind: 'error', code: 'InvalidClientTokenId', status: 403, message: 'no' } as const;
        const back = setup.practice.faults.set(gone);
        await person.typeAndSubmit();
        assert.equal(person.as('ready').setback?.problem.code, 'unknownKey');
        back();
        await person.enrolment.submit();
        person.as('proving');
        await prove(1);
        assert.deepEqual([person.as('ready').device, person.as('ready').setback], [device, undefined]);
        await person.typeAndSubmit();
        person.as('done');
        assertNothingLeft();
      });
    });
  });

  describe('cancelled', () => {
    it('deletes the device', async () => {
      const person = await started();
      const state = await person.enrolment.cancel();
      assert.deepEqual(state, { kind: 'cancelled', remains: { kind: 'nothing' } });
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
      person.assertSeedIsGone();
      assert.deepEqual(
        person.directory.account?.unassigned.map(({ serial }) => serial),
        [serialOf('sam')],
      );
    });

    it('twice does it once', async () => {
      const person = await started();
      await Promise.all([person.enrolment.cancel(), person.enrolment.cancel()]);
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    for (const [title, prepare] of [
      ['refused', (one: Setup) => one.practice.faults.set({ kind: 'deny', operation: 'DeleteVirtualMFADevice' })],
      ['not answered, nor done', (one: Setup) => one.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' })],
      ['answered by a proxy', (one: Setup) => one.relay.spoil('DeleteVirtualMFADevice', proxyPage)],
      [
        'met by AWS’s own fault',
        (one: Setup) => one.practice.faults.set({ kind: 'serverError', operation: 'DeleteVirtualMFADevice' }),
      ],
    ] as const) {
      it(`while the delete is ${title}: says what is left, and it stays remembered`, async () => {
        const person = await started();
        prepare(setup);
        await person.enrolment.cancel();
        const { remains } = person.as('cancelled');
        assert.deepEqual([remains.kind, 'serial' in remains && remains.serial], ['device', serialOf('maya')]);
        assert.deepEqual(setup.store.serials, [serialOf('maya')]);
        assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
        person.assertSeedIsGone();
      });
    }

    it('while the delete’s answer is lost but it was done: nothing is left', async () => {
      const person = await started();
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeleteVirtualMFADevice' });
      await person.enrolment.cancel();
      assert.equal(person.as('cancelled').remains.kind, 'nothing');
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
    });

    it('while it is still looking: makes nothing', async () => {
      const person = await setup.enrolment('maya');
      const gate = setup.relay.hold('ListVirtualMFADevices');
      const starting = person.enrolment.start();
      await gate.reached;
      const cancelling = person.enrolment.cancel();
      gate.open();
      await Promise.all([starting, cancelling]);
      assert.equal(person.as('cancelled').remains.kind, 'nothing');
      assertWrites({});
    });

    it('while the device is being made: waits for it and deletes it', async () => {
      const person = await setup.enrolment('maya');
      const gate = setup.relay.hold('CreateVirtualMFADevice');
      const starting = person.enrolment.start();
      await gate.reached;
      const cancelling = person.enrolment.cancel();
      gate.open();
      await Promise.all([starting, cancelling]);
      assert.equal(person.as('cancelled').remains.kind, 'nothing');
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
      person.assertSeedIsGone();
    });

    it('while it is being enabled: it stays, and is done', async () => {
      const person = await started();
      await person.type();
      assert.equal((await person.submitAndCancel()).kind, 'done');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
      assertNothingLeft();
    });

    it('after the end changes nothing, and does not begin anew', async () => {
      const failed = await started('maya', addCaller({ allExcept: ['CreateVirtualMFADevice'] }));
      assert.equal((await failed.enrolment.cancel()).kind, 'failed');
      await failed.enrolment.retry();
      failed.as('failed');
      const done = await started();
      await done.typeAndSubmit();
      assert.equal((await done.enrolment.cancel()).kind, 'done');
      assert.equal(setup.devicesOf('maya').length, 1);
    });
  });

  describe('what became of the device cannot be noted', () => {
    const forgetful = async () => {
      const person = await started();
      setup.store.remove = () => Promise.reject(new Error('the disk is full'));
      return person;
    };

    it('after it was enabled: it is done all the same, and the seed is gone', async () => {
      const person = await forgetful();
      await person.typeAndSubmit();
      assert.equal(person.as('done').confirmed, true);
      person.assertSeedIsGone();
      assert.equal((await person.enrolment.cancel()).kind, 'done');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya')]);
    });

    it('after it was deleted: it is given up all the same', async () => {
      const person = await forgetful();
      assert.equal((await person.enrolment.cancel()).kind, 'cancelled');
      assert.deepEqual(person.as('cancelled').remains, { kind: 'nothing' });
      person.assertSeedIsGone();
    });
  });

  it('goes on though whoever listens to it is broken', async () => {
    const directory = await setup.loaded();
    const { account } = directory;
    assert.ok(account, 'the account was read');
    const { clock, store } = setup;
    const enrolment = new Enrolment({
      directory,
      clock,
      unfinished: store,
      source: { kind: 'default' },
      account,
      userName: 'maya',
    });
    const handlers = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', () => undefined);
    try {
      enrolment.onDidChange(() => {
        throw new Error('broken listener');
      });
      await enrolment.start();
      assert.equal(enrolment.state.kind, 'ready');
      await enrolment.cancel();
      assert.equal(enrolment.state.kind, 'cancelled');
    } finally {
      process.removeAllListeners('uncaughtException');
      handlers.forEach((handler) => process.on('uncaughtException', handler));
    }
    assertNothingLeft();
  });
});
