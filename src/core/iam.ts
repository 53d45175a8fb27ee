import type { Caller } from './account';
import type { CredentialReport } from './credentialReport';
import type { Device, VirtualDevice } from './device';
import type { Problem } from './problem';

export interface IamUser {
  /** AWS's own, which stays when the user is renamed. */
  readonly id?: string;
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt?: Date;
  /** Absent: no password, never used, or not since October 2014 (iam-facts 1.4). */
  readonly passwordLastUsed?: Date;
}

/** What AWS counts in an account, as far as the product uses it (iam-facts 1.4). */
export interface AccountSummary {
  readonly rootHasMfa?: boolean;
  /** `MFADevicesInUse`: devices of every kind. */
  readonly devicesInUse?: number;
}

/** AWS's answer to `CreateVirtualMFADevice`: the one place where the seed appears (iam-facts 1.3). */
export interface CreatedDevice {
  readonly serial: string;
  /** Base32, 64 characters (iam-facts 2.8). In memory only. */
  readonly seed: string;
  /** How far AWS's clock is ahead of this computer's, in milliseconds, by the answer's `Date` (whole seconds). */
  readonly awsClockAhead: number;
}

/** A policy that reaches a user. */
export interface UserPolicy {
  readonly name: string;
  /** The group it comes through; absent where it is the user's own. */
  readonly group?: string;
  /** True for a policy written into the user or the group; false for a managed policy attached to it. */
  readonly inline: boolean;
  /** JSON, decoded. */
  readonly document: string;
}

/** The policies of a user, as far as they could be read. */
export interface UserPolicies {
  readonly policies: readonly UserPolicy[];
  /** What could not be read: with any of these, nothing can be said of what is not in `policies`. */
  readonly problems: readonly Problem[];
}

/** Calls signed with a session that was made with a code. In memory only. */
export interface MfaSession {
  readonly iam: Iam;
  /** Milliseconds since 1970, by this computer's clock. */
  readonly expiresAt: number;
  /** Drops the session's keys. */
  end(): void;
}

/** What AWS's policy simulator is asked: which of these actions on this resource a user's or role's policies allow (iam-facts 1.5). */
export interface SimulationQuestion {
  /** ARN of the user or role; of a role with its path. */
  readonly principal: string;
  /** With the service, such as `iam:ListUsers`. */
  readonly actions: readonly string[];
  /** An ARN, or `*` for actions that know no resource. */
  readonly resource: string;
  /** What `aws:MultiFactorAuthPresent` says; left out as in calls with long-term keys, and of a role's session (iam-facts 6.2). */
  readonly mfa?: boolean;
  /** What `aws:username` says. */
  readonly userName?: string;
}

/** The simulator's word on one action. */
export interface SimulatedDecision {
  readonly action: string;
  readonly decision: 'allowed' | 'implicitDeny' | 'explicitDeny';
  /** What forbids it beside the policies of the user or role itself. */
  readonly limit?: 'organization' | 'boundary';
  /** Condition keys that the policies ask for and that were not told. */
  readonly untold: readonly string[];
}

/** IAM tags by key. */
export type Tags = ReadonlyMap<string, string>;

/**
 * IAM and STS as the core needs them. Every method rejects with a `ProblemError`, or with the signal's reason once that is aborted.
 * Writes go out once and are never retried.
 */
export interface Iam {
  callerIdentity(signal?: AbortSignal): Promise<Caller>;
  /** @returns the account's alias, or undefined where it has none */
  accountAlias(signal?: AbortSignal): Promise<string | undefined>;
  accountSummary(signal?: AbortSignal): Promise<AccountSummary>;
  /** All users, some at a time, as they are read. */
  listUsers(signal?: AbortSignal): AsyncIterable<readonly IamUser[]>;
  getUser(userName: string, signal?: AbortSignal): Promise<IamUser>;
  /** All virtual devices, assigned or not, root's too, some at a time, as they are read. */
  listVirtualMfaDevices(signal?: AbortSignal): AsyncIterable<readonly VirtualDevice[]>;
  /** The devices of one user, of every kind. */
  listMfaDevices(userName: string, signal?: AbortSignal): Promise<readonly Device[]>;
  /** @returns whether the user, who must exist, has a console password */
  hasConsolePassword(userName: string, signal?: AbortSignal): Promise<boolean>;
  /** Asks for a report, waits until AWS has made it, and reads it. It may be up to four hours old (iam-facts 3). */
  credentialReport(signal?: AbortSignal): Promise<CredentialReport>;
  createVirtualMfaDevice(name: string): Promise<CreatedDevice>;
  enableMfaDevice(userName: string, serial: string, code1: string, code2: string): Promise<void>;
  /** Two codes in a row of a device whose clock has drifted. The MFA-session rule does not apply (iam-facts 2.5). */
  resyncMfaDevice(userName: string, serial: string, code1: string, code2: string): Promise<void>;
  /** Takes a device from its user. A virtual device stays in the account, unassigned, with its seed. */
  deactivateMfaDevice(userName: string, serial: string): Promise<void>;
  deleteVirtualMfaDevice(serial: string): Promise<void>;
  /**
   * What is certified of a passkey or security key; AWS answers for no other kind (iam-facts 1.3).
   * @returns value by name, such as `FIDO` and `L1`
   */
  deviceCertifications(userName: string, serial: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** The tags of a virtual device; no other kind has any. */
  deviceTags(serial: string, signal?: AbortSignal): Promise<Tags>;
  /** Sets tags and leaves the others as they are. */
  tagDevice(serial: string, tags: Tags): Promise<void>;
  untagDevice(serial: string, keys: readonly string[]): Promise<void>;
  /** Every policy that reaches a user: inline and attached, their own and their groups'. Never rejects, but for the signal. */
  userPolicies(userName: string, signal?: AbortSignal): Promise<UserPolicies>;
  /**
   * Makes a session by STS `GetSessionToken`, which takes long-term keys alone.
   * @param serial one of the caller's own devices, virtual or hardware (iam-facts 2.6)
   * @param code six digits; each works once
   * @throws ProblemError `invalidCode` where STS refuses: a wrong or used code, a drifted device, one enabled just now
   */
  mfaSession(serial: string, code: string): Promise<MfaSession>;
  /** Asks AWS's policy simulator. It may differ from what AWS really does (iam-facts 1.5). */
  simulate(question: SimulationQuestion, signal?: AbortSignal): Promise<readonly SimulatedDecision[]>;
  /** @returns the role's ARN, which holds its path */
  roleArn(roleName: string, signal?: AbortSignal): Promise<string>;
}
