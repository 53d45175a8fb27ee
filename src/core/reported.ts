import type { CredentialReportRow } from './credentialReport';
import type { UserEntry } from './users';

/**
 * @param row the user's, where the report has one
 * @returns the user with what the report alone tells; the same entry where that was known, so that nothing is drawn anew for it
 */
export function withReported(entry: UserEntry, row: CredentialReportRow | undefined): UserEntry {
  const { reported } = entry;
  if (!row || reported === row) {
    return entry;
  }
  const isKnown =
    reported &&
    reported.passwordChangedAt?.getTime() === row.passwordChangedAt?.getTime() &&
    reported.lastActiveAt?.getTime() === row.lastActiveAt?.getTime();
  return isKnown ? entry : { ...entry, reported: row };
}
