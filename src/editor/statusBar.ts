import { Disposable, l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { Clock } from '../core/clock';
import type { AccountSnapshot } from '../core/directory';
import type { Session } from '../core/session';
import { tally, type Tally } from '../core/users';
import { commands, extensionName, focusUsersCommand, type WarnAbout } from './manifest';
import { ago } from './times';
import type { WarnAboutSetting } from './settings';
import { accountLabel, problemWords } from './words';

/** `$(shield) 3 without MFA`, with the warning's background while there is someone to warn about. */
export class StatusBar implements Disposable {
  readonly #item: StatusBarItem;
  readonly #own: Disposable;

  constructor(
    private readonly session: Session,
    private readonly clock: Clock,
    private readonly warnAbout: WarnAboutSetting,
  ) {
    this.#item = window.createStatusBarItem('status', StatusBarAlignment.Left, 0);
    this.#item.name = extensionName;
    this.#item.command = focusUsersCommand;
    this.#own = Disposable.from(
      this.#item,
      session.onDidChange(() => this.#show()),
      warnAbout.onDidChange(() => this.#show()),
    );
  }

  dispose(): void {
    this.#own.dispose();
  }

  #show(): void {
    const { state } = this.session;
    if (state.kind === 'none') {
      this.#item.hide();
      return;
    }
    const reading = state.kind === 'open' ? state.directory.state : undefined;
    const { account } = this.session;
    const problem = state.kind === 'failed' ? state.problem : reading?.kind === 'failed' ? reading.problem : undefined;
    this.#item.backgroundColor = undefined;
    if (problem) {
      const { what, todo } = problemWords(problem);
      this.#say('$(shield)', l10n.t('MFA could not be checked'));
      this.#item.tooltip = tooltipFrom((text) => {
        text.appendText(`${what} ${todo}`);
        text.appendMarkdown(
          `\n\n${links([
            [l10n.t('Try Again'), commands.refresh],
            [l10n.t('Show Log'), commands.showLog],
          ])}`,
        );
      });
    } else if (account) {
      this.#count(account);
    } else {
      this.#say('$(loading~spin)', l10n.t('Reading MFA'));
      this.#item.tooltip = l10n.t('Asking AWS who has MFA…');
    }
    this.#item.show();
  }

  #count(account: AccountSnapshot): void {
    const counts = tally(account.users.values());
    const warnAbout = this.warnAbout.value;
    const counted = countedUsers(counts, warnAbout);
    if (counted > 0) {
      this.#say('$(shield)', l10n.t('{0} without MFA', counted));
      if (warnAbout !== 'never') {
        this.#item.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
      }
    } else if (counts.unchecked > 0) {
      this.#say('$(shield)', l10n.t('{0} could not be checked', counts.unchecked));
    } else if (counts.withoutMfa > 0) {
      this.#say('$(shield)', l10n.t('Console users have MFA'));
    } else if (counts.total === 0) {
      this.#say('$(shield)', l10n.t('No IAM users'));
    } else {
      this.#say('$(shield)', l10n.t('All have MFA'));
    }
    this.#item.tooltip = tooltipFrom((text) => {
      text.appendMarkdown('**');
      text.appendText(accountLabel(account));
      text.appendMarkdown('**\n\n');
      const row = (icon: string, count: number, words: string) => {
        if (count > 0) {
          text.appendMarkdown(`$(${icon}) ${count} `);
          text.appendText(words);
          text.appendMarkdown('  \n');
        }
      };
      row('warning', counts.canSignIn, l10n.t('can sign in without MFA'));
      row('circle-slash', counts.noPassword, l10n.t('without MFA and console password (keys only)'));
      row('circle-slash', counts.passwordUnknown, l10n.t('without MFA, console password not known'));
      row('question', counts.unchecked, l10n.t('could not be checked'));
      row('pass', counts.hasMfa, l10n.t('with MFA'));
      text.appendText(l10n.t('Read {0}.', ago(account.readAt, this.clock.now())));
      text.appendMarkdown(
        `\n\n${links([
          [l10n.t('Enable MFA…'), commands.enableMfa],
          [l10n.t('Show Users'), focusUsersCommand],
          [l10n.t('Refresh'), commands.refresh],
        ])}`,
      );
    });
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

function tooltipFrom(fill: (text: MarkdownString) => void): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: [...Object.values(commands), focusUsersCommand] };
  fill(text);
  return text;
}

function links(list: readonly (readonly [label: string, command: string])[]): string {
  return list.map(([label, command]) => `[${label}](command:${command})`).join(' &nbsp;·&nbsp; ');
}
