import type { Session } from '../core/session';
import { type AccountNode, type MoreNode, type TreeNode } from './treeNodes';
import type { UsersTree } from './usersTree';

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
