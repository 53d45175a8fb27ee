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
import type { Session } from '../core/session';
import { byState, remembered, type Arrangement } from './arrangement';
import { DrawnRows, lookOf } from './drawnRows';
import { contextKeys, selections, views } from './manifest';
import { RowLimits } from './rowLimits';
import { ago } from './times';
import { treeItem } from './treeItems';
import {
  accountNode,
  type AccountNode,
  childNodes,
  parentNode,
  rootNodes,
  shownOf,
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

/** A reading that takes longer can be stopped, milliseconds: a button that comes and goes at once disturbs. */
const longReading = 2000;

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
  readonly #drawn = new DrawnRows((row) => this.#look(row), childNodes);
  #shown: readonly Shown[] = [];
  #arrangement = remembered(byState);
  /** After a change of these, `show`. */
  readonly limits = new RowLimits();
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #lookingAgain: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;
  readonly #longReadings = new Set<Promise<unknown>>();

  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly onSelect: (rows: readonly TreeNode[]) => void,
  ) {
    this.#view = window.createTreeView(views.users, {
      treeDataProvider: this,
      dragAndDropController: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    const ages = setInterval(() => {
      if (this.#view.visible) {
        this.show();
      }
    }, agesAge);
    this.#own = Disposable.from(
      this.#view,
      this.#changed,
      accounts.onDidChange((session) => this.#showSoon(session)),
      this.#view.onDidChangeSelection(({ selection }) => {
        clearTimeout(this.#lookingAgain);
        this.#noteSelected(selection);
        if (selection.length === 0) {
          // Of a row that was being made anew, the editor tells that nothing is selected: it stands a moment later.
          this.#lookingAgain = setTimeout(() => this.#noteSelected(this.selection), calm.read);
        }
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
          clearTimeout(this.#lookingAgain);
        },
      },
    );
  }

  getTreeItem(node: TreeNode): TreeItem | Promise<TreeItem> {
    this.#drawn.noteDrawn(node);
    switch (node.kind) {
      case 'note':
        return Promise.all([import('./otherItems'), import('./problemWords')]).then(
          ([{ noteItem }, { accountWords }]) => noteItem(node, accountWords(node.parent) ?? ''),
        );
      case 'device':
      case 'unfinished':
      case 'unfinishedGroup':
        return import('./deviceItems').then(({ deviceTreeItem }) => deviceTreeItem(node, this.clock.now()));
      case 'more':
        return import('./otherItems').then(({ moreItem }) => moreItem(node));
      case 'empty':
        return import('./otherItems').then(({ emptyItem }) => emptyItem(node));
      default:
        return treeItem(node, this.clock.now());
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
    // The rows are those of the last change that was told: one that was not told yet brings rows that are made anew at once.
    return this.#drawn.give(node, node ? childNodes(node) : this.#roots());
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return parentNode(node);
  }

  async resolveTreeItem(item: TreeItem, node: TreeNode): Promise<TreeItem> {
    const { tooltip } = await import('./treeTooltips');
    const text = tooltip(node);
    if (text) {
      item.tooltip = text;
    }
    return item;
  }

  /** Shows users in another order, below other rows, or others of them. */
  arrange(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    this.limits.reset();
    this.show();
  }

  /** Makes every row anew. */
  redraw(): void {
    this.#drawn.clear();
    this.#changed.fire(undefined);
  }

  /** Moves the focus to a row, selects it unless told otherwise, and opens what it stands in. */
  async reveal(row: TreeNode, { select = true } = {}): Promise<void> {
    await this.#view.reveal(row, { select, focus: true });
  }

  /** The rows that are selected. */
  get selection(): readonly TreeNode[] {
    return this.#view.selection;
  }

  /** The rows that are there to be seen. */
  get rows(): Iterable<TreeNode> {
    return this.#drawn.given(this.#roots());
  }

  /** Shows the view's progress bar for as long as the work takes. */
  async whileReading(work: Promise<unknown>): Promise<void> {
    const telling = setTimeout(() => {
      this.#longReadings.add(work);
      this.#tellReading();
    }, longReading);
    try {
      await window.withProgress({ location: { viewId: views.users } }, () => work);
    } finally {
      clearTimeout(telling);
      this.#longReadings.delete(work);
      this.#tellReading();
    }
  }

  /** A reading that takes long can be stopped. */
  #tellReading(): void {
    void commands.executeCommand('setContext', contextKeys.reading, this.#longReadings.size > 0);
    void this.#tell();
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

  #noteSelected(rows: readonly TreeNode[]): void {
    void commands.executeCommand('setContext', contextKeys.selection, selectionOf(rows));
    this.onSelect(rows);
    rows.forEach((row) => void this.#verify(row));
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
    const wait = this.#shownAt + this.#calm(session) - this.clock.now();
    // What was read does not wait for the progress that was to be told. In a turn of its own: there may be thousands of rows.
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.show(), Math.max(0, Math.min(wait, calm.reading)));
  }

  /** How long the rows should have been still before they are made anew. */
  #calm(session: Session | undefined): number {
    const before = this.#shown.find((shown) => shown.session === session);
    if (!before?.account && session?.account) {
      // The first rows of an account.
      return 0;
    }
    const isReading = session?.state.kind === 'open' && session.state.directory.state.kind === 'loading';
    return isReading && before?.state === session.state ? calm.reading : calm.read;
  }

  /** Shows what there is to show now. */
  show(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#shownAt = this.clock.now();
    const before = this.#roots();
    this.#shown = this.accounts.sessions.flatMap((session) => shownOf(session) ?? []);
    const changed = this.#drawn.update(before, this.#roots());
    void this.#tell();
    if (!changed) {
      this.redraw();
    } else if (changed.length > 0) {
      this.#changed.fire(changed);
    }
  }

  #roots(): readonly AccountNode[] {
    return rootNodes(this.#shown, this.#arrangement, this.limits);
  }

  /** What a person sees of a row, or what that is made of where its words are loaded with it. */
  #look(row: TreeNode): string {
    const now = this.clock.now();
    switch (row.kind) {
      case 'note':
        return JSON.stringify([row.parent.problem, row.parent.account?.onlyYou, row.parent.account?.users.size]);
      case 'device':
        return JSON.stringify([
          row.device,
          [...(row.details?.tags ?? [])],
          [...(row.details?.certifications ?? [])],
          row.details?.problem,
        ]);
      case 'more':
        return JSON.stringify([row.shown, row.of]);
      case 'unfinished':
        return JSON.stringify([row.device.serial, ago(row.device.firstSeenAt, now)]);
      case 'unfinishedGroup':
        return JSON.stringify([row.devices.length, row.of]);
      case 'empty':
        return String(row.filtered);
      default:
        return lookOf(treeItem(row, now));
    }
  }

  /** What stands above the rows. */
  async #tell(): Promise<void> {
    const shown = this.#shown;
    const { aboveRows } = await import('./problemWords');
    if (this.#shown === shown) {
      const { description, message } = aboveRows({
        shown,
        arrangement: this.#arrangement,
        longReading: this.#longReadings.size > 0,
        now: this.clock.now(),
      });
      this.#view.description = description;
      this.#view.message = message;
    }
  }
}

/** What a key may act on. */
function selectionOf(rows: readonly TreeNode[]): string {
  if (rows.length > 0 && rows.every(({ kind }) => kind === 'unfinished')) {
    return selections.leftovers;
  }
  return rows.length === 1 && rows[0]?.kind === 'device' ? selections.device : '';
}
