import {
  commands,
  DataTransferItem,
  Disposable,
  EventEmitter,
  type DataTransfer,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
  type TreeView,
  window,
} from 'vscode';
import type { Clock } from '../core/clock';
import type { Accounts } from '../core/accounts';
import type { AccountSnapshot } from '../core/directory';
import type { Session } from '../core/session';
import { byState, isSameOrder, remembered, type Arrangement } from './arrangement';
import { contextKeys, selections, views } from './manifest';
import { changedUsers } from './treeChanges';
import { noteItem, treeItem } from './treeItems';
import {
  accountNode,
  childNodes,
  parentNode,
  rootNodes,
  shownOf,
  type AccountNode,
  type Shown,
  type TreeNode,
  type UserNode,
} from './treeNodes';

/** How often the ages on screen are said anew, milliseconds. */
const agesAge = 60_000;

/**
 * Changes that come so close together are shown at once, milliseconds: while rows are made anew, a click on one is lost. Progress
 * of a reading is told less often than what was read.
 */
const calm = { reading: 1000, read: 150 };

/** Rows that are dragged within the view. */
const draggedRows = `application/vnd.code.tree.${views.users.toLowerCase()}`;

/** The *Users* view: who is in the accounts and what is known of their MFA. */
export class UsersTree implements TreeDataProvider<TreeNode>, TreeDragAndDropController<TreeNode>, Disposable {
  readonly dragMimeTypes = [draggedRows];
  readonly dropMimeTypes = [draggedRows];
  readonly #changed = new EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<TreeNode>;
  readonly #own: Disposable;
  /** Rows as they were given to the editor, by id: it asks for the same again, and knows them by identity. */
  readonly #rows = new Map<string, TreeNode>();
  #shown: readonly Shown[] = [];
  #arrangement = remembered(byState);
  /** What of the accounts is to be shown yet: some of them, or `all`. */
  #unshown: Set<Session> | 'all' = new Set();
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;

  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {
    this.#view = window.createTreeView(views.users, {
      treeDataProvider: this,
      dragAndDropController: this,
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
      accounts.onDidChange((session) => this.#showSoon(session)),
      this.#view.onDidChangeSelection(({ selection }) => {
        void commands.executeCommand('setContext', contextKeys.selection, selectionOf(selection));
        selection.forEach((node) => void this.#verify(node));
      }),
      this.#view.onDidExpandElement(({ element }) => {
        if (element.kind === 'user') {
          void this.#readDevices(element);
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

  getTreeItem(node: TreeNode): TreeItem | Promise<TreeItem> {
    switch (node.kind) {
      case 'note':
        return wordsOf(node.parent).then((words) => noteItem(node, words));
      case 'device':
      case 'unfinished':
        return import('./deviceItems').then(({ deviceTreeItem }) => deviceTreeItem(node, this.clock.now()));
      default:
        return treeItem(node, this.clock.now());
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
    // The rows are those of the last change that was told: one that was not told yet brings rows that are made anew at once.
    return (node ? childNodes(node) : this.#roots()).map((row) => this.#sameRow(row));
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

  /** Shows users in another order, below other rows, or others of them. */
  arrange(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    this.#unshown = 'all';
    this.#show();
  }

  /** Selects a row, moves the focus there and opens what it stands in. */
  async reveal(row: TreeNode): Promise<void> {
    await this.#view.reveal(row, { select: true, focus: true });
  }

  /** The rows that are selected. */
  get selection(): readonly TreeNode[] {
    return this.#view.selection;
  }

  /** Shows the view's progress bar for as long as the work takes. */
  async whileReading(work: Promise<unknown>): Promise<void> {
    await window.withProgress({ location: { viewId: views.users } }, () => work);
  }

  dispose(): void {
    this.#own.dispose();
  }

  handleDrag(rows: readonly TreeNode[], data: DataTransfer): void {
    const dragged = rows.filter(({ kind }) => kind === 'account').map(({ id }) => id);
    data.set(draggedRows, new DataTransferItem(dragged));
  }

  /** An account that is dropped on another, or on its rows, comes to stand before it. */
  handleDrop(target: TreeNode | undefined, data: DataTransfer): void {
    const dragged: unknown = data.get(draggedRows)?.value;
    const before = target && accountNode(target).session;
    for (const { id, session } of this.#roots()) {
      if (session !== before && Array.isArray(dragged) && dragged.includes(id)) {
        this.accounts.move(session, before);
      }
    }
  }

  /** What only the report said is asked of AWS once somebody looks at it. */
  async #verify(node: TreeNode): Promise<void> {
    const { state } = accountNode(node).session;
    if (node.kind === 'user' && state.kind === 'open' && node.entry.mfa.kind === 'none' && node.entry.mfa.source) {
      await state.directory.refreshUser(node.entry.user.name);
    }
  }

  /** A row that is opened shows every kind of device, and what is known of each: the user is asked for by name. */
  async #readDevices(node: UserNode): Promise<void> {
    const { state } = accountNode(node).session;
    const { user, mfa } = node.entry;
    if (state.kind === 'open' && mfa.kind === 'has') {
      await state.directory.readDetails(user.name);
    }
  }

  #showSoon(session: Session | undefined): void {
    if (!session) {
      this.#unshown = 'all';
    } else if (this.#unshown !== 'all') {
      this.#unshown.add(session);
    }
    const wait = this.#shownAt + this.#calm(session) - this.clock.now();
    if (wait <= 0) {
      this.#show();
    } else {
      // What was read does not wait for the progress that was to be told.
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#show(), Math.min(wait, calm.reading));
    }
  }

  /** How long the rows should have been still before they are made anew. */
  #calm(session: Session | undefined): number {
    const before = this.#shown.find((shown) => shown.session === session);
    const isReading = session?.state.kind === 'open' && session.state.directory.state.kind === 'loading';
    return isReading && before?.state === session.state ? calm.reading : calm.read;
  }

  #show(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#shownAt = this.clock.now();
    const changed = this.#changedRows();
    void this.#tell();
    if (!changed) {
      // The editor asks for every row again.
      this.#rows.clear();
    }
    this.#changed.fire(changed);
  }

