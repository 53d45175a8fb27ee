import { commands } from 'vscode';
import type { Milestone } from '../core/milestones';
import { milestones } from './manifest';
import type { TreeNode } from './treeNodes';

/** Notes what a person has done: steps of the walkthrough are ticked by it. */
export function note(done: readonly Milestone[]): void {
  for (const milestone of done) {
    void commands.executeCommand('setContext', milestones[milestone], true);
  }
}

/** Notes what a selection of rows says of a person's way. */
export function noteSelected(rows: readonly TreeNode[]): void {
  if (rows.some(({ kind }) => kind === 'user' || kind === 'group')) {
    note(['lookedAtUsers']);
  }
  if (rows.some((row) => row.kind === 'user' && row.entry.isCaller)) {
    note(['foundYourself']);
  }
}
