import { Disposable, type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Accounts } from '../core/accounts';
import type { Clock } from '../core/clock';
import { checkEvery, KeepUp, readWritten } from '../core/keepUp';
import type { Session } from '../core/session';
import { settings } from './manifest';
import { OtherWindows } from './otherWindows';
import { refreshInterval } from './settings';
import { accountNode } from './treeNodes';
import type { UsersTree } from './usersTree';

export interface KeepUpOptions {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Where windows tell each other what they have changed. */
  readonly folder: Uri;
  readonly session: string;
  readonly log: LogOutputChannel;
  readonly tree: Pick<UsersTree, 'selection' | 'rows'>;
  /** Told that the person has named other AWS files. */
  readonly onFilesChosen: () => void;
}

/**
 * Keeps what is shown of the accounts up to date: reads again by itself what has grown old, and what another window has changed.
 * @returns once other windows are heard; ends when it is disposed
 */
export async function keepUp(options: KeepUpOptions): Promise<Disposable> {
  const { accounts, clock, folder, session, log, tree } = options;
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
    accounts.onDidChange((changed) => changed && askFirstAbout(changed, tree)),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.refreshInterval.key)) {
        keeping.readDue(refreshInterval());
      }
      if ([settings.configFile, settings.credentialsFile].some(({ key }) => event.affectsConfiguration(key))) {
        options.onFilesChosen();
      }
    }),
  );
  accounts.sessions.forEach((each) => askFirstAbout(each, tree));
  try {
    await others.start();
  } catch (error) {
    log.warn('Other windows cannot be heard', error);
  }
  return own;
}

/** Whom somebody looks at is asked about before others: who is selected, then who stands in the view, from the top. */
function askFirstAbout(session: Session, tree: KeepUpOptions['tree']): void {
  const { state } = session;
  if (state.kind === 'open') {
    state.directory.askFirstAbout(function* () {
      for (const rows of [tree.selection, tree.rows]) {
        for (const row of rows) {
          if (row.kind === 'user' && accountNode(row).session === session) {
            yield row.entry.user.name;
          }
        }
      }
    });
  }
}