  /** The rows that are to be drawn anew; undefined for all. */
  #changedRows(): TreeNode[] | undefined {
    const before = this.#shown;
    const unshown = this.#unshown;
    this.#unshown = new Set();
    this.#shown = this.accounts.sessions.flatMap((session) => shownOf(session) ?? []);
    const roots = this.#roots();
    if (unshown === 'all' || before.length !== roots.length) {
      return undefined;
    }
    const changed: TreeNode[] = [];
    for (const [index, root] of roots.entries()) {
      const [earlier, now] = [before[index], this.#shown[index]];
      if (!now || earlier?.session !== now.session || earlier.key !== now.key || !this.#rows.has(root.id)) {
        return undefined;
      }
      if (unshown.has(now.session)) {
        changed.push(...this.#changedBelow(root, earlier, now));
      }
    }
    return changed;
  }

  /** @returns what is to be drawn anew of an account: its users' rows where no more has changed, or all of it */
  #changedBelow(root: AccountNode, earlier: Shown, now: Shown): readonly TreeNode[] {
    // The account's row says nothing of a single user, but holds them all: the rows below are made from it.
    const parent = this.#sameRow(root);
    const stays = earlier.state === now.state && earlier.reading === now.reading && earlier.problem === now.problem;
    const names = stays && earlier.account && now.account ? changedUsers(earlier.account, now.account) : undefined;
    if (!names || !earlier.account || !now.account || !this.#isSameOrder(earlier.account, now.account)) {
      return [parent];
    }
    const changed = new Set(names);
    return childNodes(parent)
      .map((row) => this.#sameRow(row))
      .flatMap((row) => (row.kind === 'group' ? childNodes(row) : [row]))
      .filter((row) => row.kind === 'user' && changed.has(row.entry.user.name) && this.#rows.has(row.id))
      .map((row) => this.#sameRow(row));
  }

  #isSameOrder(earlier: AccountSnapshot, now: AccountSnapshot): boolean {
    return isSameOrder(this.#arrangement.of(earlier), this.#arrangement.of(now));
  }

  #roots(): readonly AccountNode[] {
    return rootNodes(this.#shown, this.#arrangement);
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

  /** What stands above the rows: of an only account, what needs to be said in whole sentences. */
  async #tell(): Promise<void> {
    const shown = this.#shown;
    this.#view.description = this.#arrangement.description?.(shown.flatMap(({ account }) => account ?? [])) ?? '';
    const [only, ...others] = shown;
    const words = only && others.length === 0 ? await wordsOf(only) : '';
    if (this.#shown === shown) {
      this.#view.message = words;
    }
  }
}

/** @returns what is to be said of an account in whole sentences; empty where there is nothing */
async function wordsOf({ problem, account }: Pick<Shown, 'problem' | 'account'>): Promise<string> {
  if (!problem && !account?.onlyYou && account?.users.size !== 0) {
    return '';
  }
  const { accountWords } = await import('./problemWords');
  return accountWords(problem, account) ?? '';
}

/** What a key may act on. */
function selectionOf(rows: readonly TreeNode[]): string {
  if (rows.length > 0 && rows.every(({ kind }) => kind === 'unfinished')) {
    return selections.leftovers;
  }
  return rows.length === 1 && rows[0]?.kind === 'device' ? selections.device : '';
}
