import assert from 'node:assert/strict';
import { Directory, type DeviceMemory, type DirectoryState } from '../../../src/core/directory';
import { groupOf, tally, type UserEntry } from '../../../src/core/users';
import { largeCompany, smallCompany, type CompanyCaller } from '../../../src/practice/company';
import { practiceId, serialOf, Setup, until } from '../practiceSetup';

const hour = 3_600_000;

/** Remembers for as long as the test lasts; what is held, the store tells. */
class MemoryOfDevices implements DeviceMemory {
  /** The last that were told, by account. */
  readonly told = new Map<string, ReadonlyMap<string, number>>();

  constructor(private readonly setup: Setup) {}

  held(): Promise<ReadonlySet<string>> {
    return this.setup.store.held();
  }

  seen(account: string, serials: readonly string[], now: number): ReadonlyMap<string, number> {
    const before = this.told.get(account);
    const seen = new Map(serials.map((serial) => [serial, before?.get(serial) ?? now]));
    this.told.set(account, seen);
    return seen;
  }
}

describe('directory', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  const accountOf = (directory: Directory) => {
    assert.ok(directory.account, JSON.stringify(directory.state));
    return directory.account;
  };
  const entryOf = (directory: Directory, name: string): UserEntry => {
    const entry = accountOf(directory).users.get(name);
    assert.ok(entry, name);
    return entry;
  };
  /** The names in each group. */
  const grouped = (directory: Directory): Record<string, string[]> => {
    const names: Record<string, string[]> = {};
    for (const entry of accountOf(directory).users.values()) {
      (names[groupOf(entry)] ??= []).push(entry.user.name);
    }
    return names;
  };
  /** A caller like the keeper, with less. */
  const without = (...actions: string[]): CompanyCaller => ({
    name: 'less',
    identity: { kind: 'user', userName: 'jordan' },
    permissions: { allExcept: actions },
  });
  const problemIn = (state: DirectoryState) => {
    assert.equal(state.kind, 'failed');
    return state.problem;
  };

  describe('reads an account', () => {
    it('and puts everybody where they belong', async () => {
      const directory = await setup.loaded();
      assert.deepEqual(grouped(directory), {
        hasMfa: ['elena', 'ines', 'marcus', 'noah', 'priya'],
        canSignIn: ['jordan', 'maya', 'sam', 'theo'],
        noPassword: ['deploy-bot'],
      });
      const account = accountOf(directory);
      assert.equal(account.alias, 'acme-practice');
      assert.equal(account.rootHasMfa, true);
      assert.deepEqual(
        [account.caller.userName, account.caller.longTermKeys, account.caller.partition],
        ['jordan', true, 'aws'],
      );
      assert.deepEqual(
        account.unassigned.map(({ serial }) => serial),
        [serialOf('sam')],
      );
      assert.equal(account.onlyYou, undefined);
      assert.deepEqual(
        [...account.users.values()].filter(({ isCaller }) => isCaller).map(({ user }) => user.name),
        ['jordan'],
      );
    });

    it('with two lists, and asks about single users only where these leave a doubt', async () => {
      await setup.loaded();
      assert.equal(setup.count('ListUsers'), 1);
      assert.equal(setup.count('ListVirtualMFADevices'), 1);
      // Three have a virtual device; of the seven others two have another one, so five are asked about their password.
      assert.equal(setup.count('ListMFADevices'), 7);
      assert.equal(setup.count('GetLoginProfile'), 5);
      assert.equal(setup.count('GenerateCredentialReport'), 0);
    });

    it('in pages shorter than asked for, and loses nobody', async () => {
      await setup.close();
      setup = await Setup.open({ shortPages: true, company: largeCompany(60) });
      const directory = await setup.loaded();
      assert.ok(setup.count('ListUsers') > 1, 'there was more than one page');
      assert.ok(setup.count('ListVirtualMFADevices') > 1, 'there was more than one page');
      assert.equal(accountOf(directory).users.size, 60);
    });

    it('of five hundred users', async () => {
      await setup.close();
      setup = await Setup.open({ company: largeCompany(500) });
      const directory = await setup.directory();
      const progress: { readonly checked: number; readonly total: number }[] = [];
      directory.onDidChange((state) => {
        if (state.kind === 'loading' && state.total > 0) {
          progress.push(state);
        }
      });
      await directory.load();
      // Of 490 added: per ten six virtual, one token or passkey, two with a password and none, one machine.
      assert.deepEqual(tally(accountOf(directory).users.values()), {
        canSignIn: 4 + 98,
        passwordUnknown: 0,
        noPassword: 1 + 49,
        unchecked: 0,
        checking: 0,
        hasMfa: 5 + 343,
        total: 500,
        withoutMfa: 152,
      });
      for (const count of ['checked', 'total'] as const) {
        const counts = progress.map((each) => each[count]);
        assert.deepEqual(
          counts,
          counts.toSorted((a, b) => a - b),
          'it only grows',
        );
        assert.equal(counts.at(-1), 500);
      }
    });

    it('that throttles, and loses nothing', async () => {
      setup.practice.faults.set({ kind: 'throttle', operation: 'ListUsers', times: 1 });
      setup.practice.faults.set({ kind: 'throttle', operation: 'ListVirtualMFADevices', times: 1 });
      setup.practice.faults.set({ kind: 'throttle', operation: 'ListMFADevices', times: 3 });
      const directory = await setup.loaded();
      assert.equal(setup.practice.faults.active.length, 0, 'all of them were met');
      assert.equal(tally(accountOf(directory).users.values()).hasMfa, 5);
      assert.equal(tally(accountOf(directory).users.values()).unchecked, 0);
    });
  });

  describe('where a call is refused', () => {
    it('to list users, shows the caller alone and says why', async () => {
      const directory = await setup.loaded('self');
      const account = accountOf(directory);
      assert.deepEqual([...account.users.keys()], ['maya']);
      assert.equal(account.onlyYou?.permission, 'iam:ListUsers');
      const maya = entryOf(directory, 'maya');
      assert.deepEqual([maya.isCaller, maya.mfa.kind, maya.password.kind], [true, 'none', 'yes']);
    });

    it('to list users and to read oneself, knows the caller’s name all the same', async () => {
      setup.practice.addCaller({
        name: 'less',
        identity: { kind: 'user', userName: 'ines' },
        permissions: { only: ['ListVirtualMFADevices'] },
      });
      const directory = await setup.loaded('less');
      const ines = entryOf(directory, 'ines');
      assert.equal(ines.user.name, 'ines');
      assert.equal(ines.user.arn, 'arn:aws:iam::210987654321:user/contractors/ines');
      assert.equal(ines.mfa.kind, 'has', 'the list of virtual devices tells');
    });

    it('to list users, for a role, fails with the permission', async () => {
      setup.practice.addCaller({
        name: 'less',
        identity: { kind: 'role', roleName: 'SecurityAudit', sessionName: 'x' },
        permissions: { allExcept: ['ListUsers'] },
      });
      const directory = await setup.loaded('less');
      const { code, permission } = problemIn(directory.state);
      assert.deepEqual([code, permission], ['accessDenied', 'iam:ListUsers']);
      assert.equal(directory.account, undefined);
    });

    it('to list devices of users: these could not be checked, and are not said to have none', async () => {
      setup.practice.addCaller(without('ListMFADevices'));
      const directory = await setup.loaded('less');
      assert.deepEqual(grouped(directory), {
        hasMfa: ['ines', 'marcus', 'priya'],
        unchecked: ['deploy-bot', 'elena', 'jordan', 'maya', 'noah', 'sam', 'theo'],
      });
      for (const { mfa } of accountOf(directory).users.values()) {
        if (mfa.kind === 'unknown') {
          assert.deepEqual([mfa.problem.code, mfa.problem.permission], ['accessDenied', 'iam:ListMFADevices']);
        }
      }
    });

    it('to list devices for some of the users: only these could not be checked', async () => {
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices', times: 3 });
      const directory = await setup.loaded();
      const { unchecked, total } = tally(accountOf(directory).users.values());
      assert.deepEqual([unchecked, total], [3, 10]);
    });

    for (const fault of [
      { kind: 'html503' },
      { kind: 'serverError' },
      { kind: 'expiredToken' },
      { kind: 'error', code: 'SomethingNew', status: 418, message: 'never seen' },
    ] as const) {
      it(`or goes wrong otherwise (${fault.kind}), nobody is said to have no MFA`, async () => {
        setup.practice.faults.set({ ...fault, operation: 'ListMFADevices' });
        const directory = await setup.loaded();
        assert.equal(tally(accountOf(directory).users.values()).withoutMfa, 0);
        assert.equal(tally(accountOf(directory).users.values()).unchecked, 7);
      });
    }

    it('or a log-in page comes with a good status, nobody is said to have no MFA', async () => {
      setup.relay.spoil('ListMFADevices', {
        kind: 'answer',
        status: 200,
        type: 'text/html',
        body: '<html><body><h1>Log in</h1></body></html>',
      });
      const directory = await setup.loaded();
      assert.equal(tally(accountOf(directory).users.values()).withoutMfa, 0);
    });

    it('to list virtual devices, asks about every user and is right all the same', async () => {
      setup.practice.addCaller(without('ListVirtualMFADevices'));
      const directory = await setup.loaded('less');
      assert.equal(tally(accountOf(directory).users.values()).hasMfa, 5);
      assert.equal(setup.count('ListMFADevices'), 10);
      const account = accountOf(directory);
      assert.equal(account.virtualDevices, undefined);
      assert.equal(account.virtualDevicesRefused?.permission, 'iam:ListVirtualMFADevices');
    });

    it('for the account’s name and root’s MFA, does without', async () => {
      setup.practice.addCaller(without('ListAccountAliases', 'GetAccountSummary'));
      const account = accountOf(await setup.loaded('less'));
      assert.deepEqual([account.alias, account.rootHasMfa], [undefined, undefined]);
      assert.equal(account.users.size, 10);
    });
  });

  describe('where it is refused to ask about passwords', () => {
    const passwords = (directory: Directory) =>
      [...accountOf(directory).users.values()]
        .filter(({ mfa }) => mfa.kind === 'none')
        .map(({ user, password }) => [user.name, password.kind, 'source' in password ? password.source : undefined]);

    it('fills in from the report, with its age', async () => {
      const made = setup.clock.now();
      setup.practice.addCaller(without('GetLoginProfile'));
      await (await setup.iam()).credentialReport();
      setup.clock.advance(5 * 60_000);
      const directory = await setup.loaded('less');
      assert.deepEqual(passwords(directory), [
        // The report knows of no password.
        ['deploy-bot', 'no', 'report'],
        // A password that was used is there.
        ['jordan', 'yes', 'live'],
        ['maya', 'yes', 'live'],
        ['sam', 'yes', 'live'],
        // Never used, so the list of users does not tell.
        ['theo', 'yes', 'report'],
      ]);
      const { password } = entryOf(directory, 'theo');
      // AWS tells whole seconds.
      assert.equal('at' in password && password.at, Math.floor(made / 1000) * 1000);
    });

    it('shows the account before the report is made', async () => {
      setup.practice.addCaller(without('GetLoginProfile'));
      const directory = await setup.directory('less');
      const seen: string[] = [];
      directory.onDidChange((state) => {
        if (state.kind === 'loaded') {
          seen.push(entryOf(directory, 'theo').password.kind);
        }
      });
      await directory.load();
      assert.deepEqual(seen, ['unknown', 'yes']);
    });

    it('keeps what was learned before, with its age', async () => {
      const directory = await setup.loaded();
      const { password: before } = entryOf(directory, 'theo');
      setup.practice.faults.set({ kind: 'deny', operation: 'GetLoginProfile' });
      setup.practice.faults.set({ kind: 'deny', operation: 'GenerateCredentialReport' });
      setup.clock.advance(60_000);
      await directory.load();
      assert.deepEqual(entryOf(directory, 'theo').password, before);
    });

    it('keeps what the report told when the user is read again', async () => {
      setup.practice.addCaller(without('GetLoginProfile'));
      const directory = await setup.loaded('less');
      const again = await directory.refreshUser('theo');
      assert.deepEqual([again?.password.kind, again && groupOf(again)], ['yes', 'canSignIn']);
    });

    it('and the report too, it is not known and the missing permission is told', async () => {
      setup.practice.addCaller(without('GetLoginProfile', 'GenerateCredentialReport'));
      const directory = await setup.loaded('less');
      const { password } = entryOf(directory, 'theo');
      assert.equal(password.kind, 'unknown');
      assert.equal(password.problem?.permission, 'iam:GetLoginProfile');
      assert.deepEqual(grouped(directory)['passwordUnknown'], ['deploy-bot', 'theo']);
    });
  });

  describe('read again', () => {
    it('gives up the reading that is under way, which then changes nothing', async () => {
      const directory = await setup.directory();
      const gate = setup.relay.hold('ListUsers');
      const first = directory.load();
      await gate.reached;
      const states: string[] = [];
      const second = directory.load();
      directory.onDidChange(({ kind }) => states.push(kind));
      gate.open();
      await Promise.all([first, second]);
      assert.equal(directory.state.kind, 'loaded');
      assert.equal(states.filter((kind) => kind === 'loaded').length, 1);
      assert.ok(!states.includes('failed'), states.join());
      assert.ok(
        setup.records.some(({ operation, error }) => operation === 'ListUsers' && error === 'AbortError'),
        'the first question was given up',
      );
    });

    it('without success, keeps what was read before with its age', async () => {
      const directory = await setup.loaded();
      const before = accountOf(directory);
      setup.clock.advance(hour / 6);
      setup.practice.faults.set({ kind: 'html503', operation: 'ListUsers' });
      await directory.load();
      assert.equal(problemIn(directory.state).code, 'notAws');
      assert.equal(directory.account, before);
      assert.equal(before.readAt, setup.clock.now() - hour / 6);
    });

    it('shows the account as it was until it is read', async () => {
      const directory = await setup.loaded();
      const before = directory.account;
      directory.onDidChange((state) => {
        if (state.kind === 'loading') {
          assert.equal(state.last, before);
        }
      });
      await directory.load();
      assert.notEqual(directory.account, before);
    });

    it('never puts an older answer over what a user was found to have meanwhile', async () => {
      const directory = await setup.loaded();
      const gate = setup.relay.hold('ListAccountAliases');
      const reading = directory.load();
      await gate.reached;
      setup.clock.advance(1000);
      // Whatever the reading will say of maya, this answer is newer: she could not be checked.
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices', times: 1 });
      const look = directory.refreshUser('priya');
      await look;
      assert.equal(entryOf(directory, 'priya').mfa.kind, 'unknown', 'while the account is being read');
      gate.open();
      await reading;
      assert.equal(entryOf(directory, 'priya').mfa.kind, 'unknown', 'and when it was');
      assert.equal(entryOf(directory, 'marcus').mfa.kind, 'has');
    });

    it('nor over what the whole account was read with while tags were waited for', async () => {
      const directory = await setup.loaded();
      const iam = await setup.iam();
      const gate = setup.relay.hold('ListMFADeviceTags');
      const details = directory.readDetails('marcus');
      await gate.reached;
      setup.clock.advance(1000);
      await iam.deactivateMfaDevice('marcus', serialOf('marcus'));
      await directory.load();
      gate.open();
      await details;
      assert.equal(entryOf(directory, 'marcus').mfa.kind, 'none');
    });

    it('takes what AWS says now, though this computer’s clock was set back', async () => {
      const directory = await setup.loaded();
      const iam = await setup.iam();
      setup.clock.advance(-10 * 60_000);
      await iam.deactivateMfaDevice('marcus', serialOf('marcus'));
      assert.equal((await directory.refreshUser('marcus'))?.mfa.kind, 'none', 'asked about by himself');
      await iam.deactivateMfaDevice('noah', setup.devicesOf('noah')[0] ?? '');
      await directory.load();
      assert.equal(entryOf(directory, 'noah').mfa.kind, 'none', 'read with the account');
    });

    it('never puts an older list over what was made or enabled meanwhile', async () => {
      const directory = await setup.loaded();
      const iam = await setup.iam();
      const { seed } = await iam.createVirtualMfaDevice('maya');
      // The lists are read while maya's device belongs to nobody and theo has none.
      const gate = setup.relay.hold('GetAccountSummary');
      const reading = directory.load();
      await gate.reached;
      const virtualDevices = () => setup.count('ListVirtualMFADevices');
      await until(() => virtualDevices() === 2);
      setup.clock.advance(1000);
      const now = setup.clock.now();
      await iam.enableMfaDevice(
        'maya',
        serialOf('maya'),
        await setup.code(seed, now - 30_000),
        await setup.code(seed, now),
      );
      await directory.confirmDevice('maya', serialOf('maya'));
      const unassigned = () => accountOf(directory).unassigned.map(({ serial }) => serial);
      gate.open();
      await reading;
      assert.equal(entryOf(directory, 'maya').mfa.kind, 'has');
      assert.deepEqual(unassigned(), [serialOf('sam')], 'enabled meanwhile');

      const secondGate = setup.relay.hold('ListUsers');
      const readingAgain = directory.load();
      await secondGate.reached;
      await until(() => virtualDevices() === 3);
      await iam.createVirtualMfaDevice('theo');
      await directory.refreshVirtualDevices();
      secondGate.open();
      await readingAgain;
      assert.deepEqual(unassigned(), [serialOf('sam'), serialOf('theo')], 'made meanwhile');
    });

    it('nor an older list over a newer one, however late it comes', async () => {
      const directory = await setup.loaded();
      const unassigned = () => accountOf(directory).unassigned.map(({ serial }) => serial);
      const gate = setup.relay.hold('ListVirtualMFADevices', 1);
      const late = directory.refreshVirtualDevices();
      await gate.reached;
      await (await setup.iam()).deleteVirtualMfaDevice(serialOf('sam'));
      await directory.refreshVirtualDevices();
      assert.deepEqual(unassigned(), []);
      gate.open();
      await late;
      assert.deepEqual(unassigned(), [], 'what was asked for before is older');
    });

    it('nor one that was asked for before the account was read again', async () => {
      const directory = await setup.loaded();
      const gate = setup.relay.hold('ListVirtualMFADevices', 1);
      const late = directory.refreshVirtualDevices();
      await gate.reached;
      await (await setup.iam()).deleteVirtualMfaDevice(serialOf('sam'));
      const lists = setup.relay.hold('GetAccountSummary');
      const reading = directory.load();
      await lists.reached;
      gate.open();
      await late;
      lists.open();
      await reading;
      assert.deepEqual(accountOf(directory).unassigned, []);
    });

    it('shows who is listed with a device as having it, though nobody answers about others', async () => {
      const directory = await setup.loaded();
      await directory.refreshUser('priya');
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      await directory.load();
      assert.equal(entryOf(directory, 'priya').mfa.kind, 'has', 'whose phone is listed, and whose key is not');
      assert.equal(entryOf(directory, 'elena').mfa.kind, 'unknown', 'whose token no list shows');
    });

    it('forgets an account that the same credentials no longer lead to', async () => {
      const directory = await setup.loaded();
      setup.relay.spoil('GetCallerIdentity', {
        kind: 'change',
        change: (body) => body.replaceAll('210987654321', '111122223333'),
      });
      setup.practice.faults.set({ kind: 'html503', operation: 'ListUsers' });
      await directory.load();
      assert.equal(directory.state.kind, 'failed');
      assert.equal(directory.account, undefined);
    });
  });

  describe('about one user', () => {
    it('reads every kind of device, live', async () => {
      const directory = await setup.loaded();
      const listed = entryOf(directory, 'priya').mfa;
      assert.deepEqual(listed.kind === 'has' && [listed.devices.length, listed.complete], [2, false]);
      const read = (await directory.refreshUser('priya'))?.mfa;
      assert.deepEqual(read?.kind === 'has' && [read.devices.length, read.complete], [3, true]);
      assert.equal(entryOf(directory, 'priya').mfa, read);
    });

    it('knows nothing of a user who is not in the account, and asks nothing', async () => {
      const directory = await setup.loaded();
      const before = setup.relay.arrived.length;
      assert.equal(await directory.refreshUser('nobody'), undefined);
      assert.equal(setup.relay.arrived.length, before);
    });

    it('stops with the reason when told to', async () => {
      const directory = await setup.loaded();
      const controller = new AbortController();
      const gate = setup.relay.hold('ListMFADevices');
      const refreshing = directory.refreshUser('maya', controller.signal);
      await gate.reached;
      controller.abort(new Error('enough'));
      await assert.rejects(refreshing, /enough/);
      assert.equal(entryOf(directory, 'maya').mfa.kind, 'none', 'as it was');
    });
  });

  describe('confirms a device that was just enabled', () => {
    /** Enables a device for maya, whose reads lag so much behind. */
    const enable = async (lag: number): Promise<void> => {
      if (lag > 0) {
        setup.practice.faults.set({ kind: 'propagation', operation: 'EnableMFADevice', ms: lag });
      }
      const iam = await setup.iam();
      const { serial, seed } = await iam.createVirtualMfaDevice('maya');
      const now = setup.clock.now();
      await iam.enableMfaDevice('maya', serial, await setup.code(seed, now - 30_000), await setup.code(seed, now));
    };

    for (const [lag, confirmation, waits] of [
      [0, 'shown', [0]],
      [1200, 'shown', [0, 500, 1000]],
      [15_000, 'shown', [0, 500, 1000, 2000, 4000, 8000]],
      [60_000, 'notShown', [0, 500, 1000, 2000, 4000, 8000]],
    ] as const) {
      it(`whose lists lag ${lag} ms behind: ${confirmation}`, async () => {
        const directory = await setup.loaded();
        await enable(lag);
        assert.equal(await directory.confirmDevice('maya', serialOf('maya')), confirmation);
        assert.deepEqual(setup.clock.waits, waits);
        assert.equal(entryOf(directory, 'maya').mfa.kind, confirmation === 'shown' ? 'has' : 'none');
      });
    }

    it('says that it does not know where the list is refused', async () => {
      const directory = await setup.loaded();
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      assert.equal(await directory.confirmDevice('maya', serialOf('maya')), 'unknown');
    });

    it('asks also where the user is not among those who can be seen', async () => {
      const directory = await setup.loaded('self');
      assert.equal(accountOf(directory).users.has('priya'), false);
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      const before = setup.count('ListMFADevices');
      assert.equal(await directory.confirmDevice('priya', serialOf('priya')), 'unknown');
      assert.ok(setup.count('ListMFADevices') > before, 'AWS was asked');
    });

    it('takes it from those that belong to nobody', async () => {
      const directory = await setup.loaded();
      const iam = await setup.iam();
      const { seed } = await iam.createVirtualMfaDevice('maya');
      await directory.refreshVirtualDevices();
      assert.equal(accountOf(directory).unassigned.length, 2);
      const now = setup.clock.now();
      await iam.enableMfaDevice(
        'maya',
        serialOf('maya'),
        await setup.code(seed, now - 30_000),
        await setup.code(seed, now),
      );
      await directory.confirmDevice('maya', serialOf('maya'));
      assert.deepEqual(
        accountOf(directory).unassigned.map(({ serial }) => serial),
        [serialOf('sam')],
      );
    });
  });

  describe('confirms that a device was just deactivated', () => {
    for (const [lag, confirmation, waits] of [
      [0, 'notShown', [0]],
      [1200, 'notShown', [0, 500, 1000]],
      [60_000, 'shown', [0, 500, 1000, 2000, 4000, 8000]],
    ] as const) {
      it(`whose lists lag ${lag} ms behind: ${confirmation}`, async () => {
        const directory = await setup.loaded();
        if (lag > 0) {
          setup.practice.faults.set({ kind: 'propagation', operation: 'DeactivateMFADevice', ms: lag });
        }
        await directory.iam.deactivateMfaDevice('marcus', serialOf('marcus'));
        assert.equal(await directory.confirmGone('marcus', serialOf('marcus')), confirmation);
        assert.deepEqual(setup.clock.waits, waits);
        assert.equal(entryOf(directory, 'marcus').mfa.kind, confirmation === 'shown' ? 'has' : 'none');
      });
    }

    it('says that it does not know where the list is refused', async () => {
      const directory = await setup.loaded();
      setup.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
      assert.equal(await directory.confirmGone('marcus', serialOf('marcus')), 'unknown');
    });

    it('of several: the others are still shown', async () => {
      const directory = await setup.loaded();
      await directory.iam.deactivateMfaDevice('priya', serialOf('priya'));
      assert.equal(await directory.confirmGone('priya', serialOf('priya')), 'notShown');
      const { mfa } = entryOf(directory, 'priya');
      assert.equal(mfa.kind === 'has' && mfa.devices.length, 2);
    });
  });

  describe('knows of unassigned devices', () => {
    const remembering = async () => {
      const memory = new MemoryOfDevices(setup);
      const directory = new Directory(await setup.iam(), setup.clock, memory);
      await directory.load();
      return { memory, directory };
    };
    const leftovers = (directory: Directory) =>
      accountOf(directory).unassigned.map(({ serial, firstSeenAt }) => [serial, firstSeenAt]);
    const enrolling = (name: string) =>
      setup.store.add({
        serial: serialOf(name),
        accountId: practiceId,
        partition: 'aws',
        source: { kind: 'default' },
        startedAt: setup.clock.now(),
      });

    it('when each was seen first, whatever is read later', async () => {
      const first = setup.clock.now();
      const { memory, directory } = await remembering();
      assert.deepEqual(leftovers(directory), [[serialOf('sam'), first]]);
      assert.deepEqual([...memory.told.keys()], [`aws:${practiceId}`]);
      setup.clock.advance(hour / 6);
      const second = setup.clock.now();
      await directory.iam.createVirtualMfaDevice('theo');
      await directory.refreshVirtualDevices();
      setup.clock.advance(hour / 6);
      await directory.load();
      assert.deepEqual(leftovers(directory), [
        [serialOf('sam'), first],
        [serialOf('theo'), second],
      ]);
      // A window opened later remembers too.
      const later = new Directory(await setup.iam(), setup.clock, memory);
      await later.load();
      assert.deepEqual(leftovers(later), leftovers(directory));
    });

    it('when each was seen first, though the list is refused in between', async () => {
      const first = setup.clock.now();
      const { directory } = await remembering();
      setup.clock.advance(hour / 6);
      const back = setup.practice.faults.set({ kind: 'deny', operation: 'ListVirtualMFADevices' });
      await directory.load();
      back();
      await directory.load();
      assert.deepEqual(leftovers(directory), [[serialOf('sam'), first]]);
    });

    it('and that one which went and came again is another', async () => {
      const { directory } = await remembering();
      await directory.iam.deleteVirtualMfaDevice(serialOf('sam'));
      await directory.refreshVirtualDevices();
      assert.deepEqual(leftovers(directory), []);
      setup.clock.advance(hour / 6);
      await directory.iam.createVirtualMfaDevice('sam');
      await directory.refreshVirtualDevices();
      assert.deepEqual(leftovers(directory), [[serialOf('sam'), setup.clock.now()]]);
    });

    it('but not of one that a window is enrolling, until it is let go of', async () => {
      const { memory, directory } = await remembering();
      await enrolling('theo');
      await directory.iam.createVirtualMfaDevice('theo');
      await directory.refreshVirtualDevices();
      const serials = () => accountOf(directory).unassigned.map(({ serial }) => serial);
      assert.deepEqual(serials(), [serialOf('sam')]);
      await directory.load();
      assert.deepEqual(serials(), [serialOf('sam')], 'nor where the whole account is read');
      assert.deepEqual([...(memory.told.get(`aws:${practiceId}`)?.keys() ?? [])], [serialOf('sam')]);
      assert.ok(
        accountOf(directory).virtualDevices?.some(({ serial }) => serial === serialOf('theo')),
        'its name is taken all the same',
      );
      setup.clock.advance(hour / 6);
      await setup.store.release(serialOf('theo'));
      await directory.refreshVirtualDevices();
      assert.equal(accountOf(directory).unassigned.length, 2);
      assert.equal(accountOf(directory).unassigned[1]?.firstSeenAt, setup.clock.now(), 'it was nobody’s until now');
    });

    it('but not of one that a user’s list shows while the account’s lags behind', async () => {
      const { directory } = await remembering();
      const { serial } = await directory.iam.createVirtualMfaDevice('maya');
      const [one, two] = [await setup.codeOf(serial, -1), await setup.codeOf(serial)];
      await directory.iam.enableMfaDevice('maya', serial, one, two);
      await directory.confirmDevice('maya', serial);
      setup.relay.spoil('ListVirtualMFADevices', {
        kind: 'change',
        // As it was before: without its user and the date.
        change: (body) => body.replace(/(<SerialNumber>[^<]*mfa\/maya<\/SerialNumber>).*?<\/member>/s, '$1</member>'),
      });
      const listed = await directory.refreshVirtualDevices();
      assert.equal(listed.find((device) => device.serial === serial)?.userName, undefined, 'the list lags behind');
      assert.deepEqual(
        leftovers(directory).map(([leftover]) => leftover),
        [serialOf('sam')],
      );
    });

    it('without a memory, as seen now', async () => {
      const directory = await setup.loaded();
      assert.deepEqual(leftovers(directory), [[serialOf('sam'), setup.clock.now()]]);
    });
  });

  describe('reads what there is to know of a user’s devices', () => {
    const read = async (caller?: string) => {
      const directory = await setup.loaded(caller);
      await directory.refreshUser('priya');
      await directory.readDetails('priya');
      return directory;
    };
    const passkey = () => {
      const serial = setup.devicesOf('priya').find((one) => one.includes(':u2f/'));
      assert.ok(serial !== undefined, 'priya has a passkey');
      return serial;
    };

    it('tags of virtual devices, certifications of passkeys', async () => {
      await (await setup.iam()).tagDevice(serialOf('priya-tablet'), new Map([['Note', 'in the drawer']]));
      const directory = await read();
      assert.deepEqual(
        accountOf(directory).details,
        new Map([
          [serialOf('priya'), { tags: new Map() }],
          [serialOf('priya-tablet'), { tags: new Map([['Note', 'in the drawer']]) }],
          [
            passkey(),
            {
              certifications: new Map([
                ['FIDO', 'L2'],
                ['FIPS-140-2', 'L2'],
              ]),
            },
          ],
        ]),
      );
      assert.deepEqual([setup.count('ListMFADeviceTags'), setup.count('GetMFADevice')], [2, 1]);
    });

    it('nothing of tokens and text messages, and AWS is not asked', async () => {
      const directory = await setup.loaded();
      await directory.readDetails('elena');
      await directory.refreshUser('ines');
      await directory.readDetails('ines');
      const sms = `arn:aws:iam::${practiceId}:sms-mfa/ines`;
      assert.deepEqual(
        accountOf(directory).details,
        new Map([
          ['GAHT40718293', {}],
          [serialOf('contractors/ines'), { tags: new Map() }],
          [sms, {}],
        ]),
      );
      assert.deepEqual([setup.count('ListMFADeviceTags'), setup.count('GetMFADevice')], [1, 0]);
    });

    it('says what was refused, of each, and does not take it for nothing', async () => {
      setup.practice.addCaller(without('ListMFADeviceTags', 'GetMFADevice'));
      const { details } = accountOf(await read('less'));
      const told = [...details].map(([serial, { tags, certifications, problem }]) => [
        serial,
        tags,
        certifications,
        problem?.permission,
      ]);
      assert.deepEqual(told, [
        [serialOf('priya'), undefined, undefined, 'iam:ListMFADeviceTags'],
        [serialOf('priya-tablet'), undefined, undefined, 'iam:ListMFADeviceTags'],
        [passkey(), undefined, undefined, 'iam:GetMFADevice'],
      ]);
    });

    it('keeps it when the account is read again, and reads it anew when asked', async () => {
      const directory = await read();
      const before = accountOf(directory).details;
      await directory.load();
      assert.equal(accountOf(directory).details, before);
      await directory.iam.tagDevice(serialOf('priya'), new Map([['Name', 'Phone']]));
      await directory.readDetails('priya');
      assert.deepEqual(accountOf(directory).details.get(serialOf('priya')), { tags: new Map([['Name', 'Phone']]) });
    });

    it('forgets what it knew of a device that is gone: one of the same name may be made anew', async () => {
      const directory = await setup.loaded();
      const iam = await setup.iam();
      await iam.tagDevice(serialOf('marcus'), new Map([['Name', 'old phone']]));
      await directory.readDetails('marcus');
      assert.equal(directory.account?.details.get(serialOf('marcus'))?.tags?.get('Name'), 'old phone');
      await iam.deactivateMfaDevice('marcus', serialOf('marcus'));
      await directory.refreshUser('marcus');
      assert.equal(directory.account.details.has(serialOf('marcus')), false);
    });

    it('goes on showing every kind of device after the account is read again', async () => {
      const directory = await setup.loaded();
      await directory.readDetails('priya');
      const shown = () => {
        const mfa = directory.account?.users.get('priya')?.mfa;
        return mfa?.kind === 'has' ? [mfa.devices.length, mfa.complete] : [];
      };
      assert.deepEqual(shown(), [3, true]);
      await directory.load();
      assert.deepEqual(shown(), [3, true]);
    });

    it('asks nothing of a user without devices, or who is not known', async () => {
      const directory = await setup.loaded();
      const before = setup.relay.arrived.length;
      await directory.readDetails('maya');
      await directory.readDetails('nobody');
      assert.equal(setup.relay.arrived.length, before);
    });

    it('stops with the reason when told to', async () => {
      const directory = await setup.loaded();
      const controller = new AbortController();
      const gate = setup.relay.hold('ListMFADeviceTags');
      const reading = directory.readDetails('priya', controller.signal);
      await gate.reached;
      controller.abort(new Error('enough'));
      await assert.rejects(reading, /enough/);
      assert.equal(accountOf(directory).details.size, 0, 'as it was');
    });
  });

  it('counts root’s virtual device as nobody’s loss: it is assigned', async () => {
    await setup.close();
    setup = await Setup.open({ company: { ...smallCompany(), unassigned: [] } });
    assert.deepEqual(accountOf(await setup.loaded()).unassigned, []);
  });
});
