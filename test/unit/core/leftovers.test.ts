import assert from 'node:assert/strict';
import { deleteLeftovers, probableOwner } from '../../../src/core/leftovers';
import { smallCompany } from '../../../src/practice/company';
import { practiceId, serialOf, Setup } from '../practiceSetup';

const names = ['sam', 'old', 'older'];
const all = names.map(serialOf);

describe('leftovers: deleting them', () => {
  let setup: Setup;

  beforeEach(async () => {
    const unassigned = names.map((name) => ({ name, createdDaysAgo: 40 }));
    setup = await Setup.open({ company: { ...smallCompany(), unassigned } });
  });
  afterEach(() => setup.close());

  const remember = (serial: string) =>
    setup.store.add({ serial, accountId: practiceId, partition: 'aws', source: { kind: 'default' }, startedAt: 0 });
  /** Deletes, and says what became of each. */
  const deleting = async (serials: readonly string[], signal = new AbortController().signal) => {
    const directory = await setup.loaded();
    const results = await deleteLeftovers(directory, directory.iam, setup.store, serials, signal);
    return {
      results,
      outcomes: results.map(({ removal }) => removal.kind),
      shown: directory.account?.unassigned.map(({ serial }) => serial),
    };
  };
  /** What was asked to be deleted, in order. */
  const asked = () =>
    setup.practice.calls
      .filter(({ operation }) => operation === 'DeleteVirtualMFADevice')
      .map(({ parameters }) => parameters['SerialNumber']);

  it('deletes each once, one after the other, and no others', async () => {
    const { results, shown } = await deleting([serialOf('sam'), serialOf('old')]);
    assert.deepEqual(results, [
      { serial: serialOf('sam'), removal: { kind: 'removed' } },
      { serial: serialOf('old'), removal: { kind: 'removed' } },
    ]);
    assert.deepEqual(asked(), [serialOf('sam'), serialOf('old')]);
    assert.deepEqual([setup.unassigned(), shown], [[serialOf('older')], [serialOf('older')]]);
  });

  it('leaves one that is in use by now, and goes on', async () => {
    const { outcomes } = await deleting([serialOf('marcus'), serialOf('sam')]);
    assert.deepEqual(outcomes, ['inUse', 'removed']);
    assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')]);
  });

  it('leaves one that a window is enrolling, and asks AWS nothing about it', async () => {
    await remember(serialOf('old'));
    const { outcomes } = await deleting(all);
    assert.deepEqual(outcomes, ['removed', 'beingEnrolled', 'removed']);
    assert.deepEqual(asked(), [serialOf('sam'), serialOf('older')]);
    assert.deepEqual(setup.unassigned(), [serialOf('old')]);
    assert.deepEqual(setup.store.serials, [serialOf('old')]);
  });

  it('leaves one that a window begins to enrol meanwhile', async () => {
    const gate = setup.relay.hold('DeleteVirtualMFADevice');
    const going = deleting(all);
    await gate.reached;
    await remember(serialOf('older'));
    gate.open();
    assert.deepEqual((await going).outcomes, ['removed', 'removed', 'beingEnrolled']);
    assert.deepEqual(setup.unassigned(), [serialOf('older')]);
  });

  it('deletes one that a window has let go of, and forgets it', async () => {
    await remember(serialOf('old'));
    await setup.store.release(serialOf('old'));
    assert.deepEqual((await deleting([serialOf('old')])).outcomes, ['removed']);
    assert.deepEqual(setup.store.serials, []);
  });

  it('takes one that is gone for removed', async () => {
    assert.deepEqual((await deleting([serialOf('gone')])).outcomes, ['removed']);
  });

  it('says why one is left, and goes on', async () => {
    setup.practice.faults.set({ kind: 'throttle', operation: 'DeleteVirtualMFADevice', times: 1 });
    const { results, outcomes, shown } = await deleting(all);
    assert.deepEqual(outcomes, ['left', 'removed', 'removed']);
    const [first] = results;
    assert.equal(first?.removal.kind === 'left' && first.removal.problem.code, 'throttled');
    assert.deepEqual(asked(), all);
    assert.deepEqual(shown, [serialOf('sam')]);
  });

  it('looks where the answer was lost, and does not send it again', async () => {
    setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeleteVirtualMFADevice', times: 1 });
    setup.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' }, 1, 1);
    const { outcomes } = await deleting(all);
    assert.deepEqual(outcomes, ['removed', 'left', 'removed']);
    assert.equal(setup.count('DeleteVirtualMFADevice'), 3);
    assert.deepEqual(setup.unassigned(), [serialOf('old')]);
  });

  it('goes on where it cannot be told what windows are doing, without touching the device', async () => {
    const held = setup.store.held.bind(setup.store);
    let asks = 0;
    setup.store.held = () => (++asks === 1 ? Promise.reject(new Error('cannot read')) : held());
    assert.deepEqual((await deleting(all)).outcomes, ['left', 'removed', 'removed']);
    assert.deepEqual(setup.unassigned(), [serialOf('sam')]);
  });

  it('stops between two devices when told to: what has not gone yet stays', async () => {
    const controller = new AbortController();
    const gate = setup.relay.hold('DeleteVirtualMFADevice');
    const going = deleting(all, controller.signal);
    await gate.reached;
    controller.abort();
    gate.open();
    const { results, shown } = await going;
    assert.deepEqual(results, [{ serial: serialOf('sam'), removal: { kind: 'removed' } }]);
    assert.deepEqual([setup.unassigned(), shown], [all.slice(1), [serialOf('old'), serialOf('older')]]);
  });

  it('does nothing where it was told to stop before', async () => {
    const before = setup.count('ListVirtualMFADevices');
    const { results } = await deleting(all, AbortSignal.abort());
    assert.deepEqual([results, asked()], [[], []]);
    assert.equal(setup.count('ListVirtualMFADevices'), before + 1, 'the account was read, and no more');
  });

  it('is done though the list cannot be read afterwards', async () => {
    const directory = await setup.loaded();
    setup.practice.faults.set({ kind: 'deny', operation: 'ListVirtualMFADevices' });
    const { signal } = new AbortController();
    const results = await deleteLeftovers(directory, directory.iam, setup.store, [serialOf('sam')], signal);
    assert.deepEqual(
      results.map(({ removal }) => removal.kind),
      ['removed'],
    );
  });
});

describe('leftovers: whose one probably is', () => {
  const users = ['sam', 'sam.smith', 'Priya', 'bo'];
  for (const [name, owner] of [
    ['sam', 'sam'],
    ['SAM', 'sam'],
    ['sam-2', 'sam'],
    ['sam_phone', 'sam'],
    ['sam.smith', 'sam.smith'],
    ['sam.smith-tablet', 'sam.smith'],
    ['sam.smithers', 'sam'],
    ['priya-2', 'Priya'],
    // Another name that begins alike.
    ['samantha', undefined],
    ['sam2', undefined],
    ['bob', undefined],
    ['phone-of-sam', undefined],
    ['unknown', undefined],
  ] as const) {
    it(`${name}: ${owner ?? 'nobody’s'}`, () => {
      assert.equal(probableOwner(serialOf(name), users), owner);
      assert.equal(probableOwner(serialOf(name), [...users].reverse()), owner, 'the order makes no difference');
      assert.equal(probableOwner(serialOf(`team/${name}`), users), owner, 'a path makes no difference');
    });
  }

  it('nobody’s where there are no users', () => assert.equal(probableOwner(serialOf('sam'), []), undefined));
});
