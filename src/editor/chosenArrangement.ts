import { l10n } from 'vscode';
import type { AccountSnapshot } from '../core/accountSnapshot';
import { isEveryone, matchesUnassigned, matchesUser, parseFilter } from '../core/userFilter';
import { comparison, lastActivity, needsReport, type GroupBy, type SortBy } from '../core/userOrder';
import type { UserEntry } from '../core/users';
import { remembered, sectionsByState, type Arrangement, type Section } from './arrangement';
import { daysAgo } from './times';
import { numberLabel } from './words';

/** So few rows are shown open: they are what was looked for, and quickly drawn. */
const few = 200;

/** @returns how all users are shown, sorted and grouped as the person chose */
export function ordered(sortBy: SortBy, groupBy: GroupBy): Arrangement {
  const compare = comparison(sortBy);
  const { of } = remembered(({ users, unassigned }) => ({
    sections: sectionsOf([...users.values()].sort(compare), groupBy),
    unassigned,
  }));
  return {
    of,
    fact: (entry, now) => factOf(sortBy, entry, now),
    description: (accounts) =>
      needsReport(sortBy) && accounts.some(isWithoutReport) ? l10n.t('credential report not read') : undefined,
  };
}

function isWithoutReport({ users }: AccountSnapshot): boolean {
  return users.size > 0 && ![...users.values()].some(({ reported }) => reported);
}

/** @param entries in order; at least one */
function sectionsOf(entries: readonly UserEntry[], groupBy: GroupBy): readonly Section[] {
  switch (groupBy) {
    case 'state':
      return sectionsByState(entries);
    case 'path': {
      const paths = new Map<string, UserEntry[]>();
      for (const entry of entries) {
        const members = paths.get(entry.user.path);
        if (members) {
          members.push(entry);
        } else {
          paths.set(entry.user.path, [entry]);
        }
      }
      const open = entries.length <= few;
      return [...paths]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, members]) => ({ key: `path ${path}`, path, entries: members, open }));
    }
    case 'nothing':
      return [{ key: 'all', entries, open: true }];
  }
}

/** What is said on a row because of the order: it explains it. */
function factOf(sortBy: SortBy, entry: UserEntry, now: number): string | undefined {
  const { mfa, password, reported } = entry;
  switch (sortBy) {
    case 'risk':
    case 'name':
      return undefined;
    case 'passwordAge':
      if (reported?.passwordChangedAt) {
        return l10n.t('password changed {0}', daysAgo(reported.passwordChangedAt, now));
      }
      if (mfa.kind === 'none' && password.kind === 'no') {
        // The row says so already.
        return undefined;
      }
      return password.kind === 'no' || reported ? l10n.t('no password') : l10n.t('password age not known');
    case 'lastActivity': {
      const active = lastActivity(entry);
      return active ? l10n.t('active {0}', daysAgo(active, now)) : l10n.t('no activity known');
    }
  }
}

/**
 * @param base how all users are shown
 * @returns the same, with their number above the rows: so that these do not move when the first letter of a filter is typed
 */
export function aboutToFilter(base: Arrangement): Arrangement {
  const description = (accounts: readonly AccountSnapshot[]): string => {
    const total = numberLabel(userCount(accounts));
    return [l10n.t('{0} of {1} users', total, total), base.description?.(accounts) ?? []].flat().join(' · ');
  };
  return { ...base, description };
}

function userCount(accounts: readonly AccountSnapshot[]): number {
  return accounts.reduce((sum, { users }) => sum + users.size, 0);
}

/**
 * @param base how all users are shown
 * @param text what a person typed
 * @returns how those of them are shown who match
 */
export function filtered(base: Arrangement, text: string): Arrangement {
  const filter = parseFilter(text);
  if (isEveryone(filter)) {
    return base;
  }
  const nobody = l10n.t('Nobody matches “{0}”. Clear the filter', text.trim());
  const { of } = remembered((account) => {
    const all = base.of(account);
    const sections = all.sections.flatMap((section) => {
      const entries = section.entries.filter((entry) => matchesUser(filter, entry, account.details));
      return entries.length > 0 ? [narrowed(section, entries)] : [];
    });
    return {
      sections,
      unassigned: all.unassigned.filter(({ serial }) => matchesUnassigned(filter, serial)),
      unassignedOf: all.unassigned.length,
      ...(sections.length === 0 && { nobody }),
    };
  });
  const description = (accounts: readonly AccountSnapshot[]): string => {
    const found = accounts
      .flatMap((account) => of(account).sections)
      .reduce((sum, each) => sum + each.entries.length, 0);
    const total = numberLabel(userCount(accounts));
    const words = l10n.t('"{0}", {1} of {2} users', text.trim(), numberLabel(found), total);
    return [words, base.description?.(accounts) ?? []].flat().join(' · ');
  };
  return { ...base, of, description };
}

function narrowed(section: Section, entries: Section['entries']): Section {
  const of = section.entries.length;
  // A row that was closed stays closed as long as it is the same one: by another id it opens.
  return entries.length <= few
    ? { ...section, key: `found ${section.key}`, open: true, entries, of }
    : { ...section, entries, of };
}
