import type { Caller } from './account';
import type { CredentialReport } from './credentialReport';
import type { Device, VirtualDevice } from './device';

export interface IamUser {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt?: Date;
  /** Absent: no password, never used, or not since October 2014 (iam-facts 1.4). */
  readonly passwordLastUsed?: Date;
}

/** AWS's answer to `CreateVirtualMFADevice`: the one place where the seed appears (iam-facts 1.3). */
export interface CreatedDevice {
  readonly serial: string;
  /** Base32, 64 characters (iam-facts 2.8). In memory only. */
  readonly seed: string;
  /** How far AWS's clock is ahead of this computer's, in milliseconds, by the answer's `Date` (whole seconds). */
  readonly awsClockAhead: number;
}

/**
 * IAM and STS as the core needs them. Every method rejects with a `ProblemError`, or with the signal's reason once that is aborted.
 * Writes go out once and are never retried.
 */
export interface Iam {
  callerIdentity(signal?: AbortSignal): Promise<Caller>;
  /** @returns the account's alias, or undefined where it has none */
  accountAlias(signal?: AbortSignal): Promise<string | undefined>;
  /** @returns whether the root user has MFA; undefined where AWS did not say */
  rootHasMfa(signal?: AbortSignal): Promise<boolean | undefined>;
  /** All users, a page at a time. */
  listUsers(signal?: AbortSignal): AsyncIterable<readonly IamUser[]>;
  getUser(userName: string, signal?: AbortSignal): Promise<IamUser>;
  /** All virtual devices, assigned or not, root's too, a page at a time. */
  listVirtualMfaDevices(signal?: AbortSignal): AsyncIterable<readonly VirtualDevice[]>;
  /** The devices of one user, of every kind. */
  listMfaDevices(userName: string, signal?: AbortSignal): Promise<readonly Device[]>;
  /** @returns whether the user, who must exist, has a console password */
  hasConsolePassword(userName: string, signal?: AbortSignal): Promise<boolean>;
  /** Asks for a report, waits until AWS has made it, and reads it. It may be up to four hours old (iam-facts 3). */
  credentialReport(signal?: AbortSignal): Promise<CredentialReport>;
  createVirtualMfaDevice(name: string): Promise<CreatedDevice>;
  enableMfaDevice(userName: string, serial: string, code1: string, code2: string): Promise<void>;
  deleteVirtualMfaDevice(serial: string): Promise<void>;
}
