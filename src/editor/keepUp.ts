import { Disposable, workspace } from 'vscode';
import type { Accounts } from '../core/accounts';
import type { Clock } from '../core/clock';
import { checkEvery, KeepUp } from '../core/keepUp';
import { settings } from './manifest';
import { refreshInterval } from './settings';

/** Keeps what is shown of the accounts up to date: reads again by itself what has grown old. */
export function keepUp(accounts: Accounts, clock: Clock): Disposable {
  const keeping = new KeepUp(accounts, clock);
  // A little apart from other windows, which were perhaps opened in the same moment.
  const every = checkEvery * (1 + Math.random() / 4);
  const looking = setInterval(() => keeping.look(refreshInterval()), every);
  return Disposable.from(
    { dispose: () => clearInterval(looking) },
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.refreshInterval.key)) {
        keeping.readDue(refreshInterval());
      }
    }),
  );
}
