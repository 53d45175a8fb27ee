import { commands as editorCommands } from 'vscode';
import { isEveryone, parseFilter } from '../core/userFilter';
import { byState, remembered } from './arrangement';
import { filtered } from './chosenArrangement';
import { askForFilter } from './filterBox';
import { contextKeys, findingCommands, focusUsersCommand, type FindingId } from './manifest';
import type { UsersTree } from './usersTree';

export interface FindingOptions {
  readonly tree: UsersTree;
}

/** Finds users among many, and hands on what is shown of them. */
export class FindingActions {
  readonly #all = remembered(byState);
  /** The filter that is on, as it was typed. */
  #filter = '';

  constructor(private readonly options: FindingOptions) {}

  /** @param argument what the place handed over that the command was called from */
  async run(id: FindingId, argument: unknown): Promise<void> {
    switch (id) {
      case findingCommands.filterUsers:
        return this.#askForFilter(argument);
      case findingCommands.clearFilter:
        this.#show('');
        return;
    }
  }

  /** @param argument a filter, where a key binding or other code tells it: then nobody is asked */
  async #askForFilter(argument: unknown): Promise<void> {
    // What is found is to be seen.
    await editorCommands.executeCommand(focusUsersCommand);
    if (typeof argument === 'string') {
      this.#show(argument);
    } else {
      await askForFilter(this.#filter, (text) => this.#show(text));
    }
  }

  #show(filter: string): void {
    this.#filter = filter;
    this.options.tree.arrange(filtered(this.#all, filter));
    void editorCommands.executeCommand('setContext', contextKeys.filtered, !isEveryone(parseFilter(filter)));
  }
}
