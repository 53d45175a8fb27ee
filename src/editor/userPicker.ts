import { l10n, type QuickPickItem, window } from 'vscode';
import type { AccountSnapshot } from '../core/accountSnapshot';
import { compareUsers, groupOf, groups, type UserEntry } from '../core/users';
import { groupLabel } from './words';

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
