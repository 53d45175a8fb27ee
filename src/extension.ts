import { setImmediate as nextTurn } from 'node:timers/promises';
import type { build, Running } from './parts';

/** The editor calls two functions of this module, and the second needs to know what the first made. */
let running: Running | undefined;

/** Builds the parts a turn later: the editor starts the other extensions in this one, and they wait for each other (decision 1). */
export async function activate(context: Parameters<typeof build>[0]): Promise<void> {
  await nextTurn();
  const parts = await import('./parts');
  running = parts.build(context);
}

export async function deactivate(): Promise<void> {
  await running?.end();
  running = undefined;
}
