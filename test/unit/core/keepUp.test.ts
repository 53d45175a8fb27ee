import assert from 'node:assert/strict';
import type { AccountSource } from '../../../src/core/account';
import { Accounts } from '../../../src/core/accounts';
import { checkEvery, isDue, KeepUp } from '../../../src/core/keepUp';
import { Session } from '../../../src/core/session';
import { SteeredClock } from '../doubles';
import { Setup, until } from '../practiceSetup';
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

describe('an account that nobody has opened', () => {
  it('is not due', async () => {
    const setup = await Setup.open();
    const never = new Session(new SetupSources({ here: setup }), setup.clock);
    assert.equal(isDue(never, setup.clock.now() + 1000 * hour, hour), false);
    await setup.close();
  });
});
