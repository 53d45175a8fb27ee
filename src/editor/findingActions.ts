import { commands as editorCommands, env, l10n, window } from 'vscode';
import type { Accounts } from '../core/accounts';
import type { Directory } from '../core/directory';
import { asProblem, type Problem } from '../core/problem';
import { isEveryone, parseFilter } from '../core/userFilter';
import { needsReport } from '../core/userOrder';
import { aboutToFilter, filtered, ordered } from './chosenArrangement';
import { askForFilter } from './filterBox';
import { rowOf } from './moreUsers';
import { contextKeys, findingCommands, focusUsersCommand, settings, type FindingId } from './manifest';
import { pickGroupBy, pickSortBy } from './orderPicker';
import { problemLine } from './problemWords';
import { choose, chosenOrder } from './settings';
import { shownUsers, usersOf } from './shownUsers';
import { rowsOf } from './subjects';
import { pickFound } from './userPicker';
import type { UsersTree } from './usersTree';
import { toCsv, toMarkdown, userTable, type Table } from './userTable';

export interface FindingOptions {
  readonly accounts: Accounts;
  readonly tree: UsersTree;
}

/** Finds users among many, and hands on what is shown of them. */
export class FindingActions {
  #order = chosenOrder();
  /** How all are shown. */
  #all = ordered(this.#order.sortBy, this.#order.groupBy);
  /** How those are shown whom the filter leaves. */
  #shown = this.#all;
  /** The filter that is on, as it was typed. */
  #filter = '';
  /** The one that comes back where the person thinks better of what is being typed. */
  #before = '';
  /** Which reading of an account the report was asked for. */
  readonly #reported = new WeakMap<Directory, number>();

  constructor(private readonly options: FindingOptions) {
    options.accounts.onDidChange(() => {
      if (options.accounts.sessions.length === 0 && this.#filter !== '') {
        // Of what comes next, everybody is shown.
        this.#show('');
      }
      void this.#readReports();
    });
  }

  /** What was typed so far stays: the person acts on what was found. */
  keepFilter(): void {
    this.#before = this.#filter;
  }

  /**
   * @param argument what the place handed over that the command was called from
   * @param rows the rows that are selected, where there are several
   */
  async run(id: FindingId, argument: unknown, rows: unknown): Promise<void> {
    switch (id) {
      case findingCommands.filterUsers:
        return this.#askForFilter(argument);
      case findingCommands.clearFilter:
        this.#show('');
        return;
      case findingCommands.sortUsers:
        return this.#sort();
      case findingCommands.groupUsers: {
        const groupBy = await pickGroupBy(this.#order.groupBy);
        return groupBy && choose(settings.groupBy.key, groupBy);
      }
      case findingCommands.goToUser:
        return this.#goTo(argument);
      case findingCommands.copyAsMarkdown:
        return this.#copy(argument, rows, toMarkdown);
      case findingCommands.copyAsCsv:
        return this.#copy(argument, rows, toCsv);
    }
  }

  /** Shows users as the settings say now. */
  followSettings(): void {
    this.#order = chosenOrder();
    this.#all = ordered(this.#order.sortBy, this.#order.groupBy);
    this.#show(this.#filter);
    void this.#readReports();
  }

  /** @param argument a filter, where a key binding or other code tells it: then nobody is asked */
  async #askForFilter(argument: unknown): Promise<void> {
    // What is found is to be seen.
    await editorCommands.executeCommand(focusUsersCommand);
    if (typeof argument === 'string') {
      this.#show(argument);
    } else {
      this.#show(this.#filter, true);
      this.keepFilter();
      const selected = this.#selected();
      const before = () => ([selected, ''].includes(this.#selected()) ? this.#before : this.#filter);
      await askForFilter(before, (text) => this.#show(text, true));
      if (isEveryone(parseFilter(this.#filter))) {
        this.#show('');
      }
    }
  }

  #selected(): string {
    return this.options.tree.selection.map(({ id }) => id).join(' ');
  }

  /** @param argument `{ userName, accountId }`, where other code tells it; a row that is in focus is not meant */
  async #goTo(argument: unknown): Promise<void> {
    const { accounts, tree } = this.options;
    const isRow = typeof argument === 'object' && argument !== null && 'kind' in argument;
    const [told] = isRow ? [] : usersOf([argument], accounts.sessions, this.#shown);
    const session = accounts.sessions.find(({ account }) => account && account === told?.account);
    const found = told && session ? { session, userName: told.entry.user.name } : await pickFound(accounts.sessions);
    if (!found) {
      return;
    }
    const isShown = shownUsers(found.session, this.#shown).some(({ user }) => user.name === found.userName);
    if (!isShown) {
      this.#show('');
    }
    const row = rowOf(tree, found.session, found.userName);
    if (row) {
      await tree.reveal(row);
    }
  }

  /** @param write how the table is written */
  async #copy(argument: unknown, rows: unknown, write: (table: Table) => string): Promise<void> {
    const { accounts, tree } = this.options;
    const { sessions } = accounts;
    const meant = argument === undefined ? tree.selection : rowsOf(argument, rows, tree.selection);
    const named = usersOf(meant, sessions, this.#shown);
    const users =
      named.length > 0 || argument !== undefined
        ? named
        : sessions.flatMap((session) => {
            const { account } = session;
            return account ? shownUsers(session, this.#shown).map((entry) => ({ account, entry })) : [];
          });
    if (users.length === 0) {
      void window.showInformationMessage(l10n.t('There is no user to copy.'));
      return;
    }
    await env.clipboard.writeText(write(userTable(users)));
    void window.showInformationMessage(
      users.length === 1 ? l10n.t('1 user was copied.') : l10n.t('{0} users were copied.', users.length),
    );
  }

  /** @param typing whether the person is at it */
  #show(filter: string, typing = false): void {
    this.#filter = filter;
    const everyone = isEveryone(parseFilter(filter));
    this.#shown = everyone && typing ? aboutToFilter(this.#all) : filtered(this.#all, filter);
    this.options.tree.arrange(this.#shown);
    void editorCommands.executeCommand('setContext', contextKeys.filtered, !everyone);
  }

  async #sort(): Promise<void> {
    const sortBy = await pickSortBy(this.#order.sortBy);
    if (sortBy === undefined) {
      return;
    }
    await choose(settings.sortBy.key, sortBy);
    this.followSettings();
    const reading = this.#readReports(true);
    await this.options.tree.whileReading(reading);
    const [problem] = await reading;
    if (problem) {
      void window.showErrorMessage(problemLine(problem));
    }
  }

  /**
   * Asks for the report of each account, once for each reading of it, where the order needs it.
   * @param again also where it was asked for in vain
   */
  async #readReports(again = false): Promise<readonly Problem[]> {
    if (!needsReport(this.#order.sortBy)) {
      return [];
    }
    const problems = this.options.accounts.sessions.map(async ({ state }): Promise<Problem | undefined> => {
      const directory = state.kind === 'open' && state.directory.state.kind === 'loaded' ? state.directory : undefined;
      const readAt = directory?.account?.readAt;
      if (!directory || readAt === undefined) {
        return undefined;
      }
      if (!again && this.#reported.get(directory) === readAt) {
        return undefined;
      }
      this.#reported.set(directory, readAt);
      return directory.readReport().then(
        () => undefined,
        (error: unknown) => asProblem(error, 'GetCredentialReport'),
      );
    });
    return (await Promise.all(problems)).filter((problem) => problem !== undefined);
  }
}
