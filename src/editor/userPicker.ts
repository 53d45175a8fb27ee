import { l10n, type QuickPickItem, window } from 'vscode';
import type { AccountSnapshot } from '../core/directory';
import { compareUsers, groupOf, groups, type UserEntry } from '../core/users';
import { groupLabel } from './words';

interface UserItem extends QuickPickItem {
  readonly userName: string;
}

/**
 * Asks whom to enable MFA for: the caller on top, then users without MFA, worst first.
 * @returns the user's name; undefined where the person thought better of it
 */
export async function pickUser(account: AccountSnapshot): Promise<string | undefined> {
  const order = (entry: UserEntry) => (entry.isCaller ? -1 : groups.indexOf(groupOf(entry)));
  const items = [...account.users.values()]
    .sort((a, b) => order(a) - order(b) || compareUsers(a, b))
    .map((entry): UserItem => {
      const words = [...(entry.isCaller ? [l10n.t('You')] : []), groupLabel(groupOf(entry))];
      return { label: entry.user.name, description: words.join(' · '), userName: entry.user.name };
    });
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Enable MFA'),
    placeHolder: l10n.t('Who should get an MFA device?'),
    matchOnDescription: true,
  });
  return picked?.userName;
}
