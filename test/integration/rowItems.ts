import type { TreeItem } from 'vscode';
import { deviceTreeItem } from '../../src/editor/deviceItems';
import { emptyItem, moreItem, noteItem } from '../../src/editor/otherItems';
import { treeItem } from '../../src/editor/treeItems';
import type { TreeNode } from '../../src/editor/treeNodes';

/** How the editor is told to draw a row of whichever kind; a note without its words. */
export function itemOf(row: TreeNode, now = Date.now()): TreeItem {
  switch (row.kind) {
    case 'note':
      return noteItem(row, '');
    case 'device':
    case 'unfinished':
    case 'unfinishedGroup':
      return deviceTreeItem(row, now);
    case 'more':
      return moreItem(row);
    case 'empty':
      return emptyItem(row);
    default:
      return treeItem(row, now);
  }
}
