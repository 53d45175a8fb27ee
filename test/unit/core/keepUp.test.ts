import assert from 'node:assert/strict';
import type { AccountSource } from '../../../src/core/account';
import { Accounts } from '../../../src/core/accounts';
import { labelDevice, labelKeys } from '../../../src/core/deviceLabels';
import { removeDevice } from '../../../src/core/deviceRemoval';
import { Enrolment } from '../../../src/core/enrolment';
import { checkEvery, isDue, KeepUp, readWritten } from '../../../src/core/keepUp';
import { deleteLeftovers } from '../../../src/core/leftovers';
import { Session, type AccountWrite } from '../../../src/core/session';
import { SteeredClock } from '../doubles';
import { Enrolling, serialOf, Setup, until } from '../practiceSetup';
import { otherCompany, SetupSources } from './setupSources';

const here: AccountSource = { kind: 'profile', profile: 'here' };
const there: AccountSource = { kind: 'profile', profile: 'there' };
const minute = 60_000;
const hour = 60 * minute;

describe('an account that was read long ago', () => {
  let near: Setup;
  let far: Setup;
  let sources: SetupSources;
  /** This computer's alone: AWS would refuse what is signed at another time. */
  let clock: SteeredClock;
  let accounts: Accounts;
  let keeping: KeepUp;

  beforeEach(async () => {
    near = await Setup.open();
    far = await Setup.open({ company: otherCompany() });
    sources = new SetupSources({ here: near, there: far });
    clock = new SteeredClock();
    accounts = new Accounts(sources, clock);
    keeping = new KeepUp(accounts, clock);
  });
  afterEach(async () => {
    accounts.dispose();
    await Promise.all([near.close(), far.close()]);
  });

  const session = (index = 0): Session => {
    const found = accounts.sessions[index];
    assert.ok(found, `there is an account at ${index}`);
    return found;
  };
  const settled = () => until(() => accounts.sessions.every((each) => !each.isReading));
  /** So much time passes, with a look every minute as the editor does it, each reading to its end. */
  const pass = async (milliseconds: number, interval: number | undefined = hour) => {
    for (let passed = 0; passed < milliseconds; passed += checkEvery) {
      clock.advance(checkEvery);
      keeping.look(interval);
      await settled();
    }
  };
  /** How often each account was asked for its users. */
  const readings = () => [near.count('ListUsers'), far.count('ListUsers')];

  it('is read again once it is older than the interval, and not before', async () => {
    await accounts.add(here);
    const before = session().account;
    await pass(59 * minute);
    assert.equal(session().account, before);
    await pass(minute);
    assert.deepEqual(readings(), [2, 0]);
    assert.notEqual(session().account, before);
    await pass(59 * minute);
    assert.deepEqual(readings(), [2, 0], 'its new age counts');
    await pass(minute);
    assert.deepEqual(readings(), [3, 0]);
  });

  it('is never read again where the person wants none of it', async () => {
    await accounts.add(here);
    clock.advance(24 * hour);
    keeping.look(undefined);
    keeping.look(undefined);
    keeping.readDue(undefined);
    assert.deepEqual(readings(), [1, 0]);
  });

  it('is read at once where a shorter interval is chosen', async () => {
    await accounts.add(here);
    await pass(10 * minute);
    keeping.readDue(5 * minute);
    await settled();
    assert.deepEqual(readings(), [2, 0]);
  });

  it('is read by itself: others that are younger are left alone', async () => {
    await accounts.add(here);
    await pass(30 * minute);
    await accounts.add(there);
    await pass(30 * minute);
    assert.deepEqual(readings(), [2, 1]);
    await pass(30 * minute);
    assert.deepEqual(readings(), [2, 2]);
  });

  it('counts from when a person has read it', async () => {
    await accounts.add(here);
    await pass(59 * minute);
    await accounts.refresh();
    await pass(59 * minute);
    assert.deepEqual(readings(), [2, 0]);
  });

  it('asks nobody for anything', async () => {
    await accounts.restore([[here]]);
    const stop = near.practice.faults.set({ kind: 'serverError' });
    await pass(hour);
    stop();
    await pass(2 * hour);
    assert.equal(session().problem, undefined);
    assert.ok(sources.attended.length > 1, 'the way in was made anew');
    assert.ok(!sources.attended.includes(true), sources.attended.join());
  });

  /** A person refreshes and thinks better of it. @returns how often the account was asked for its users until then */
  const stoppedReading = async (): Promise<number> => {
    const gate = near.relay.hold('ListUsers');
    void session().refresh();
    await gate.reached;
    accounts.stopReading();
    gate.open();
    return near.count('ListUsers');
  };

  it('is not read at each look where the person has stopped a reading', async () => {
    await accounts.add(here);
    clock.advance(hour - 60_000);
    const stopped = await stoppedReading();
    await pass(hour - checkEvery);
    assert.equal(near.count('ListUsers'), stopped);
    await pass(checkEvery);
    assert.equal(near.count('ListUsers'), stopped + 1, 'an hour later');
  });

  it('is left alone while it is being read', async () => {
    await accounts.add(here);
    const gate = near.relay.hold('ListUsers');
    const reading = accounts.refresh();
    await gate.reached;
    clock.advance(2 * hour);
    keeping.readDue(hour);
    gate.open();
    await reading;
    await settled();
    assert.deepEqual(readings(), [2, 0]);
  });

  it('is left alone where nobody has opened it, or it is out of sight', async () => {
    await accounts.add(here);
    accounts.remove(session());
    await pass(2 * hour);
    assert.deepEqual(readings(), [1, 0]);
  });

  describe('while nobody answers there', () => {
    it('keeps what was read and its age, and is tried again after the interval, not at each look', async () => {
      await accounts.add(here);
      const before = session().account;
      await near.relay.goAway();
      await pass(hour);
      assert.equal(session().problem?.code, 'unreachable');
      assert.equal(session().account, before, 'what was read is still there');
      const tries = () => near.records.filter(({ operation }) => operation === 'GetCallerIdentity').length;
      const tried = tries();
      await pass(59 * minute);
      assert.equal(tries(), tried);
      await near.relay.comeBack();
      await pass(minute);
      assert.equal(session().problem, undefined);
      assert.equal(session().account?.users.size, 10);
      assert.notEqual(session().account?.readAt, before?.readAt);
    });

    it('is tried again also where nothing was ever read of it', async () => {
      await near.relay.goAway();
      await accounts.restore([[here]]);
      assert.deepEqual([session().problem?.code, session().account], ['unreachable', undefined]);
      await near.relay.comeBack();
      await pass(hour);
      assert.equal(session().account?.users.size, 10);
    });

    it('holds up no other', async () => {
      await accounts.add(here);
      await accounts.add(there);
      await near.relay.goAway();
      await pass(hour);
      assert.deepEqual([session(0).problem?.code, session(1).problem], ['unreachable', undefined]);
      assert.equal(readings()[1], 2);
    });
  });

  it('is left to the person where the sign-in is lost', async () => {
    await accounts.add(here);
    const stop = near.practice.faults.set({ kind: 'expiredToken' });
    await accounts.refresh();
    stop();
    const asked = sources.asked.length;
    await pass(3 * hour);
    assert.equal(session().problem?.code, 'expiredCredentials');
    assert.equal(sources.asked.length, asked);
  });

  it('is left to the person where AWS has refused: each try would be in the account’s log', async () => {
    await accounts.add(here);
    near.practice.faults.set({
      kind: 'error',
      code: 'AccessDenied',
      status: 403,
      message: '',
      operation: 'GetCallerIdentity',
    });
    await accounts.refresh();
    const { code } = session().problem ?? {};
    assert.equal(code, 'accessDenied');
    const asked = near.count('GetCallerIdentity');
    await pass(3 * hour);
    assert.equal(near.count('GetCallerIdentity'), asked);
  });

  describe('on a computer whose clock jumps', () => {
    it('is read soon after the computer has slept, once the network had time to come back', async () => {
      await accounts.add(here);
      await pass(minute);
      clock.advance(9 * hour);
      keeping.look(hour);
      await settled();
      assert.deepEqual(readings(), [1, 0], 'not in the first moment');
      await pass(minute);
      assert.deepEqual(readings(), [2, 0]);
    });

    it('is read once where the clock was set back, and then at its interval', async () => {
      await accounts.add(here);
      clock.advance(-24 * hour);
      await pass(30 * minute);
      assert.deepEqual(readings(), [2, 0]);
      await pass(40 * minute);
      assert.deepEqual(readings(), [3, 0]);
    });

    it('is not read at each look where the clock was set back and the person has stopped the reading', async () => {
      await accounts.add(here);
      clock.advance(-5 * hour);
      const stopped = await stoppedReading();
      await pass(hour / 2);
      assert.equal(near.count('ListUsers'), stopped);
    });

    it('is not tried at each look where the clock was set back and nobody answers', async () => {
      await accounts.add(here);
      await near.relay.goAway();
      clock.advance(-24 * hour);
      await pass(minute);
      const tries = near.records.length;
      await pass(50 * minute);
      assert.equal(near.records.length, tries);
    });
  });
});

