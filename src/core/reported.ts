import type { CredentialReportRow } from './credentialReport';
import type { UserEntry } from './users';

/**
 * @param row the user's, where the report has one
 * @returns the user with what the report alone tells; the same entry where that was known, so that nothing is drawn anew for it
 */
export function withReported(entry: UserEntry, row: CredentialReportRow | undefined): UserEntry {
  if (!row) {
    return entry;
  }
  const { passwordChangedAt, lastActiveAt } = row;
  const { reported } = entry;
  const isKnown =
    reported?.passwordChangedAt?.getTime() === passwordChangedAt?.getTime() &&
    reported?.lastActiveAt?.getTime() === lastActiveAt?.getTime();
  return reported && isKnown
    ? entry
    : {
        ...entry,
        reported: { ...(passwordChangedAt && { passwordChangedAt }), ...(lastActiveAt && { lastActiveAt }) },
      };
}
