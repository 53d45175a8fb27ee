import assert from 'node:assert/strict';
import type { Device } from '../../../src/core/device';
import type { DeviceRemoval } from '../../../src/core/deviceRemoval';
import type { Directory } from '../../../src/core/directory';
import { isLast, Removal, type RemovalState } from '../../../src/core/removal';
import type { CompanyUser } from '../../../src/practice/company';
import type { PermissionSet } from '../../../src/practice/permissions';
import { assertEnded, companyWith, ofKind, practiceId, serialOf, Setup, until, watchSessions } from '../practiceSetup';

const writes = ['DeactivateMFADevice', 'DeleteVirtualMFADevice', 'GetSessionToken'] as const;
type Writes = Readonly<Partial<Record<(typeof writes)[number], number>>>;

/** A removal with what it goes through. */
class Removing {
  /** Every kind of state there was, in order, without repetitions. */
  readonly history: string[] = [];
  readonly states: RemovalState[] = [];

  constructor(
    readonly removal: Removal,
    readonly directory: Directory,
  ) {
    removal.onDidChange((state) => {
      this.states.push(state);
      if (this.history.at(-1) !== state.kind) {
        this.history.push(state.kind);
      }
    });
  }

  as<K extends RemovalState['kind']>(kind: K) {
    return ofKind(this.removal.state, kind);
  }

  /** What became of each device. */
  get outcomes(): readonly DeviceRemoval['kind'][] {
    return this.as('ended').results.map(({ removal }) => removal.kind);
  }

  /** What became of the one device. */
  get outcome(): DeviceRemoval {
    const [result, ...others] = this.as('ended').results;
    assert.ok(result, 'there was a device');
    assert.equal(others.length, 0);
    return result.removal;
  }
}

const serialsOf = (devices: readonly Device[]): readonly string[] => devices.map(({ serial }) => serial);

