import assert from 'node:assert/strict';
import type { Device } from '../../../src/core/device';
import type { EnrolmentState, NewKind, Setback } from '../../../src/core/enrolment';
import type { CompanyDevice, CompanyUser } from '../../../src/practice/company';
import type { PermissionSet } from '../../../src/practice/permissions';
import { assertEnded, companyWith, practiceId, serialOf, Setup, watchSessions, type Enrolling } from '../practiceSetup';

const step = 30_000;
const minute = 60_000;

const writes = [
  'CreateVirtualMFADevice',
  'EnableMFADevice',
  'DeactivateMFADevice',
  'DeleteVirtualMFADevice',
  'GetSessionToken',
] as const;
type Writes = Readonly<Partial<Record<(typeof writes)[number], number>>>;

const serialsOf = (devices: readonly Device[]): readonly string[] => devices.map(({ serial }) => serial);

/** So many virtual devices. */
const many = (count: number): readonly CompanyDevice[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'virtual',
    name: `device-${index}`,
    enabledDaysAgo: 30 - index,
  }));

describe('enrolling where there is a device already', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  const reopen = async (...users: CompanyUser[]): Promise<void> => {
    await setup.close();
    setup = await Setup.open({ company: companyWith(...users) });
  };
  const assertWrites = (expected: Writes): void => setup.assertSent(writes, expected);
  const assertNothingLeft = (): void => {
    assert.deepEqual(setup.unassigned(), [serialOf('sam')]);
    assert.deepEqual(setup.store.serials, [], 'nothing is remembered');
  };
  const started = async (...options: Parameters<Setup['enrolling']>): Promise<Enrolling> => {
    const person = await setup.enrolling(...options);
    await person.enrolment.start();
    return person;
  };
  const allBut = (...actions: string[]): PermissionSet => ({ allExcept: actions });
  /** A caller like the keeper, with less. */
  const less = (permissions: PermissionSet): string => {
    setup.practice.addCaller({ name: 'less', identity: { kind: 'user', userName: 'jordan' }, permissions });
    return 'less';
  };
  const prove = async (person: Enrolling, name: string, steps = 0): Promise<void> =>
    person.enrolment.prove(serialOf(name), await setup.codeOf(serialOf(name), steps));
  /** Gives the user a device, as a colleague may at any time. */
  const give = async (userName: string, name: string): Promise<void> => {
    const iam = await setup.iam();
    const { serial } = await iam.createVirtualMfaDevice(name);
    await iam.enableMfaDevice(userName, serial, await setup.codeOf(serial, -1), await setup.codeOf(serial));
  };
  const expiredAtEnable = { kind: 'expiredToken', operation: 'EnableMFADevice', times: 1 } as const;

  describe('a second device of one’s own, with long-term keys', () => {
    /** Priya’s own keys, and what comes of her codes. */
    const own = async (kind?: NewKind, permissions: PermissionSet = 'everything') => {
      const person = await setup.enrolling('priya', {
        caller: setup.own('priya', permissions),
        ...(kind !== undefined && { kind }),
      });
      const sessions = watchSessions(person.directory.iam);
      await person.enrolment.start();
      return { person, sessions };
    };

    it('needs a code of a device that shows codes, and makes nothing before', async () => {
      const { person } = await own();
      const { devices, problem, busy } = person.as('proving');
      assert.deepEqual(serialsOf(devices), [serialOf('priya'), serialOf('priya-tablet')]);
      assert.deepEqual([problem, busy], [undefined, false]);
      assertWrites({});
    });

    it('is named after the user and enabled in the session, which is dropped at the end', async () => {
      const { person, sessions } = await own();
      await prove(person, 'priya');
      assert.equal(person.as('ready').device.name, 'priya-2');
      await person.typeAndSubmit();
      const { confirmed, device, old } = person.as('done');
      assert.deepEqual([confirmed, device.serial, old], [true, serialOf('priya-2'), undefined]);
      assert.equal(setup.devicesOf('priya').length, 4);
      assert.deepEqual(person.history, ['looking', 'proving', 'making', 'ready', 'enabling', 'done']);
      assertWrites({ GetSessionToken: 1, CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
      assertNothingLeft();
      assert.equal(sessions.length, 1);
      await assertEnded(sessions[0]);
    });

    it('works with nothing but AWS’s self-service policy', async () => {
      const { person } = await own('virtual', 'selfService');
      await prove(person, 'priya-tablet');
      await person.typeAndSubmit();
      person.as('done');
      assert.ok(setup.devicesOf('priya').includes(serialOf('priya-2')), 'it is on');
    });

    it('is made with the code of a hardware token too', async () => {
      const person = await started('elena', { caller: setup.own('elena') });
      assert.deepEqual(serialsOf(person.as('proving').devices), ['GAHT40718293']);
      await person.enrolment.prove('GAHT40718293', await setup.codeOf('GAHT40718293'));
      await person.typeAndSubmit();
      assert.equal(person.as('done').device.serial, serialOf('elena'));
    });

    it('is not begun by a wrong code, which is said, and then by a right one', async () => {
      const { person } = await own();
      const busy: boolean[] = [];
      person.enrolment.onDidChange((state) => state.kind === 'proving' && busy.push(state.busy));
      await prove(person, 'priya', 20);
      const { problem, devices } = person.as('proving');
      assert.deepEqual([problem?.code, problem?.operation], ['invalidCode', 'GetSessionToken']);
      assert.deepEqual([devices.length, busy], [2, [true, false]]);
      assertWrites({ GetSessionToken: 1 });
      await prove(person, 'priya');
      person.as('ready');
    });

    it('right after the first: AWS does not take its codes yet, and does some seconds later', async () => {
      const first = await started('maya', { caller: 'self' });
      await first.typeAndSubmit();
      first.as('done');
      const second = await started('maya', { caller: 'self' });
      await prove(second, 'maya');
      assert.equal(second.as('proving').problem?.code, 'invalidCode');
      assertWrites({ GetSessionToken: 1, CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
      setup.clock.advance(15_000);
      await prove(second, 'maya');
      assert.equal(second.as('ready').device.name, 'maya-2');
      await second.typeAndSubmit();
      second.as('done');
      assert.deepEqual(setup.devicesOf('maya'), [serialOf('maya'), serialOf('maya-2')]);
    });

    it('is proved once though the code is sent twice', async () => {
      const { person } = await own();
      await Promise.all([prove(person, 'priya'), prove(person, 'priya')]);
      person.as('ready');
      assertWrites({ GetSessionToken: 1, CreateVirtualMFADevice: 1 });
    });

    it('is the console’s business where there are passkeys alone', async () => {
      const person = await started('noah', { caller: setup.own('noah') });
      const { problem, remains } = person.as('failed');
      assert.deepEqual([problem.code, remains.kind], ['mfaSessionNeeded', 'nothing']);
      assertWrites({});
    });

    it('as the ninth is refused before a code is asked for and before any write', async () => {
      await reopen({ name: 'full', createdDaysAgo: 9, devices: many(8) });
      const { problem } = (await started('full', { caller: setup.own('full') })).as('failed');
      assert.deepEqual([problem.code, problem.subject], ['limitExceeded', 'full']);
      assertWrites({});
    });

    it('as the ninth is refused where that came about while the code was asked for', async () => {
      await reopen({ name: 'nearly', createdDaysAgo: 9, devices: many(7) });
      const person = await started('nearly', { caller: setup.own('nearly') });
      await give('nearly', 'device-7');
      await prove(person, 'device-0');
      assert.equal(person.as('failed').problem.code, 'limitExceeded');
      assertWrites({ GetSessionToken: 1, CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
      assertNothingLeft();
    });

    it('is asked for a code again where the session runs out, and keeps the QR code and what was typed', async () => {
      const { person, sessions } = await own();
      await prove(person, 'priya');
      const { device, count } = person.as('ready');
      setup.practice.faults.set(expiredAtEnable);
      await person.typeAndSubmit();
      assert.deepEqual(serialsOf(person.as('proving').devices), [serialOf('priya'), serialOf('priya-tablet')]);
      await assertEnded(sessions[0]);
      assert.deepEqual(setup.store.serials, [device.serial], 'it is still being enrolled');
      await prove(person, 'priya', 1);
      const ready = person.as('ready');
      assert.deepEqual([ready.device, ready.count, ready.enabling], [device, count, false]);
      assert.equal(ready.verdict.kind, 'right');
      await person.enrolment.submit();
      person.as('done');
      assertWrites({ GetSessionToken: 2, CreateVirtualMFADevice: 1, EnableMFADevice: 2 });
      await assertEnded(sessions[1]);
    });

    it('is asked for new codes where these grew too old over that', async () => {
      const { person } = await own();
      await prove(person, 'priya');
      setup.practice.faults.set(expiredAtEnable);
      await person.typeAndSubmit();
      setup.clock.advance(4 * step);
      await prove(person, 'priya');
      assert.equal(person.as('ready').verdict.kind, 'tooOld');
      await person.typeAndSubmit();
      person.as('done');
    });

    it('is asked for a code where someone gave a device meanwhile, and keeps the QR code', async () => {
      const person = await started('maya', { caller: 'self' });
      const { device } = person.as('ready');
      await give('maya', 'maya-tablet');
      await person.typeAndSubmit();
      assert.deepEqual(serialsOf(person.as('proving').devices), [serialOf('maya-tablet')]);
      setup.clock.advance(15_000);
      await prove(person, 'maya-tablet');
      assert.equal(person.as('ready').device, device);
      await person.typeAndSubmit();
      person.as('done');
      assert.deepEqual(setup.devicesOf('maya').sort(), [serialOf('maya'), serialOf('maya-tablet')]);
      assertNothingLeft();
    });

    it('given up at such a late question, deletes what was made', async () => {
      const { person, sessions } = await own();
      await prove(person, 'priya');
      setup.practice.faults.set(expiredAtEnable);
      await person.typeAndSubmit();
      person.as('proving');
      await person.enrolment.cancel();
      assert.equal(person.as('cancelled').remains.kind, 'nothing');
      assertNothingLeft();
      assert.equal(sessions.length, 1);
    });

    it('is not asked for a code for want of a permission: that is said, and nothing is left', async () => {
      const { person, sessions } = await own();
      await prove(person, 'priya');
      setup.practice.faults.set({ kind: 'deny', operation: 'EnableMFADevice' });
      await person.typeAndSubmit();
      const { problem, remains } = person.as('failed');
      assert.deepEqual([problem.permission, remains.kind], ['iam:EnableMFADevice', 'nothing']);
      assertWrites({ GetSessionToken: 1, CreateVirtualMFADevice: 1, EnableMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
      await assertEnded(sessions[0]);
    });

    it('is refused by AWS where one’s devices may not be listed, and nothing is left', async () => {
      const { person } = await own('virtual', allBut('ListMFADevices'));
      person.as('ready');
      await person.typeAndSubmit();
      const { problem, remains } = person.as('failed');
      assert.deepEqual([problem.code, problem.operation, remains.kind], ['accessDenied', 'EnableMFADevice', 'nothing']);
      assertNothingLeft();
    });

    it('tried again after a failure, is asked for a code again', async () => {
      const { person, sessions } = await own();
      setup.practice.faults.set({ kind: 'throttle', operation: 'CreateVirtualMFADevice', times: 1 });
      await prove(person, 'priya');
      assert.equal(person.as('failed').problem.code, 'throttled');
      await assertEnded(sessions[0]);
      await person.enrolment.retry();
      person.as('proving');
      await prove(person, 'priya', 1);
      await person.typeAndSubmit();
      person.as('done');
    });

    it('cancelled at the question, changes nothing', async () => {
      const { person } = await own();
      assert.deepEqual(await person.enrolment.cancel(), { kind: 'cancelled', remains: { kind: 'nothing' } });
      await prove(person, 'priya');
      person.as('cancelled');
      assertWrites({});
    });

    it('cancelled while the code is on its way, makes nothing and leaves no session', async () => {
      const { person, sessions } = await own();
      const gate = setup.relay.hold('GetSessionToken');
      const proving = prove(person, 'priya');
      await gate.reached;
      const cancelling = person.enrolment.cancel();
      gate.open();
      await Promise.all([proving, cancelling]);
      person.as('cancelled');
      assertWrites({ GetSessionToken: 1 });
      await assertEnded(sessions[0]);
    });

    it('leaves no session when its panel is gone', async () => {
      const { person, sessions } = await own();
      await prove(person, 'priya');
      person.enrolment.dispose();
      await assertEnded(sessions[0]);
    });

    for (const end of ['done', 'cancelled', 'failed'] as const) {
      it(`no secret is left anywhere when it is ${end}`, async () => {
        const secrets = setup.hearSecrets();
        const { person } = await own();
        const states: EnrolmentState[] = [];
        person.enrolment.onDidChange((state) => states.push(state));
        const code = await setup.codeOf(serialOf('priya'));
        await person.enrolment.prove(serialOf('priya'), code);
        const { seed } = person.as('ready').device;
        assert.equal(secrets.length, 4);
        assert.ok(secrets.includes(seed), 'the seed was heard');
        if (end === 'failed') {
          setup.practice.faults.set({ kind: 'deny', operation: 'EnableMFADevice' });
        }
        await (end === 'cancelled' ? person.enrolment.cancel() : person.typeAndSubmit());
        person.as(end);
        const left = JSON.stringify([person.enrolment.state, setup.records, setup.store.devices]);
        for (const secret of [code, ...secrets]) {
          assert.ok(!left.includes(secret), 'a secret is left');
        }
        // The seed is on screen for a while; the session's keys never are.
        const ever = JSON.stringify(states);
        for (const secret of [code, ...secrets.filter((one) => one !== seed)]) {
          assert.ok(!ever.includes(secret), 'a secret was told');
        }
        assert.equal(person.enrolment.currentCode(), undefined);
      });
    }
  });

  describe('a hardware token', () => {
    const token = 'GAHT40718294';
    const otherToken = 'GAKT10236547';
    const elenas = 'GAHT40718293';

    const asked = (userName = 'maya', caller?: string) =>
      started(userName, { kind: 'token', ...(caller !== undefined && { caller }) });
    /** Types two codes in a row of the token, the second of them what it shows now. */
    const typeCodes = async (person: Enrolling, serial = token): Promise<void> =>
      person.enrolment.typed(await setup.codeOf(serial, -1), await setup.codeOf(serial));
    const send = async (person: Enrolling, serial = token): Promise<void> => {
      person.enrolment.typedSerial(serial);
      await typeCodes(person, serial);
      await person.enrolment.submit();
    };

    it('is asked for, and enabled by its serial number and two codes', async () => {
      const person = await asked();
      assert.deepEqual(person.as('token'), {
        kind: 'token',
        serial: '',
        form: 'empty',
        count: 1,
        verdict: { kind: 'nothing' },
        enabling: false,
      });
      assertWrites({});
      await send(person);
      const { device, confirmed, verdict, remains } = person.as('done');
      assert.deepEqual([device.serial, confirmed, verdict.kind, remains.kind], [token, true, 'unjudged', 'nothing']);
      assert.deepEqual(setup.devicesOf('maya'), [token]);
      assert.equal(person.directory.account?.users.get('maya')?.mfa.kind, 'has', 'the row turns green');
      assert.deepEqual(person.history, ['looking', 'token', 'done']);
      assertWrites({ EnableMFADevice: 1 });
      assert.deepEqual(setup.store.added, [], 'there is nothing to delete after a crash');
    });

    for (const [text, serial, form] of [
      ['', '', 'empty'],
      ['   ', '', 'empty'],
      ['GAHT4071', 'GAHT4071', 'wrong'],
      ['GAHT40718294', token, 'good'],
      [' GAHT 4071 8294\n', token, 'good'],
      ['GAHT40718294!', 'GAHT40718294!', 'wrong'],
      [serialOf('maya'), serialOf('maya'), 'wrong'],
    ] as const) {
      it(`“${text.trim()}” is ${form} as a serial number${form === 'good' ? '' : ', and is not sent'}`, async () => {
        const person = await asked();
        person.enrolment.typedSerial(text);
        const state = person.as('token');
        assert.deepEqual([state.serial, state.form], [serial, form]);
        if (form !== 'good') {
          await typeCodes(person);
          await person.enrolment.submit();
          assert.equal(person.as('token').form, form);
          assertWrites({});
        }
      });
    }

    it('is not sent with codes that cannot work', async () => {
      const person = await asked();
      person.enrolment.typedSerial(token);
      const code = await setup.codeOf(token);
      for (const [first, second, verdict] of [
        ['', '', 'nothing'],
        [code, '', 'halfUnjudged'],
        [code, code, 'same'],
      ] as const) {
        person.enrolment.typed(first, second);
        await person.enrolment.submit();
        assert.equal(person.as('token').verdict.kind, verdict);
      }
      await typeCodes(person);
      setup.clock.advance(4 * step);
      person.enrolment.tick();
      assert.equal(person.as('token').verdict.kind, 'tooOld');
      await person.enrolment.submit();
      assertWrites({});
    });

    for (const [title, serial, userName, setback, code] of [
      ['that AWS does not know', 'GAHT99999999', 'maya', 'unknownToken', 'notFound'],
      ['that is another user’s', elenas, 'maya', 'alreadyAnothers', 'alreadyExists'],
      ['that is theirs already', elenas, 'elena', 'alreadyTheirs', 'alreadyExists'],
    ] as const satisfies readonly (readonly [string, string, string, Setback['kind'], string])[]) {
      it(`${title}: that is said, and another can be tried`, async () => {
        const person = await asked(userName);
        person.enrolment.typedSerial(serial);
        person.enrolment.typed('123456', '654321');
        await person.enrolment.submit();
        const state = person.as('token');
        assert.deepEqual([state.setback?.kind, state.setback?.problem.code], [setback, code]);
        assert.deepEqual(
          [state.serial, state.form, state.verdict.kind, state.enabling],
          [serial, 'good', 'nothing', false],
        );
        assertWrites({ EnableMFADevice: 1 });
        person.enrolment.typedSerial(` ${serial}`);
        assert.ok(person.as('token').setback, 'said while the serial number is the same');
        person.enrolment.typedSerial(serial.slice(0, -1));
        assert.equal(person.as('token').setback, undefined);
        await send(person);
        assert.equal(person.as('done').device.serial, token);
      });
    }

    it('with wrong codes: others are asked for, and the serial number stays', async () => {
      const person = await asked();
      person.enrolment.typedSerial(token);
      person.enrolment.typed('000000', '111111');
      await person.enrolment.submit();
      const { setback, serial, count } = person.as('token');
      assert.deepEqual([setback?.kind, setback?.problem.code, serial, count], ['refused', 'invalidCode', token, 1]);
      await person.enrolment.submit();
      assertWrites({ EnableMFADevice: 1 });
      person.enrolment.typed('123456', '');
      assert.equal(person.as('token').setback, undefined);
      await send(person);
      person.as('done');
    });

    it('for a user who is gone: that is the end, and not the token’s fault', async () => {
      await reopen({ name: 'short', createdDaysAgo: 1 });
      const person = await asked('short');
      setup.practice.faults.set({
        kind: 'error',
        operation: 'ListMFADevices',
        code: 'NoSuchEntity',
        status: 404,
        message: 'no such user',
      });
      setup.practice.faults.set({
        kind: 'error',
        operation: 'EnableMFADevice',
        code: 'NoSuchEntity',
        status: 404,
        message: 'no such user',
      });
      await send(person);
      assert.equal(person.as('failed').problem.code, 'notFound');
    });

    it('for want of a permission: that is the end', async () => {
      const person = await asked('maya', less(allBut('EnableMFADevice')));
      await send(person);
      const { problem, remains } = person.as('failed');
      assert.deepEqual([problem.permission, remains.kind], ['iam:EnableMFADevice', 'nothing']);
    });

    describe('the answer to enabling is lost', () => {
      it('but it was done: so it is done', async () => {
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
        const person = await asked();
        await send(person);
        assert.equal(person.as('done').confirmed, true);
        assertWrites({ EnableMFADevice: 1 });
      });

      it('and it was not done: it can be tried again', async () => {
        setup.relay.spoil('EnableMFADevice', { kind: 'lost' }, 1);
        const person = await asked();
        await send(person);
        assert.equal(person.as('token').setback?.kind, 'notEnabled');
        assert.deepEqual(setup.devicesOf('maya'), []);
        await send(person);
        person.as('done');
        assertWrites({ EnableMFADevice: 2 });
      });

      it('it was done, and the list shows it too late: trying again finds that it is on', async () => {
        setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: minute });
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 });
        const person = await asked();
        await send(person);
        assert.equal(person.as('token').setback?.kind, 'notEnabled');
        setup.clock.advance(minute);
        await send(person);
        assert.equal(person.as('done').device.serial, token);
        assert.deepEqual(setup.devicesOf('maya'), [token]);
      });

      it('it was done, and the list shows it too late: given up, that it is on is told', async () => {
        setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: minute });
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 });
        const person = await asked();
        await send(person);
        assert.equal(person.as('token').setback?.kind, 'notEnabled');
        setup.clock.advance(minute);
        assert.equal((await person.enrolment.cancel()).kind, 'done');
        assert.equal(person.as('done').device.serial, token);
        assertWrites({ EnableMFADevice: 1 });
      });

      /** It was done, and the list has not shown it in time. */
      const unseen = async () => {
        setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: minute });
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 });
        const person = await asked();
        await send(person);
        assert.equal(person.as('token').setback?.kind, 'notEnabled');
        return person;
      };

      it('it was done, and an app is wanted instead: that the token is on is told, and no app’s device is made', async () => {
        const person = await unseen();
        setup.clock.advance(minute);
        await person.enrolment.useApp();
        assert.equal(person.as('done').device.serial, token);
        assertWrites({ EnableMFADevice: 1 });
      });

      it('it was done, and the list shows it only after an app was wanted: given up, that it is on is told', async () => {
        const person = await unseen();
        await person.enrolment.useApp();
        person.as('ready');
        setup.clock.advance(minute);
        assert.equal((await person.enrolment.cancel()).kind, 'done');
        assert.equal(person.as('done').device.serial, token);
        assertNothingLeft();
      });

      it('and the list is refused: that it is not known is said', async () => {
        const person = await asked('maya', less(allBut('ListMFADevices')));
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice' });
        await send(person);
        const { problem, remains } = person.as('failed');
        assert.deepEqual([problem.code, remains], ['answerLost', { kind: 'unknown', serial: token }]);
      });
    });

    it('of one’s own, beside another device: a code is asked for first', async () => {
      const person = await started('priya', { kind: 'token', caller: setup.own('priya') });
      const sessions = watchSessions(person.directory.iam);
      person.as('proving');
      await prove(person, 'priya');
      await send(person);
      assert.equal(person.as('done').device.serial, token);
      assertWrites({ GetSessionToken: 1, EnableMFADevice: 1 });
      await assertEnded(sessions[0]);
    });

    it('of one’s own, where the session runs out: the serial number and the codes stay', async () => {
      const person = await started('priya', { kind: 'token', caller: setup.own('priya') });
      await prove(person, 'priya');
      setup.practice.faults.set(expiredAtEnable);
      await send(person);
      person.as('proving');
      await prove(person, 'priya', 1);
      const { serial, verdict, enabling } = person.as('token');
      assert.deepEqual([serial, verdict.kind, enabling], [token, 'unjudged', false]);
      await person.enrolment.submit();
      person.as('done');
    });

    it('takes nothing while it is being enabled', async () => {
      const person = await asked();
      person.enrolment.typedSerial(token);
      await typeCodes(person);
      await person.submitMeanwhile(() => {
        person.enrolment.typedSerial(otherToken);
        person.enrolment.typed('', '');
        const { serial, verdict, enabling } = person.as('token');
        assert.deepEqual([serial, verdict.kind, enabling], [token, 'unjudged', true]);
      });
      assert.equal(person.as('done').device.serial, token);
    });

    it('cancelled changes nothing', async () => {
      const person = await asked();
      person.enrolment.typedSerial(token);
      assert.deepEqual(await person.enrolment.cancel(), { kind: 'cancelled', remains: { kind: 'nothing' } });
      assertWrites({});
    });

    describe('instead of an app', () => {
      it('deletes the virtual device that was made', async () => {
        const person = await started('maya');
        await person.enrolment.useToken();
        assert.equal(person.as('token').count, 2, 'another question');
        assert.equal(person.enrolment.kind, 'token');
        assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
        assertNothingLeft();
        await send(person);
        assert.deepEqual(person.as('done').remains, { kind: 'nothing' });
        person.assertSeedIsGone();
      });

      it('is offered where a name is asked for, and nothing is made then', async () => {
        const person = await started('sam');
        person.as('naming');
        await person.enrolment.useToken();
        await send(person);
        person.as('done');
        assertWrites({ EnableMFADevice: 1 });
        assert.deepEqual(setup.unassigned(), [serialOf('sam')], 'another’s leftover is left alone');
      });

      it('tells in the end what could not be deleted', async () => {
        const person = await started('maya', { caller: less(allBut('DeleteVirtualMFADevice')) });
        await person.enrolment.useToken();
        person.as('token');
        await send(person);
        const { remains } = person.as('done');
        assert.deepEqual(remains.kind === 'device' && [remains.serial, remains.problem.permission], [
          serialOf('maya'),
          'iam:DeleteVirtualMFADevice',
        ]);
        assert.deepEqual(serialsOf(await setup.store.abandoned()), [serialOf('maya')], 'tried again at the next start');
        person.assertSeedIsGone();
      });

      it('tells what could not be deleted where it is cancelled, too', async () => {
        const person = await started('maya', { caller: less(allBut('DeleteVirtualMFADevice')) });
        await person.enrolment.useToken();
        await person.enrolment.cancel();
        assert.equal(person.as('cancelled').remains.kind, 'device');
      });

      it('does not tell of what was deleted after all', async () => {
        const person = await started('maya');
        setup.practice.faults.set({ kind: 'throttle', operation: 'DeleteVirtualMFADevice', times: 1 });
        await person.enrolment.useToken();
        await person.enrolment.useApp();
        const { why } = person.as('naming');
        assert.deepEqual([why.kind, 'serial' in why && why.serial], ['leftover', serialOf('maya')]);
        await person.enrolment.deleteLeftover();
        await person.typeAndSubmit();
        const { device, remains } = person.as('done');
        assert.deepEqual([device.serial, remains], [serialOf('maya'), { kind: 'nothing' }]);
        assertNothingLeft();
      });

      it('finds that the virtual device is on after all, where an answer was lost', async () => {
        setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: 5 * minute });
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'EnableMFADevice', times: 1 });
        const person = await started('maya');
        await person.typeAndSubmit();
        assert.equal(person.as('ready').setback?.kind, 'notEnabled');
        await person.enrolment.useToken();
        assert.equal(person.as('done').device.serial, serialOf('maya'));
      });
    });

    it('can be changed for an app, which is made then', async () => {
      const person = await asked();
      person.enrolment.typedSerial(token);
      await person.enrolment.useApp();
      const { device, count, verdict } = person.as('ready');
      assert.deepEqual([device.name, count, verdict.kind], ['maya', 2, 'nothing']);
      assert.equal(person.enrolment.kind, 'virtual');
      await person.typeAndSubmit();
      person.as('done');
      assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1 });
    });

    it('begins anew as a token after a failure', async () => {
      setup.practice.faults.set({ kind: 'deny', operation: 'EnableMFADevice', times: 1 });
      const person = await asked();
      await send(person);
      person.as('failed');
      await person.enrolment.retry();
      await send(person);
      person.as('done');
      assertWrites({ EnableMFADevice: 2 });
    });
  });

  describe('in the place of another', () => {
    const marcus: Device = { serial: serialOf('marcus') };
    const changes = () => setup.relay.arrived.filter((one) => (writes as readonly string[]).includes(one));
    const replacing = (userName: string, replaces: Device, more: { caller?: string; kind?: NewKind } = {}) =>
      started(userName, { replaces, ...more });
    const oldOf = (person: Enrolling) => {
      const { old } = person.as('done');
      assert.ok(old, 'there was an old one');
      return old;
    };
    const exists = (serial: string) => setup.practice.devices().some((device) => device.serial === serial);

    it('the new one comes first, and the old one goes when AWS’s list shows the new one', async () => {
      const person = await replacing('marcus', marcus);
      assert.equal(person.as('ready').device.name, 'marcus-2');
      assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')], 'the old one still works');
      const gate = setup.relay.hold('ListMFADevices');
      await person.type();
      const submitting = person.enrolment.submit();
      await gate.reached;
      assert.deepEqual(changes(), ['CreateVirtualMFADevice', 'EnableMFADevice'], 'not before the list is read');
      gate.open();
      await submitting;
      const done = person.as('done');
      assert.equal(done.confirmed, true);
      assert.equal(done.old?.device.serial, serialOf('marcus'));
      assert.deepEqual(done.old.removal, { kind: 'removed' });
      assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus-2')]);
      assert.deepEqual(person.history, ['looking', 'making', 'ready', 'enabling', 'removingOld', 'done']);
      assert.deepEqual(changes(), [
        'CreateVirtualMFADevice',
        'EnableMFADevice',
        'DeactivateMFADevice',
        'DeleteVirtualMFADevice',
      ]);
      const mfa = person.directory.account?.users.get('marcus')?.mfa;
      assert.deepEqual(mfa?.kind === 'has' && serialsOf(mfa.devices), [serialOf('marcus-2')]);
      assertNothingLeft();
      person.assertSeedIsGone();
    });

    it('one’s own: the old one gives the proof, and the session is dropped at the end', async () => {
      const person = await setup.enrolling('priya', {
        caller: setup.own('priya'),
        replaces: { serial: serialOf('priya') },
      });
      const sessions = watchSessions(person.directory.iam);
      await person.enrolment.start();
      await prove(person, 'priya');
      await person.typeAndSubmit();
      assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      assert.equal(exists(serialOf('priya')), false);
      assertWrites({
        GetSessionToken: 1,
        CreateVirtualMFADevice: 1,
        EnableMFADevice: 1,
        DeactivateMFADevice: 1,
        DeleteVirtualMFADevice: 1,
      });
      await assertEnded(sessions[0]);
      assertNothingLeft();
    });

    for (const [title, userName, serialIn] of [
      ['a token', 'elena', () => 'GAHT40718293'],
      ['a passkey', 'noah', () => setup.devicesOf('noah')[0] ?? ''],
      ['text messages', 'ines', () => `arn:aws:iam::${practiceId}:sms-mfa/ines`],
    ] as const) {
      it(`${title}: it is off, and there is nothing to delete`, async () => {
        const serial = serialIn();
        const person = await replacing(userName, { serial });
        await person.typeAndSubmit();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.ok(!setup.devicesOf(userName).includes(serial), 'it is off');
        assertWrites({ CreateVirtualMFADevice: 1, EnableMFADevice: 1, DeactivateMFADevice: 1 });
      });
    }

    it('by a token', async () => {
      const person = await replacing('marcus', marcus, { kind: 'token' });
      person.enrolment.typedSerial('GAHT40718294');
      person.enrolment.typed(await setup.codeOf('GAHT40718294', -1), await setup.codeOf('GAHT40718294'));
      await person.enrolment.submit();
      assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      assert.deepEqual(setup.devicesOf('marcus'), ['GAHT40718294']);
    });

    it('by itself, a token: that it is on already is said, and nothing is sent', async () => {
      const person = await replacing('elena', { serial: 'GAHT40718293' }, { kind: 'token' });
      person.enrolment.typedSerial('GAHT40718293');
      person.enrolment.typed(await setup.codeOf('GAHT40718293', -1), await setup.codeOf('GAHT40718293'));
      await person.enrolment.submit();
      assert.equal(person.as('token').setback?.kind, 'alreadyTheirs');
      assert.deepEqual(setup.devicesOf('elena'), ['GAHT40718293']);
      assertWrites({});
    });

    it('by one of the same name, once a colleague has removed the old one: the new one stays', async () => {
      const person = await replacing('marcus', marcus);
      const iam = await setup.iam();
      await iam.deactivateMfaDevice('marcus', marcus.serial);
      await iam.deleteVirtualMfaDevice(marcus.serial);
      await person.enrolment.useName('marcus');
      await person.typeAndSubmit();
      assert.equal(person.as('done').device.serial, marcus.serial);
      assert.deepEqual(oldOf(person).removal, { kind: 'gone' });
      await person.enrolment.removeOld();
      assert.deepEqual(setup.devicesOf('marcus'), [marcus.serial]);
      assert.equal(setup.count('DeactivateMFADevice'), 1, 'the colleague’s');
    });

    it('given up: the old one is left alone', async () => {
      const person = await replacing('marcus', marcus);
      await person.enrolment.cancel();
      person.as('cancelled');
      assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')]);
      assertWrites({ CreateVirtualMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assertNothingLeft();
    });

    it('given up while the new one is being enabled: the old one stays until the person says so', async () => {
      const person = await setup.enrolling('priya', {
        caller: setup.own('priya'),
        replaces: { serial: serialOf('priya') },
      });
      await person.enrolment.start();
      await prove(person, 'priya');
      await person.type();
      assert.equal((await person.submitAndCancel()).kind, 'done');
      assert.deepEqual([person.as('done').confirmed, oldOf(person).removal], [true, { kind: 'waiting' }]);
      assert.equal(setup.count('DeactivateMFADevice'), 0);
      setup.practice.faults.set({ kind: 'expiredToken', operation: 'DeactivateMFADevice', times: 1 });
      await person.enrolment.removeOld();
      await person.enrolment.removeOld();
      setup.clock.advance(minute);
      await prove(person, 'priya');
      assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
    });

    it('while the new one cannot be enabled: the old one is left alone', async () => {
      const person = await replacing('marcus', marcus, { caller: less(allBut('EnableMFADevice')) });
      await person.typeAndSubmit();
      person.as('failed');
      assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')]);
      assertNothingLeft();
    });

    describe('while the list lags behind', () => {
      const waiting = async (caller?: string) => {
        setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: 3 * minute, times: 1 });
        const person = await setup.enrolling('priya', {
          replaces: { serial: serialOf('priya') },
          ...(caller !== undefined && { caller }),
        });
        const sessions = watchSessions(person.directory.iam);
        await person.enrolment.start();
        if (caller !== undefined) {
          await prove(person, 'priya');
        }
        await person.typeAndSubmit();
        assert.equal(person.as('done').confirmed, false);
        assert.deepEqual(oldOf(person).removal, { kind: 'waiting' });
        assert.ok(setup.devicesOf('priya').includes(serialOf('priya')), 'the old one is still on');
        assert.equal(setup.count('DeactivateMFADevice'), 0);
        return { person, sessions };
      };

      it('the old one waits, and goes when the list has caught up and the person says so', async () => {
        const { person } = await waiting();
        person.assertSeedIsGone();
        setup.clock.advance(3 * minute);
        await person.enrolment.removeOld();
        assert.equal(person.as('done').confirmed, true);
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.ok(!setup.devicesOf('priya').includes(serialOf('priya')), 'it is off');
        assertWrites({
          CreateVirtualMFADevice: 1,
          EnableMFADevice: 1,
          DeactivateMFADevice: 1,
          DeleteVirtualMFADevice: 1,
        });
        await person.enrolment.removeOld();
        assert.equal(setup.count('DeactivateMFADevice'), 1, 'once is enough');
      });

      it('the old one goes on waiting where the list has not caught up', async () => {
        const { person } = await waiting();
        await person.enrolment.removeOld();
        assert.equal(person.as('done').confirmed, false);
        assert.deepEqual(oldOf(person).removal, { kind: 'waiting' });
        assert.equal(setup.count('DeactivateMFADevice'), 0);
      });

      it('the old one goes on the person’s word where the list may not be read', async () => {
        const { person } = await waiting();
        setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
        await person.enrolment.removeOld();
        assert.equal(person.as('done').confirmed, false, 'no list was read');
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      });

      it('of one’s own: the session stays until then', async () => {
        const { person, sessions } = await waiting(setup.own('priya'));
        assert.equal((await sessions[0]?.iam.callerIdentity())?.userName, 'priya', 'it can still be used');
        setup.clock.advance(3 * minute);
        await person.enrolment.removeOld();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.equal(setup.count('GetSessionToken'), 1);
        await assertEnded(sessions[0]);
      });

      it('the old one stays where someone has removed the new one since, even though it was seen before', async () => {
        const person = await setup.enrolling('marcus', { replaces: { serial: serialOf('marcus') } });
        await person.enrolment.start();
        setup.practice.faults.set({ kind: 'throttle', operation: 'DeactivateMFADevice', times: 1 });
        await person.typeAndSubmit();
        assert.deepEqual([person.as('done').confirmed, oldOf(person).removal.kind], [true, 'kept']);
        const iam = await setup.iam();
        await iam.deactivateMfaDevice('marcus', serialOf('marcus-2'));
        await person.enrolment.removeOld();
        assert.equal(person.as('done').confirmed, false);
        assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')], 'marcus is never without MFA');
      });

      it('of one’s own, with a session that has run out: another code is asked for, and the old one goes', async () => {
        const { person, sessions } = await waiting(setup.own('priya'));
        setup.clock.advance(3 * minute);
        setup.practice.faults.set({ kind: 'expiredToken', operation: 'DeactivateMFADevice', times: 1 });
        await person.enrolment.removeOld();
        const { removal } = oldOf(person);
        assert.equal('problem' in removal && removal.problem.code, 'mfaSessionNeeded');
        await person.enrolment.removeOld();
        assert.ok(serialsOf(person.as('proving').devices).includes(serialOf('priya')), 'the old one can prove');
        await prove(person, 'priya');
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.equal(sessions.length, 2);
        await assertEnded(sessions[0]);
        await assertEnded(sessions[1]);
      });

      it('of one’s own, given up at that question: the new one is on, and the old one stays', async () => {
        const { person } = await waiting(setup.own('priya'));
        setup.clock.advance(3 * minute);
        setup.practice.faults.set({ kind: 'expiredToken', operation: 'DeactivateMFADevice', times: 1 });
        await person.enrolment.removeOld();
        await person.enrolment.removeOld();
        person.as('proving');
        assert.equal((await person.enrolment.cancel()).kind, 'done');
        assert.ok(setup.devicesOf('priya').includes(serialOf('priya')), 'the old one is on');
        assert.equal(setup.devicesOf('priya').length, 4);
      });

      it('of one’s own: the session does not outlive the panel', async () => {
        const { person, sessions } = await waiting(setup.own('priya'));
        assert.equal((await person.enrolment.cancel()).kind, 'done');
        person.enrolment.dispose();
        await assertEnded(sessions[0]);
      });
    });

    it('that is gone already: the new one is made, and nothing is removed', async () => {
      const person = await setup.enrolling('priya', { replaces: { serial: serialOf('priya') } });
      const iam = await setup.iam();
      await iam.deactivateMfaDevice('priya', serialOf('priya'));
      await iam.deleteVirtualMfaDevice(serialOf('priya'));
      await person.enrolment.start();
      await person.typeAndSubmit();
      assert.deepEqual(oldOf(person).removal, { kind: 'gone' });
      assertWrites({
        CreateVirtualMFADevice: 1,
        EnableMFADevice: 1,
        DeactivateMFADevice: 1,
        DeleteVirtualMFADevice: 1,
      });
    });

    it('of a user whom the account does not list any more: it is not taken for gone, and goes in the end', async () => {
      const person = await setup.enrolling('marcus', { caller: setup.own('jordan'), replaces: marcus });
      const back = setup.practice.faults.set({ kind: 'deny', operation: 'ListUsers' });
      await person.directory.load();
      back();
      await person.enrolment.start();
      assert.equal(person.as('ready').old, undefined);
      await person.typeAndSubmit();
      assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus-2')]);
    });

    it('a token, of a user who cannot be found any more: that it is gone is not claimed', async () => {
      const person = await replacing('elena', { serial: 'GAHT40718293' });
      setup.practice.faults.set({ kind: 'throttle', operation: 'DeactivateMFADevice', times: 1 });
      await person.typeAndSubmit();
      for (const operation of ['ListMFADevices', 'DeactivateMFADevice']) {
        setup.practice.faults.set({ kind: 'error', operation, code: 'NoSuchEntity', status: 404, message: 'no user' });
      }
      await person.enrolment.removeOld();
      assert.equal(oldOf(person).removal.kind, 'unknown');
    });

    it('that goes while the codes are typed: that it is gone is told', async () => {
      const person = await replacing('marcus', marcus);
      const iam = await setup.iam();
      await iam.deactivateMfaDevice('marcus', serialOf('marcus'));
      await iam.deleteVirtualMfaDevice(serialOf('marcus'));
      await person.typeAndSubmit();
      assert.deepEqual(oldOf(person).removal, { kind: 'gone' });
    });

    for (const [title, fault, code] of [
      ['refused', { kind: 'deny', operation: 'DeactivateMFADevice', times: 1 }, 'accessDenied'],
      ['throttled', { kind: 'throttle', operation: 'DeactivateMFADevice', times: 1 }, 'throttled'],
    ] as const) {
      it(`that may not be removed (${title}): MFA is on, that is told, and can be tried again`, async () => {
        setup.practice.faults.set(fault);
        const person = await replacing('marcus', marcus);
        await person.typeAndSubmit();
        const { removal } = oldOf(person);
        assert.deepEqual([removal.kind, 'problem' in removal && removal.problem.code], ['kept', code]);
        assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus'), serialOf('marcus-2')]);
        person.assertSeedIsGone();
        await person.enrolment.removeOld();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus-2')]);
        assert.equal(setup.count('DeactivateMFADevice'), 2);
        assertNothingLeft();
      });
    }

    it('that is off but may not be deleted: that is told, and the second half can be tried again', async () => {
      setup.practice.faults.set({ kind: 'deny', operation: 'DeleteVirtualMFADevice', times: 1 });
      const person = await replacing('marcus', marcus);
      await person.typeAndSubmit();
      assert.equal(oldOf(person).removal.kind, 'deactivated');
      assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus-2')]);
      await person.enrolment.removeOld();
      assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      assertNothingLeft();
    });

    it('that is removed once though the person says so twice', async () => {
      setup.practice.faults.set({ kind: 'throttle', operation: 'DeactivateMFADevice', times: 1 });
      const person = await replacing('marcus', marcus);
      await person.typeAndSubmit();
      await Promise.all([person.enrolment.removeOld(), person.enrolment.removeOld()]);
      assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      assert.equal(setup.count('DeactivateMFADevice'), 2);
    });

    describe('of eight', () => {
      const old: Device = { serial: serialOf('device-0') };
      beforeEach(() => reopen({ name: 'full', createdDaysAgo: 40, devices: many(8) }));

      it('the old one has to go first, which the person is asked about before anything is done', async () => {
        const person = await replacing('full', old);
        const state = person.as('full');
        assert.deepEqual([state.old.serial, state.others], [old.serial, 7]);
        assertWrites({});
        await person.enrolment.makeRoom();
        assert.deepEqual(person.as('ready').device.name, 'full');
        assert.equal(exists(old.serial), false);
        await person.typeAndSubmit();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.equal(setup.devicesOf('full').length, 8);
        assert.deepEqual(changes(), [
          'DeactivateMFADevice',
          'DeleteVirtualMFADevice',
          'CreateVirtualMFADevice',
          'EnableMFADevice',
        ]);
        assertNothingLeft();
      });

      it('and need not go first where room was made meanwhile', async () => {
        const person = await replacing('full', old);
        person.as('full');
        const iam = await setup.iam();
        await iam.deactivateMfaDevice('full', serialOf('device-7'));
        await person.enrolment.makeRoom();
        person.as('ready');
        assert.ok(exists(old.serial), 'the old one is still on');
        await person.typeAndSubmit();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
      });

      it('given up at that question, nothing is changed', async () => {
        const person = await replacing('full', old);
        await person.enrolment.cancel();
        await person.enrolment.makeRoom();
        person.as('cancelled');
        assertWrites({});
      });

      it('of one’s own: a code is asked for before', async () => {
        const person = await replacing('full', old, { caller: setup.own('full') });
        person.as('proving');
        await prove(person, 'device-3');
        person.as('full');
        await person.enrolment.makeRoom();
        await person.typeAndSubmit();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assertWrites({
          GetSessionToken: 1,
          CreateVirtualMFADevice: 1,
          EnableMFADevice: 1,
          DeactivateMFADevice: 1,
          DeleteVirtualMFADevice: 1,
        });
      });

      it('that may not be removed: nothing is made', async () => {
        const person = await replacing('full', old, { caller: less(allBut('DeactivateMFADevice')) });
        await person.enrolment.makeRoom();
        assert.equal(person.as('failed').problem.permission, 'iam:DeactivateMFADevice');
        assertWrites({ DeactivateMFADevice: 1 });
        assert.equal(setup.devicesOf('full').length, 8);
        await person.enrolment.retry();
        person.as('full');
      });

      it('that is off but may not be deleted: there is room, and what is left is told', async () => {
        const person = await replacing('full', old, { caller: less(allBut('DeleteVirtualMFADevice')) });
        await person.enrolment.makeRoom();
        await person.typeAndSubmit();
        assert.equal(oldOf(person).removal.kind, 'deactivated');
        assert.equal(setup.devicesOf('full').length, 8);
      });

      it('that could not be deleted at first, and whose name the new one has: the new one stays', async () => {
        await reopen({
          name: 'full',
          createdDaysAgo: 40,
          devices: many(8).map((device, index) => (index === 0 ? { ...device, name: 'full' } : device)),
        });
        setup.practice.faults.set({ kind: 'throttle', operation: 'DeleteVirtualMFADevice', times: 1 });
        const person = await replacing('full', { serial: serialOf('full') });
        await person.enrolment.makeRoom();
        await person.enrolment.deleteLeftover();
        await person.typeAndSubmit();
        assert.equal(person.as('done').device.serial, serialOf('full'));
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        await person.enrolment.removeOld();
        assert.ok(setup.devicesOf('full').includes(serialOf('full')), 'the new one is on');
        assert.equal(setup.count('DeactivateMFADevice'), 1);
        assertNothingLeft();
      });

      it('and then no new one can be made: tried again, it is known that the old one went here', async () => {
        setup.practice.faults.set({ kind: 'throttle', operation: 'CreateVirtualMFADevice', times: 1 });
        const person = await replacing('full', old);
        await person.enrolment.makeRoom();
        assert.equal(person.as('failed').problem.code, 'throttled');
        await person.enrolment.retry();
        await person.typeAndSubmit();
        assert.deepEqual(oldOf(person).removal, { kind: 'removed' });
        assert.equal(setup.count('DeactivateMFADevice'), 1);
      });

      it('that is gone already, with another in its place: there is no room, and none is made', async () => {
        const iam = await setup.iam();
        const person = await setup.enrolling('full', { replaces: old });
        await iam.deactivateMfaDevice('full', old.serial);
        await give('full', 'device-8');
        await person.enrolment.start();
        assert.equal(person.as('failed').problem.code, 'limitExceeded');
        assert.equal(setup.count('CreateVirtualMFADevice'), 1, 'the other’s');
      });
    });
  });
});