describe('what a window has changed', () => {
  let setup: Setup;
  let own: Accounts;
  let other: Accounts;
  let otherSources: SetupSources;
  /** What each window tells to have changed. */
  let told: AccountWrite[];
  let toldByOther: AccountWrite[];
  /** What was told, and read by the other window. */
  let heard: Promise<void>[];

  beforeEach(async () => {
    setup = await Setup.open();
    otherSources = new SetupSources({ here: setup }, {});
    own = new Accounts(new SetupSources({ here: setup }), setup.clock);
    other = new Accounts(otherSources, setup.clock);
    await Promise.all([own.add(here), other.add(here)]);
    [told, toldByOther, heard] = [[], [], []];
    own.onDidWrite((write) => {
      told.push(write);
      heard.push(readWritten(other, write));
    });
    other.onDidWrite((write) => toldByOther.push(write));
  });
  afterEach(async () => {
    own.dispose();
    other.dispose();
    await setup.close();
  });

  const open = (accounts = own) => {
    const [session] = accounts.sessions;
    assert.ok(session?.state.kind === 'open' && session.account, 'it was read');
    return { session, directory: session.state.directory, account: session.account };
  };
  const tools = () => {
    const { directory, account } = open();
    return { directory, account, unfinished: setup.store, source: here };
  };
  const mfaOf = (userName: string, accounts = other) => open(accounts).account.users.get(userName)?.mfa;
  const serialsOf = (userName: string) => {
    const mfa = mfaOf(userName);
    return mfa?.kind === 'has' ? mfa.devices.map(({ serial }) => serial) : [];
  };
  const settled = () => Promise.all(heard);
  const phone = serialOf('marcus');
  const removePhone = () => removeDevice(tools(), open().directory.iam, 'marcus', { serial: phone });

  it('is seen in another: a device that was enabled', async () => {
    const { directory, account } = open();
    const { clock, store: unfinished } = setup;
    const enrolment = new Enrolment({ directory, clock, unfinished, source: here, account, userName: 'maya' });
    const enrolling = new Enrolling(setup, enrolment, directory);
    await enrolment.start();
    assert.deepEqual(told, [], 'nothing has changed yet that another shows');
    const readings = setup.count('ListUsers');
    await enrolling.typeAndSubmit();
    enrolling.as('done');
    await settled();
    assert.deepEqual(serialsOf('maya'), [serialOf('maya')]);
    assert.ok(
      open(other).account.virtualDevices?.some(({ userName }) => userName === 'maya'),
      'the list of virtual devices was read',
    );
    assert.equal(setup.count('ListUsers'), readings, 'nobody else was read');
    assert.deepEqual(told, [{ account: open().session.key, userName: 'maya', virtualDevices: true }]);
  });

  it('is seen in another: a device that was taken away', async () => {
    assert.deepEqual(serialsOf('marcus'), [phone]);
    assert.deepEqual(await removePhone(), { kind: 'removed' });
    await settled();
    assert.equal(mfaOf('marcus')?.kind, 'none');
    assert.ok(!open(other).account.virtualDevices?.some(({ serial }) => serial === phone));
  });

  it('is seen in another: leftovers that were deleted', async () => {
    assert.equal(open(other).account.unassigned.length, 1);
    const { directory } = open();
    await deleteLeftovers(directory, directory.iam, setup.store, [serialOf('sam')], new AbortController().signal);
    await settled();
    assert.deepEqual(open(other).account.unassigned, []);
    assert.deepEqual(told, [{ account: open().session.key, virtualDevices: true }]);
  });

  it('is seen in another: a name, where the names are shown', async () => {
    await open(other).directory.readDetails('marcus');
    const { directory } = open();
    await labelDevice(directory.iam, phone, labelKeys.name, 'Work phone');
    directory.wrote({ userName: 'marcus', virtualDevices: false });
    await settled();
    assert.equal(open(other).account.details.get(phone)?.tags?.get(labelKeys.name), 'Work phone');
  });

  it('is told on by nobody: what another reads is no change', async () => {
    await removePhone();
    await settled();
    assert.ok(told.length > 0);
    assert.deepEqual(toldByOther, []);
  });

  it('is nothing where only was read', async () => {
    const { directory } = open();
    await own.refresh();
    await directory.refreshUser('marcus');
    await directory.readDetails('marcus');
    await directory.refreshVirtualDevices();
    assert.deepEqual(told, []);
  });

  it('is told also by a flow that goes on after its account was taken out of sight', async () => {
    const known = tools();
    own.remove(open().session);
    await removeDevice(known, known.directory.iam, 'marcus', { serial: phone });
    await settled();
    assert.equal(mfaOf('marcus')?.kind, 'none');
  });

  it('does not concern the same numbers on another server', async () => {
    other.remove(open(other).session);
    const endpoint = 'http://127.0.0.1:4566';
    otherSources.lead('here', setup, endpoint);
    await other.add(here);
    await removePhone();
    await settled();
    assert.deepEqual(serialsOf('marcus'), [phone], 'nothing was read');
  });

  it('does not spoil what is shown where the account cannot be read: that is read as a whole later', async () => {
    const stop = setup.practice.faults.set({ kind: 'expiredToken' });
    await other.refresh(false);
    const asked = setup.count('ListMFADevices');
    await readWritten(other, { account: open().session.key ?? '', userName: 'marcus', virtualDevices: true });
    assert.equal(setup.count('ListMFADevices'), asked);
    assert.equal(mfaOf('marcus')?.kind, 'has');
    stop();
  });
});

describe('an account that nobody has opened', () => {
  it('is not due', async () => {
    const setup = await Setup.open();
    const never = new Session(new SetupSources({ here: setup }), setup.clock);
    assert.equal(isDue(never, setup.clock.now() + 1000 * hour, hour), false);
    await setup.close();
  });
});
