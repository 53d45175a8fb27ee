import { Disposable, type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Accounts } from '../core/accounts';
import type { Clock } from '../core/clock';
import { checkEvery, KeepUp, readWritten } from '../core/keepUp';
import { settings } from './manifest';
import { OtherWindows } from './otherWindows';
import { refreshInterval } from './settings';

export interface KeepUpOptions {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Where windows tell each other what they have changed. */
  readonly folder: Uri;
  readonly session: string;
  readonly log: LogOutputChannel;
}

/**
 * Keeps what is shown of the accounts up to date: reads again by itself what has grown old, and what another window has changed.
 * @returns once other windows are heard; ends when it is disposed
 */
export async function keepUp({ accounts, clock, folder, session, log }: KeepUpOptions): Promise<Disposable> {
  const keeping = new KeepUp(accounts, clock);
  const others = new OtherWindows(folder, session, log, (write) => void readWritten(accounts, write));
  // A little apart from other windows, which were perhaps opened in the same moment.
  const every = checkEvery * (1 + Math.random() / 4);
  const looking = setInterval(() => {
    keeping.look(refreshInterval());
    void others.look();
  }, every);
  const own = Disposable.from(
    others,
    { dispose: () => clearInterval(looking) },
    accounts.onDidWrite((write) => void others.tell(write)),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.refreshInterval.key)) {
        keeping.readDue(refreshInterval());
      }
    }),
  );
  try {
    await others.start();
  } catch (error) {
    log.warn('Other windows cannot be heard', error);
  }
  return own;
}
