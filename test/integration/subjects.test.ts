import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { deviceOf, rowsOf, subjectsOf, type Subject } from '../../src/editor/subjects';
import { selectedRows } from '../../src/editor/manifest';
import { smallCompany } from '../../src/practice/company';
import { SmallPractice } from './smallPractice';

const serialOf = (name: string): string => `arn:aws:iam::210987654321:mfa/${name}`;

function about(...called: Parameters<typeof rowsOf>): readonly Subject[] {
  return subjectsOf(rowsOf(...called));
}

describe('what a command is about', () => {
  let small: SmallPractice;

  before(async () => {
    const company = smallCompany();
    small = await SmallPractice.open({
      ...company,
      unassigned: [...company.unassigned, { name: 'old', createdDaysAgo: 90 }],
    });
  });
  after(() => small.close());

  const priya: Subject = { userName: 'priya', arn: 'arn:aws:iam::210987654321:user/priya' };
  const phone: Subject = { userName: 'priya', serial: serialOf('priya') };
  const tablet: Subject = { userName: 'priya', serial: serialOf('priya-tablet') };
  const leftover: Subject = { serial: serialOf('sam') };
  const rowOf = {
    priya: () => small.row('user', 'priya'),
    phone: () => small.row('device', `priya/${serialOf('priya')}`),
    tablet: () => small.row('device', `priya/${serialOf('priya-tablet')}`),
    leftover: () => small.row('unfinished', `unfinished/${serialOf('sam')}`),
  };

  describe('a row that was clicked', () => {
    it('is a user', () => assert.deepEqual(about(rowOf.priya(), undefined, []), [priya]));

    it('is a device and its user', () => assert.deepEqual(about(rowOf.tablet(), undefined, []), [tablet]));

    it('is an unassigned device, which has no user', () =>
      assert.deepEqual(about(rowOf.leftover(), undefined, []), [leftover]));

    it('is all the unassigned devices, where it is the row above them', () => {
      const serials = about(small.row('unfinishedGroup', 'unfinished'), undefined, []).map(({ serial }) => serial);
      assert.deepEqual(serials.sort(), [serialOf('old'), serialOf('sam')]);
    });

    it('is about nobody where it stands for the account or a group', () => {
      const others = small.rows().filter(({ kind }) => kind === 'account' || kind === 'group');
      assert.ok(others.length >= 3, 'there are such rows');
      for (const row of others) {
        assert.deepEqual(about(row, undefined, []), [], row.id);
      }
    });

    it('is about itself alone whatever is selected in the tree', () =>
      assert.deepEqual(about(rowOf.priya(), undefined, [rowOf.leftover()]), [priya]));
  });

  describe('a row that was clicked while several are selected', () => {
    it('comes first, then the others in their order, each once', () => {
      const rows = () => [rowOf.priya(), rowOf.tablet(), rowOf.leftover(), rowOf.phone()];
      assert.deepEqual(about(rowOf.leftover(), rows(), []), [leftover, priya, tablet, phone]);
      assert.deepEqual(about(rowOf.priya(), rows(), []), [priya, tablet, leftover, phone]);
      assert.deepEqual(about(rowOf.phone(), rows(), []), [phone, priya, tablet, leftover]);
    });

    it('is known again by its id though the rows were made anew', () => {
      assert.notEqual(rowOf.priya(), rowOf.priya());
      assert.deepEqual(about(rowOf.priya(), [rowOf.priya()], []), [priya]);
    });

    it('counts alone where it is not one of them', () =>
      assert.deepEqual(about(rowOf.priya(), [rowOf.leftover(), rowOf.tablet()], []), [priya]));

    it('leaves out selected rows that are about nobody', () => {
      const rows = [small.row('group', 'hasMfa'), rowOf.priya(), ...small.rows().slice(0, 1)];
      assert.deepEqual(about(rowOf.priya(), rows, []), [priya]);
    });
  });

  describe('a key', () => {
    it('is about the rows that are selected, in their order', () =>
      assert.deepEqual(about(selectedRows, undefined, [rowOf.tablet(), rowOf.leftover(), rowOf.priya()]), [
        tablet,
        leftover,
        priya,
      ]));

    it('is about nothing where nothing is selected', () => assert.deepEqual(about(selectedRows, undefined, []), []));

    it('pays no heed to rows from elsewhere', () =>
      assert.deepEqual(about(selectedRows, [rowOf.priya()], [rowOf.leftover()]), [leftover]));

    it('needs the very word', () => assert.deepEqual(about('SelectedRows', undefined, [rowOf.priya()]), []));
  });

  describe('other code', () => {
    for (const given of [{ userName: 'priya' }, phone, leftover]) {
      it(`hands over ${JSON.stringify(given)}`, () => assert.deepEqual(about(given, undefined, []), [given]));
    }

    it('hands over no more than is known here', () => {
      const given = { ...phone, secret: 'x', toString: () => 'priya' };
      assert.deepEqual(about(given, undefined, []), [phone]);
    });

    it('says nothing by rows without ids', () => {
      const rows = [{ userName: 'maya' }, { userName: 'theo', id: 'theo' }];
      assert.deepEqual(about({ userName: 'priya' }, rows, []), [{ userName: 'priya' }]);
    });
  });

  describe('arguments that make no sense', () => {
    const hostile: readonly unknown[] = [
      undefined,
      null,
      42,
      Number.NaN,
      true,
      'priya',
      Symbol('priya'),
      () => 'priya',
      [],
      [{ userName: 'priya' }],
      new Map([['userName', 'priya']]),
      {},
      { userName: 42 },
      { userName: null, serial: {} },
      { userName: ['priya'], serial: ['x'] },
      { kind: 'user' },
      { kind: 'user', userName: 'priya' },
      { kind: 'user', entry: null },
      { kind: 'user', entry: { user: 'priya' } },
      { kind: 'user', entry: { user: { name: { toString: () => 'priya' } } } },
      { kind: 'device' },
      { kind: 'device', parent: 'priya', device: { serial: 1 } },
      { kind: 'device', parent: { entry: { user: null } }, device: null },
      { kind: 'unfinished', device: [] },
      { kind: 'unfinishedGroup' },
      { kind: 'unfinishedGroup', devices: { 0: { serial: 'x' } } },
      { kind: 'unfinishedGroup', devices: [null, 1, {}, { serial: 1 }] },
      { kind: { toString: () => 'user' }, entry: { user: { name: 'priya' } } },
    ];

    for (const argument of hostile) {
      it(`are about nothing: ${inspect(argument, { breakLength: Infinity, compact: true, depth: 4 })}`, () => {
        assert.deepEqual(about(argument, undefined, [rowOf.priya()]), []);
        assert.deepEqual(about(argument, [argument, rowOf.priya()], []), [], 'they select nothing either');
      });
    }

    it('do no harm among good rows', () => {
      const rows = [...hostile, rowOf.priya(), ...hostile, rowOf.leftover()];
      assert.deepEqual(about(rowOf.leftover(), rows, []), [leftover, priya]);
      assert.deepEqual(about(selectedRows, undefined, rows), [priya, leftover]);
    });

    for (const rows of [null, 42, 'rows', {}, { length: 1, 0: priya }]) {
      it(`may stand where rows are expected: ${JSON.stringify(rows)}`, () =>
        assert.deepEqual(about(rowOf.priya(), rows, [rowOf.leftover()]), [priya]));
    }

    it('keep the half that is in its place', () => {
      const { device } = { device: { serial: serialOf('priya') } };
      assert.deepEqual(about({ kind: 'device', parent: null, device }, undefined, []), [{ serial: serialOf('priya') }]);
      assert.deepEqual(about({ userName: 'priya', serial: 7 }, undefined, []), [{ userName: 'priya' }]);
    });
  });

  it('is one of the user’s own devices, or none', () => {
    const { account } = small;
    assert.equal(deviceOf(account, 'priya', serialOf('priya-tablet'))?.serial, serialOf('priya-tablet'));
    assert.equal(deviceOf(account, 'marcus', serialOf('priya-tablet')), undefined, 'somebody else’s');
    assert.equal(deviceOf(account, 'sam', serialOf('sam')), undefined, 'of the same name, but unassigned');
    assert.equal(deviceOf(account, 'nobody', serialOf('priya')), undefined);
  });
});
