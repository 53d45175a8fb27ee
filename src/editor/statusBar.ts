import { Disposable, l10n, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Accounts } from '../core/accounts';
import type { Session } from '../core/session';
import { tally, type Tally } from '../core/users';
import { extensionName, focusUsersCommand, type WarnAbout } from './manifest';
import type { WarnAboutSetting } from './settings';
import { numberLabel } from './words';

/** `$(shield) 3 without MFA`, with the warning's background while there is someone to warn about. */
export class StatusBar implements Disposable {
  readonly #item: StatusBarItem;
  readonly #own: Disposable;
  /** Counts what was to be explained: of two that are under way, the later one holds. */
  #turn = 0;

  constructor(
    private readonly accounts: Accounts,
    private readonly warnAbout: WarnAboutSetting,
  ) {
    this.#item = window.createStatusBarItem('status', StatusBarAlignment.Left, 0);
    this.#item.name = extensionName;
    this.#item.command = focusUsersCommand;
    this.#own = Disposable.from(
      this.#item,
      accounts.onDidChange(() => this.#show()),
      warnAbout.onDidChange(() => this.#show()),
    );
  }

  dispose(): void {
    this.#own.dispose();
  }

  #show(): void {
    const { sessions } = this.accounts;
    if (sessions.length === 0) {
      this.#item.hide();
      return;
    }
    const { words, isReading, warns } = glance(sessions, this.warnAbout.value);
    this.#item.backgroundColor = warns ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    if (words !== undefined) {
      this.#say(isReading, words);
    }
    void this.#explain(sessions, words === undefined);
    this.#item.show();
  }

  /** The long story, and the words where there is nobody to warn about, are made by a part that is loaded then. */
  async #explain(sessions: readonly Session[], isCalm: boolean): Promise<void> {
    const turn = ++this.#turn;
    const { calmWords, statusTooltip } = await import('./statusTooltip');
    if (turn === this.#turn) {
      this.#item.tooltip = statusTooltip(sessions);
      if (isCalm) {
        this.#say(false, calmWords(sessions));
      }
    }
  }

  #say(isReading: boolean, words: string): void {
    this.#item.text = `${isReading ? '$(loading~spin)' : '$(shield)'} ${words}`;
    this.#item.accessibilityInformation = { label: `${extensionName}: ${words}` };
  }
}

/** @returns what is to be said; no words where everything was read that could be, and there is nobody to warn about */
export function glance(
  sessions: readonly Session[],
  warnAbout: WarnAbout,
): { readonly words?: string; readonly isReading: boolean; readonly warns: boolean } {
  const working = sessions.filter(({ problem }) => !problem);
  const users = working.flatMap(({ account }) => [...(account?.users.values() ?? [])]);
  // Of an account that nothing was read of yet, nobody knows anything.
  const isReading = working.some(({ account }) => !account || isBeingRead(account));
  const counted = countedUsers(tally(users), warnAbout);
  if (working.length === 0) {
    return { words: l10n.t('MFA could not be checked'), isReading, warns: false };
  }
  if (counted > 0) {
    // More may be found yet.
    return { words: l10n.t('{0} without MFA', numberLabel(counted)), isReading, warns: warnAbout !== 'never' };
  }
  return { ...(isReading && { words: l10n.t('Reading MFA') }), isReading, warns: false };
}

function countedUsers(counts: Tally, warnAbout: WarnAbout): number {
  // A user whose password is not known may well have one.
  return warnAbout === 'consoleUsers' ? counts.canSignIn + counts.passwordUnknown : counts.withoutMfa;
}

/** Whether users, or the answers about some of them, are still to come. */
function isBeingRead({ isPartial, users }: AccountSnapshot): boolean {
  return isPartial === true || tally(users.values()).checking > 0;
}
