import { l10n, type QuickPickItem, window } from 'vscode';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Session } from '../core/session';
import { compareNames, compareUsers, groupOf, groups, type UserEntry } from '../core/users';
import { accountLabel, groupLabel } from './words';

interface UserItem extends QuickPickItem {
  readonly userName: string;
}

export interface UserQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** Said where there is nobody to choose. */
  readonly nobody: string;
  /** Whom the command makes sense for. */
  readonly fits: (entry: UserEntry) => boolean;
}

interface FoundItem extends QuickPickItem {
  readonly found: FoundUser;
}

/** A user of one of the accounts that are shown. */
export interface FoundUser {
  readonly session: Session;
  readonly userName: string;
}

/** Asks for a user among all accounts, by name. @returns undefined where the person thought better of it, or there is nobody */
export async function pickFound(sessions: readonly Session[]): Promise<FoundUser | undefined> {
  const read = sessions.flatMap((session) => (session.account ? [{ session, account: session.account }] : []));
  const items = read.flatMap(({ session, account }) => {
    const where = read.length > 1 ? [accountLabel(account)] : [];
    return [...account.users.values()].sort(compareNames).map((entry): FoundItem => {
      const words = [...(entry.isCaller ? [l10n.t('You')] : []), groupLabel(groupOf(entry)), ...where];
      const userName = entry.user.name;
      return { label: userName, description: words.join(' · '), found: { session, userName } };
    });
  });
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('There is no user to go to.'));
    return undefined;
  }
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Go to User'),
    placeHolder: l10n.t('Whose row should be shown?'),
    matchOnDescription: true,
  });
  return picked?.found;
}

/**
 * Asks whom a command is about: the caller on top, then users without MFA, worst first.
 * @returns the user's name; undefined where the person thought better of it, or where there is nobody to choose
 */
export async function pickUser(account: AccountSnapshot, question: UserQuestion): Promise<string | undefined> {
  const { title, placeHolder, nobody, fits } = question;
  const order = (entry: UserEntry) => (entry.isCaller ? -1 : groups.indexOf(groupOf(entry)));
  const items = [...account.users.values()]
    .filter(fits)
    .sort((a, b) => order(a) - order(b) || compareUsers(a, b))
    .map((entry): UserItem => {
      const words = [...(entry.isCaller ? [l10n.t('You')] : []), groupLabel(groupOf(entry))];
      return { label: entry.user.name, description: words.join(' · '), userName: entry.user.name };
    });
  if (items.length === 0) {
    void window.showInformationMessage(nobody);
    return undefined;
  }
  const picked = await window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  return picked?.userName;
}
