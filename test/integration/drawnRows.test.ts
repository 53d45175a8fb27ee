import assert from 'node:assert/strict';
import { otherTotp } from '../otherTotp';
import { DrawnRows, lookOf } from '../../src/editor/drawnRows';
import { childNodes, type TreeNode } from '../../src/editor/treeNodes';
import { largeCompany } from '../../src/practice/company';
import { itemOf } from './rowItems';
import { SmallPractice } from './smallPractice';

describe('rows that are drawn', () => {
  let small: SmallPractice;
  let drawn: DrawnRows;
  let now: number;
  let before: readonly TreeNode[];

  afterEach(() => small.close());

  const open = async (practice: Promise<SmallPractice>) => {
    small = await practice;
    now = Date.now();
    drawn = new DrawnRows(look, childNodes);
    draw(undefined, small.roots());
  };
  const look = (row: TreeNode): string => lookOf(itemOf(row, now));
  /** As the editor does with rows that are opened. */
  const draw = (parent: TreeNode | undefined, rows: readonly TreeNode[]) => {
    before = parent ? before : rows;
    for (const row of drawn.give(parent, rows)) {
      drawn.noteDrawn(row);
      draw(row, childNodes(row));
    }
  };
  const changed = (): readonly string[] | undefined => {
    const roots = small.roots();
    const rows = drawn.update(before, roots);
    before = roots;
    return rows?.map(({ id }) => id.split('/').at(-1) ?? '');
  };
  const add = async (userName: string, deviceName: string) => {
    const { iam } = small.connection;
    const { serial, seed } = await iam.createVirtualMfaDevice(deviceName);
    const codes = await Promise.all([Date.now() - 30_000, Date.now()].map((timestamp) => otherTotp(seed, timestamp)));
    await iam.enableMfaDevice(userName, serial, codes[0] ?? '', codes[1] ?? '');
  };

  describe('of ten users', () => {
    beforeEach(() => open(SmallPractice.open()));

    it('stay as they are when a reading finds nothing new', async () => {
      const { readAt } = small.account;
      await small.directory.load();
      assert.ok(small.account.readAt >= readAt);
      assert.deepEqual(changed(), []);
    });

    it('are drawn anew one by one where no row comes, goes or moves', async () => {
      await add('marcus', 'marcus-2');
      await small.directory.load();
      assert.deepEqual(changed(), ['marcus']);
    });

    it('are drawn anew below their account where one moves to another group', async () => {
      await add('maya', 'maya');
      await small.directory.load();
      const [account] = small.roots();
      assert.deepEqual(changed(), [account?.id.split('/').at(-1)]);
    });

    it('are the same objects as before, with what they say now: the editor knows them by these', async () => {
      const find = (roots: readonly TreeNode[]): TreeNode | undefined =>
        drawn
          .give(undefined, roots)
          .flatMap((root) => drawn.give(root, childNodes(root)))
          .flatMap((group) => drawn.give(group, childNodes(group)))
          .find(({ id }) => id.endsWith('/marcus'));
      const row = find(small.roots());
      await add('marcus', 'marcus-2');
      await small.directory.refreshUser('marcus');
      assert.deepEqual(changed(), ['marcus']);
      assert.ok(row?.kind === 'user' && row.entry.mfa.kind === 'has');
      assert.equal(row.entry.mfa.devices.length, 2);
      assert.equal(find(small.roots()), row);
    });

    it('say their ages anew, those alone that have changed', () => {
      now += 70 * 86_400_000;
      const names = changed() ?? [];
      assert.ok(names.includes('maya'), names.join());
      assert.ok(!names.includes('marcus'), names.join());
    });

    it('are all drawn anew where another account comes', () => {
      assert.equal(drawn.update([], small.roots()), undefined);
    });
  });

  it('of many users that change at once are drawn anew by the row above them', async () => {
    const many = await SmallPractice.open(largeCompany(1000));
    many.rows().forEach((row) => {
      if (row.kind === 'more') {
        many.limits.showMore(row.place);
      }
    });
    await open(Promise.resolve(many));
    const names = [...small.account.users.values()].flatMap(({ user, mfa }) =>
      mfa.kind === 'none' && user.passwordLastUsed ? [user.name] : [],
    );
    assert.ok(names.length > 100);
    now += 70 * 86_400_000;
    const ids = changed() ?? [];
    assert.ok(ids.length > 0 && ids.length <= 100, ids.join());
    assert.ok(!names.some((name) => ids.includes(name)), ids.join());
  });
});
