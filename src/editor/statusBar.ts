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
    this.#item.backgroundColor = undefined;
    const failed = sessions.filter(({ problem }) => problem);
    const read = sessions.flatMap(({ account, problem }) => (account && !problem ? [account] : []));
    if (failed.length === sessions.length) {
      this.#say('$(shield)', l10n.t('MFA could not be checked'));
    } else if (read.length === 0) {
      this.#say('$(loading~spin)', l10n.t('Reading MFA'));
    } else {
      this.#count(tallyAll(read), failed.length, read.some(isBeingRead));
    }
    void this.#explain(sessions);
    this.#item.show();
  }

  /** @param failed how many accounts could not be read: what is said of the others is no word about these */
  #count(counts: Tally, failed: number, reading: boolean): void {
    const warnAbout = this.warnAbout.value;
    const counted = countedUsers(counts, warnAbout);
    if (counted > 0) {
      // More may be found yet.
      this.#say(reading ? '$(loading~spin)' : '$(shield)', l10n.t('{0} without MFA', numberLabel(counted)));
      if (warnAbout !== 'never') {
        this.#item.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
      }
    } else if (reading) {
      this.#say('$(loading~spin)', l10n.t('Reading MFA'));
    } else if (failed > 0) {
      this.#say(
        '$(shield)',
        failed === 1 ? l10n.t('1 account could not be read') : l10n.t('{0} accounts could not be read', failed),
      );
    } else if (counts.unchecked > 0) {
      this.#say('$(shield)', l10n.t('{0} could not be checked', counts.unchecked));
    } else if (counts.withoutMfa > 0) {
      this.#say('$(shield)', l10n.t('Console users have MFA'));
    } else if (counts.total === 0) {
      this.#say('$(shield)', l10n.t('No IAM users'));
    } else {
      this.#say('$(shield)', l10n.t('All have MFA'));
    }
  }

  /** The long story is made by a part that is loaded then. */
  async #explain(sessions: readonly Session[]): Promise<void> {
    const turn = ++this.#turn;
    const { statusTooltip } = await import('./statusTooltip');
    if (turn === this.#turn) {
      this.#item.tooltip = statusTooltip(sessions);
    }
  }

  #say(icon: string, words: string): void {
    this.#item.text = `${icon} ${words}`;
    this.#item.accessibilityInformation = { label: `${extensionName}: ${words}` };
  }
}

function countedUsers(counts: Tally, warnAbout: WarnAbout): number {
  // A user whose password is not known may well have one.
  return warnAbout === 'consoleUsers' ? counts.canSignIn + counts.passwordUnknown : counts.withoutMfa;
}

/** Whether users, or the answers about some of them, are still to come. */
function isBeingRead({ isPartial, users }: AccountSnapshot): boolean {
  return isPartial === true || tally(users.values()).checking > 0;
}

function tallyAll(accounts: readonly AccountSnapshot[]): Tally {
  return tally(accounts.flatMap(({ users }) => [...users.values()]));
}
