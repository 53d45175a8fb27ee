import assert from 'node:assert/strict';
import type { TreeItem } from 'vscode';
import { byState, remembered, type Arrangement } from '../../src/editor/arrangement';
import { filtered, ordered } from '../../src/editor/chosenArrangement';
import { askForFilter } from '../../src/editor/filterBox';
import { subjectsOf } from '../../src/editor/subjects';
import { accountNode, type TreeNode } from '../../src/editor/treeNodes';
import { largeCompany } from '../../src/practice/company';
import { press, typing } from './hands';
import { itemOf } from './rowItems';
import { SmallPractice } from './smallPractice';

const all = remembered(byState);

/** What is read on a row, as far as it is of text. */
function textOf(row: TreeNode): string {
  const { label, description } = itemOf(row) as TreeItem & { label: string };
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
    const item = itemOf(rows[0] ?? assert.fail());
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

describe('the order of the rows', () => {
  let small: SmallPractice;

  before(async () => {
    small = await SmallPractice.open();
  });
  after(() => small.close());

  const below = (arrangement: Arrangement) => small.rows(arrangement).filter(({ kind }) => kind !== 'device');
  const texts = (arrangement: Arrangement) =>
    below(arrangement)
      .flatMap((row) => (row.kind === 'user' || isGroup(row) ? [textOf(row)] : []))
      .map((text) => text.replace(/ · .*/, ''));

  it('is the plain one where nobody chose otherwise', () => {
    assert.deepEqual(
      below(ordered('risk', 'state')).map(({ id }) => id),
      below(all).map(({ id }) => id),
    );
  });

  it('is by name, within the state', () => {
    const [, ...rows] = small.rows(ordered('name', 'state')).flatMap((row) => (row.kind === 'user' ? [row] : []));
    assert.deepEqual(
      rows.map(({ entry }) => entry.user.name),
      ['maya', 'sam', 'theo', 'deploy-bot', 'elena', 'ines', 'marcus', 'noah', 'priya'],
    );
  });

  it('is by path, each with those who have no MFA, worst first', () => {
    const arrangement = ordered('risk', 'path');
    const groups = below(arrangement).filter(isGroup);
    assert.deepEqual(groups.map(textOf), [
      '/: 9 · 5 without MFA',
      '/contractors/: 1 · 0 without MFA',
      'Unfinished devices: 1',
    ]);
    const users = below(arrangement).flatMap((row) => (row.kind === 'user' ? [row.entry.user.name] : []));
    assert.deepEqual(users.slice(0, 6), ['jordan', 'maya', 'sam', 'theo', 'deploy-bot', 'priya']);
    assert.deepEqual(users.at(-1), 'ines');
  });

  it('is one list right below the account, from which devices and commands find back', () => {
    const rows = below(ordered('name', 'nothing'));
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['account', ...Array<string>(10).fill('user'), 'unfinishedGroup', 'unfinished'],
    );
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    const device = small.rows(ordered('name', 'nothing')).find(({ kind }) => kind === 'device');
    assert.ok(device?.kind === 'device');
    assert.equal(accountNode(device).kind, 'account');
    assert.deepEqual(subjectsOf([device]), [{ userName: device.parent.entry.user.name, serial: device.device.serial }]);
  });

  it('says on the row what it is by, and beside the title that the report was not read', async () => {
    const arrangement = ordered('passwordAge', 'nothing');
    const description = (): string | undefined => arrangement.description?.([small.account]);
    assert.equal(description(), 'credential report not read');
    assert.equal(texts(arrangement)[0], 'deploy-bot: no MFA, no password');
    assert.equal(texts(arrangement)[1], 'elena: password age not known');
    await small.directory.readReport();
    assert.equal(description(), undefined);
    assert.deepEqual(texts(arrangement).slice(0, 2), [
      'noah: password changed 310 days ago',
      'elena: password changed 300 days ago',
    ]);
    assert.equal(texts(arrangement)[9], 'deploy-bot: no MFA, no password');
    assert.deepEqual(texts(ordered('lastActivity', 'nothing')).slice(0, 10), [
      'jordan: You',
      'deploy-bot: active today',
      'priya: active today',
      'noah: active today',
      'maya: active yesterday',
      'marcus: active 3 days ago',
      'elena: active 9 days ago',
      'sam: active 20 days ago',
      'ines: active 30 days ago',
      'theo: no activity known',
    ]);
  });

  it('stays where a filter is on', () => {
    const arrangement = filtered(ordered('name', 'path'), '@noMfa');
    assert.deepEqual(texts(arrangement), [
      '/: 5 of 9',
      'deploy-bot: no MFA, no password',
      ...texts(arrangement).slice(2),
    ]);
    assert.equal(texts(arrangement).length, 6);
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
    // Of the processor, not of the clock: how much else runs does not count.
    const started = process.cpuUsage();
    for (const text of texts) {
      const { sections } = filtered(all, text).of(many.account);
      assert.ok(sections.length > 0, text);
    }
    const { user, system } = process.cpuUsage(started);
    const each = (user + system) / 1000 / texts.length;
    // It takes some ten milliseconds.
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
      await askForFilter(
        () => before,
        (text) => shown.push(text),
      );
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
