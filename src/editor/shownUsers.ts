import type { Session } from '../core/session';
import type { UserEntry } from '../core/users';
import type { Arrangement } from './arrangement';
import { accountOf, groupMembers, isAccountRow, subjectsOf } from './subjects';
import type { TableUser } from './userTable';

/** @returns the users of an account that are shown, in the order of their rows */
export function shownUsers({ account }: Session, arrangement: Arrangement): readonly UserEntry[] {
  return account ? arrangement.of(account).sections.flatMap(({ entries }) => entries) : [];
}

/**
 * @param rows rows of the tree, or what other code hands over in their place: users, groups and accounts, which stand for all their
 *   users that are shown
 * @returns the users that they are about, each once, as they are known now
 */
export function usersOf(
  rows: readonly unknown[],
  sessions: readonly Session[],
  arrangement: Arrangement,
): readonly TableUser[] {
  const found = new Map<UserEntry, TableUser>();
  for (const row of rows) {
    const named = accountOf(row, sessions) ?? (sessions.length === 1 ? sessions[0] : undefined);
    const account = named === 'gone' ? undefined : named?.account;
    if (!named || named === 'gone' || !account) {
      continue;
    }
    const names = isAccountRow(row)
      ? shownUsers(named, arrangement).map(({ user }) => user.name)
      : (groupMembers(row) ?? subjectsOf([row]).flatMap(({ userName }) => userName ?? []));
    for (const name of names) {
      const entry = account.users.get(name);
      if (entry) {
        found.set(entry, { account, entry });
      }
    }
  }
  return [...found.values()];
}
