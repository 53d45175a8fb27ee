import assert from 'node:assert/strict';
import { connect } from '../../src/aws/connect';
import { Accounts } from '../../src/core/accounts';
import { systemClock } from '../../src/core/clock';
import { Emitter } from '../../src/core/emitter';
import type { Session } from '../../src/core/session';
import type { DeviceActions } from '../../src/editor/deviceActions';
import { commands, selectedRows, type ActionId } from '../../src/editor/manifest';
import { RowLimits } from '../../src/editor/rowLimits';
import { runOnRows } from '../../src/editor/rowCommands';
import { byState, remembered } from '../../src/editor/arrangement';
import { childNodes, rootNodes, shownOf, type TreeNode } from '../../src/editor/treeNodes';
import { smallCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';

describe('a command on rows of two accounts', () => {
  const practices: PracticeAccount[] = [];
  let accounts: Accounts;
  /** What was done, in order: on which account, with which users, and what would be copied. */
  const done: (readonly [accountId: string, users: readonly string[], arns: readonly string[]])[] = [];
  /** For which rows an account was looked for. */
  const looked: unknown[] = [];

  before(async () => {
    const ids = ['210987654321', '345678901234'];
    for (const accountId of ids) {
      practices.push(await startPracticeAccount({ company: { ...smallCompany(), accountId }, reportBuildMs: 0 }));
    }
    accounts = new Accounts(
      {
        connect: (source) => {
          const practice = practices[source.kind === 'profile' ? Number(source.profile) : 0] ?? assert.fail();
          const { accessKeyId, secretAccessKey } = practice.caller('keeper');
          return connect({ kind: 'keys', endpoint: practice.endpoint, accessKeyId, secretAccessKey }, () => undefined);
        },
        profiles: () => Promise.reject(new Error('not needed here')),
        onDidChangeFiles: new Emitter<void>().on,
      },
      systemClock,
    );
    await Promise.all(ids.map((_id, index) => accounts.add({ kind: 'profile', profile: String(index) })));
  });
  beforeEach(() => {
    done.length = 0;
    looked.length = 0;
  });
  after(async () => {
    accounts.dispose();
    await Promise.all(practices.map((practice) => practice.stop()));
  });

  const userRow = (account: number, name: string): TreeNode => {
    const shown = accounts.sessions.flatMap((session) => shownOf(session) ?? []);
    const below = (node: TreeNode): readonly TreeNode[] => [node, ...childNodes(node).flatMap(below)];
    const root = rootNodes(shown, remembered(byState), new RowLimits())[account] ?? assert.fail();
    return below(root).find((row) => row.kind === 'user' && row.entry.user.name === name) ?? assert.fail(name);
  };
  const run = (id: ActionId, argument: unknown, rows: unknown, selection: readonly unknown[] = []) =>
    runOnRows(
      { id, argument, rows, selection },
      {
        accounts,
        read: (row): Promise<Session | undefined> => {
          looked.push(row);
          return Promise.resolve(accounts.sessions.find((session) => session === sessionOf(row)));
        },
        actions: () =>
          Promise.resolve({
            run: (_id, target, subjects) => {
              done.push([
                target.account.caller.accountId,
                subjects.flatMap(({ userName }) => userName ?? []),
                subjects.flatMap(({ arn }) => arn ?? []),
              ]);
              return Promise.resolve();
            },
          } as Pick<DeviceActions, 'run'> as DeviceActions),
      },
    );
  const sessionOf = (row: unknown): Session | undefined => {
    let node = row as TreeNode | undefined;
    while (node && node.kind !== 'account') {
      node = node.parent;
    }
    return node?.session;
  };
  const here = () => userRow(0, 'priya');
  const there = () => userRow(1, 'maya');

  it('copies what stands on all of them at once', async () => {
    await run(commands.copy, there(), [here(), there()]);
    assert.deepEqual(done, [
      [
        '345678901234',
        ['maya', 'priya'],
        ['arn:aws:iam::345678901234:user/maya', 'arn:aws:iam::210987654321:user/priya'],
      ],
    ]);
  });

  it('opens the pages of one account after those of the other', async () => {
    await run(commands.openInConsole, here(), [here(), there(), userRow(0, 'theo')]);
    assert.deepEqual(
      done.map(([id, users]) => [id, users]),
      [
        ['210987654321', ['priya', 'theo']],
        ['345678901234', ['maya']],
      ],
    );
  });

  it('changes something in the account of the row that was clicked alone', async () => {
    await run(commands.enableMfa, here(), [there(), here()]);
    assert.deepEqual(
      done.map(([id, users]) => [id, users]),
      [['210987654321', ['priya']]],
    );
  });

  it('asks nobody for an account where a key is pressed and nothing is selected', async () => {
    await run(commands.copy, selectedRows, undefined);
    assert.deepEqual([looked, done], [[], []]);
  });
});
