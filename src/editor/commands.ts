import { commands as editorCommands, Disposable, l10n, type LogOutputChannel, window } from 'vscode';
import { sourceFromText, type AccountSource } from '../core/account';
import type { Accounts } from '../core/accounts';
import type { Session } from '../core/session';
import { tally, type Tally } from '../core/users';
import type { AccountActions } from './accountActions';
import type { DeviceActions } from './deviceActions';
import type { FindingActions } from './findingActions';
import {
  commands,
  contextKeys,
  findingCommands,
  titleCommands,
  type ActionId,
  type CommandId,
  type FindingId,
} from './manifest';
import type { RememberedAccounts } from './rememberedAccounts';
import { accountOf } from './subjects';
import type { UsersTree } from './usersTree';

/** What commands give back to those who run them from code or a key binding. */
export interface AccountSummary extends Tally {
  readonly accountId: string;
  readonly partition: string;
  readonly alias?: string;
}

export interface CommandOptions {
  readonly accounts: Accounts;
  readonly tree: UsersTree;
  /** Loaded when the first of them is run. */
  readonly actions: () => Promise<DeviceActions>;
  /** Loaded when the first of them is run. */
  readonly accountActions: () => Promise<AccountActions>;
  /** Loaded when the first of them is run. */
  readonly finding: () => Promise<FindingActions>;
  /** What was typed into the filter's box stays, whatever comes in its place. */
  readonly keepFilter: () => Promise<void>;
  readonly log: LogOutputChannel;
  readonly remembered: RememberedAccounts;
}

/** Registers every command of the manifest. */
export function registerCommands(options: CommandOptions): Disposable {
  const { accounts, accountActions, log, remembered } = options;
  type Own = (row: unknown) => Promise<unknown>;
  const own: Readonly<Record<Exclude<CommandId, ActionId | FindingId>, Own>> = {
    [commands.addAccount]: async () => {
      const source = await (await accountActions()).pick();
      return source && addAccount(options, source);
    },
    [commands.openPracticeAccount]: () => addAccount(options, { kind: 'practice' }),
    [commands.removeAccount]: async (row) => {
      const session = await sessionFor(options, row);
      if (session) {
        accounts.remove(session);
      }
    },
    [commands.moveAccountUp]: (row) => move(options, row, -1),
    [commands.moveAccountDown]: (row) => move(options, row, 1),
    [commands.chooseIdentity]: async (row) => {
      const session = await sessionFor(options, row);
      const source = session && (await (await accountActions()).pickIdentity(session));
      // One that is new is a row of its own, until it turns out to lead to an account that is there.
      return source && addAccount(options, source);
    },
    [commands.renewSignIn]: async (row) => (await accountActions()).renewSignIn(shownAccount(options, row), row),
    [commands.enterCode]: async (row) => {
      const waiting = accounts.sessions.find(({ problem }) => problem?.code === 'codeNeeded');
      const session = shownAccount(options, row) ?? waiting ?? (await sessionFor(options, row));
      return session && reading(options, session.signIn());
    },
    [commands.showPermissions]: async (row) => {
      const session = await readSession(options, row);
      const { state, account } = session ?? {};
      if (state?.kind === 'open' && account) {
        await (await accountActions()).showPermissions(state.connection.iam, account);
      }
    },
    [commands.refresh]: async (row) => {
      const one = shownAccount(options, row);
      await reading(options, one ? one.refresh() : accounts.refresh());
      return accounts.sessions.flatMap((session) => summary(session) ?? []);
    },
    // A button above the rows is handed the row in focus, which is not meant.
    [commands.refreshAll]: () => reading(options, accounts.refresh()),
    [commands.stopReading]: () => {
      accounts.stopReading();
      return Promise.resolve();
    },
    [commands.showMore]: async (row) => (await import('./moreUsers')).showMore(options.tree, row),
    [commands.showLog]: () => {
      log.show();
      return Promise.resolve();
    },
  };
  const run = (id: CommandId, argument: unknown, rows: unknown): Promise<unknown> =>
    isFinding(id)
      ? options.finding().then((finding) => finding.run(id, argument, rows))
      : isOwn(id, own)
        ? own[id](argument)
        : import('./rowCommands').then((part) =>
            part.runOnRows(
              { id, argument, rows, selection: options.tree.selection },
              { accounts, read: (row) => readSession(options, row), actions: options.actions },
            ),
          );
  const listening = accounts.onDidChange((session) => {
    void editorCommands.executeCommand('setContext', contextKeys.accountChosen, accounts.sessions.length > 0);
    // An identity that turned out to lead to an account is remembered with it.
    if (!session || session.state.kind === 'open') {
      void remembered.save(accounts.remembered);
    }
  });
  return Disposable.from(
    listening,
    ...Object.values(commands).map((id) =>
      editorCommands.registerCommand(id, async (...handed: unknown[]) => {
        const [argument, rows] = handed;
        return guarded(log, id, async () => {
          await options.keepFilter();
          return isOfNoRow(id, handed) ? sayAgain(options) : run(id, argument, rows);
        });
      }),
    ),
  );
}

