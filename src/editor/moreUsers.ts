import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Session } from '../core/session';
import { commands } from './manifest';
import { type AccountNode, type MoreNode, type TreeNode } from './treeNodes';
import type { UsersTree } from './usersTree';
import { numberLabel } from './words';

/** The row that stands for users who are not shown yet, and shows more of them. */
export function moreItem(node: MoreNode): TreeItem {
  const label = node.next === 1 ? l10n.t('Show 1 more user') : l10n.t('Show {0} more users', numberLabel(node.next));
  const words = l10n.t('{0} of {1} shown', numberLabel(node.shown), numberLabel(node.of));
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = node.id;
  item.description = words;
  item.iconPath = new ThemeIcon('ellipsis');
  item.command = { command: commands.showMore, title: label, arguments: [node] };
  item.accessibilityInformation = { label: `${label}, ${words}` };
  return item;
}

/**
 * Shows more of the users of a place, and moves the focus to the first of them.
 * @param row the row that stands for them; anything else is none
 */
export async function showMore(tree: UsersTree, row: unknown): Promise<void> {
  const more = moreRows(tree).find(({ id }) => id === (row as Partial<MoreNode> | undefined)?.id);
  if (!more) {
    return;
  }
  const before = new Set(tree.getChildren(more.parent).map(({ id }) => id));
  tree.limits.showMore(more.place);
  tree.show();
  const first = tree.getChildren(more.parent).find(({ id }) => !before.has(id));
  if (first) {
    await tree.reveal(first, { select: false });
  }
}

/** @returns the user's row, which is shown from now on; undefined where the user is not among those who are to be shown */
export function rowOf(tree: UsersTree, session: Session, userName: string): TreeNode | undefined {
  const account = tree.getChildren().find((row) => row.kind === 'account' && row.session === session);
  const stands = account?.kind === 'account' ? standing(account, userName) : undefined;
  if (!stands) {
    return undefined;
  }
  tree.limits.showAtLeast(stands.place, stands.index + 1);
  tree.show();
  return placesIn(tree, account)
    .flatMap((place) => tree.getChildren(place))
    .find((row) => row.kind === 'user' && row.entry.user.name === userName);
}

/** @returns where a user stands below an account, and after how many others; undefined where they are not among those shown */
function standing(
  { id, arrangement, account }: AccountNode,
  userName: string,
): { readonly place: string; readonly index: number } | undefined {
  for (const { key, entries } of account ? arrangement.of(account).sections : []) {
    const index = entries.findIndex(({ user }) => user.name === userName);
    if (index >= 0) {
      return { place: `${id}/${key}`, index };
    }
  }
  return undefined;
}

function moreRows(tree: UsersTree): readonly MoreNode[] {
  return tree
    .getChildren()
    .flatMap((account) => placesIn(tree, account))
    .flatMap((place) => tree.getChildren(place))
    .filter((row) => row.kind === 'more');
}

/** Where users stand in an account: in itself, or in its groups. */
function placesIn(tree: UsersTree, account: TreeNode | undefined): readonly TreeNode[] {
  return account ? [account, ...tree.getChildren(account).filter(({ kind }) => kind === 'group')] : [];
}
