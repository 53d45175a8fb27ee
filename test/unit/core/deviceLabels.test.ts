import assert from 'node:assert/strict';
import { isTagValue, labelDevice, labelKeys } from '../../../src/core/deviceLabels';
import type { Iam } from '../../../src/core/iam';
import { serialOf, Setup } from '../practiceSetup';

const serial = serialOf('priya');

describe('labels of a device: what they may hold (iam-facts 1.1)', () => {
  for (const [text, good] of [
    ['', true],
    ['Priya’s phone', false],
    ['Priya phone', true],
    ['Müller 電話 ١٢', true],
    ['a_b.c:d/e=f+g-h@i', true],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
    ['two\nlines', false],
    ['tab\there', false],
    ['<b>', false],
    ['#1', false],
    ['🔑', false],
  ] as const) {
    it(`${good ? 'takes' : 'does not take'} ${JSON.stringify(text.slice(0, 20))} (${text.length})`, () =>
      assert.equal(isTagValue(text), good));
  }
});

describe('labels of a device', () => {
  let setup: Setup;
  let iam: Iam;

  beforeEach(async () => {
    setup = await Setup.open();
    iam = await setup.iam();
    await iam.tagDevice(serial, new Map([['team', 'web']]));
  });
  afterEach(() => setup.close());

  /** As is true in the account. */
  const tags = () =>
    Object.fromEntries(
      (setup.practice.devices().find((device) => device.serial === serial)?.tags ?? []).map(({ key, value }) => [
        key,
        value,
      ]),
    );
  const less = (...actions: string[]): Promise<Iam> => {
    const identity = { kind: 'user', userName: 'jordan' } as const;
    setup.practice.addCaller({ name: 'less', identity, permissions: { allExcept: actions } });
    return setup.iam('less');
  };

  it('are set, changed and taken away, and other tags are left alone', async () => {
    assert.deepEqual(await labelDevice(iam, serial, labelKeys.name, 'Old phone'), { kind: 'set' });
    assert.deepEqual(await labelDevice(iam, serial, labelKeys.note, 'in the drawer'), { kind: 'set' });
    assert.deepEqual(tags(), { team: 'web', Name: 'Old phone', Note: 'in the drawer' });
    assert.deepEqual(await labelDevice(iam, serial, labelKeys.name, 'New phone'), { kind: 'set' });
    assert.deepEqual(await labelDevice(iam, serial, labelKeys.note, ''), { kind: 'set' });
    assert.deepEqual(tags(), { team: 'web', Name: 'New phone' });
    assert.deepEqual([setup.count('TagMFADevice'), setup.count('UntagMFADevice')], [4, 1]);
  });

  it('that are not there can be taken away', async () => {
    assert.deepEqual(await labelDevice(iam, serial, labelKeys.name, ''), { kind: 'set' });
    assert.deepEqual(tags(), { team: 'web' });
  });

  for (const [value, operation] of [
    ['New phone', 'TagMFADevice'],
    ['', 'UntagMFADevice'],
  ] as const) {
    describe(`by ${operation}`, () => {
      beforeEach(() => iam.tagDevice(serial, new Map([[labelKeys.name, 'Old phone']])));
      let before: number;
      beforeEach(() => (before = setup.count(operation)));
      const sent = () => setup.count(operation) - before;
      const after = value === '' ? { team: 'web' } : { team: 'web', Name: value };
      const unchanged = { team: 'web', Name: 'Old phone' };

      it('may be refused: the permission is named, and nothing is read', async () => {
        const labelled = await labelDevice(await less(operation), serial, labelKeys.name, value);
        assert.equal(labelled.kind, 'failed');
        assert.equal(labelled.problem.permission, `iam:${operation}`);
        assert.deepEqual([tags(), sent(), setup.count('ListMFADeviceTags')], [unchanged, 1, 0]);
      });

      it('are set where the answer was lost but the tags say so', async () => {
        setup.practice.faults.set({ kind: 'dropAnswer', operation });
        assert.deepEqual(await labelDevice(iam, serial, labelKeys.name, value), { kind: 'set' });
        assert.deepEqual([tags(), sent()], [after, 1]);
      });

      it('are not set where the question was lost, and that is told', async () => {
        setup.relay.spoil(operation, { kind: 'lost' });
        const labelled = await labelDevice(iam, serial, labelKeys.name, value);
        assert.equal(labelled.kind, 'failed');
        assert.equal(labelled.problem.code, 'answerLost');
        assert.deepEqual([tags(), sent()], [unchanged, 1]);
      });

      it('are not known to be set where the answer was lost and the tags cannot be read', async () => {
        setup.practice.faults.set({ kind: 'dropAnswer', operation });
        const labelled = await labelDevice(await less('ListMFADeviceTags'), serial, labelKeys.name, value);
        assert.equal(labelled.kind, 'unknown');
        assert.deepEqual([labelled.problem.code, labelled.problem.operation], ['answerLost', operation]);
        assert.equal(sent(), 1);
      });
    });
  }

  it('fail for a device that is gone', async () => {
    const labelled = await labelDevice(iam, serialOf('gone'), labelKeys.name, 'x');
    assert.equal(labelled.kind, 'failed');
    assert.equal(labelled.problem.code, 'notFound');
  });
});
