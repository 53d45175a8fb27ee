import assert from 'node:assert/strict';
import type { TreeItem } from 'vscode';
import { byState, remembered, type Arrangement } from '../../src/editor/arrangement';
import { filtered } from '../../src/editor/chosenArrangement';
import { askForFilter } from '../../src/editor/filterBox';
import { treeItem, type FirstNode } from '../../src/editor/treeItems';
import type { TreeNode } from '../../src/editor/treeNodes';
import { largeCompany } from '../../src/practice/company';
import { press, typing } from './hands';
import { SmallPractice } from './smallPractice';

const all = remembered(byState);

/** What is read on a row, as far as it is of text. */
function textOf(row: FirstNode): string {
  const { label, description } = treeItem(row, Date.now()) as TreeItem & { label: string };
  return typeof description === 'string' && description !== '' ? `${label}: ${description}` : label;
}

function isGroup(row: TreeNode): row is Extract<TreeNode, { kind: 'group' | 'unfinishedGroup' }> {
  return row.kind === 'group' || row.kind === 'unfinishedGroup';
}

describe('the rows of those who are looked for', () => {
  let small: SmallPractice;

  before(async () => {
    small = await SmallPractice.open();
  });
  after(() => small.close());

  const users = (arrangement: Arrangement) =>
    small.rows(arrangement).flatMap((row) => (row.kind === 'user' ? [row.entry.user.name] : []));
  const groups = (arrangement: Arrangement) => small.rows(arrangement).filter(isGroup).map(textOf);

  it('are all there without a filter, in groups that say how many', () => {
    assert.equal(users(all).length, 10);
    assert.deepEqual(groups(all), [
      'Can sign in without MFA: 4',
      'No MFA, no console password: 1',
      'Has MFA: 5',
      'Unfinished devices: 1',
    ]);
    assert.deepEqual(small.rows(filtered(all, '  ')), small.rows(all));
  });

  it('are those who match, in the groups that have any, which say of how many', () => {
    const arrangement = filtered(all, 'MA');
    assert.deepEqual(users(arrangement), ['maya', 'marcus']);
    assert.deepEqual(groups(arrangement), ['Can sign in without MFA: 1 of 4', 'Has MFA: 1 of 5']);
    assert.equal(arrangement.description?.([small.account]), '"MA", 2 of 10 users');
  });

  it('are the unfinished devices of such a name too', () => {
    const arrangement = filtered(all, 'sam');
    assert.deepEqual(users(arrangement), ['sam']);
    assert.deepEqual(groups(arrangement), ['Can sign in without MFA: 1 of 4', 'Unfinished devices: 1 of 1']);
  });

  it('leave the account’s own counts alone', () => {
    const [account] = small.rows(filtered(all, 'maya'));
    assert.ok(account?.kind === 'account');
    assert.match(textOf(account), /5 of 10 without MFA/);
  });

  it('are one that says so and clears the filter where nobody matches', () => {
    const rows = small.rows(filtered(all, 'zoe @password')).slice(1);
    assert.deepEqual(
      rows.map((row) => row.kind),
      ['empty'],
    );
    const item = treeItem(rows[0] as FirstNode, Date.now());
    assert.equal(item.label, 'Nobody matches “zoe @password”. Clear the filter');
    assert.equal(item.command?.command, 'awsMfa.clearFilter');
  });

  it('are found by what was read of their devices', async () => {
    assert.deepEqual(users(filtered(all, '@passkey')), ['noah']);
    await small.directory.readDetails('priya');
    assert.deepEqual(users(filtered(all, '@passkey')), ['priya', 'noah'], 'hers stand beside a virtual one');
    assert.deepEqual(users(filtered(all, 'GAHT40718293')), ['elena']);
    const serial = 'arn:aws:iam::210987654321:mfa/marcus';
    await small.connection.iam.tagDevice(serial, new Map([['Note', 'lent out']]));
    assert.deepEqual(users(filtered(all, 'LENT')), [], 'not read yet');
    await small.directory.readDetails('marcus');
    assert.deepEqual(users(filtered(all, 'LENT')), ['marcus']);
    await small.connection.iam.untagDevice(serial, ['Note']);
  });

  it('have ids of their own, the same from one text to the next', () => {
    const idsOf = (arrangement: Arrangement) => small.rows(arrangement).map(({ id }) => id);
    const before = idsOf(filtered(all, 'ma'));
    assert.equal(new Set(before).size, before.length);
    assert.deepEqual(
      idsOf(filtered(all, 'mar')).filter((id) => !before.includes(id)),
      [],
    );
  });
});

describe('the rows of five thousand users', () => {
  let many: SmallPractice;

  before(async () => {
    many = await SmallPractice.open(largeCompany(5000));
  });
  after(() => many.close());

  it('are found anew at each keystroke without being put in order again', () => {
    all.of(many.account);
    const texts = ['p', 'pe', 'person-4', 'person-49', '@virtual person-49', '@noMfa'];
    const started = performance.now();
    for (const text of texts) {
      const { sections } = filtered(all, text).of(many.account);
      assert.ok(sections.length > 0, text);
    }
    const each = (performance.now() - started) / texts.length;
    // It takes some ten milliseconds where nothing else runs.
    assert.ok(each < 100, `${each} ms`);
  });

  it('stay closed as they were where many match, and open where few do', () => {
    const openOf = (text: string) => {
      const group = filtered(all, text)
        .of(many.account)
        .sections.find((section) => section.group === 'hasMfa');
      return [group?.key, group?.open];
    };
    assert.deepEqual(openOf('person'), ['hasMfa', false]);
    assert.deepEqual(openOf('person-490'), ['found hasMfa', true]);
  });
});

describe('the box that users are filtered in', () => {
  const shown: string[] = [];
  beforeEach(() => shown.splice(0));

  /** The box, and whether it has done its work. */
  const open = (before: string) => {
    const box = { isDone: false };
    const work = async () => {
      await askForFilter(before, (text) => shown.push(text));
      box.isDone = true;
    };
    return { box, work };
  };

  it('shows at each keystroke who matches, and Enter keeps that', async () => {
    const { box, work } = open('');
    await typing(work, async (type) => {
      type('m');
      type('ma');
      assert.deepEqual(shown, ['m', 'ma']);
      await press('Enter', () => box.isDone);
    });
    assert.deepEqual(shown, ['m', 'ma']);
  });

  it('gives back what was before by Escape', async () => {
    const { box, work } = open('theo');
    await typing(work, async (type, { value }) => {
      assert.equal(value, 'theo');
      type('');
      type('maya');
      await press('Escape', () => box.isDone);
    });
    assert.deepEqual(shown, ['', 'maya', 'theo']);
  });

  it('says which words there are where one is unknown, and keeps what was typed', async () => {
    const { box, work } = open('');
    await typing(work, async (type, input) => {
      type('maya @mfa');
      const message = input.validationMessage;
      assert.ok(typeof message === 'object');
      assert.match(message.message, /^There is no @mfa\. There are @noMfa, .*@you\.$/);
      assert.equal(input.value, 'maya @mfa');
      type('maya @hasMfa');
      assert.equal(input.validationMessage, undefined);
      await press('Enter', () => box.isDone);
    });
    assert.equal(shown.at(-1), 'maya @hasMfa');
  });
});
