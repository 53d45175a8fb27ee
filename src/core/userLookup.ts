import type { Clock } from './clock';
import type { CredentialReport, CredentialReportRow } from './credentialReport';
import type { Iam, IamUser } from './iam';
import { settled } from './promises';
import type { MfaState, PasswordState } from './users';

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

/** @returns the user's row, unless the user was made since: then it was another of the same name */
export function rowOf(user: IamUser, report: CredentialReport): CredentialReportRow | undefined {
  const wasThere = user.createdAt !== undefined && user.createdAt < report.generatedAt;
  return wasThere ? report.rows.get(user.name) : undefined;
}
