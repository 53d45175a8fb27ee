import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { commands } from './manifest';
import type { MoreNode } from './treeNodes';
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
