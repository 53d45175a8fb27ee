import assert from 'node:assert/strict';
import { commands, ConfigurationTarget, env, workspace } from 'vscode';
import { toCsv, toMarkdown, userTable, type Table } from '../../src/editor/userTable';
import { account, press, told, until } from './hands';
import { SmallPractice } from './smallPractice';

const arn = (name: string) => `arn:aws:iam::210987654321:user/${name}`;

describe('a table of users', () => {
  let small: SmallPractice;

  before(async () => {
    small = await SmallPractice.open();
  });
  after(() => small.close());

  const entryOf = (name: string) => small.account.users.get(name) ?? assert.fail(name);
  /** The cells of one user by their headings. */
  const cells = (entry: ReturnType<typeof entryOf>): Readonly<Record<string, string>> => {
    const [heading = [], row = []] = userTable([{ account: small.account, entry }]);
    return Object.fromEntries(heading.map((title, index) => [title, row[index] ?? '']));
  };

  it('says what is known, of when, and from where', () => {
    const { mfa, user } = entryOf('maya');
    assert.deepEqual(cells(entryOf('maya')), {
      User: 'maya',
      MFA: 'no',
      Devices: '',
      'Console password': 'yes',
      'Password last used': user.passwordLastUsed?.toISOString(),
      'As of': new Date(mfa.at).toISOString(),
      Source: 'live',
      ARN: arn('maya'),
    });
    assert.equal(cells(entryOf('elena'))['Devices'], 'GAHT40718293 (hardware token)');
    assert.equal(cells(entryOf('theo'))['Password last used'], 'never');
    assert.equal(cells(entryOf('deploy-bot'))['Console password'], 'no');
    assert.equal(cells(entryOf('deploy-bot'))['Password last used'], '');
  });

  it('says what the report alone tells, of when that was made', () => {
    const at = Date.UTC(2026, 2, 2, 9);
    const told = cells({
      ...entryOf('maya'),
      mfa: { kind: 'none', source: 'report', at },
      password: { kind: 'yes', source: 'report', at },
    });
    assert.equal(told['Source'], 'credential report');
    assert.equal(told['As of'], '2026-03-02T09:00:00.000Z');
    assert.equal(told['Console password'], 'yes, by the credential report of 2026-03-02T09:00:00.000Z');
  });

  it('says when AWS was asked about a password that is known from an earlier reading', () => {
    const at = Date.UTC(2026, 2, 2, 9);
    const cell = (password: number) =>
      cells({
        ...entryOf('maya'),
        mfa: { kind: 'none', at },
        password: { kind: 'no', source: 'live', at: password },
      })['Console password'];
    assert.equal(cell(at - 3 * 3_600_000), 'no, asked of AWS 2026-03-02T06:00:00.000Z');
    assert.equal(cell(at - 2000), 'no', 'asked at once');
  });

  it('never says yes or no of what is not known, but why it is not', () => {
    const problem = { code: 'accessDenied', operation: 'ListMFADevices', permission: 'iam:ListMFADevices' } as const;
    const refused = cells({
      ...entryOf('maya'),
      mfa: { kind: 'unknown', problem, at: 0 },
      password: { kind: 'unknown', problem: { ...problem, operation: 'GetLoginProfile' } },
    });
    assert.match(refused['MFA'] ?? '', /^unknown: .{10}/);
    assert.match(refused['Console password'] ?? '', /^unknown: .{10}/);
    assert.equal(refused['Devices'], 'unknown');
    const waiting = cells({ ...entryOf('maya'), mfa: { kind: 'checking', at: 0 }, password: { kind: 'unknown' } });
    assert.equal(waiting['MFA'], 'unknown: being checked');
    assert.equal(waiting['Console password'], 'unknown: not asked');
  });

  it('names the account where there are several', () => {
    const other = { ...small.account, alias: 'labs' };
    const table = userTable([
      { account: small.account, entry: entryOf('maya') },
      { account: other, entry: entryOf('theo') },
    ]);
    assert.deepEqual(
      table.map(([first]) => first),
      ['Account', 'acme-practice · 2109-8765-4321', 'labs · 2109-8765-4321'],
    );
  });

  const hostile: Table = [
    ['User', 'Note'],
    ['=HYPERLINK("http://x")', 'a,b'],
    ['+1', '-1'],
    ['@SUM(A1)', '\tx'],
    ['\rx', 'two\nlines | "quoted" *bold* <b>'],
    ['a=b', 'maya@example.com'],
  ];

  it('is CSV that a spreadsheet reads as texts, none as a formula', () => {
    assert.deepEqual(toCsv(hostile).split('\r\n'), [
      'User,Note',
      '"\'=HYPERLINK(""http://x"")","a,b"',
      "'+1,'-1",
      "'@SUM(A1),'\tx",
      '"\'\rx","two\nlines | ""quoted"" *bold* <b>"',
      'a=b,maya@example.com',
      '',
    ]);
  });

  it('is Markdown whose cells hold what they say', () => {
    const lines = toMarkdown(hostile).split('\n');
    assert.deepEqual(lines.slice(0, 2), ['| User | Note |', '| --- | --- |']);
    assert.equal(lines[5], '|  x | two lines \\| "quoted" \\*bold\\* \\<b> |');
    assert.equal(lines.length, 8, 'a line for each row, and the last is ended');
  });
});

