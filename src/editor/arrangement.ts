import type { AccountSnapshot, Leftover } from '../core/accountSnapshot';
import { compareUsers, groupOf, groups, type Group, type UserEntry } from '../core/users';

/** Users of an account who stand together, in the order of their rows. */
export interface Section {
  /** Part of the rows' ids: no two sections of an account have the same, whatever they are made by. */
  readonly key: string;
  /** What they have in common. With neither `group` nor `path`, they stand right below the account. */
  readonly group?: Group;
  readonly path?: string;
  readonly entries: readonly UserEntry[];
  /** Whether its row is open at first. */
  readonly open: boolean;
  /** How many there are without the filter; absent where there is none. */
  readonly of?: number;
}

/** What stands below an account. */
export interface Arranged {
  /** None of them is empty. */
  readonly sections: readonly Section[];
  readonly unassigned: readonly Leftover[];
  /** How many there are without the filter; absent where there is none. */
  readonly unassignedOf?: number;
  /** Said where the filter leaves no user. */
  readonly nobody?: string;
}

/** Which users are shown, below what, and in which order. */
export interface Arrangement {
  /** Worked out once for what was read of an account. */
  readonly of: (account: AccountSnapshot) => Arranged;
  /** What a user's row says because the rows are sorted by it. */
  readonly fact?: (entry: UserEntry, now: number) => string | undefined;
  /** What is said above the rows. */
  readonly description?: (accounts: readonly AccountSnapshot[]) => string | undefined;
}

/** @returns what remembers how an account was arranged for as long as that is shown */
export function remembered(arrange: (account: AccountSnapshot) => Arranged): Arrangement {
  const known = new WeakMap<AccountSnapshot, Arranged>();
  return {
    of: (account) => {
      const arranged = known.get(account) ?? arrange(account);
      known.set(account, arranged);
      return arranged;
    },
  };
}

/** By what needs doing, worst first: how users stand where nobody has chosen otherwise. */
export function byState({ users, unassigned }: AccountSnapshot): Arranged {
  const entries = [...users.values()].sort(compareUsers);
  return { sections: sectionsByState(entries), unassigned };
}

/** @param entries in the order of their rows */
export function sectionsByState(entries: readonly UserEntry[]): readonly Section[] {
  return groups.flatMap((group) => {
    const members = entries.filter((entry) => groupOf(entry) === group);
    return members.length > 0 ? [{ key: group, group, entries: members, open: group !== 'hasMfa' }] : [];
  });
}
