import { l10n, MarkdownString } from 'vscode';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Session } from '../core/session';
import { tally, type Tally } from '../core/users';
import { commands, focusUsersCommand } from './manifest';
import { appendWords } from './markdownText';
import { accountWords, problemLine } from './problemWords';
import { momentLabel } from './times';
import { accountLabel, sourceLabel } from './words';

/**
 * What the status bar says where nobody is to be warned about. What is said of some accounts or users is no word about those who could
 * not be read.
 */
export function calmWords(sessions: readonly Session[]): string {
  const failed = sessions.filter(({ problem }) => problem).length;
  const read = sessions.flatMap(({ account, problem }) => (account && !problem ? [account] : []));
  const counts = tally(read.flatMap(({ users }) => [...users.values()]));
  if (failed > 0) {
    return failed === 1 ? l10n.t('1 account could not be read') : l10n.t('{0} accounts could not be read', failed);
  }
  if (counts.unchecked > 0) {
    return l10n.t('{0} could not be checked', counts.unchecked);
  }
  if (counts.total === 0) {
    return l10n.t('No IAM users');
  }
  return read.some(({ onlyYou }) => onlyYou) ? wordsOfThoseSeen(counts, read) : wordsOfAll(counts);
}

function wordsOfAll({ withoutMfa }: Tally): string {
  return withoutMfa > 0 ? l10n.t('Console users have MFA') : l10n.t('All have MFA');
}

/** Where users could not be listed, nothing is said of anybody who was not seen. */
function wordsOfThoseSeen({ withoutMfa }: Tally, read: readonly AccountSnapshot[]): string {
  if (withoutMfa > 0) {
    return l10n.t('{0} without MFA', withoutMfa);
  }
  return read.every(({ onlyYou }) => onlyYou) ? l10n.t('You have MFA') : l10n.t('All who were listed have MFA');
}

/** What the status bar says at length: each account, and what can be done. */
export function statusTooltip(sessions: readonly Session[]): MarkdownString {
  const text = new MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: [...Object.values(commands), focusUsersCommand] };
  for (const { account, problem, state } of sessions) {
    if (state.kind !== 'none') {
      text.appendMarkdown('**');
      appendWords(text, account ? accountLabel(account) : sourceLabel(state.source));
      text.appendMarkdown('**\n\n');
      if (problem) {
        appendWords(text, problemLine(problem));
      } else if (account) {
        appendCounts(text, account);
      } else {
        appendWords(text, l10n.t('Asking AWS who has MFA…'));
      }
      text.appendMarkdown('\n\n');
    }
  }
  const hasFailed = sessions.some(({ problem }) => problem);
  text.appendMarkdown(
    links(
      hasFailed && sessions.length === 1
        ? [
            [l10n.t('Try Again'), commands.refresh],
            [l10n.t('Show Log'), commands.showLog],
          ]
        : [
            [l10n.t('Enable MFA…'), commands.enableMfa],
            [l10n.t('Show Users'), focusUsersCommand],
            [l10n.t('Refresh'), commands.refresh],
          ],
    ),
  );
  return text;
}

function appendCounts(text: MarkdownString, account: AccountSnapshot): void {
  const counts = tally(account.users.values());
  const row = (icon: string, count: number, words: string) => {
    if (count > 0) {
      text.appendMarkdown(`$(${icon}) `);
      appendWords(text, words);
      text.appendMarkdown('  \n');
    }
  };
  row('warning', counts.canSignIn, l10n.t('{0} can sign in without MFA', counts.canSignIn));
  row('circle-slash', counts.noPassword, l10n.t('{0} without MFA, no console password', counts.noPassword));
  row(
    'circle-slash',
    counts.passwordUnknown,
    l10n.t('{0} without MFA, console password not known', counts.passwordUnknown),
  );
  row('question', counts.unchecked, l10n.t('{0} could not be checked', counts.unchecked));
  row('watch', counts.checking, l10n.t('{0} being checked', counts.checking));
  row('pass', counts.hasMfa, l10n.t('{0} with MFA', counts.hasMfa));
  if (account.isPartial) {
    appendWords(text, l10n.t('Users are still being listed.'));
    return;
  }
  if (account.onlyYou) {
    appendWords(text, accountWords({ account }) ?? '');
    text.appendMarkdown('  \n');
  }
  appendWords(text, l10n.t('Read {0}.', momentLabel(account.readAt)));
}

function links(list: readonly (readonly [label: string, command: string])[]): string {
  return list.map(([label, command]) => `[${label}](command:${command})`).join(' &nbsp;·&nbsp; ');
}