describe('finding and copying in the view', () => {
  let ofThePerson: string;

  before(async () => {
    await account();
    ofThePerson = await env.clipboard.readText();
  });
  after(() => env.clipboard.writeText(ofThePerson));
  afterEach(async () => {
    await commands.executeCommand('awsMfa.clearFilter');
    for (const setting of ['sortBy', 'groupBy']) {
      await workspace.getConfiguration('awsMfa.users').update(setting, undefined, ConfigurationTarget.Global);
    }
  });

  /** Names of those who are copied, in their order. */
  const copied = async (argument?: unknown, rows?: unknown): Promise<readonly string[]> => {
    await commands.executeCommand('awsMfa.copyAsCsv', ...(argument === undefined ? [] : [argument, rows]));
    const [, ...lines] = (await env.clipboard.readText()).trimEnd().split('\r\n');
    return lines.map((line) => line.replace(/,.*/, ''));
  };
  const everyone = ['jordan', 'maya', 'sam', 'theo', 'deploy-bot', 'priya', 'noah', 'marcus', 'elena', 'ines'];

  it('copies all who are shown where nothing is selected, and says how many', async () => {
    const said = await told(async () => assert.deepEqual(await copied(), everyone));
    assert.deepEqual(said, ['10 users were copied.']);
  });

  it('copies those whom the filter leaves, in the order that was chosen', async () => {
    await commands.executeCommand('awsMfa.filterUsers', '@noMfa @password');
    assert.deepEqual(await copied(), ['jordan', 'maya', 'sam', 'theo']);
    await workspace.getConfiguration('awsMfa.users').update('sortBy', 'name', ConfigurationTarget.Global);
    await workspace.getConfiguration('awsMfa.users').update('groupBy', 'nothing', ConfigurationTarget.Global);
    await commands.executeCommand('awsMfa.clearFilter');
    await until('the order by name', async () => ((await copied())[0] === 'deploy-bot' ? true : undefined));
    assert.deepEqual(await copied(), [...everyone].sort());
  });

  it('reads the report by itself where the order needs it', async () => {
    await workspace.getConfiguration('awsMfa.users').update('groupBy', 'nothing', ConfigurationTarget.Global);
    await workspace.getConfiguration('awsMfa.users').update('sortBy', 'passwordAge', ConfigurationTarget.Global);
    await until('the order by age', async () => ((await copied())[0] === 'noah' ? true : undefined));
    assert.deepEqual((await copied()).slice(0, 3), ['noah', 'elena', 'marcus']);
  });

  it('copies the rows it was called on: users, and groups for all who are in them', async () => {
    const small = await SmallPractice.open();
    try {
      const [group, theo] = [small.row('group', 'noPassword'), small.row('user', 'theo')];
      assert.deepEqual(await copied(theo), ['theo']);
      assert.deepEqual(await copied(theo, [group, theo]), ['theo', 'deploy-bot']);
      assert.deepEqual(await copied(group, [group, theo, small.row('user', 'deploy-bot')]), ['deploy-bot', 'theo']);
    } finally {
      await small.close();
    }
    assert.deepEqual(await copied({ accountId: '210987654321', userName: 'priya' }), ['priya']);
  });

  it('copies nothing of somebody who is not there', async () => {
    await env.clipboard.writeText('what was there before');
    const said = await told(() => commands.executeCommand('awsMfa.copyAsMarkdown', { userName: 'nobody' }, undefined));
    assert.deepEqual(said, ['There is no user to copy.']);
    assert.equal(await env.clipboard.readText(), 'what was there before');
  });

  it('goes to a user: the filter that hides them is cleared, and their row is selected', async () => {
    await commands.executeCommand('awsMfa.filterUsers', 'theo');
    await commands.executeCommand('awsMfa.goToUser', { userName: 'priya' });
    await until('the selection', async () => ((await copied()).join() === 'priya' ? true : undefined));
    await commands.executeCommand('awsMfa.copyAsMarkdown');
    assert.match(await env.clipboard.readText(), /^\| User \|.*\n\|( --- \|)+\n\| priya \| yes \|.*\n$/);
  });

  it('asks whom to go to, by name', async () => {
    let isDone = false;
    const going = commands.executeCommand('awsMfa.goToUser').then(() => (isDone = true));
    await press('Enter', () => isDone);
    await going;
    await until('the selection', async () => ((await copied()).join() === 'deploy-bot' ? true : undefined));
  });
});
