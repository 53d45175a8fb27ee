import {
  commands,
  Disposable,
  EventEmitter,
  l10n,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
  window,
} from 'vscode';
import type { Clock } from '../core/clock';
import type { AccountSnapshot } from '../core/directory';
import type { Session, SessionState } from '../core/session';
import type { UserEntry } from '../core/users';
import { contextKeys, selections, views } from './manifest';
import { changedUsers } from './treeChanges';
import { treeItem } from './treeItems';
import { childNodes, parentNode, rootNodes, type TreeNode } from './treeNodes';
import { problemLine, problemWords } from './words';

/** How often the ages on screen are said anew, milliseconds. */
const agesAge = 60_000;

/**
 * Changes that come so close together are shown at once, milliseconds: while rows are made anew, a click on one is lost. Progress
 * of a reading is told less often than what was read.
 */
const calm = { reading: 1000, read: 150 };

/** The *Users* view: who is in the account and what is known of their MFA. */
export class UsersTree implements TreeDataProvider<TreeNode>, Disposable {
  readonly #changed = new EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<TreeNode>;
  readonly #own: Disposable;
  /** Rows as they were given to the editor, by id: it asks for the same again, and knows them by identity. */
  readonly #rows = new Map<string, TreeNode>();
  #shown: { readonly session: SessionState; readonly reading?: string; readonly account?: AccountSnapshot } | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;

  constructor(
    private readonly session: Session,
    private readonly clock: Clock,
  ) {
    this.#view = window.createTreeView(views.users, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    const ages = setInterval(() => {
      if (this.#view.visible) {
        this.#changed.fire(undefined);
      }
    }, agesAge);
    this.#own = Disposable.from(
      this.#view,
      this.#changed,
      session.onDidChange(() => this.#showSoon()),
      this.#view.onDidChangeSelection(({ selection }) => {
        void commands.executeCommand('setContext', contextKeys.selection, selectionOf(selection));
      }),
      this.#view.onDidExpandElement(({ element }) => {
        if (element.kind === 'user') {
          void this.#readDevices(element.entry);
        }
      }),
      {
        dispose: () => {
          clearInterval(ages);
          clearTimeout(this.#waiting);
        },
      },
    );
  }

  getTreeItem(node: TreeNode): TreeItem {
    return treeItem(node, this.clock.now());
  }

  getChildren(node?: TreeNode): TreeNode[] {
    // The rows are those of the last change that was told: one that was not told yet brings rows that are made anew at once.
    const { session, account } = this.#shown ?? { session: this.session.state, account: this.session.account };
    return (node ? childNodes(node) : rootNodes(session, account)).map((row) => this.#sameRow(row));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return parentNode(node);
  }

  async resolveTreeItem(item: TreeItem, node: TreeNode): Promise<TreeItem> {
    const { tooltip } = await import('./treeTooltips');
    const text = tooltip(node, this.clock.now());
    if (text) {
      item.tooltip = text;
    }
    return item;
  }

  /** The rows that are selected. */
  get selection(): readonly TreeNode[] {
    return this.#view.selection;
  }

  /** Shows the view's progress bar for as long as the work takes. */
  async whileReading(work: Promise<void>): Promise<void> {
    await window.withProgress({ location: { viewId: views.users } }, () => work);
  }

  dispose(): void {
    this.#own.dispose();
  }

  /** A row that is opened shows every kind of device, and what is known of each: the user is asked for by name. */
  async #readDevices({ user, mfa }: UserEntry): Promise<void> {
    const { state } = this.session;
    if (state.kind !== 'open' || mfa.kind !== 'has') {
      return;
    }
    await state.directory.readDetails(user.name);
  }

  #showSoon(): void {
    const { state } = this.session;
    const isReading = state.kind === 'open' && state.directory.state.kind === 'loading';
    const still = isReading && this.#shown?.session === state ? calm.reading : calm.read;
    const wait = this.#shownAt + still - this.clock.now();
    if (wait <= 0) {
      this.#show();
    } else {
      // What was read does not wait for the progress that was to be told.
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#show(), Math.min(wait, still));
    }
  }

  #show(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#shownAt = this.clock.now();
    this.#view.message = this.#message() ?? '';
    const changed = this.#changedRows();
    if (!changed) {
      // The editor asks for every row again.
      this.#rows.clear();
    }
    this.#changed.fire(changed);
  }

  /** The rows that are to be drawn anew; undefined for all. */
  #changedRows(): TreeNode[] | undefined {
    const { state: session, account } = this.session;
    const reading = session.kind === 'open' ? session.directory.state.kind : undefined;
    const before = this.#shown;
    this.#shown = { session, ...(reading && { reading }), ...(account && { account }) };
    if (before?.session !== session || before.reading !== reading || !before.account || !account) {
      return undefined;
    }
    const [root] = rootNodes(session, account);
    // The account's row says nothing of a single user, but holds them all: the rows below are made from it.
    const parent = root && this.#sameRow(root);
    const names = changedUsers(before.account, account);
    if (!parent || !names) {
      return undefined;
    }
    const changed = new Set(names);
    return childNodes(parent)
      .map((row) => this.#sameRow(row))
      .flatMap((row) => (row.kind === 'group' ? childNodes(row) : []))
      .filter((row) => row.kind === 'user' && changed.has(row.entry.user.name) && this.#rows.has(row.id))
      .map((row) => this.#sameRow(row));
  }

  #sameRow(row: TreeNode): TreeNode {
    const known = this.#rows.get(row.id);
    if (known?.kind !== row.kind) {
      this.#rows.set(row.id, row);
      return row;
    }
    for (const key of Object.keys(known)) {
      if (!(key in row)) {
        Reflect.deleteProperty(known, key);
      }
    }
    return Object.assign(known, row);
  }

  /** What stands above the rows: only where something needs to be said in whole sentences. */
  #message(): string | undefined {
    const { state } = this.session;
    if (state.kind === 'failed') {
      return problemLine(state.problem);
    }
    if (state.kind !== 'open') {
      return undefined;
    }
    const reading = state.directory.state;
    if (reading.kind === 'failed') {
      return problemLine(reading.problem);
    }
    const { account } = state.directory;
    if (account?.users.size === 0) {
      return l10n.t(
        'Nobody can be listed: this account has no IAM users. People who sign in through IAM Identity Center are kept elsewhere. If you expected someone here, choose another account.',
      );
    }
    return account?.onlyYou
      ? l10n.t(
          'You can see only yourself. {0} You can still enable MFA for yourself.',
          problemWords(account.onlyYou).what,
        )
      : undefined;
  }
}

/** What a key may act on. */
function selectionOf(rows: readonly TreeNode[]): string {
  if (rows.length > 0 && rows.every(({ kind }) => kind === 'unfinished')) {
    return selections.leftovers;
  }
  return rows.length === 1 && rows[0]?.kind === 'device' ? selections.device : '';
}
