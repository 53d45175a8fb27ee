import { commands as editorCommands, Disposable, l10n, type LogOutputChannel, type Memento, window } from 'vscode';
import { sourceFromText, sourceToText, type AccountSource } from '../core/account';
import type { AccountSources } from '../core/connection';
import type { Session } from '../core/session';
import { tally, type Tally } from '../core/users';
import type { DeviceActions } from './deviceActions';
import { commands, contextKeys, memory, selectedRows, type ActionId, type CommandId } from './manifest';
import { subjectsOf } from './subjects';
import type { UsersTree } from './usersTree';
import { problemLine } from './words';

/** What commands give back to those who run them from code or a key binding. */
export interface AccountSummary extends Tally {
  readonly accountId: string;
  readonly partition: string;
  readonly alias?: string;
}

export interface CommandOptions {
  readonly session: Session;
  readonly sources: AccountSources;
  readonly tree: UsersTree;
  /** Loaded when the first of them is run. */
  readonly actions: () => Promise<DeviceActions>;
  readonly log: LogOutputChannel;
  readonly memory: Memento;
}

/** Registers every command of the manifest. */
export function registerCommands(options: CommandOptions): Disposable {
  const own: Readonly<Record<Exclude<CommandId, ActionId>, () => Promise<unknown>>> = {
    [commands.chooseAccount]: async () => {
      const { state } = options.session;
      const source = await askForAccount(options, state.kind === 'none' ? undefined : state.source);
      return source && (await openAccount(options, source));
    },
    [commands.openPracticeAccount]: () => openAccount(options, { kind: 'practice' }),
    [commands.refresh]: async () => {
      await options.tree.whileReading(options.session.refresh());
      return summary(options.session);
    },
    [commands.showLog]: () => {
      options.log.show();
      return Promise.resolve();
    },
  };
  const run = (id: CommandId, argument: unknown, rows: unknown): Promise<unknown> =>
    isOwn(id, own) ? own[id]() : act(options, id, argument, rows);
  return Disposable.from(
    ...Object.values(commands).map((id) =>
      editorCommands.registerCommand(id, async (argument: unknown, rows: unknown) =>
        guarded(options.log, id, () => run(id, argument, rows)),
      ),
    ),
  );
}

function isOwn<Own extends object>(id: string, own: Own): id is Extract<keyof Own, string> {
  return id in own;
}

/** Opens the account that was chosen last, or the one that the environment names. */
export async function openRemembered(options: CommandOptions, named: string | undefined): Promise<void> {
  const text = options.memory.get<string>(memory.account) ?? named;
  const source = text === undefined ? undefined : sourceFromText(text);
  if (source) {
    await showAccount(options, source);
  }
}

/** The list of accounts is loaded when it is asked for. */
async function askForAccount(
  { sources }: CommandOptions,
  current: AccountSource | undefined,
): Promise<AccountSource | undefined> {
  const { pickAccount } = await import('./accountPicker');
  return pickAccount(sources, current);
}

async function openAccount(options: CommandOptions, source: AccountSource): Promise<AccountSummary | undefined> {
  await options.memory.update(memory.account, sourceToText(source));
  await showAccount(options, source);
  return summary(options.session);
}

async function showAccount(options: CommandOptions, source: AccountSource): Promise<void> {
  await editorCommands.executeCommand('setContext', contextKeys.accountChosen, true);
  await options.tree.whileReading(options.session.open(source));
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

/**
 * Runs a command about users and devices; asks for an account first where none is open.
 * @param argument a row of the tree, `{ userName, serial }`, or nothing: then the person is asked
 * @param rows the rows that are selected, where there are several
 */
async function act(options: CommandOptions, id: ActionId, argument: unknown, rows: unknown): Promise<void> {
  if (options.session.state.kind === 'none') {
    const source = await askForAccount(options, undefined);
    if (!source) {
      return;
    }
    await openAccount(options, source);
  }
  await options.tree.whileReading(options.session.read());
  const { state, account } = options.session;
  if (state.kind !== 'open' || !account) {
    const problem =
      state.kind === 'failed'
        ? state.problem
        : state.kind === 'open' && state.directory.state.kind === 'failed'
          ? state.directory.state.problem
          : undefined;
    if (problem) {
      void window.showErrorMessage(problemLine(problem));
    }
    return;
  }
  const { source, connection, directory } = state;
  const actions = await options.actions();
  const subjects = subjectsOf(argument, rows, options.tree.selection);
  if (argument === selectedRows && subjects.length === 0) {
    // A key was pressed on a row that the command is not about.
    return;
  }
  await actions.run(id, { source, connection, directory, account }, subjects);
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
