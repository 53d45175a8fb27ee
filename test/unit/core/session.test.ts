import assert from 'node:assert/strict';
import type { AccountSource } from '../../../src/core/account';
import { Session } from '../../../src/core/session';
import { Setup } from '../practiceSetup';
import { otherCompany, SetupSources } from './setupSources';

const first: AccountSource = { kind: 'profile', profile: 'first' };
const second: AccountSource = { kind: 'profile', profile: 'second' };

describe('session', () => {
  let here: Setup;
  let there: Setup;
  let sources: SetupSources;
  let session: Session;

  beforeEach(async () => {
    here = await Setup.open();
    there = await Setup.open({ company: otherCompany() });
    sources = new SetupSources({ first: here, second: there });
    session = new Session(sources, here.clock);
  });
  afterEach(async () => {
    session.dispose();
    await Promise.all([here.close(), there.close()]);
  });

  const accountId = () => session.account?.caller.accountId;

  it('opens an account, and tells of every step', async () => {
    assert.equal(session.state.kind, 'none');
    const told: string[] = [];
    session.onDidChange((state) => {
      assert.equal(state, session.state);
      const name = state.kind === 'open' ? `open, ${state.directory.state.kind}` : state.kind;
      if (told.at(-1) !== name) {
        told.push(name);
      }
    });
    await session.open(first);
    assert.deepEqual(told, ['connecting', 'open, loading', 'open, loaded']);
    assert.equal(accountId(), '210987654321');
  });

  it('says why there is no way in, and asks AWS nothing', async () => {
    sources.refuses = true;
    await session.open(first);
    const { state } = session;
    assert.equal(state.kind, 'failed');
    assert.equal(state.problem.code, 'badConfig');
    assert.deepEqual([session.account, here.relay.arrived], [undefined, []]);
  });

  it('tells whoever waits when the account was read, and at once where it was', async () => {
    const gate = here.relay.hold('ListUsers');
    const opening = session.open(first);
    const reading = session.read().then(() => session.account?.users.size);
    await gate.reached;
    assert.equal(session.account, undefined);
    gate.open();
    assert.equal(await reading, 10);
    await opening;
    await session.read();
  });

  it('lets nobody wait for an account that cannot be read', async () => {
    await session.read();
    here.practice.faults.set({ kind: 'expiredToken' });
    const opening = session.open(first);
    await session.read();
    const { state } = session;
    assert.ok(state.kind === 'open' && state.directory.state.kind === 'failed', state.kind);
    await opening;
  });

  it('stays open where the account cannot be read', async () => {
    here.practice.faults.set({ kind: 'expiredToken' });
    await session.open(first);
    const { state } = session;
    assert.ok(state.kind === 'open' && state.directory.state.kind === 'failed', state.kind);
    assert.equal(state.directory.state.problem.code, 'expiredCredentials');
  });

  it('never shows the first account’s users under the second, however slow the first is', async () => {
    const gate = here.relay.hold('ListUsers');
    const opening = session.open(first);
    await gate.reached;
    session.onDidChange((state) => {
      if (state.kind === 'open') {
        assert.equal(state.source, second);
        assert.notEqual(accountId(), '210987654321');
      }
    });
    const switching = session.open(second);
    gate.open();
    await Promise.all([opening, switching]);
    assert.equal(accountId(), '111122223333');
    assert.equal(session.account?.users.size, 3);
    assert.ok(
      here.records.some(({ operation, error }) => operation === 'ListUsers' && error === 'AbortError'),
      'the first is not read to its end',
    );
  });

  it('does not tell of the first account after a switch, though an enrolment there may still change it', async () => {
    await session.open(first);
    const { state } = session;
    assert.ok(state.kind === 'open', state.kind);
    await session.open(second);
    const told: string[] = [];
    session.onDidChange(({ kind }) => told.push(kind));
    await state.directory.refreshUser('maya');
    assert.equal(told.length, 0);
    await session.refresh();
    assert.ok(told.includes('open'), told.join());
  });

  it('never shows the first account where the way into the second was made sooner', async () => {
    let go: () => void = () => undefined;
    sources.until = new Promise((resolve) => (go = resolve));
    const opening = session.open(first);
    sources.until = Promise.resolve();
    await session.open(second);
    go();
    await opening;
    assert.equal(accountId(), '111122223333');
    assert.deepEqual(sources.disposed, [first], 'what is not needed is closed');
    assert.deepEqual(here.relay.arrived, []);
  });

  describe('read again', () => {
    it('uses the way in that there is', async () => {
      await session.open(first);
      const before = session.account;
      await session.refresh();
      assert.notEqual(session.account, before);
      assert.equal(sources.asked.length, 1);
    });

    it('after a way in failed, makes it anew', async () => {
      sources.refuses = true;
      await session.open(first);
      sources.refuses = false;
      await session.refresh();
      assert.equal(accountId(), '210987654321');
      assert.deepEqual(sources.asked, [first, first]);
    });

    it('after reading failed, makes the way in anew, and shows what was read before until then', async () => {
      await session.open(first);
      const before = session.account;
      const stop = here.practice.faults.set({ kind: 'expiredToken' });
      await session.refresh();
      assert.equal(session.account, before);
      await session.refresh();
      const { state } = session;
      assert.ok(state.kind === 'open' && state.directory.state.kind === 'failed', state.kind);
      assert.equal(session.account, before, 'failing twice loses nothing');
      stop();
      await session.refresh();
      assert.deepEqual(sources.asked, [first, first, first]);
      assert.notEqual(session.account, before);
      assert.equal(session.account?.users.size, 10);
    });

    it('does nothing before an account was chosen', async () => {
      await session.refresh();
      assert.deepEqual([session.state.kind, sources.asked], ['none', []]);
    });
  });

  it('ends: what is on its way then is closed and asks nothing', async () => {
    let go: () => void = () => undefined;
    sources.until = new Promise((resolve) => (go = resolve));
    const opening = session.open(first);
    session.dispose();
    go();
    await opening;
    assert.deepEqual(sources.disposed, [first]);
    assert.deepEqual(here.relay.arrived, []);
  });

  it('ends: an open account is closed', async () => {
    await session.open(first);
    session.dispose();
    assert.deepEqual(sources.disposed, [first]);
    assert.equal(session.state.kind, 'none');
  });
});
