import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { commands } from './manifest';
import { moreRows } from './rowLimits';
import type { EmptyNode, MoreNode, NoteNode } from './treeNodes';
import { numberLabel } from './words';

/**
 * The account's trouble, or what is to be known of it.
 * @param words in whole sentences: cut off by the row, and whole in its tooltip
 */
export function noteItem({ id }: NoteNode, words: string): TreeItem {
  const item = new TreeItem(words, TreeItemCollapsibleState.None);
  item.id = id;
  item.iconPath = new ThemeIcon('info');
  item.tooltip = words;
  return item;
}

/** What stands in the place of users where there are none. */
export function emptyItem({ id, filtered }: EmptyNode): TreeItem {
  const item = new TreeItem(filtered ?? l10n.t('This account has no IAM users'), TreeItemCollapsibleState.None);
  item.id = id;
  item.iconPath = new ThemeIcon('info');
  if (filtered !== undefined) {
    item.command = { command: commands.clearFilter, title: filtered };
  }
  return item;
}

/** The row that stands for users who are not shown yet, and shows more of them. */
export function moreItem(node: MoreNode): TreeItem {
  const next = Math.min(moreRows, node.of - node.shown);
  const label = next === 1 ? l10n.t('Show 1 more user') : l10n.t('Show {0} more users', numberLabel(next));
  const words = l10n.t('{0} of {1} shown', numberLabel(node.shown), numberLabel(node.of));
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = node.id;
  item.description = words;
  item.iconPath = new ThemeIcon('ellipsis');
  item.command = { command: commands.showMore, title: label, arguments: [node] };
  item.accessibilityInformation = { label: `${label}, ${words}` };
  return item;
}
