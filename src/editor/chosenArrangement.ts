import { env, l10n } from 'vscode';
import type { AccountSnapshot } from '../core/directory';
import { isEveryone, matchesUnassigned, matchesUser, parseFilter } from '../core/userFilter';
import { remembered, type Arrangement, type Section } from './arrangement';

/** So few rows are shown open: they are what was looked for, and quickly drawn. */
const few = 200;

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
    const total = accounts.reduce((sum, { users }) => sum + users.size, 0);
    return l10n.t('"{0}", {1} of {2} users', text.trim(), counted(found), counted(total));
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

/** @returns "5,000", as the editor's language writes it */
function counted(count: number): string {
  return new Intl.NumberFormat(env.language).format(count);
}
