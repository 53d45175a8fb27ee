import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExtensionContext } from 'vscode';
import type { Running } from './parts';

/** The editor calls two functions of this module, and the second needs to know what the first made. */
let running: Running | undefined;

/** Builds the parts a turn later: the editor starts the other extensions in this one, and they wait for each other (decision 1). */
export async function activate(context: ExtensionContext): Promise<void> {
  await nextTurn();
  const { build } = await import('./parts');
  running = build(context);
}

export async function deactivate(): Promise<void> {
  await running?.end();
  running = undefined;
}
