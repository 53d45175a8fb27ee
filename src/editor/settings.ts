import { ConfigurationTarget, type Disposable, EventEmitter, workspace } from 'vscode';
import { groupings, sortings, type GroupBy, type SortBy } from '../core/userOrder';
import { settings, warnAboutValues, type WarnAbout } from './manifest';

/** Whom the status bar warns about: read when asked; a value that is none falls back to the default. */
export class WarnAboutSetting implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listening: Disposable;

  constructor() {
    this.#listening = workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.warnAbout.key)) {
        this.#changed.fire();
      }
    });
  }

  get value(): WarnAbout {
    const value = workspace.getConfiguration().get<unknown>(settings.warnAbout.key);
    return warnAboutValues.find((known) => known === value) ?? settings.warnAbout.default;
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }
}

/** No account is read again sooner than after so many minutes. */
const shortestInterval = 5;

/**
 * After how long an account is read again by itself, milliseconds; undefined: never. What is no such number falls back to the
 * default, and one that is too small to the smallest.
 */
export function refreshInterval(): number | undefined {
  const { key, default: usual } = settings.refreshInterval;
  const value = workspace.getConfiguration().get<unknown>(key);
  const minutes = typeof value === 'number' && value >= 0 ? value : usual;
  return minutes === 0 ? undefined : Math.max(minutes, shortestInterval) * 60_000;
}

const arrangement = [settings.sortBy, settings.groupBy];

/** Calls back at once where users are not to be shown the plain way, and whenever the person has chosen anew. */
export function followArrangement(follow: () => void): Disposable {
  if (arrangement.some((setting) => workspace.getConfiguration().get(setting.key) !== setting.default)) {
    follow();
  }
  return workspace.onDidChangeConfiguration((event) => {
    if (arrangement.some(({ key }) => event.affectsConfiguration(key))) {
      follow();
    }
  });
}

/** How users are to be sorted and grouped; a value that is none falls back to the default. */
export function chosenOrder(): { readonly sortBy: SortBy; readonly groupBy: GroupBy } {
  const [sortBy, groupBy] = [textOf(settings.sortBy.key), textOf(settings.groupBy.key)];
  return {
    sortBy: sortings.find((known) => known === sortBy) ?? settings.sortBy.default,
    groupBy: groupings.find((known) => known === groupBy) ?? settings.groupBy.default,
  };
}

/** Writes a setting where it counts: for every window, unless the folder that is open has one of its own. */
export async function choose(key: string, value: string): Promise<void> {
  const configuration = workspace.getConfiguration();
  const isOfWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  await configuration.update(key, value, isOfWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}

/** The AWS files that the person has named in settings; each absent where the environment or AWS's default place counts. */
export function chosenFiles(): { readonly config?: string; readonly credentials?: string } {
  const config = textOf(settings.configFile.key);
  const credentials = textOf(settings.credentialsFile.key);
  return { ...(config !== '' && { config }), ...(credentials !== '' && { credentials }) };
}

function textOf(key: string): string {
  const value = workspace.getConfiguration().get<unknown>(key);
  return typeof value === 'string' ? value.trim() : '';
}
