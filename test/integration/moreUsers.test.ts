import assert from 'node:assert/strict';
import { byState, remembered, type Arrangement } from '../../src/editor/arrangement';
import { filtered, ordered } from '../../src/editor/chosenArrangement';
import { moreItem } from '../../src/editor/otherItems';
import type { MoreNode } from '../../src/editor/treeNodes';
import { largeCompany } from '../../src/practice/company';
import { SmallPractice } from './smallPractice';

const all = remembered(byState);

/** What is read on a row that stands for others. */
function textOf(row: MoreNode): string {
  const { label, description } = moreItem(row);
  return `${label as string}: ${description as string}`;
}

describe('a group of more than a hundred users', () => {
  let small: SmallPractice;

  beforeEach(async () => {
    small = await SmallPractice.open(largeCompany(3000));
  });
  afterEach(() => small.close());

  const rows = (arrangement: Arrangement) => small.rows(arrangement);
  const users = (arrangement: Arrangement) =>
    rows(arrangement).flatMap((row) => (row.kind === 'user' ? [row.entry.user.name] : []));
  const mores = (arrangement: Arrangement) => rows(arrangement).filter((row) => row.kind === 'more');
  const press = (arrangement: Arrangement, index: number) => {
    const more = mores(arrangement)[index];
    assert.ok(more);
    small.limits.showMore(more.place);
  };

  it('shows the first hundred, and says how many there are', () => {
    assert.deepEqual(
      mores(all).map(textOf),
      ['Show 502 more users: 100 of 602', 'Show 200 more users: 100 of 300', 'Show 1,000 more users: 100 of 2,098'].map(
        (text) => `${text} shown`,
      ),
    );
    const shown = users(all);
    assert.equal(shown.length, 300);
    assert.equal(new Set(shown).size, 300);
  });

  it('shows a thousand more at each press, in their order, until nobody is left out', () => {
    const before = users(all);
    press(all, 2);
    assert.deepEqual(mores(all).map(textOf)[2], 'Show 998 more users: 1,100 of 2,098 shown');
    assert.deepEqual(users(all).slice(0, before.length), before);
    press(all, 2);
    press(all, 1);
    press(all, 0);
    assert.deepEqual(mores(all), []);
    assert.deepEqual(new Set(users(all)), new Set(small.account.users.keys()));
  });

  it('says it of one in the singular', () => {
    const [more] = mores(all);
    assert.ok(more);
    assert.equal(textOf({ ...more, of: 101 }), 'Show 1 more user: 100 of 101 shown');
  });

  it('stands below its group, or below the account where there is none', () => {
    assert.deepEqual(
      mores(all).map(({ parent }) => parent.kind),
      ['group', 'group', 'group'],
    );
    const [more, ...others] = mores(ordered('name', 'nothing'));
    assert.equal(more?.parent.kind, 'account');
    assert.equal(others.length, 0);
  });

  it('shows whom the filter leaves, a hundred of them too', () => {
    const arrangement = filtered(all, 'person-29');
    assert.ok(users(arrangement).every((name) => name.startsWith('person-29')));
    assert.deepEqual(mores(arrangement), [], 'a hundred in three groups');
    assert.equal(users(arrangement).length, 90);
  });

  it('runs a command, and is read out with its count', () => {
    const [more] = mores(all);
    assert.ok(more);
    const item = moreItem(more);
    assert.deepEqual([item.command?.command, item.command?.arguments], ['awsMfa.showMore', [more]]);
    assert.equal(item.accessibilityInformation?.label, 'Show 502 more users, 100 of 602 shown');
    assert.equal(item.id, more.id);
  });
});
