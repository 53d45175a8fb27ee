import type { Clock } from './clock';
import type { CredentialReport, CredentialReportRow } from './credentialReport';
import type { Iam, IamUser } from './iam';
import { settled } from './promises';
import type { MfaState, PasswordState } from './users';

/** A user's creation as the report and the list tell it is the same within so much; milliseconds. Assumed: that both mean the same time. */
const sameTime = 60_000;

/** Asks AWS about one user's devices of every kind. @throws the signal's reason */
export async function lookUpMfa(iam: Iam, clock: Clock, userName: string, signal?: AbortSignal): Promise<MfaState> {
  const devices = await settled(iam.listMfaDevices(userName, signal), 'ListMFADevices', signal);
  const at = clock.now();
  if ('problem' in devices) {
    return { kind: 'unknown', problem: devices.problem, at };
  }
  return devices.value.length > 0 ? { kind: 'has', devices: devices.value, complete: true, at } : { kind: 'none', at };
}

/** Asks AWS whether a user has a console password. @throws the signal's reason */
export async function lookUpPassword(
  iam: Iam,
  clock: Clock,
  user: IamUser,
  signal?: AbortSignal,
): Promise<PasswordState> {
  const answer = await settled(iam.hasConsolePassword(user.name, signal), 'GetLoginProfile', signal);
  if ('problem' in answer) {
    const known = knownPassword(user, clock);
    return known.kind === 'unknown' ? { kind: 'unknown', problem: answer.problem } : known;
  }
  return { kind: answer.value ? 'yes' : 'no', source: 'live', at: clock.now() };
}

/** A password that was used is there: IAM leaves the date out for users who have none (iam-facts 1.4). */
export function knownPassword(user: IamUser, clock: Clock): PasswordState {
  return user.passwordLastUsed ? { kind: 'yes', source: 'live', at: clock.now() } : { kind: 'unknown' };
}

/** @returns the user's row, unless it is another's of the same name: the user was made, or got that name, since */
export function rowOf(user: IamUser, report: CredentialReport): CredentialReportRow | undefined {
  const { name, createdAt } = user;
  const row = createdAt !== undefined && createdAt < report.generatedAt ? report.rows.get(name) : undefined;
  const apart = row?.createdAt && createdAt ? Math.abs(row.createdAt.getTime() - createdAt.getTime()) : 0;
  return apart < sameTime ? row : undefined;
}
