import { commands, Disposable, type ExtensionContext, type Tab, window } from 'vscode';
import type { Milestone } from '../core/milestones';
import { milestones } from './manifest';
import type { TreeNode } from './treeNodes';

/** How long after it was opened the editor's page of walkthroughs takes ticks, milliseconds. */
const pageOpens = 1000;

/**
 * Ticks the steps of the walkthrough by what a person has done. The editor ticks a step as its context key becomes true, and never if
 * the key was true before it loaded its walkthroughs, which it does when their page is opened first. So a key is true for a moment
 * only: when something was done, and again for all that was done whenever a page has opened that may be this one.
 */
export class Tour {
  readonly #done = new Set<Milestone>();
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #telling: Thenable<unknown> = Promise.resolve();

  /** @param context ends with the window */
  constructor(context: Pick<ExtensionContext, 'subscriptions'>) {
    context.subscriptions.push(
      window.tabGroups.onDidChangeTabs(({ opened }) => this.#lookFor(opened)),
      new Disposable(() => clearTimeout(this.#waiting)),
    );
    this.#lookFor(window.tabGroups.all.flatMap(({ tabs }) => tabs));
  }

  note(done: readonly Milestone[]): void {
    const anew = done.filter((milestone) => !this.#done.has(milestone));
    anew.forEach((milestone) => this.#done.add(milestone));
    this.#tell(anew);
  }

  /** Notes what a selection of rows says of a person's way. */
  noteSelected(rows: readonly TreeNode[]): void {
    if (rows.some(({ kind }) => kind === 'user' || kind === 'group')) {
      this.note(['lookedAtUsers']);
    }
    if (rows.some((row) => row.kind === 'user' && row.entry.isCaller)) {
      this.note(['foundYourself']);
    }
  }

  #lookFor(tabs: readonly Tab[]): void {
    // The page of walkthroughs is of no kind that extensions are told.
    if (tabs.some(({ input }) => input === undefined)) {
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.#tell([...this.#done]), pageOpens);
    }
  }

  #tell(done: readonly Milestone[]): void {
    for (const milestone of done) {
      for (const value of [true, false]) {
        this.#telling = this.#telling.then(() => commands.executeCommand('setContext', milestones[milestone], value));
      }
    }
  }
}
