import assert from 'node:assert/strict';
import type { AccountSource } from '../../../src/core/account';
import { Accounts } from '../../../src/core/accounts';
import type { Session } from '../../../src/core/session';
import { Setup, until } from '../practiceSetup';
import { otherCompany, SetupSources } from './setupSources';

const profile = (name: string): AccountSource => ({ kind: 'profile', profile: name });
const here = profile('here');
const hereToo = profile('here-too');
const there = profile('there');
const copy = profile('copy');

describe('accounts side by side', () => {
  let near: Setup;
  let far: Setup;
  let sources: SetupSources;
  let accounts: Accounts;

  beforeEach(async () => {
    near = await Setup.open();
    far = await Setup.open({ company: otherCompany() });
    sources = new SetupSources(
      { here: near, 'here-too': near, there: far, copy: near },
      // The same numbers on another server are another account.
      { copy: 'http://127.0.0.1:4566' },
    );
    accounts = new Accounts(sources, near.clock);
  });
  afterEach(async () => {
    accounts.dispose();
    await Promise.all([near.close(), far.close()]);
  });

  const keys = () => accounts.sessions.map(({ key }) => key);
  const nameOf = ({ state }: Session) =>
    state.kind !== 'none' && state.source.kind === 'profile' ? state.source.profile : state.kind;
  const names = () => accounts.sessions.map(nameOf);
  const session = (index: number): Session => {
    const found = accounts.sessions[index];
    assert.ok(found, `there is an account at ${index}`);
    return found;
  };

  it('shows each with its own users, in the order in which they came', async () => {
    await accounts.add(here);
    await accounts.add(there);
    assert.deepEqual(keys(), ['aws:210987654321', 'aws:111122223333']);
    assert.deepEqual(
      accounts.sessions.map(({ account }) => account?.users.size),
      [10, 3],
    );
  });

  it('lets one that is slow hold up no other', async () => {
    const gate = near.relay.hold('ListUsers');
    const slow = accounts.add(here);
    await gate.reached;
    await accounts.add(there);
    assert.deepEqual([session(0).account, session(1).account?.users.size], [undefined, 3]);
    gate.open();
    await slow;
    assert.equal(session(0).account?.users.size, 10);
  });

  it('lets one that fails keep its own trouble', async () => {
    sources.broken.add('here');
    await Promise.all([accounts.add(here), accounts.add(there)]);
    assert.deepEqual(
      accounts.sessions.map(({ problem }) => problem?.code),
      ['badConfig', undefined],
    );
  });

  it('takes two profiles of one account for one account with a choice, in its old place', async () => {
    await accounts.add(here);
    await accounts.add(there);
    const told: (Session | undefined)[] = [];
    accounts.onDidChange((changed) => told.push(changed));
    const joined = await accounts.add(hereToo);
    assert.deepEqual(keys(), ['aws:210987654321', 'aws:111122223333']);
    assert.deepEqual(names(), ['here-too', 'there']);
    assert.equal(session(0), joined);
    assert.deepEqual(joined.identities, [hereToo, here]);
    assert.ok(told.includes(undefined), 'the list is told anew');
  });

  it('goes on with the other identity when that is chosen, in the same place', async () => {
    await accounts.add(here);
    await accounts.add(hereToo);
    await accounts.add(there);
    await accounts.add(here);
    assert.deepEqual(names(), ['here', 'there']);
    assert.deepEqual(session(0).identities, [hereToo, here]);
    assert.equal(session(0).account?.users.size, 10);
  });

  it('keeps the same numbers on another server apart', async () => {
    await accounts.add(here);
    await accounts.add(copy);
    assert.deepEqual(keys(), ['aws:210987654321', 'aws:210987654321@http://127.0.0.1:4566']);
  });

  it('reads again what is added twice', async () => {
    await accounts.add(here);
    const before = session(0).account;
    await accounts.add(here);
    assert.equal(accounts.sessions.length, 1);
    assert.notEqual(session(0).account, before);
  });

  it('moves accounts, and takes them out of sight', async () => {
    await accounts.add(here);
    await accounts.add(there);
    await accounts.add(copy);
    accounts.move(session(2), session(0));
    assert.deepEqual(names(), ['copy', 'here', 'there']);
    accounts.move(session(0), undefined);
    assert.deepEqual(names(), ['here', 'there', 'copy']);
    const told: string[][] = [];
    accounts.onDidChange(() => told.push(names()));
    const gone = session(1);
    accounts.remove(gone);
    assert.deepEqual([names(), told], [['here', 'copy'], [['here', 'copy']]]);
    assert.equal(gone.state.kind, 'none');
  });

  it('hears no more of one that is out of sight, though an enrolment may still change it', async () => {
    await accounts.add(here);
    const gone = session(0);
    const { state } = gone;
    assert.ok(state.kind === 'open', state.kind);
    accounts.remove(gone);
    let told = 0;
    accounts.onDidChange(() => told++);
    await state.directory.refreshUser('maya');
    assert.equal(told, 0);
    assert.deepEqual(sources.disposed, [], 'what still works on it can go on');
  });

  it('remembers how to sign in to each, the way in use first, and nothing else', async () => {
    await accounts.add(here);
    await accounts.add(hereToo);
    await accounts.add(there);
    assert.deepEqual(accounts.remembered, [[hereToo, here], [there]]);
  });

  it('opens again what was remembered, all at once, and asks nobody for a code', async () => {
    await accounts.restore([[hereToo, here], [there], []]);
    assert.deepEqual(names(), ['here-too', 'there']);
    assert.deepEqual(session(0).identities, [hereToo, here]);
    assert.deepEqual(sources.attended, [false, false]);
    assert.deepEqual(
      accounts.sessions.map(({ account }) => account?.users.size),
      [10, 3],
    );
  });

  it('makes way where somebody may be asked now, and not again after that', async () => {
    await accounts.restore([[here]]);
    await accounts.refresh();
    await accounts.refresh();
    assert.deepEqual(sources.attended, [false, true]);
  });

  it('signs in anew when somebody wants to give a code, and shows what was read until then', async () => {
    await accounts.restore([[here]]);
    const before = session(0).account;
    const gate = near.relay.hold('GetCallerIdentity');
    const signingIn = session(0).signIn();
    await gate.reached;
    assert.equal(session(0).account, before);
    gate.open();
    await signingIn;
    assert.deepEqual(sources.attended, [false, true]);
    assert.notEqual(session(0).account, before);
  });

  it('never shows the users of the account that a profile led to before', async () => {
    await accounts.add(here);
    sources.lead('here', far);
    sources.outdated = true;
    // The connection in hand knows that the files changed.
    const gate = far.relay.hold('ListUsers');
    accounts.remove(session(0));
    const adding = accounts.add(here);
    await gate.reached;
    assert.equal(session(0).account, undefined);
    gate.open();
    await adding;
    assert.deepEqual(keys(), ['aws:111122223333']);
  });

  it('shows what a flow finds out that keeps to the directory of before', async () => {
    await accounts.add(here);
    const { state } = session(0);
    assert.ok(state.kind === 'open', state.kind);
    await session(0).signIn();
    near.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
    await state.directory.refreshUser('maya');
    await until(() => session(0).account?.users.get('maya')?.mfa.kind === 'unknown');
  });

  it('shows it also where the account has joined another row', async () => {
    await accounts.add(here);
    const { state } = session(0);
    assert.ok(state.kind === 'open', state.kind);
    await accounts.add(hereToo);
    near.practice.faults.set({ kind: 'deny', operation: 'ListMFADevices' });
    await state.directory.refreshUser('maya');
    await until(() => session(0).account?.users.get('maya')?.mfa.kind === 'unknown');
  });

  it('forgets identities that led to the account of before', async () => {
    await accounts.add(here);
    await accounts.add(hereToo);
    sources.lead('here-too', far);
    sources.outdated = true;
    await session(0).signIn();
    assert.deepEqual(session(0).identities, [hereToo]);
    assert.deepEqual(accounts.remembered, [[hereToo]]);
  });

  it('lets nobody wait for an account that was taken out of sight', async () => {
    const gate = near.relay.hold('ListUsers');
    const adding = accounts.add(here);
    await gate.reached;
    const reading = session(0).read();
    accounts.remove(session(0));
    await reading;
    gate.open();
    await adding;
  });

  it('remembers each way of signing in once', async () => {
    await accounts.restore([[here], [hereToo, here], [here]]);
    assert.deepEqual(
      sources.asked.filter((source) => source === here),
      [here],
    );
  });

  it('never shows the users of a server under another one with the same numbers', async () => {
    sources.outdated = true;
    await accounts.add(here);
    sources.lead('here', far, 'http://127.0.0.1:4566');
    const gate = far.relay.hold('GetCallerIdentity');
    const refreshing = accounts.refresh();
    await gate.reached;
    assert.equal(session(0).account, undefined);
    gate.open();
    await refreshing;
    assert.deepEqual(keys(), ['aws:111122223333@http://127.0.0.1:4566']);
  });

  describe('after the files have changed', () => {
    const settled = async () => {
      sources.files.fire();
      await Promise.all(accounts.sessions.map((each) => each.read()));
    };

    it('loads what failed for want of credentials, and asks nobody', async () => {
      sources.broken.add('there');
      await Promise.all([accounts.add(here), accounts.add(there)]);
      sources.broken.clear();
      const asked = sources.asked.length;
      await settled();
      assert.deepEqual(sources.asked.slice(asked), [there]);
      assert.equal(sources.attended.at(-1), false);
      assert.equal(session(1).account?.users.size, 3);
    });

    it('loads by itself what had run out', async () => {
      const stop = near.practice.faults.set({ kind: 'expiredToken' });
      await accounts.add(here);
      assert.equal(session(0).problem?.code, 'expiredCredentials');
      stop();
      await settled();
      assert.equal(session(0).account?.users.size, 10);
    });

    it('leaves alone what was refused, and what can be read', async () => {
      near.practice.faults.set({ kind: 'deny', operation: 'ListUsers' });
      await accounts.add(here);
      await accounts.add(there);
      const asked = sources.asked.length;
      await settled();
      assert.equal(sources.asked.length, asked);
    });

    it('makes the way in anew at the next reading where the files lead elsewhere', async () => {
      sources.outdated = true;
      await accounts.add(here);
      await accounts.refresh();
      assert.deepEqual(sources.asked, [here, here]);
    });
  });
});
