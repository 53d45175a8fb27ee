import assert from 'node:assert/strict';
import { Directory } from '../../../src/core/directory';
import { largeCompany, type Company } from '../../../src/practice/company';
import { assertAllTrue, entriesOf, hiddenUsers, protectedUsers, usersWithMfa, virtualOnly } from './largeAccount';
import { SteeredClock } from '../doubles';
import { serialOf, Setup, until, type SetupOptions } from '../practiceSetup';

const size = 300;

/** Nobody has a virtual device and another kind besides. */
function oneKindEach(users = size): Company {
  const company = largeCompany(users);
  return {
    ...company,
    users: company.users.map((user) => {
      const virtual = user.devices?.filter(({ kind }) => kind === 'virtual') ?? [];
      return virtual.length > 0 ? { ...user, devices: virtual } : user;
    }),
  };
}

describe('an account of many users', () => {
  let setup: Setup;

  const open = async (options: SetupOptions = {}) => {
    setup = await Setup.open({ company: largeCompany(size), ...options });
  };
  afterEach(() => setup.close());

  const truth = () => protectedUsers(setup);
  const hidden = () => hiddenUsers(setup);
  const entries = entriesOf;
  const bySource = (directory: Directory) => {
    const none = entries(directory).flatMap(({ mfa }) => (mfa.kind === 'none' ? [mfa.source ?? 'live'] : []));
    return [...new Set(none)];
  };
  const assertTrue = (directory: Directory) => assertAllTrue(setup, directory, size);
  const tellDevicesInUse = (tell: (devices: number) => number) =>
    setup.relay.spoil('GetAccountSummary', {
      kind: 'change',
      change: (body) =>
        body.replace(
          /(<key>MFADevicesInUse<\/key>\s*<value>)(\d+)/,
          (_, before: string, devices: string) => `${before}${tell(Number(devices))}`,
        ),
    });
  const changeReport = (change: (lines: readonly string[]) => readonly string[]) =>
    setup.relay.spoil('GetCredentialReport', {
      kind: 'change',
      change: (body) =>
        body.replace(/<Content>([^<]*)/, (_, content: string) => {
          const lines = change(Buffer.from(content, 'base64').toString().split('\n'));
          return `<Content>${Buffer.from(lines.join('\n')).toString('base64')}`;
        }),
    });
  const refuse = (...operations: string[]) =>
    operations.forEach((operation) => setup.practice.faults.set({ kind: 'deny', operation }));

  describe('of whom nobody has a token or a passkey', () => {
    beforeEach(() => open({ company: virtualOnly(size) }));

    it('is settled by the lists and the sum of devices in use, and asks about nobody by name', async () => {
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['live']);
      setup.assertSent(['ListMFADevices', 'GetLoginProfile', 'GenerateCredentialReport', 'GetCredentialReport'], {
        GenerateCredentialReport: setup.count('GenerateCredentialReport'),
        GetCredentialReport: 2,
      });
    });

    it('takes the report that another window had made, and has none made', async () => {
      await setup.loaded();
      const before = setup.relay.arrived.length;
      const another = await setup.loaded();
      assertTrue(another);
      const sent = setup.relay.arrived.slice(before).filter((operation) => operation.endsWith('CredentialReport'));
      assert.deepEqual(sent, ['GetCredentialReport']);
    });

    it('waits for the report that another window is having made', async () => {
      const [one, other] = await Promise.all([setup.loaded(), setup.loaded()]);
      assertTrue(one);
      assertTrue(other);
      assert.ok(entries(other).some(({ password }) => 'source' in password && password.source === 'report'));
    });

    it('has its passwords from the report, but for those that were used', async () => {
      const directory = await setup.loaded();
      const sources = entries(directory).flatMap(({ mfa, password, user }) =>
        mfa.kind === 'none' && 'source' in password
          ? [[password.kind, password.source, user.passwordLastUsed !== undefined]]
          : [],
      );
      assert.deepEqual([...new Set(sources.map((each) => each.join()))].sort(), [
        'no,report,false',
        'yes,live,true',
        'yes,report,false',
      ]);
    });

    it('is asked for its passwords where the report is refused, those alone that are not known', async () => {
      refuse('GenerateCredentialReport');
      const directory = await setup.loaded();
      const notUsed = entries(directory).filter(({ mfa, user }) => mfa.kind === 'none' && !user.passwordLastUsed);
      assert.ok(notUsed.length > 25, 'there are many');
      assert.equal(setup.count('GetLoginProfile'), notUsed.length);
      assert.ok(notUsed.every(({ user }) => directory.account?.users.get(user.name)?.password.kind !== 'unknown'));
    });

    it('keeps its passwords when it is read again, also while another report is made', async () => {
      const directory = await setup.loaded();
      const kinds = () =>
        entries(directory).map(({ user, password, reported }) => [
          user.name,
          password.kind,
          reported?.passwordChangedAt?.getTime(),
        ]);
      const before = kinds();
      const told: unknown[] = [];
      directory.onDidChange(({ kind }) => kind === 'loaded' && told.push(kinds()));
      setup.clock.advance(5 * 3_600_000);
      const gate = setup.relay.hold('GetCredentialReport');
      const reading = directory.load();
      await until(() => told.length > 0);
      assert.deepEqual(told.at(-1), before, 'before the report is there');
      gate.open();
      await reading;
      assert.deepEqual(kinds(), before, 'and when it is');
      const ages = entries(directory).flatMap(({ password }) =>
        'source' in password && password.source === 'report' ? [setup.clock.now() - password.at] : [],
      );
      assert.ok(ages.length > 0 && ages.every((age) => age < 3_600_000), 'with the age of the new one');
    });

    it('keeps its passwords where no other report is to be had', async () => {
      const directory = await setup.loaded();
      const kinds = () => entries(directory).map(({ user, password }) => [user.name, password.kind]);
      const before = kinds();
      setup.clock.advance(5 * 3_600_000);
      refuse('GenerateCredentialReport', 'GetLoginProfile');
      await directory.load();
      assert.deepEqual(kinds(), before);
    });

    it('takes a password that was just used from the list, not from a report that is older', async () => {
      const directory = await setup.loaded();
      const [name = ''] = entries(directory).flatMap(({ user, mfa, password }) =>
        mfa.kind === 'none' && password.kind === 'no' ? [user.name] : [],
      );
      setup.clock.advance(60_000);
      setup.relay.spoil('ListUsers', {
        kind: 'change',
        change: (body) =>
          body.replace(
            `<UserName>${name}</UserName>`,
            `<UserName>${name}</UserName><PasswordLastUsed>${new Date(setup.clock.now()).toISOString()}</PasswordLastUsed>`,
          ),
      });
      // The sum is off from now on: who has none is told by the report, which is older than the last reading.
      tellDevicesInUse((devices) => devices + 1);
      await directory.load();
      assert.equal(directory.account?.users.get(name)?.password.kind, 'yes');
    });

    it('takes a changed password from a newer report', async () => {
      const directory = await setup.loaded();
      const [name = ''] = entries(directory).flatMap(({ user, mfa, password }) =>
        mfa.kind === 'none' && password.kind === 'yes' && password.source === 'report' ? [user.name] : [],
      );
      changeReport((lines) =>
        lines.map((line) => (line.startsWith(`${name},`) ? line.replace(',true,', ',false,') : line)),
      );
      setup.clock.advance(5 * 3_600_000);
      await directory.load();
      assert.equal(directory.account?.users.get(name)?.password.kind, 'no');
    });

    it('is asked for its passwords again where they could not be read', async () => {
      refuse('GenerateCredentialReport', 'GetLoginProfile');
      const directory = await setup.loaded();
      const unknown = () =>
        entries(directory).filter(({ mfa, password }) => mfa.kind === 'none' && password.kind === 'unknown');
      assert.ok(unknown().length > 25, 'there are many');
      setup.practice.faults.clear();
      refuse('GenerateCredentialReport');
      await directory.load();
      assert.deepEqual(unknown(), []);
    });

    it('takes what AWS says of passwords now, though what is known is of a time to come', async () => {
      refuse('GenerateCredentialReport');
      // This computer's alone: AWS would refuse what is signed at another time.
      const clock = new SteeredClock();
      clock.advance(5 * 3_600_000);
      const directory = new Directory(await setup.iam(), clock);
      await directory.load();
      clock.advance(-5 * 3_600_000);
      await directory.load();
      const ahead = entries(directory).filter(({ password }) => 'at' in password && password.at > clock.now());
      assert.deepEqual(ahead, []);
    });

    it('does not ask for its passwords again within four hours where the report is refused', async () => {
      refuse('GenerateCredentialReport');
      const directory = await setup.loaded();
      const asked = setup.count('GetLoginProfile');
      setup.clock.advance(3 * 3_600_000);
      await directory.load();
      assert.equal(setup.count('GetLoginProfile'), asked);
      setup.clock.advance(2 * 3_600_000);
      await directory.load();
      assert.ok(setup.count('GetLoginProfile') >= 2 * asked, 'and once they are as old as a report may be');
    });

    it('costs no more when it is read again, and less: the report is not asked for within four hours', async () => {
      const directory = await setup.loaded();
      const before = setup.relay.arrived.length;
      setup.clock.advance(3 * 3_600_000);
      await directory.load();
      // Some arrive twice: the computer's clock seems to be off.
      assert.deepEqual([...new Set(setup.relay.arrived.slice(before))].sort(), [
        'GetAccountSummary',
        'GetCallerIdentity',
        'ListAccountAliases',
        'ListUsers',
        'ListVirtualMFADevices',
      ]);
      const made = setup.count('GenerateCredentialReport');
      setup.clock.advance(2 * 3_600_000);
      await directory.load();
      assert.ok(setup.count('GenerateCredentialReport') > made, 'another is made');
      assertTrue(directory);
    });
  });

  describe('some of whom have a token or a passkey', () => {
    beforeEach(() => open());

    /** As many devices are in use as before. */
    const tokenGoesToSomeone = async (from: string, serial: string, to: string) => {
      const iam = await setup.iam();
      await iam.deactivateMfaDevice(from, serial);
      await iam.enableMfaDevice(to, serial, await setup.codeOf(serial, -1), await setup.codeOf(serial));
    };

    it('asks about those alone whom the report calls protected and no list shows', async () => {
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.equal(setup.count('ListMFADevices'), hidden().length);
    });

    it('asks about nobody again when it is read again, as long as the sum stays', async () => {
      const directory = await setup.loaded();
      const asked = setup.count('ListMFADevices');
      await directory.load();
      assertTrue(directory);
      assert.equal(setup.count('ListMFADevices'), asked);
    });

    it('finds out who has lost a token since', async () => {
      const directory = await setup.loaded();
      await (await setup.iam()).deactivateMfaDevice('elena', 'GAHT40718293');
      await directory.load();
      assertTrue(directory);
      assert.equal(directory.account?.users.get('elena')?.mfa.kind, 'none');
    });

    it('shows nobody green for long whose token went as another came, though the sum fits', async () => {
      const directory = await setup.loaded();
      await tokenGoesToSomeone('elena', 'GAHT40718293', 'person-0007');
      setup.clock.advance(5 * 3_600_000);
      await directory.load();
      assertTrue(directory);
    });

    it('finds that out also where nothing has asked for a report', async () => {
      await setup.close();
      const company = largeCompany(60);
      const tokens = company.users.map((user, index) => ({
        ...user,
        devices: [{ kind: 'hardware' as const, serial: `GAHT${10_000_000 + index}`, enabledDaysAgo: 100 }],
      }));
      await open({ company: { ...company, users: tokens } });
      const first = await setup.loaded();
      const directory = new Directory(await setup.iam(), setup.clock, undefined, first.account);
      await directory.load();
      const [serial = ''] = setup.devicesOf('elena');
      await tokenGoesToSomeone('elena', serial, 'noah');
      setup.clock.advance(5 * 3_600_000);
      await directory.load();
      assert.equal(directory.account?.users.get('elena')?.mfa.kind, 'none');
    });

    it('keeps who was found, with the age of that, where nobody answers to that question', async () => {
      refuse('GenerateCredentialReport');
      const directory = await setup.loaded();
      setup.clock.advance(5 * 3_600_000);
      refuse('ListMFADevices');
      await directory.load();
      assert.equal(directory.account?.users.get('elena')?.mfa.kind, 'has');
    });

    it('finds that out without the report, too', async () => {
      refuse('GenerateCredentialReport');
      const directory = await setup.loaded();
      await tokenGoesToSomeone('elena', 'GAHT40718293', 'person-0007');
      setup.clock.advance(5 * 3_600_000);
      await directory.load();
      assert.equal(directory.account?.users.get('elena')?.mfa.kind, 'none', 'nobody is green');
      await directory.load();
      assertTrue(directory);
    });

    it('tells with the age of the newest report who has none, where the sum is off', async () => {
      tellDevicesInUse((devices) => devices + 1);
      const directory = await setup.loaded();
      setup.clock.advance(5 * 3_600_000);
      await directory.load();
      const ages = entries(directory).flatMap(({ mfa }) => (mfa.kind === 'none' ? [setup.clock.now() - mfa.at] : []));
      assert.ok(ages.length > 0 && ages.every((age) => age < 3_600_000), `${Math.max(...ages)} ms`);
      assertTrue(directory);
    });

    it('does not take one who was made anew for the one of the same name who had a token', async () => {
      const directory = await setup.loaded();
      setup.relay.spoil('ListUsers', {
        kind: 'change',
        change: (body) =>
          body.replace(/<member>(?:(?!<\/member>).)*<UserName>elena<.*?<\/member>/s, (member) =>
            member.replace(/<UserId>[^<]*/, '<UserId>AIDAMADEANEW'),
          ),
      });
      await (await setup.iam()).deactivateMfaDevice('elena', 'GAHT40718293');
      tellDevicesInUse((devices) => devices + 1);
      await directory.load();
      assert.notEqual(directory.account?.users.get('elena')?.mfa.kind, 'has');
    });

    it('does not take the report’s word about another of the same name', async () => {
      refuse('GetAccountSummary');
      // It is about somebody who was made at another time, and had no MFA.
      changeReport((lines) =>
        lines.map((line) =>
          line.startsWith('elena,') ? line.replace(/,\d{4}-/, ',2001-').replace(/,true,/g, ',false,') : line,
        ),
      );
      assertTrue(await setup.loaded());
    });

    it('leaves the report’s word standing where AWS may not be asked, and does not go on asking', async () => {
      await setup.close();
      await open({ company: virtualOnly(size) });
      tellDevicesInUse((devices) => devices + 20);
      refuse('ListMFADevices');
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['report']);
      const asked = setup.count('ListMFADevices');
      assert.ok(asked <= 10, `${asked} were on their way at once`);
      await directory.load();
      assertTrue(directory);
      assert.equal(setup.count('ListMFADevices'), asked);
    });

    it('keeps a token that was found beside a phone where one question is not answered, and asks again', async () => {
      const directory = await setup.loaded();
      const both = await directory.refreshUser('priya');
      assert.ok(both?.mfa.kind === 'has' && both.mfa.devices.length === 3);
      tellDevicesInUse((devices) => devices + 2);
      refuse('ListMFADevices');
      await directory.load();
      const devices = () => {
        const mfa = directory.account?.users.get('priya')?.mfa;
        return mfa?.kind === 'has' ? [mfa.devices.length, mfa.at] : mfa;
      };
      assert.deepEqual(devices(), [3, both.mfa.at], 'with the age of that');
      setup.practice.faults.clear();
      setup.clock.advance(60_000);
      const asked = setup.count('ListMFADevices');
      await directory.load();
      assert.ok(setup.count('ListMFADevices') > asked, directory.state.kind);
      assert.deepEqual(devices(), [3, setup.clock.now()]);
    });

    it('believes the report after a stopped reading, and asks about nobody for nothing', async () => {
      const fresh = await setup.directory();
      const looks = setup.relay.hold('ListMFADevices');
      const reading = fresh.load();
      await looks.reached;
      fresh.cancelReading();
      looks.open();
      await reading;
      assert.ok(entries(fresh).some(({ mfa }) => mfa.kind === 'unknown'));
      const asked = setup.count('ListMFADevices');
      await fresh.load();
      assertTrue(fresh);
      const again = setup.count('ListMFADevices') - asked;
      // Ten were on their way when it was stopped, and whose answers came are asked about again.
      assert.ok(again <= hidden().length + 10, `${again}: those alone of whom a doubt is left`);
    });

    it('goes through everybody once, and not whenever a device more is missing', async () => {
      await setup.close();
      await open({ company: largeCompany(600) });
      let more = 20;
      tellDevicesInUse((devices) => devices + more);
      const directory = await setup.loaded();
      const asked = setup.count('ListMFADevices');
      more = 21;
      await directory.load();
      assertAllTrue(setup, directory, 600);
      assert.ok(setup.count('ListMFADevices') - asked <= hidden().length + 100, `${setup.count('ListMFADevices')}`);
      assert.ok(asked > 100 + hidden().length, 'everybody was gone through at first');
    });

    it('tells with the report’s age who has none, where root’s devices may be what is missing from the sum', async () => {
      tellDevicesInUse((devices) => devices + 1);
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['report']);
      assert.equal(setup.count('ListMFADevices'), hidden().length, 'nobody is asked about for nothing');
      // The report is of whole seconds and was made before the lists ended.
      assert.ok(entries(directory).every(({ mfa }) => mfa.kind !== 'none' || mfa.at % 1000 === 0));
      const again = await directory.refreshUser('person-0007');
      assert.deepEqual(again?.mfa.kind === 'none' && again.mfa.source, undefined, 'AWS was asked');
    });

    it('goes through everybody where more is missing than the report tells', async () => {
      tellDevicesInUse((devices) => devices + 20);
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['live']);
      const asked = setup.count('ListMFADevices');
      const ages = () => entries(directory).flatMap(({ mfa }) => (mfa.kind === 'none' ? [mfa.at] : []));
      const before = ages();
      setup.clock.advance(60_000);
      await directory.load();
      assert.equal(setup.count('ListMFADevices'), asked, 'once is enough');
      assert.deepEqual(ages(), before, 'a sum that is off proves nothing new');
    });

    it('does the same as with a sum that is too low: the report tells', async () => {
      tellDevicesInUse((devices) => devices - 20);
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['report']);
    });

    it('goes by the report where there is no sum', async () => {
      refuse('GetAccountSummary');
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['report']);
      assert.equal(setup.count('ListMFADevices'), hidden().length);
    });

    it('is settled live once the sum fits', async () => {
      await setup.close();
      await open({ company: oneKindEach() });
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.deepEqual(bySource(directory), ['live']);
      assert.equal(setup.count('ListMFADevices'), hidden().length);
    });

    it('does not wait for the report where there are few to ask about', async () => {
      await setup.close();
      await open({ company: oneKindEach(150) });
      const gate = setup.relay.hold('GetCredentialReport');
      const directory = await setup.directory();
      const loading = directory.load();
      await until(() => directory.state.kind === 'loaded');
      assertAllTrue(setup, directory, 150);
      gate.open();
      await loading;
    });

    it('is right without the report: likeliest first, until the sum fits', async () => {
      await setup.close();
      await open({ company: oneKindEach() });
      refuse('GenerateCredentialReport');
      const directory = await setup.loaded();
      assertTrue(directory);
      const without = size - truth().size + hidden().length;
      assert.ok(setup.count('ListMFADevices') < without, `${setup.count('ListMFADevices')} of ${without}`);
    });

    it('is right without report and sum: everybody is asked about whom no list shows', async () => {
      refuse('GenerateCredentialReport', 'GetAccountSummary');
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.equal(setup.count('ListMFADevices'), size - truth().size + hidden().length);
    });

    it('is right where virtual devices cannot be listed: the report tells whom to ask about', async () => {
      refuse('ListVirtualMFADevices');
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.equal(setup.count('ListMFADevices'), truth().size);
    });

    it('is right with a report that is none', async () => {
      setup.relay.spoil('GetCredentialReport', {
        kind: 'change',
        change: (body) =>
          body.replace(/<Content>[^<]*/, `<Content>${Buffer.from('no,columns\nof,ours').toString('base64')}`),
      });
      assertTrue(await setup.loaded());
    });

    it('reads a report by its columns’ names, whatever columns have come, and without a row for root', async () => {
      changeReport(([header = '', , ...lines]) => [`new_column,${header}`, ...lines.map((line) => `x,${line}`)]);
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.equal(setup.count('ListMFADevices'), hidden().length, 'the report told');
    });

    for (const [code, status] of [
      ['ReportExpired', 410],
      ['ReportNotPresent', 410],
      ['ReportInProgress', 404],
    ] as const) {
      it(`is right where AWS answers ${code}, whatever it said before`, async () => {
        setup.practice.faults.set({ kind: 'error', operation: 'GetCredentialReport', code, status, message: 'no' });
        assertTrue(await setup.loaded());
      });
    }

    it('says of those who could not be asked about that they could not be checked, and why', async () => {
      refuse('ListMFADevices');
      const directory = await setup.loaded();
      const unknown = entries(directory).filter(({ mfa }) => mfa.kind === 'unknown');
      assert.equal(unknown.length, hidden().length);
      assert.ok(unknown.every(({ mfa }) => mfa.kind === 'unknown' && mfa.problem.permission === 'iam:ListMFADevices'));
      assert.ok(usersWithMfa(directory).every((name) => truth().has(name)));
    });
  });

  describe('with a report that is older than what happened since', () => {
    const enable = async (userName: string) => {
      const iam = await setup.iam();
      const { serial, seed } = await iam.createVirtualMfaDevice(userName);
      const now = setup.clock.now();
      await iam.enableMfaDevice(userName, serial, await setup.code(seed, now - 30_000), await setup.code(seed, now));
    };

    beforeEach(async () => {
      await open();
      await (await setup.iam()).credentialReport();
      setup.clock.advance(60_000);
      // Only the report is left to go by.
      refuse('GetAccountSummary');
    });

    it('shows a device that came since', async () => {
      await enable('maya');
      assertTrue(await setup.loaded());
    });

    it('shows nobody green whose device has gone since', async () => {
      await (await setup.iam()).deactivateMfaDevice('marcus', serialOf('marcus'));
      const directory = await setup.loaded();
      assertTrue(directory);
      assert.equal(directory.account?.users.get('marcus')?.mfa.kind, 'none');
    });

    it('shows nobody green whose device came and went since', async () => {
      await enable('maya');
      const directory = await setup.loaded();
      setup.clock.advance(60_000);
      await (await setup.iam()).deactivateMfaDevice('maya', serialOf('maya'));
      await directory.load();
      assertTrue(directory);
      assert.equal(directory.account?.users.get('maya')?.mfa.kind, 'none');
    });

    it('shows a token that came while the report was waited for, though AWS’s clock is ahead', async () => {
      await setup.close();
      await open({ ahead: 3_600_000 });
      await (await setup.iam()).credentialReport();
      tellDevicesInUse((devices) => devices + 1);
      const gate = setup.relay.hold('GetCredentialReport');
      const directory = await setup.directory();
      const reading = directory.load();
      await gate.reached;
      await until(() => setup.count('ListUsers') > 0 && directory.account?.users.has('person-0007') === true);
      setup.clock.advance(1000);
      const [token = ''] = setup.practice.spareTokens;
      // By AWS's clock, to which a token keeps.
      const codes = [await setup.codeOf(token, 119), await setup.codeOf(token, 120)] as const;
      await directory.iam.enableMfaDevice('person-0007', token, ...codes);
      assert.equal(await directory.confirmDevice('person-0007', token), 'shown');
      gate.open();
      await reading;
      assert.equal(directory.account?.users.get('person-0007')?.mfa.kind, 'has');
      assertTrue(directory);
    });

    it('goes on showing a token that AWS told of by name since', async () => {
      await (await setup.iam()).deactivateMfaDevice('elena', 'GAHT40718293');
      const directory = await setup.loaded();
      assert.equal(directory.account?.users.get('elena')?.mfa.kind, 'none', 'AWS was asked');
      await directory.load();
      assertTrue(directory);
    });
  });
});