describe('removing devices', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  const reopen = async (...users: CompanyUser[]): Promise<void> => {
    await setup.close();
    setup = await Setup.open({ company: companyWith(...users) });
  };
  /** A removal that has not begun. @param serials left out: all that the user has */
  const removing = async (userName: string, serials?: readonly string[], caller?: string): Promise<Removing> => {
    const directory = await setup.loaded(caller);
    const { account } = directory;
    assert.ok(account, 'the account was read');
    const { store: unfinished } = setup;
    const removal = new Removal({
      directory,
      unfinished,
      account,
      source: { kind: 'default' },
      userName,
      ...(serials && { serials }),
    });
    return new Removing(removal, directory);
  };
  /** One that asks. */
  const started = async (userName: string, serials?: readonly string[], caller?: string): Promise<Removing> => {
    const person = await removing(userName, serials, caller);
    await person.removal.start();
    return person;
  };
  /** One where the person agreed. */
  const confirmed = async (userName: string, serials?: readonly string[], caller?: string): Promise<Removing> => {
    const person = await started(userName, serials, caller);
    await person.removal.confirm(userName);
    return person;
  };
  /** A caller like the keeper, with less. */
  const less = (permissions: PermissionSet): string => {
    setup.practice.addCaller({ name: 'less', identity: { kind: 'user', userName: 'jordan' }, permissions });
    return 'less';
  };
  const assertWrites = (expected: Writes): void => setup.assertSent(writes, expected);
  const passkeyOf = (userName: string): string => {
    const serial = setup.devicesOf(userName).find((one) => one.includes(':u2f/'));
    assert.ok(serial !== undefined, `${userName} has a passkey`);
    return serial;
  };
  const exists = (serial: string) => setup.practice.devices().some((device) => device.serial === serial);
  /** The serials that were deactivated, in order. */
  const deactivated = () =>
    setup.practice.calls
      .filter(({ operation }) => operation === 'DeactivateMFADevice')
      .map(({ parameters }) => parameters['SerialNumber']);

  describe('what is about to happen', () => {
    it('names the devices that go and those that stay, and asks nothing about policies then', async () => {
      const person = await removing('priya', [serialOf('priya-tablet')]);
      person.as('looking');
      await person.removal.start();
      const { plan, changed, wrongName } = person.as('confirming');
      assert.deepEqual(serialsOf(plan.devices), [serialOf('priya-tablet')]);
      assert.deepEqual(serialsOf(plan.remaining), [serialOf('priya'), passkeyOf('priya')]);
      assert.deepEqual([isLast(plan), plan.own, plan.demands, plan.demandsUnread], [false, false, [], []]);
      assert.deepEqual([changed, wrongName, plan.password], [false, false, 'yes']);
      assert.deepEqual(
        ['ListUserPolicies', 'ListAttachedUserPolicies', 'ListGroupsForUser'].map((call) => setup.count(call)),
        [0, 0, 0],
      );
      assertWrites({});
    });

    it('names every kind of device where all of them go', async () => {
      const { plan } = (await started('priya')).as('confirming');
      assert.deepEqual(serialsOf(plan.devices), [serialOf('priya'), serialOf('priya-tablet'), passkeyOf('priya')]);
      assert.deepEqual([isLast(plan), plan.remaining], [true, []]);
    });

    for (const [userName, demands] of [
      ['marcus', [{ policy: 'RequireMfa', group: 'everyone', reach: 'settingUp' }]],
      ['elena', [{ policy: 'BillingWithMfa', group: 'finance', reach: 'part' }]],
      // Hers says nothing of MFA.
      ['ines', []],
    ] as const) {
      it(`names what demands MFA of ${userName}, where the last device goes`, async () => {
        const { plan } = (await started(userName)).as('confirming');
        assert.deepEqual([plan.demands, plan.demandsUnread], [demands, []]);
      });
    }

    it('names what demands MFA however it comes to the user, the widest first', async () => {
      await reopen({
        name: 'wide',
        createdDaysAgo: 9,
        devices: [{ kind: 'virtual', name: 'wide', enabledDaysAgo: 3 }],
        groups: ['finance', 'everyone'],
        attachedPolicies: ['IAMUserChangePassword', 'RequireMfa'],
        inlinePolicies: [
          {
            name: 'AllOfS3',
            statements: [
              {
                Effect: 'Allow',
                Action: 's3:*',
                Resource: '*',
                Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
              },
            ],
          },
        ],
      });
      const { plan } = (await started('wide')).as('confirming');
      assert.deepEqual(plan.demands, [
        { policy: 'RequireMfa', reach: 'settingUp' },
        { policy: 'RequireMfa', group: 'everyone', reach: 'settingUp' },
        { policy: 'AllOfS3', reach: 'part' },
        { policy: 'BillingWithMfa', group: 'finance', reach: 'part' },
      ]);
    });

    it('says what could not be read of the policies, and names the others', async () => {
      const person = await started('elena', undefined, less({ allExcept: ['GetGroupPolicy', 'ListUserPolicies'] }));
      const { plan } = person.as('confirming');
      assert.deepEqual(plan.demands, []);
      assert.deepEqual(plan.demandsUnread.map(({ code, permission }) => [code, permission]).sort(), [
        ['accessDenied', 'iam:GetGroupPolicy'],
        ['accessDenied', 'iam:ListUserPolicies'],
      ]);
      const other = await started('marcus', undefined, 'less');
      assert.deepEqual(
        other.as('confirming').plan.demands.map(({ policy }) => policy),
        ['RequireMfa'],
      );
      assert.equal(other.as('confirming').plan.demandsUnread.length, 1);
    });

    it('is nothing where the device is not there any more, or the user has none', async () => {
      (await started('priya', [serialOf('marcus')])).as('gone');
      (await started('maya')).as('gone');
      assertWrites({});
    });

    it('is not guessed where the devices cannot be read', async () => {
      const { problem } = (await started('marcus', undefined, less({ allExcept: ['ListMFADevices'] }))).as('failed');
      assert.deepEqual([problem.code, problem.permission], ['accessDenied', 'iam:ListMFADevices']);
      assertWrites({});
    });

    it('is not guessed where the user is not known', async () => {
      assert.equal((await started('nobody')).as('failed').problem.code, 'notFound');
      assertWrites({});
    });
  });

  describe('one of several', () => {
    it('goes without a name being typed, and AWS’s lists are read afterwards', async () => {
      const person = await started('priya', [serialOf('priya-tablet')]);
      await person.removal.confirm();
      assert.deepEqual(person.outcome, { kind: 'removed' });
      const { now } = person.as('ended');
      assert.deepEqual(now?.mfa.kind === 'has' && serialsOf(now.mfa.devices), [serialOf('priya'), passkeyOf('priya')]);
      assert.equal(now, person.directory.account?.users.get('priya'), 'the row shows it');
      assert.ok(
        !person.directory.account?.virtualDevices?.some(({ serial }) => serial === serialOf('priya-tablet')),
        'its name is free again',
      );
      assert.deepEqual(person.history, ['looking', 'confirming', 'looking', 'removing', 'ended']);
      assert.equal(exists(serialOf('priya-tablet')), false, 'it is deleted too');
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assert.deepEqual(setup.store.serials, []);
    });

    it('is remembered between the two halves, so that a killed process leaves nothing', async () => {
      const person = await started('priya', [serialOf('priya-tablet')]);
      const gate = setup.relay.hold('DeactivateMFADevice');
      const going = person.removal.confirm();
      await gate.reached;
      assert.deepEqual(setup.store.devices, [
        {
          serial: serialOf('priya-tablet'),
          accountId: practiceId,
          partition: 'aws',
          source: { kind: 'default' },
          startedAt: setup.clock.now(),
        },
      ]);
      assert.deepEqual(
        [...(await setup.store.held())],
        [serialOf('priya-tablet')],
        'and is no other window’s business',
      );
      gate.open();
      await going;
      assert.deepEqual(setup.store.serials, []);
    });

    it('goes once though it is confirmed twice', async () => {
      const person = await started('priya', [serialOf('priya-tablet')]);
      await Promise.all([person.removal.confirm(), person.removal.confirm()]);
      assert.deepEqual(person.outcomes, ['removed']);
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });
  });

  describe('the last one', () => {
    for (const typed of [undefined, '', 'Marcus', 'marcus ', 'marcu', 'priya']) {
      it(`stays where “${String(typed)}” is typed, and the question stands`, async () => {
        const person = await started('marcus');
        const { plan } = person.as('confirming');
        await person.removal.confirm(typed);
        assert.deepEqual(person.as('confirming'), { kind: 'confirming', plan, changed: false, wrongName: true });
        assertWrites({});
        assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')]);
      });
    }

    it('goes where the user’s name is typed, at the second attempt too', async () => {
      const person = await started('marcus');
      await person.removal.confirm('maya');
      await person.removal.confirm('marcus');
      assert.deepEqual(person.outcomes, ['removed']);
      assert.deepEqual(person.as('ended').now?.mfa.kind, 'none');
      assert.deepEqual(setup.devicesOf('marcus'), []);
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('is asked about anew where it has become the last since the question', async () => {
      const person = await started('priya', [serialOf('priya-tablet')]);
      const other = await setup.iam();
      await other.deactivateMfaDevice('priya', serialOf('priya'));
      await other.deactivateMfaDevice('priya', passkeyOf('priya'));
      await person.removal.confirm();
      const { plan, changed, wrongName } = person.as('confirming');
      assert.deepEqual([changed, wrongName, isLast(plan)], [true, false, true]);
      assert.deepEqual(
        plan.demands.map(({ policy }) => policy),
        ['RequireMfa'],
        'now it matters',
      );
      assertWrites({ DeactivateMFADevice: 2 });
      assert.deepEqual(setup.devicesOf('priya'), [serialOf('priya-tablet')]);
      await person.removal.confirm();
      assert.equal(person.as('confirming').wrongName, true);
      await person.removal.confirm('priya');
      assert.deepEqual(person.outcomes, ['removed']);
      assert.deepEqual(setup.devicesOf('priya'), []);
    });

    it('stays where it has become the last while another of those that go was taken', async () => {
      const person = await started('priya', [serialOf('priya'), serialOf('priya-tablet')]);
      const gate = setup.relay.hold('DeactivateMFADevice');
      const going = person.removal.confirm();
      await gate.reached;
      // The answer to the other’s is held back too.
      const others = (await setup.iam()).deactivateMfaDevice('priya', passkeyOf('priya'));
      await until(() => setup.devicesOf('priya').length === 1);
      gate.open();
      await others;
      await going;
      assert.deepEqual(person.outcomes, ['removed']);
      const { untried, changed } = person.as('ended');
      assert.deepEqual([serialsOf(untried), changed], [[serialOf('priya-tablet')], true]);
      assert.deepEqual(setup.devicesOf('priya'), [serialOf('priya-tablet')]);
    });

    it('stays where it cannot be told whether it is the last by now', async () => {
      const person = await started('priya', [serialOf('priya'), serialOf('priya-tablet')]);
      const gate = setup.relay.hold('DeleteVirtualMFADevice');
      const going = person.removal.confirm();
      await gate.reached;
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      gate.open();
      await going;
      const [, second] = person.as('ended').results;
      assert.deepEqual(
        second?.removal.kind === 'kept' && [second.removal.problem.code, second.removal.problem.operation],
        ['accessDenied', 'ListMFADevices'],
      );
      assert.ok(setup.devicesOf('priya').includes(serialOf('priya-tablet')), 'it is still on');
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('is not asked about anew where it was the last all along', async () => {
      const person = await started('priya');
      await (await setup.iam()).deactivateMfaDevice('priya', serialOf('priya-tablet'));
      await person.removal.confirm('priya');
      assert.deepEqual(person.outcomes, ['removed', 'removed', 'removed']);
      assert.deepEqual(setup.devicesOf('priya'), []);
      assert.equal(exists(serialOf('priya-tablet')), false, 'the second half was done here');
    });

    it('is asked about anew where it is another of the same name since the question', async () => {
      const person = await started('marcus');
      const iam = await setup.iam();
      await iam.deactivateMfaDevice('marcus', serialOf('marcus'));
      await iam.deleteVirtualMfaDevice(serialOf('marcus'));
      const { serial } = await iam.createVirtualMfaDevice('marcus');
      await iam.enableMfaDevice('marcus', serial, await setup.codeOf(serial, -1), await setup.codeOf(serial));
      await person.removal.confirm('marcus');
      assert.equal(person.as('confirming').changed, true);
      assert.deepEqual(setup.devicesOf('marcus'), [serial]);
      await person.removal.confirm('marcus');
      assert.deepEqual(person.outcomes, ['removed'], 'the person wants that');
    });

    it('leaves alone what the user was given since the question', async () => {
      const person = await started('marcus');
      const iam = await setup.iam();
      const { serial } = await iam.createVirtualMfaDevice('marcus-new');
      await iam.enableMfaDevice('marcus', serial, await setup.codeOf(serial, -1), await setup.codeOf(serial));
      await person.removal.confirm('marcus');
      assert.deepEqual(person.outcomes, ['removed']);
      assert.deepEqual(setup.devicesOf('marcus'), [serial]);
    });
  });

  describe('all of them', () => {
    it('go one after the other, each told with its number', async () => {
      const person = await confirmed('priya');
      const all = [serialOf('priya'), serialOf('priya-tablet')];
      assert.deepEqual(person.outcomes, ['removed', 'removed', 'removed']);
      assert.deepEqual(
        person.states.flatMap((state) => (state.kind === 'removing' ? [[state.number, state.of]] : [])),
        [
          [1, 3],
          [2, 3],
          [3, 3],
        ],
      );
      assert.deepEqual(deactivated().slice(0, 2), all);
      assert.deepEqual([setup.devicesOf('priya'), all.filter(exists)], [[], []]);
      assertWrites({ DeactivateMFADevice: 3, DeleteVirtualMFADevice: 2 });
    });

    it('each with its own end: one that is refused does not stop the next', async () => {
      setup.practice.faults.set({ kind: 'throttle', operation: 'DeactivateMFADevice', times: 1 });
      const person = await confirmed('priya');
      assert.deepEqual(person.outcomes, ['kept', 'removed', 'removed']);
      const { now } = person.as('ended');
      assert.deepEqual(now?.mfa.kind === 'has' && serialsOf(now.mfa.devices), [serialOf('priya')]);
      assertWrites({ DeactivateMFADevice: 3, DeleteVirtualMFADevice: 1 });
    });
  });

  describe('a device that is not virtual is off its user, and there is nothing to delete:', () => {
    for (const [title, userName, serialIn] of [
      ['a hardware token', 'elena', () => 'GAHT40718293'],
      ['a passkey', 'noah', () => passkeyOf('noah')],
      ['text messages', 'ines', () => `arn:aws:iam::${practiceId}:sms-mfa/ines`],
    ] as const) {
      it(title, async () => {
        const serial = serialIn();
        const person = await confirmed(userName, [serial]);
        assert.deepEqual(person.outcomes, ['removed']);
        assert.ok(!setup.devicesOf(userName).includes(serial), 'it is off');
        assertWrites({ DeactivateMFADevice: 1 });
        assert.deepEqual(setup.store.added, [], 'there was no second half to remember');
      });
    }
  });

  describe('cancelled', () => {
    it('while it looks, changes nothing', async () => {
      const person = await removing('marcus');
      const gate = setup.relay.hold('ListMFADevices');
      const starting = person.removal.start();
      await gate.reached;
      person.removal.cancel();
      gate.open();
      await starting;
      person.as('cancelled');
      assertWrites({});
    });

    it('while it reads the policies, changes nothing', async () => {
      const person = await removing('marcus');
      const gate = setup.relay.hold('ListGroupsForUser');
      const starting = person.removal.start();
      await gate.reached;
      person.removal.cancel();
      gate.open();
      await starting;
      person.as('cancelled');
      assertWrites({});
    });

    it('at the question, changes nothing, and cannot be confirmed afterwards', async () => {
      const person = await started('marcus');
      person.removal.cancel();
      person.as('cancelled');
      await person.removal.confirm('marcus');
      person.as('cancelled');
      assertWrites({});
    });

    it('after the question, before the first write, changes nothing', async () => {
      const person = await started('marcus');
      const gate = setup.relay.hold('ListMFADevices');
      const going = person.removal.confirm('marcus');
      await gate.reached;
      person.removal.cancel();
      gate.open();
      await going;
      person.as('cancelled');
      assertWrites({});
      assert.deepEqual(setup.store.added, []);
    });

    it('between two devices: what has not gone yet stays', async () => {
      const person = await started('priya');
      const gate = setup.relay.hold('DeactivateMFADevice');
      const going = person.removal.confirm('priya');
      await gate.reached;
      person.removal.cancel();
      gate.open();
      await going;
      assert.deepEqual(person.outcomes, ['removed'], 'the one under way is finished');
      assert.deepEqual(
        person.as('ended').untried.map(({ serial }) => serial),
        [serialOf('priya-tablet'), passkeyOf('priya')],
      );
      assert.deepEqual(setup.devicesOf('priya'), [serialOf('priya-tablet'), passkeyOf('priya')]);
      assert.equal(exists(serialOf('priya')), false, 'both halves of it');
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });
  });

  describe('one’s own, with long-term keys', () => {
    const own = async (serials?: readonly string[], permissions: PermissionSet = 'everything') => {
      const person = await started('priya', serials, setup.own('priya', permissions));
      const sessions = watchSessions(person.directory.iam);
      assert.equal(person.as('confirming').plan.own, true);
      await person.removal.confirm('priya');
      return { person, sessions };
    };

    it('needs a code of a device that shows codes, before anything is changed', async () => {
      const { person } = await own([serialOf('priya-tablet')]);
      const { devices, problem } = person.as('proving');
      assert.deepEqual([serialsOf(devices), problem], [[serialOf('priya'), serialOf('priya-tablet')], undefined]);
      assertWrites({});
    });

    it('goes with the right code, after a wrong one was refused', async () => {
      const { person, sessions } = await own([serialOf('priya-tablet')]);
      await person.removal.prove(serialOf('priya'), await setup.codeOf(serialOf('priya'), -20));
      const { devices, problem } = person.as('proving');
      assert.deepEqual([problem?.code, devices.length], ['invalidCode', 2]);
      assertWrites({ GetSessionToken: 1 });
      await person.removal.prove(serialOf('priya'), await setup.codeOf(serialOf('priya')));
      assert.deepEqual(person.outcomes, ['removed']);
      assert.deepEqual(
        person.history.filter((kind) => kind !== 'looking'),
        ['confirming', 'proving', 'proving', 'removing', 'ended'],
      );
      assertWrites({ GetSessionToken: 2, DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assert.equal(sessions.length, 1);
      await assertEnded(sessions[0]);
    });

    it('leaves no session behind: the next one is asked for a code again', async () => {
      const { person } = await own([serialOf('priya-tablet')]);
      await person.removal.prove(serialOf('priya'), await setup.codeOf(serialOf('priya')));
      const { directory } = person;
      const { account } = directory;
      assert.ok(account, 'the account was read');
      const next = new Removal({
        directory,
        account,
        unfinished: setup.store,
        source: { kind: 'default' },
        userName: 'priya',
        serials: [serialOf('priya')],
      });
      await next.start();
      await next.confirm();
      assert.equal(next.state.kind, 'proving');
      await assert.rejects(directory.iam.deactivateMfaDevice('priya', serialOf('priya')), /accessDenied/);
    });

    for (const prover of ['priya', 'priya-tablet']) {
      it(`all of them: ${prover}, which gave the proof, goes last`, async () => {
        const { person } = await own();
        await person.removal.prove(serialOf(prover), await setup.codeOf(serialOf(prover)));
        assert.deepEqual(person.outcomes, ['removed', 'removed', 'removed']);
        assert.equal(deactivated().at(-1), serialOf(prover));
        assert.deepEqual(setup.devicesOf('priya'), []);
      });
    }

    it('goes once though the code is sent twice', async () => {
      const { person } = await own([serialOf('priya-tablet')]);
      const code = await setup.codeOf(serialOf('priya'));
      await Promise.all([person.removal.prove(serialOf('priya'), code), person.removal.prove(serialOf('priya'), code)]);
      assert.deepEqual(person.outcomes, ['removed']);
      assertWrites({ GetSessionToken: 1, DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('the last one: the name is asked for as of anybody else', async () => {
      const person = await started('marcus', undefined, setup.own('marcus'));
      await person.removal.confirm('maya');
      assert.equal(person.as('confirming').wrongName, true);
      await person.removal.confirm('marcus');
      person.as('proving');
      assertWrites({});
    });

    it('is asked about anew where it has become the last while the code was asked for', async () => {
      const { person } = await own([serialOf('priya-tablet')]);
      const other = await setup.iam();
      await other.deactivateMfaDevice('priya', serialOf('priya'));
      await other.deactivateMfaDevice('priya', passkeyOf('priya'));
      await person.removal.prove(serialOf('priya-tablet'), await setup.codeOf(serialOf('priya-tablet')));
      assert.equal(person.as('confirming').changed, true);
      assert.deepEqual(setup.devicesOf('priya'), [serialOf('priya-tablet')]);
      await person.removal.confirm('priya');
      assert.deepEqual(person.outcomes, ['removed'], 'the proof still counts');
      assertWrites({ GetSessionToken: 1, DeactivateMFADevice: 3, DeleteVirtualMFADevice: 1 });
    });

    it('under AWS’s self-service policy, which lets nobody delete: it is off, and that the rest is left is told', async () => {
      const { person } = await own([serialOf('priya-tablet')], 'selfService');
      await person.removal.prove(serialOf('priya'), await setup.codeOf(serialOf('priya')));
      const { outcome } = person;
      assert.equal(outcome.kind, 'deactivated');
      assert.equal(outcome.problem.permission, 'iam:DeleteVirtualMFADevice');
      assert.ok(!setup.devicesOf('priya').includes(serialOf('priya-tablet')), 'it is off');
    });

    it('with passkeys alone: only the console is left, and nothing is sent', async () => {
      const person = await started('noah', undefined, setup.own('noah'));
      assert.deepEqual(serialsOf(person.as('onlyConsole').devices), [passkeyOf('noah')]);
      await person.removal.confirm('noah');
      person.as('onlyConsole');
      assertWrites({});
    });

    it('is not asked for a code where the keys are a session’s', async () => {
      const person = await started('priya', [serialOf('priya-tablet')], 'admin-role');
      assert.equal(person.as('confirming').plan.own, false);
      await person.removal.confirm();
      assert.deepEqual(person.outcomes, ['removed']);
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('given up at the code: nothing is changed, no session is left', async () => {
      const { person, sessions } = await own([serialOf('priya-tablet')]);
      const gate = setup.relay.hold('GetSessionToken');
      const proving = person.removal.prove(serialOf('priya'), await setup.codeOf(serialOf('priya')));
      await gate.reached;
      person.removal.cancel();
      gate.open();
      await proving;
      person.as('cancelled');
      assertWrites({ GetSessionToken: 1 });
      await assertEnded(sessions[0]);
    });

    it('no secret of the session is in a state, the log or the store', async () => {
      const secrets = setup.hearSecrets();
      const { person } = await own();
      const code = await setup.codeOf(serialOf('priya'));
      await person.removal.prove(serialOf('priya'), code);
      assert.deepEqual(person.outcomes, ['removed', 'removed', 'removed']);
      const told = JSON.stringify([person.states, setup.records, setup.store.devices]);
      assert.equal(secrets.length, 3);
      for (const secret of [code, ...secrets]) {
        assert.ok(!told.includes(secret), 'a secret is told');
      }
    });
  });

  describe('goes wrong', () => {
    const one = [serialOf('priya-tablet')];
    const stillOn = () => setup.devicesOf('priya').includes(serialOf('priya-tablet'));

    it('refused: it is kept, with the permission that is missing', async () => {
      const person = await confirmed('priya', one, less({ allExcept: ['DeactivateMFADevice'] }));
      const { outcome } = person;
      assert.equal(outcome.kind, 'kept');
      assert.equal(outcome.problem.permission, 'iam:DeactivateMFADevice');
      assert.ok(stillOn(), 'it is still on');
      assert.deepEqual(setup.store.serials, []);
      assertWrites({ DeactivateMFADevice: 1 });
    });

    it('off, but the delete is refused: it stands among the unassigned', async () => {
      const person = await confirmed('priya', one, less({ allExcept: ['DeleteVirtualMFADevice'] }));
      const { outcome } = person;
      assert.equal(outcome.kind, 'deactivated');
      assert.equal(outcome.problem.permission, 'iam:DeleteVirtualMFADevice');
      assert.equal(stillOn(), false);
      const unassigned = person.directory.account?.unassigned.map(({ serial }) => serial);
      assert.deepEqual(unassigned, [serialOf('priya-tablet'), serialOf('sam')]);
      assert.deepEqual(
        (await setup.store.abandoned()).map(({ serial }) => serial),
        one,
        'tried again at the next start',
      );
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('off, but the delete is refused and the lists lag behind: it stands among the unassigned all the same', async () => {
      setup.practice.faults.set({ kind: 'propagation', operation: 'DeactivateMFADevice', ms: 3000 });
      const person = await confirmed('priya', one, less({ allExcept: ['DeleteVirtualMFADevice'] }));
      assert.equal(person.outcome.kind, 'deactivated');
      const unassigned = person.directory.account?.unassigned.map(({ serial }) => serial);
      assert.deepEqual(unassigned, [serialOf('priya-tablet'), serialOf('sam')]);
    });

    it('the answer lost, but it is off: it is removed, and each write went out once', async () => {
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeactivateMFADevice' });
      assert.deepEqual((await confirmed('priya', one)).outcomes, ['removed']);
      assert.equal(exists(serialOf('priya-tablet')), false);
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assert.deepEqual(setup.store.serials, []);
    });

    it('the answer lost and the list lagging behind: it waits for the list', async () => {
      setup.practice.faults.set({ kind: 'propagation', operation: 'DeactivateMFADevice', ms: 5000 });
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeactivateMFADevice' });
      assert.deepEqual((await confirmed('priya', one)).outcomes, ['removed']);
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('the question lost: it is kept, and that is what the list says; a list that lags behind may be wrong', async () => {
      setup.relay.spoil('DeactivateMFADevice', { kind: 'lost' });
      const { outcome } = await confirmed('priya', one);
      assert.equal(outcome.kind, 'kept');
      assert.equal(outcome.problem.code, 'answerLost');
      assert.ok(stillOn(), 'it is still on');
      assertWrites({ DeactivateMFADevice: 1 });
      assert.deepEqual(
        (await setup.store.abandoned()).map(({ serial }) => serial),
        one,
        'the next start looks again',
      );
    });

    it('the answer lost and the list refused: that it is not known is said, and it is remembered', async () => {
      const person = await started('priya', one);
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeactivateMFADevice' });
      // The look right before is still answered.
      setup.relay.spoil('ListMFADevices', { kind: 'lost' }, Number.POSITIVE_INFINITY, 1);
      await person.removal.confirm();
      const { outcome } = person;
      assert.equal(outcome.kind, 'unknown');
      assert.equal(outcome.problem.code, 'answerLost');
      assertWrites({ DeactivateMFADevice: 1 });
      assert.deepEqual(
        (await setup.store.abandoned()).map(({ serial }) => serial),
        one,
      );
    });

    it('the delete’s answer lost, but it is gone: it is removed', async () => {
      setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeleteVirtualMFADevice' });
      assert.deepEqual((await confirmed('priya', one)).outcomes, ['removed']);
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
      assert.deepEqual(setup.store.serials, []);
    });

    it('the delete never arriving: it is off, and that it is still there is said', async () => {
      setup.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' });
      const { outcome } = await confirmed('priya', one);
      assert.equal(outcome.kind, 'deactivated');
      assert.ok(setup.unassigned().includes(serialOf('priya-tablet')), 'it is unassigned');
    });

    it('the store does not forget: it is removed all the same', async () => {
      const person = await started('priya', one);
      setup.store.remove = () => Promise.reject(new Error('disk full'));
      await person.removal.confirm();
      assert.deepEqual(person.outcomes, ['removed']);
      assert.equal(exists(serialOf('priya-tablet')), false);
    });

    it('the store refuses: nothing was sent, and that is no success', async () => {
      const person = await started('priya', one);
      setup.store.add = () => Promise.reject(new Error('disk full'));
      await person.removal.confirm();
      assert.notEqual(person.outcome.kind, 'removed');
      assertWrites({});
      assert.ok(stillOn(), 'it is still on');
    });
  });

  describe('the same device is being removed from elsewhere on this computer', () => {
    const tablet = serialOf('priya-tablet');

    it('and is off by now: it is gone, and nothing is sent', async () => {
      const [first, second] = [await started('priya', [tablet]), await started('priya', [tablet])];
      const gate = setup.relay.hold('DeactivateMFADevice');
      const going = first.removal.confirm();
      await gate.reached;
      await second.removal.confirm();
      assert.deepEqual(second.outcome, { kind: 'gone' });
      gate.open();
      await going;
      assert.deepEqual(first.outcome, { kind: 'removed' });
      assertWrites({ DeactivateMFADevice: 1, DeleteVirtualMFADevice: 1 });
    });

    it('and is still on: it is left alone, and that somebody is at it is said', async () => {
      const person = await started('priya', [tablet]);
      await setup.store.add({
        serial: tablet,
        accountId: practiceId,
        partition: 'aws',
        source: { kind: 'default' },
        startedAt: setup.clock.now(),
      });
      await person.removal.confirm();
      assert.equal(person.outcome.kind === 'kept' && person.outcome.problem.code, 'concurrentModification');
      assert.ok(setup.devicesOf('priya').includes(tablet), 'it is still on');
      assertWrites({});
    });
  });

  describe('someone else was at it since the look', () => {
    /** Goes on once the other has done their part after the last look. */
    const meanwhile = async (work: () => Promise<void>, caller?: string): Promise<Removing> => {
      const person = await started('priya', [serialOf('priya-tablet')], caller);
      const gate = setup.relay.hold('ListMFADevices');
      const going = person.removal.confirm();
      await gate.reached;
      await work();
      gate.open();
      await going;
      return person;
    };
    const deactivate = async () => (await setup.iam()).deactivateMfaDevice('priya', serialOf('priya-tablet'));
    const giveToTheo = async () => {
      const serial = serialOf('priya-tablet');
      const iam = await setup.iam();
      await iam.enableMfaDevice('theo', serial, await setup.codeOf(serial, -1), await setup.codeOf(serial));
    };

    it('and has removed it: it is gone', async () => {
      const person = await meanwhile(async () => {
        await deactivate();
        await (await setup.iam()).deleteVirtualMfaDevice(serialOf('priya-tablet'));
      });
      assert.deepEqual(person.outcome, { kind: 'gone' });
      assert.deepEqual(setup.store.serials, []);
    });

    it('and has deactivated it: the second half is done here', async () => {
      const person = await meanwhile(deactivate);
      assert.deepEqual(person.outcome, { kind: 'removed' });
      assert.equal(exists(serialOf('priya-tablet')), false);
    });

    it('and has given it to another: it is left alone', async () => {
      const person = await meanwhile(async () => {
        await deactivate();
        await giveToTheo();
      });
      assert.equal(person.outcome.kind, 'moved');
      assert.deepEqual(setup.devicesOf('theo'), [serialOf('priya-tablet')]);
      assert.equal(setup.count('DeleteVirtualMFADevice'), 0);
      assert.deepEqual(setup.store.serials, []);
    });

    it('and has given it to another between the two halves: it is left alone', async () => {
      const person = await started('priya', [serialOf('priya-tablet')]);
      const gate = setup.relay.hold('DeactivateMFADevice');
      const going = person.removal.confirm();
      await gate.reached;
      await giveToTheo();
      gate.open();
      await going;
      assert.equal(person.outcome.kind, 'moved');
      assert.deepEqual(setup.devicesOf('theo'), [serialOf('priya-tablet')]);
      assert.deepEqual(setup.store.serials, []);
    });

    it('or AWS only says so between the two halves: it is off, and the rest is tried again at the next start', async () => {
      setup.practice.faults.set({
        kind: 'error',
        operation: 'DeleteVirtualMFADevice',
        code: 'DeleteConflict',
        status: 409,
        message: 'in use',
      });
      const person = await confirmed('priya', [serialOf('priya-tablet')]);
      const { outcome } = person;
      assert.deepEqual(outcome.kind === 'deactivated' && outcome.problem.code, 'deleteConflict');
      assert.ok(person.directory.account?.unassigned.some(({ serial }) => serial === serialOf('priya-tablet')));
      assert.deepEqual(
        (await setup.store.abandoned()).map(({ serial }) => serial),
        [serialOf('priya-tablet')],
      );
    });

    it('and the list of virtual devices is refused: that it is not known is said', async () => {
      const person = await meanwhile(deactivate, less({ allExcept: ['ListVirtualMFADevices'] }));
      const { outcome } = person;
      assert.equal(outcome.kind, 'unknown');
      assert.equal(outcome.problem.code, 'notFound');
      assert.ok(setup.unassigned().includes(serialOf('priya-tablet')), 'nothing is deleted on suspicion');
    });

    it('and has taken a passkey: it is gone', async () => {
      const serial = passkeyOf('priya');
      const person = await started('priya', [serial]);
      const gate = setup.relay.hold('ListMFADevices');
      const going = person.removal.confirm();
      await gate.reached;
      await (await setup.iam()).deactivateMfaDevice('priya', serial);
      gate.open();
      await going;
      assert.deepEqual(person.outcome, { kind: 'gone' });
      assertWrites({ DeactivateMFADevice: 2 });
    });

    it('and what is gone altogether by the time of the answer is told as gone', async () => {
      const person = await started('marcus');
      await deactivateAndDelete('marcus');
      await person.removal.confirm('marcus');
      assert.deepEqual(person.outcomes, ['gone']);
      assert.equal(person.as('ended').now?.mfa.kind, 'none');
    });

    const deactivateAndDelete = async (userName: string) => {
      const iam = await setup.iam();
      await iam.deactivateMfaDevice(userName, serialOf(userName));
      await iam.deleteVirtualMfaDevice(serialOf(userName));
    };
  });

  it('tells nobody any more once it is disposed of', async () => {
    const person = await removing('marcus');
    person.removal.dispose();
    await person.removal.start();
    assert.deepEqual(person.states, []);
    person.as('confirming');
  });
});
