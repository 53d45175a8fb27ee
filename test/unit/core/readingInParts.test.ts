import assert from 'node:assert/strict';
import { CreateUserCommand, DeleteUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { Paces } from '../../../src/aws/pace';
import { Directory, type DirectoryState } from '../../../src/core/directory';
import type { MfaState } from '../../../src/core/users';
import { largeCompany } from '../../../src/practice/company';
import { Setup, until, type SetupOptions } from '../practiceSetup';
import { assertAllTrue, entriesOf, hiddenUsers, protectedUsers, usersWithMfa, virtualOnly } from './largeAccount';

const size = 300;
const serverFault = { kind: 'answer', status: 500, type: 'text/plain', body: 'no' } as const;

describe('an account that is read in parts', () => {
  let setup: Setup;
  const clients: IAMClient[] = [];

  const open = async (options: SetupOptions = {}) => {
    setup = await Setup.open({ company: largeCompany(size), shortPages: true, ...options });
  };
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await setup.close();
  });

  const statesOf = (directory: Directory) => {
    const states: DirectoryState[] = [];
    directory.onDidChange((state) => states.push(state));
    return states;
  };
  const assertTrue = (directory: Directory) => assertAllTrue(setup, directory, size);
  const kinds = (directory: Directory) => [...new Set(entriesOf(directory).map(({ mfa }) => mfa.kind))].sort();
  const mfaOf = (directory: Directory, name: string): MfaState | undefined => directory.account?.users.get(name)?.mfa;
  const admin = () => {
    const client = new IAMClient({
      endpoint: setup.practice.endpoint,
      region: 'us-east-1',
      credentials: setup.practice.caller('keeper'),
    });
    clients.push(client);
    return client;
  };
  /** Waits until the list of users stands still after its first page. */
  const afterFirstPage = async (directory: Directory) => {
    const gate = setup.relay.hold('ListVirtualMFADevices');
    const loading = directory.load();
    await until(() => (directory.account?.users.size ?? 0) > 0);
    return { gate, loading };
  };

  describe('for the first time', () => {
    beforeEach(() => open());

    it('shows its first users after the first page, as being checked', async () => {
      const directory = await setup.directory();
      const states = statesOf(directory);
      await directory.load();
      const parts = states.flatMap((state) => (state.kind === 'loading' && state.last ? [state.last] : []));
      const [first] = parts;
      assert.ok(first?.isPartial);
      assert.ok(first.users.size > 0 && first.users.size < size, `${first.users.size} users`);
      assert.ok([...first.users.values()].every(({ mfa }) => mfa.kind === 'checking' || mfa.kind === 'has'));
      const counts = parts.map(({ users }) => users.size);
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => a - b),
        'nobody vanishes',
      );
      assertTrue(directory);
      assert.equal(directory.account?.isPartial, undefined);
    });

    it('shows its first fifty users before their page is whole', async () => {
      await setup.close();
      await open({ shortPages: false });
      const directory = await setup.directory();
      const states = statesOf(directory);
      const users = setup.relay.hold('ListUsers');
      const loading = directory.load();
      await until(() => directory.knowsCaller);
      users.open();
      await loading;
      const first = states.find((state) => state.kind === 'loading' && state.last);
      assert.ok(first?.kind === 'loading' && first.last?.isPartial);
      assert.equal(first.last.users.size, 50);
      assertTrue(directory);
    });

    it('never shows a guess on the way', async () => {
      const directory = await setup.directory();
      const truth = protectedUsers(setup);
      const wrong: string[] = [];
      directory.onDidChange(() => {
        for (const { user, mfa } of directory.account?.users.values() ?? []) {
          if (mfa.kind === 'unknown' || (mfa.kind !== 'checking' && (mfa.kind === 'has') !== truth.has(user.name))) {
            wrong.push(`${user.name}: ${mfa.kind}`);
          }
        }
      });
      await directory.load();
      assert.deepEqual(wrong, []);
    });

    it('says how many are checked, of those that are listed', async () => {
      const directory = await setup.directory();
      const states = statesOf(directory);
      await directory.load();
      const progress = states.flatMap((state) => (state.kind === 'loading' ? [state] : []));
      assert.ok(progress.every(({ checked, total }) => checked <= total));
      assert.deepEqual([progress.at(-1)?.checked, progress.at(-1)?.total], [size, size]);
    });

    it('goes on after pages that hold nothing', async () => {
      await setup.close();
      await open({ emptyPages: true });
      const directory = await setup.directory();
      await directory.load();
      assertTrue(directory);
    });

    it('is no account yet when a page of users fails for good: half a list says nothing of who is not in it', async () => {
      setup.relay.spoil('ListUsers', serverFault, Number.POSITIVE_INFINITY, 1);
      const directory = await setup.directory();
      const states = statesOf(directory);
      await directory.load();
      assert.ok(states.some(({ kind }) => kind === 'loading') && directory.state.kind === 'failed');
      assert.equal(directory.state.problem.operation, 'ListUsers');
      assert.equal(directory.account, undefined);
    });

    it('is right where a page of virtual devices fails for good', async () => {
      setup.relay.spoil('ListVirtualMFADevices', serverFault, Number.POSITIVE_INFINITY, 1);
      const directory = await setup.directory();
      await directory.load();
      assertTrue(directory);
      assert.equal(directory.account?.virtualDevicesRefused?.operation, 'ListVirtualMFADevices');
    });

    it('ends where the marker of a list leads back to where it was, and says that this is not AWS', async () => {
      let marker: string | undefined;
      setup.relay.spoil('ListUsers', {
        kind: 'change',
        change: (body) => {
          marker ??= /<Marker>([^<]*)/.exec(body)?.[1];
          return body.replace(/<Marker>[^<]*/, `<Marker>${marker}`);
        },
      });
      const directory = await setup.loaded();
      assert.ok(directory.state.kind === 'failed');
      assert.equal(directory.state.problem.code, 'notAws');
    });

    for (const operation of ['ListUsers', 'ListVirtualMFADevices']) {
      it(`is whole where the last page of ${operation} has an empty marker`, async () => {
        setup.relay.spoil(operation, {
          kind: 'change',
          change: (body) => body.replace('<IsTruncated>false</IsTruncated>', '$&<Marker></Marker>'),
        });
        const directory = await setup.loaded();
        assertTrue(directory);
        assert.equal(directory.account?.virtualDevicesRefused, undefined);
      });
    }
  });

  it('has no device twice where the last one of a page cannot be read, and the clock is off', async () => {
    // The SDK sends once more what failed while its clock was off.
    await open({ company: largeCompany(1500), shortPages: false, ahead: 8 * 60_000 });
    let isFirst = true;
    setup.relay.spoil('ListVirtualMFADevices', {
      kind: 'change',
      change: (body) => {
        const last = body.lastIndexOf('</SerialNumber>');
        const changed = isFirst ? body.slice(0, last) + body.slice(last).replace('</SerialNumber>', '') : body;
        isFirst = false;
        return changed;
      },
    });
    const directory = await setup.loaded();
    assert.equal(directory.account?.virtualDevicesRefused?.code, 'notAws');
    const serials = entriesOf(directory).flatMap(({ mfa }) =>
      mfa.kind === 'has' ? mfa.devices.map(({ serial }) => serial) : [],
    );
    assert.equal(new Set(serials).size, serials.length);
    assertAllTrue(setup, directory, 1500);
  });

  describe('while people come and go', () => {
    beforeEach(() => open({ company: virtualOnly(size) }));

    it('counts someone who is renamed between two pages once, by the new name', async () => {
      let member: string | undefined;
      setup.relay.spoil('ListUsers', {
        kind: 'change',
        change: (body) => {
          const again = member?.replaceAll('deploy-bot', 'renamed');
          member ??= /<member>(?:(?!<member>).)*?deploy-bot.*?<\/member>/s.exec(body)?.[0];
          return again === undefined ? body : body.replace('<Users>', `<Users>${again}`);
        },
      });
      const directory = await setup.loaded();
      assert.equal(entriesOf(directory).length, size);
      assert.ok(directory.account?.users.has('renamed'));
    });

    it('shows someone who came after their page was listed, where a device tells of them', async () => {
      const directory = await setup.directory();
      const { gate, loading } = await afterFirstPage(directory);
      const iam = await setup.iam();
      await admin().send(new CreateUserCommand({ UserName: 'aaron' }));
      const { serial, seed } = await iam.createVirtualMfaDevice('aaron');
      const now = setup.clock.now();
      await iam.enableMfaDevice('aaron', serial, await setup.code(seed, now - 30_000), await setup.code(seed, now));
      setup.relay.spoil('ListVirtualMFADevices', {
        kind: 'change',
        change: (body) =>
          body.replace(
            '<VirtualMFADevices>',
            `<VirtualMFADevices><member><SerialNumber>${serial}</SerialNumber><User><UserName>aaron</UserName></User></member>`,
          ),
      });
      gate.open();
      await loading;
      assert.ok(usersWithMfa(directory).includes('aaron'));
    });

    it('shows nobody green or red who is gone by the time they are asked about', async () => {
      await setup.close();
      await open();
      // Only asking tells.
      ['GenerateCredentialReport', 'GetAccountSummary'].forEach((operation) =>
        setup.practice.faults.set({ kind: 'deny', operation }),
      );
      await admin().send(new CreateUserCommand({ UserName: 'aaron' }));
      const directory = await setup.directory();
      const { gate, loading } = await afterFirstPage(directory);
      await admin().send(new DeleteUserCommand({ UserName: 'aaron' }));
      gate.open();
      await loading;
      const mfa = mfaOf(directory, 'aaron');
      assert.ok(mfa?.kind === 'unknown', mfa?.kind);
      assert.equal(mfa.problem.code, 'notFound');
    });
  });

  describe('and a sum of devices that lags behind', () => {
    beforeEach(() => open());

    it('is found out by the report: AWS is asked about those of whom the two say different things', async () => {
      // It counts no token and no passkey, so that it seems to fit.
      const others = setup.practice.devices().filter(({ kind, owner }) => owner?.kind === 'user' && kind !== 'virtual');
      setup.relay.spoil('GetAccountSummary', {
        kind: 'change',
        change: (body) =>
          body.replace(
            /(<key>MFADevicesInUse<\/key>\s*<value>)(\d+)/,
            (_, before: string, sum: string) => `${before}${Number(sum) - others.length}`,
          ),
      });
      const directory = await setup.loaded();
      assertTrue(directory);
      const asked = setup.count('ListMFADevices');
      assert.equal(asked, hiddenUsers(setup).length);
    });
  });

  describe('by a computer whose clock is off by an hour', () => {
    for (const ahead of [3_600_000, -3_600_000]) {
      it(`${ahead > 0 ? 'behind' : 'ahead'}: is right, and asks for the report once`, async () => {
        await open({ ahead });
        const directory = await setup.loaded();
        assertTrue(directory);
        const asked = setup.count('GetCredentialReport');
        await directory.load();
        assertTrue(directory);
        assert.equal(setup.count('GetCredentialReport'), asked);
      });
    }
  });

  describe('and throttled', () => {
    /** Waits are those of the account's clock, which they move: they take no time. */
    const paced = async () => {
      const { iam } = await setup.connect('keeper', { paces: new Paces(setup.clock, () => 1) });
      return new Directory(iam, setup.clock);
    };
    beforeEach(() => open());

    it('by a rate, loses nobody: with neither report nor sum, everybody is asked about in their turn', async () => {
      ['GenerateCredentialReport', 'GetAccountSummary'].forEach((operation) =>
        setup.practice.faults.set({ kind: 'deny', operation }),
      );
      setup.practice.faults.set({ kind: 'rate', perSecond: 20 });
      const directory = await paced();
      await directory.load();
      assertTrue(directory);
      assert.ok(setup.count('ListMFADevices') > size - protectedUsers(setup).size);
    });

    it('throughout, says of those whom nothing else tells of that they could not be checked, and why', async () => {
      setup.practice.faults.set({ kind: 'throttle', operation: 'ListMFADevices' });
      const directory = await paced();
      await directory.load();
      const unknown = entriesOf(directory).flatMap(({ mfa, user }) => (mfa.kind === 'unknown' ? [{ mfa, user }] : []));
      assert.deepEqual(unknown.map(({ user }) => user.name).sort(), [...hiddenUsers(setup)].sort());
      assert.deepEqual([...new Set(unknown.map(({ mfa }) => mfa.problem.code))], ['throttled']);
      assert.ok(usersWithMfa(directory).every((name) => protectedUsers(setup).has(name)));

      setup.practice.faults.clear();
      setup.clock.advance(60_000);
      await directory.load();
      assertTrue(directory);
    });

    it('in its lists, is read all the same, and slower', async () => {
      // The waits between them come to 26 seconds: after half a minute, it would be given up.
      setup.practice.faults.set({ kind: 'throttle', operation: 'ListUsers', times: 11 });
      const directory = await paced();
      await directory.load();
      assertTrue(directory);
    });
  });

  describe('and stopped', () => {
    beforeEach(() => open());

    it('keeps who is settled, says of the others that they could not be checked, and calls no more', async () => {
      const directory = await setup.directory();
      const gate = setup.relay.hold('ListMFADevices');
      const loading = directory.load();
      await gate.reached;
      directory.cancelReading();
      assert.equal(directory.state.kind, 'loaded');
      assert.deepEqual(kinds(directory), ['has', 'unknown']);
      const stopped = entriesOf(directory).flatMap(({ mfa }) => (mfa.kind === 'unknown' ? [mfa.problem.code] : []));
      assert.deepEqual([...new Set(stopped)], ['stopped']);
      const sent = setup.relay.arrived.length;
      gate.open();
      await loading;
      assert.equal(setup.relay.arrived.length, sent);
      assert.equal(directory.state.kind, 'loaded');

      await directory.load();
      assertTrue(directory);
    });

    it('is no account where not even the users were listed', async () => {
      const directory = await setup.directory();
      const { gate, loading } = await afterFirstPage(directory);
      directory.cancelReading();
      assert.ok(directory.state.kind === 'failed');
      assert.equal(directory.state.problem.code, 'stopped');
      gate.open();
      await loading;
    });

    it('shows what was read before, where there is something', async () => {
      const directory = await setup.loaded();
      const { account } = directory;
      setup.clock.advance(60_000);
      const gate = setup.relay.hold('ListUsers');
      const loading = directory.load();
      await gate.reached;
      directory.cancelReading();
      assert.ok(directory.state.kind === 'loaded');
      assert.equal(directory.account?.readAt, account?.readAt);
      gate.open();
      await loading;
      assert.equal(directory.account?.readAt, account?.readAt);
    });
  });
});
