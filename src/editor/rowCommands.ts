import type { Accounts } from '../core/accounts';
import type { Session } from '../core/session';
import type { DeviceActions } from './deviceActions';
import { commands, selectedRows, type ActionId } from './manifest';
import { accountOf, rowsOf, subjectsOf } from './subjects';

/** A command about users and devices, as it was called. */
export interface RowCommand {
  readonly id: ActionId;
  /** A row of the tree, `{ userName, serial, accountId }`, the word for the selected rows, or nothing: then the person is asked. */
  readonly argument: unknown;
  /** The rows that are selected, where there are several. */
  readonly rows: unknown;
  /** The rows that are selected in the tree. */
  readonly selection: readonly unknown[];
}

export interface RowCommandOptions {
  readonly accounts: Accounts;
  /** The account of a row, once it was read; without a row, the person is asked for one. Says why where there is none. */
  readonly read: (row: unknown) => Promise<Session | undefined>;
  /** Loaded when the first of them is run. */
  readonly actions: () => Promise<DeviceActions>;
}

/** Commands that act on many rows: where those are of several accounts, on one account after the other. */
const accountByAccount: readonly ActionId[] = [commands.openInConsole, commands.deleteLeftovers];

export async function runOnRows(called: RowCommand, { accounts, read, actions }: RowCommandOptions): Promise<void> {
  const { id, argument } = called;
  const meant = rowsOf(argument, called.rows, called.selection);
  if (argument === selectedRows && subjectsOf(meant).length === 0) {
    // A key was pressed on a row that the command is not about, or on none.
    return;
  }
  const accountsOfRows = meant.map((row) => accountOf(row, accounts.sessions));
  const heads = accountByAccount.includes(id)
    ? meant.filter((_row, index) => accountsOfRows.indexOf(accountsOfRows[index]) === index)
    : meant.slice(0, 1);
  let left = meant;
  for (const head of heads) {
    const session = left.includes(head) ? await read(head) : undefined;
    const { state, account } = session ?? {};
    if (session && state?.kind === 'open' && account) {
      const { source, connection, directory } = state;
      // A row that tells no account is one of that which comes first.
      const here = left.filter((row) => (accountOf(row, accounts.sessions) ?? session) === session);
      left = left.filter((row) => !here.includes(row));
      const target = { source, connection, directory, account };
      // What is copied stands on the rows, whichever account they are of.
      await (await actions()).run(id, target, subjectsOf(id === commands.copy ? meant : here));
    }
  }
}
