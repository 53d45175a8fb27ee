import { isAsOldAsReport, type CredentialReportRow } from './credentialReport';
import type { MfaState, PasswordState, UserEntry } from './users';

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

/**
 * @param row the user's, of a report
 * @param at when that was made
 * @returns the user with all that the report tells and nothing newer has told; the same entry where that is nothing
 */
export function withNewerReport(user: UserEntry, row: CredentialReportRow, at: number, now: number): UserEntry {
  const entry = withReported(user, row);
  const { mfa } = entry;
  const { mfaActive, passwordEnabled } = row;
  const isStillNone = isReported(mfa) && mfaActive === false && mfa.at < at;
  const password: PasswordState = { kind: passwordEnabled === true ? 'yes' : 'no', source: 'report', at };
  const tellsPassword =
    mfa.kind === 'none' && passwordEnabled !== undefined && isOlderPassword(entry.password, at, now);
  return isStillNone || tellsPassword
    ? { ...entry, ...(isStillNone && { mfa: { ...mfa, at } }), ...(tellsPassword && { password }) }
    : entry;
}

/** Whether a report of that time knows better. A time far ahead is none: the computer's clock was set back. */
function isOlderPassword(known: PasswordState, at: number, now: number): boolean {
  return known.kind === 'unknown' || known.at < at || isAsOldAsReport(known.at, now);
}

/** Whether that was not asked of AWS just now, but is told by its report. */
export function isReported(mfa: MfaState): boolean {
  return mfa.kind === 'none' && mfa.source === 'report';
}
