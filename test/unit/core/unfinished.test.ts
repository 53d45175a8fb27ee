import assert from 'node:assert/strict';
import type { AccountSource } from '../../../src/core/account';
import { removeUnfinished, sweepUnfinished, type UnfinishedDevice } from '../../../src/core/unfinished';
import { smallCompany } from '../../../src/practice/company';
import { MemoryUnfinishedStore } from '../doubles';
import { practiceId, serialOf, Setup } from '../practiceSetup';

const day = 24 * 60 * 60 * 1000;

describe('unfinished devices: the sweep at the next start', () => {
  let setup: Setup;

  beforeEach(async () => {
    const unassigned = ['sam', 'old'].map((name) => ({ name, createdDaysAgo: 40 }));
    setup = await Setup.open({ company: { ...smallCompany(), unassigned } });
  });
  afterEach(() => setup.close());

  const left = (name: string, more: Partial<UnfinishedDevice> = {}): UnfinishedDevice => ({
    serial: serialOf(name),
    accountId: practiceId,
    partition: 'aws',
    source: { kind: 'profile', profile: 'work' },
    startedAt: setup.clock.now() - day,
    ...more,
  });
  /** Sweeps, and asks as the keeper. */
  const sweep = async (store: MemoryUnfinishedStore) => {
    const iam = await setup.iam();
    const asked: AccountSource[] = [];
    const results = await sweepUnfinished(
      store,
      (source) => {
        asked.push(source);
        return Promise.resolve(iam);
      },
      setup.clock.now(),
    );
    return { asked, results, outcomes: results.map(({ removal }) => removal.kind) };
  };

  it('deletes a device that belongs to nobody, and forgets it', async () => {
    const store = new MemoryUnfinishedStore([left('sam')]);
    const { outcomes, asked } = await sweep(store);
    assert.deepEqual(outcomes, ['removed']);
    assert.deepEqual(asked, [{ kind: 'profile', profile: 'work' }], 'with the source it was made with');
    assert.deepEqual(setup.unassigned(), [serialOf('old')]);
    assert.deepEqual(store.serials, []);
  });

  it('leaves a device that was enabled after all, and forgets it', async () => {
    const store = new MemoryUnfinishedStore([left('marcus')]);
    assert.deepEqual((await sweep(store)).outcomes, ['inUse']);
    assert.deepEqual(setup.devicesOf('marcus'), [serialOf('marcus')]);
    assert.deepEqual(store.serials, []);
  });

  it('takes one that is gone for removed', async () => {
    const store = new MemoryUnfinishedStore([left('gone')]);
    assert.deepEqual((await sweep(store)).outcomes, ['removed']);
    assert.deepEqual(store.serials, []);
  });

  it('forgets the practice account’s, which is gone with its process, and asks nobody', async () => {
    const store = new MemoryUnfinishedStore([left('sam', { source: { kind: 'practice' } })]);
    const { results, asked } = await sweep(store);
    assert.deepEqual([results, asked, store.serials], [[], [], []]);
    assert.ok(setup.unassigned().includes(serialOf('sam')), 'it is still there');
  });

  for (const [title, more] of [
    ['account', { accountId: '111122223333' }],
    ['partition', { partition: 'aws-cn' }],
  ] as const) {
    it(`never deletes where the source leads to another ${title} now, and keeps it in mind`, async () => {
      const store = new MemoryUnfinishedStore([left('sam', more)]);
      assert.deepEqual((await sweep(store)).outcomes, ['left']);
      assert.equal(setup.count('DeleteVirtualMFADevice'), 0);
      assert.deepEqual(store.serials, [serialOf('sam')]);
    });
  }

  for (const [title, prepare] of [
    ['refused', () => void setup.practice.faults.set({ kind: 'deny', operation: 'DeleteVirtualMFADevice' })],
    ['throttled', () => void setup.practice.faults.set({ kind: 'throttle', operation: 'DeleteVirtualMFADevice' })],
    ['without an answer', () => setup.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' })],
    ['not to be reached', () => setup.relay.spoil('GetCallerIdentity', { kind: 'lost' })],
  ] as const) {
    it(`keeps in mind what could not be deleted (${title}), for thirty days`, async () => {
      prepare();
      const store = new MemoryUnfinishedStore([
        left('sam', { startedAt: setup.clock.now() - 29 * day }),
        left('old', { startedAt: setup.clock.now() - 31 * day }),
      ]);
      const { outcomes } = await sweep(store);
      assert.deepEqual(outcomes, ['left', 'left']);
      assert.deepEqual(store.serials, [serialOf('sam')]);
    });
  }

  it('goes on after a source that cannot be used', async () => {
    const store = new MemoryUnfinishedStore([left('first', { source: { kind: 'default' } }), left('sam')]);
    const iam = await setup.iam();
    const results = await sweepUnfinished(
      store,
      (source) => (source.kind === 'default' ? Promise.reject(new Error('no keys')) : Promise.resolve(iam)),
      setup.clock.now(),
    );
    assert.deepEqual(
      results.map(({ removal }) => removal.kind),
      ['left', 'removed'],
    );
    assert.deepEqual(store.serials, [serialOf('first')]);
  });

  it('leaves alone what is being enrolled now', async () => {
    const store = new MemoryUnfinishedStore();
    await store.add(left('sam'));
    assert.deepEqual((await sweep(store)).outcomes, []);
    assert.deepEqual(store.serials, [serialOf('sam')]);
  });

  it('leaves alone what a window begins to enrol while the source signs in', async () => {
    const store = new MemoryUnfinishedStore([left('sam')]);
    const gate = setup.relay.hold('GetCallerIdentity');
    const sweeping = sweep(store);
    await gate.reached;
    await store.add(left('sam'));
    gate.open();
    assert.deepEqual((await sweeping).outcomes, []);
    assert.deepEqual([...(await store.held())], [serialOf('sam')]);
    assert.ok(setup.unassigned().includes(serialOf('sam')), 'its QR code is on screen');
  });

  it('leaves alone what a window begins to enrol while another device is deleted', async () => {
    const store = new MemoryUnfinishedStore([left('old'), left('sam', { source: { kind: 'practice' } })]);
    const gate = setup.relay.hold('DeleteVirtualMFADevice');
    const sweeping = sweep(store);
    await gate.reached;
    await store.add(left('sam', { source: { kind: 'practice' } }));
    gate.open();
    assert.deepEqual((await sweeping).outcomes, ['removed']);
    assert.deepEqual([...(await store.held())], [serialOf('sam')]);
  });

  it('deletes what was let go of', async () => {
    const store = new MemoryUnfinishedStore();
    await store.add(left('sam'));
    await store.release(serialOf('sam'));
    assert.deepEqual((await sweep(store)).outcomes, ['removed']);
    assert.deepEqual(store.serials, []);
  });
});

describe('unfinished devices: a delete whose answer was lost', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
    await setup.store.add({
      serial: serialOf('sam'),
      accountId: practiceId,
      partition: 'aws',
      source: { kind: 'default' },
      startedAt: 0,
    });
  });
  afterEach(() => setup.close());

  for (const [title, prepare, outcome] of [
    [
      'and it was done',
      () => void setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeleteVirtualMFADevice' }),
      'removed',
    ],
    [
      'in a proxy’s error, and it was done',
      () =>
        setup.relay.spoil('DeleteVirtualMFADevice', {
          kind: 'change',
          change: () => '<html><body>Bad gateway</body></html>',
        }),
      'removed',
    ],
    ['and it was not done', () => setup.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' }), 'left'],
    [
      'and the list is refused',
      () => {
        setup.practice.faults.set({ kind: 'dropAnswer', operation: 'DeleteVirtualMFADevice' });
        setup.practice.faults.set({ kind: 'deny', operation: 'ListVirtualMFADevices' });
      },
      'left',
    ],
  ] as const) {
    it(`${title}: ${outcome}, and it was sent once`, async () => {
      prepare();
      const removal = await removeUnfinished(await setup.iam(), setup.store, serialOf('sam'));
      assert.equal(removal.kind, outcome);
      assert.deepEqual(setup.store.serials, outcome === 'left' ? [serialOf('sam')] : []);
      assert.equal(setup.count('DeleteVirtualMFADevice'), 1);
      assert.deepEqual([...(await setup.store.held())], [], 'nobody works on it any more');
    });
  }
});

describe('unfinished devices: one that cannot be deleted', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  it('is let go of, and tried again at the next start', async () => {
    const serial = serialOf('sam');
    await setup.store.add({
      serial,
      accountId: practiceId,
      partition: 'aws',
      source: { kind: 'default' },
      startedAt: 0,
    });
    setup.practice.faults.set({ kind: 'deny', operation: 'DeleteVirtualMFADevice' });
    const removal = await removeUnfinished(await setup.iam(), setup.store, serial);
    assert.equal(removal.kind === 'left' && removal.problem.permission, 'iam:DeleteVirtualMFADevice');
    assert.deepEqual([...(await setup.store.held())], []);
    assert.deepEqual(
      (await setup.store.abandoned()).map((device) => device.serial),
      [serial],
    );
  });
});
