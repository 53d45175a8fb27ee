import { compareNames, compareUsers, groupOf, groups, type UserEntry } from './users';

/** What users can be sorted by. */
export const sortings = ['risk', 'name', 'passwordAge', 'lastActivity'] as const;
export type SortBy = (typeof sortings)[number];

/** What they can stand below. */
export const groupings = ['state', 'path', 'nothing'] as const;
export type GroupBy = (typeof groupings)[number];

/** Whether AWS's credential report is needed to sort so. */
export function needsReport(sortBy: SortBy): boolean {
  return sortBy === 'passwordAge' || sortBy === 'lastActivity';
}

/** @returns when the user did something last, by what is known; undefined where nothing is */
export function lastActivity({ user, reported }: UserEntry): Date | undefined {
  const [live, byReport] = [user.passwordLastUsed, reported?.lastActiveAt];
  return live && byReport ? (live > byReport ? live : byReport) : (live ?? byReport);
}

/** @returns the order of users of all states; those of whom it is not known what they are sorted by come last */
export function comparison(sortBy: SortBy): (a: UserEntry, b: UserEntry) => number {
  switch (sortBy) {
    case 'risk':
      return (a, b) => severity(a) - severity(b) || compareUsers(a, b);
    case 'name':
      return compareNames;
    case 'passwordAge':
      // The oldest first.
      return (a, b) => ascending(a.reported?.passwordChangedAt, b.reported?.passwordChangedAt) || compareNames(a, b);
    case 'lastActivity':
      return (a, b) => descending(lastActivity(a), lastActivity(b)) || compareNames(a, b);
  }
}

function severity(entry: UserEntry): number {
  return groups.indexOf(groupOf(entry));
}

function ascending(a: Date | undefined, b: Date | undefined): number {
  return a && b ? a.getTime() - b.getTime() : Number(!a) - Number(!b);
}

function descending(a: Date | undefined, b: Date | undefined): number {
  return a && b ? b.getTime() - a.getTime() : Number(!a) - Number(!b);
}