/**
 * A menu or button of a row hands over the row and the selected rows. While rows are made anew, the editor knows none of them and
 * hands over nothing in their place: to ask whom it is about would invite the wrong answer.
 */
function isOfNoRow(id: CommandId, handed: readonly unknown[]): boolean {
  return handed.length > 1 && (handed[0] ?? undefined) === undefined && !titleCommands.includes(id);
}

/** The rows are made anew: where the editor has lost one for good, it finds it again. */
async function sayAgain({ tree }: CommandOptions): Promise<void> {
  tree.redraw();
  const { rowLostWords } = await import('./problemWords');
  void window.showInformationMessage(rowLostWords());
}

function isOwn<Own extends object>(id: string, own: Own): id is Extract<keyof Own, string> {
  return id in own;
}

function isFinding(id: CommandId): id is FindingId {
  return Object.values<CommandId>(findingCommands).includes(id);
}

/** Shows the accounts of last time, or the one that the environment names. */
export async function openRemembered(options: CommandOptions, named: string | undefined): Promise<void> {
  const source = named === undefined ? undefined : sourceFromText(named);
  const known = options.remembered.accounts;
  await reading(options, options.accounts.restore(known.length === 0 && source ? [[source]] : known));
}

async function addAccount(options: CommandOptions, source: AccountSource): Promise<AccountSummary | undefined> {
  await options.remembered.noteChoice(source);
  const adding = options.accounts.add(source);
  await reading(options, adding);
  return summary(await adding);
}

async function reading(options: CommandOptions, work: Promise<unknown>): Promise<void> {
  await options.tree.whileReading(work);
}

async function move(options: CommandOptions, row: unknown, by: -1 | 1): Promise<void> {
  const session = await sessionFor(options, row);
  if (session) {
    (await options.accountActions()).move(session, by);
  }
}

function summary(session: Session): AccountSummary | undefined {
  const { account } = session;
  return (
    account && {
      accountId: account.caller.accountId,
      partition: account.caller.partition,
      ...(account.alias !== undefined && { alias: account.alias }),
      ...tally(account.users.values()),
    }
  );
}

/** The account that a row belongs to, if it is in the list. */
function shownAccount({ accounts }: Pick<CommandOptions, 'accounts'>, row: unknown): Session | undefined {
  const found = accountOf(row, accounts.sessions);
  return found === 'gone' ? undefined : found;
}

/** The account that a command is about: that of the row, else the only one, else the one that the person chooses. */
async function sessionFor(
  { accounts, accountActions, tree }: CommandOptions,
  row: unknown,
): Promise<Session | undefined> {
  const { sessions } = accounts;
  const told = accountOf(row, sessions);
  if (told === 'gone') {
    void window.showInformationMessage(l10n.t('That account is not in the list any more.'));
    return undefined;
  }
  if (told || sessions.length < 2) {
    return told ?? sessions[0];
  }
  // The account in which something is selected comes first.
  const selected = tree.selection.flatMap((each) => shownAccount({ accounts }, each) ?? []);
  return (await accountActions()).pickShown([...new Set([...selected, ...sessions])]);
}

/** As `sessionFor`; asks for an account where none is shown, and waits until it was read. Says why where it cannot be. */
async function readSession(options: CommandOptions, row: unknown): Promise<Session | undefined> {
  const { accounts, tree } = options;
  if (accounts.sessions.length === 0) {
    const source = await (await options.accountActions()).pick();
    if (!source) {
      return undefined;
    }
    await addAccount(options, source);
  }
  const session = await sessionFor(options, row);
  if (!session) {
    return undefined;
  }
  await tree.whileReading(session.read());
  if (!session.account && session.problem) {
    const { problemLine } = await import('./problemWords');
    void window.showErrorMessage(problemLine(session.problem));
  }
  return session;
}

/** Every command is logged, and one that fails says so with a way to the log. */
async function guarded(log: LogOutputChannel, id: string, run: () => Promise<unknown>): Promise<unknown> {
  const started = Date.now();
  try {
    return await run();
  } catch (error) {
    log.error(`${id} failed`, error instanceof Error ? error : String(error));
    const showLog = l10n.t('Show Log');
    void window
      .showErrorMessage(l10n.t('Something unexpected happened. The log holds the details.'), showLog)
      .then((answer) => {
        if (answer === showLog) {
          log.show();
        }
      });
    return undefined;
  } finally {
    log.debug(`${id} ended after ${Date.now() - started} ms`);
  }
}
