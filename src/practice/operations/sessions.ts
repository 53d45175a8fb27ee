import { accessDenied, validationError } from '../failure';
import type { CompanyRole } from '../company';
import type { Call, Operations } from '../operation';
import type { PlacedRole, RoleSession } from '../partition';
import { sameOwner } from '../state';
import { optional, required, shapes } from '../validation';
import type { PracticeSessionKeys } from '../keys';
import type { Fields } from '../wire';

// STS: iam-facts 1.6, its MFA refusals: 2.2.

const DEFAULT_SECONDS = 43_200;
const ROOT_SECONDS = 3600;
export const ROLE_SECONDS = 3600;
const CHAINED_SECONDS = 3600;

export const sessionOperations: Operations = {
  GetCallerIdentity: {
    service: 'sts',
    effect: 'read',
    rules: {},
    run: (call) => ({ Arn: call.caller.arn, UserId: call.caller.userId, Account: call.account.id }),
  },
  GetSessionToken: {
    service: 'sts',
    effect: 'read',
    rules: {
      DurationSeconds: optional(shapes.sessionDuration),
      SerialNumber: optional(shapes.serialNumber),
      TokenCode: optional(shapes.code),
    },
    run: getSessionToken,
  },
  AssumeRole: {
    service: 'sts',
    effect: 'read',
    rules: {
      RoleArn: required(shapes.arn),
      RoleSessionName: required(shapes.sessionName),
      DurationSeconds: optional(shapes.roleDuration),
      SerialNumber: optional(shapes.serialNumber),
      TokenCode: optional(shapes.code),
      ExternalId: optional(shapes.externalId),
    },
    run: assumeRole,
  },
};

function getSessionToken(call: Call): Fields {
  if (call.caller.credentials !== 'longTerm') {
    throw accessDenied('Cannot call GetSessionToken with session credentials');
  }
  const withMfa = checkMfa(call);
  const asked = call.parameters.number('DurationSeconds') ?? DEFAULT_SECONDS;
  const seconds = call.caller.identity.kind === 'root' ? Math.min(asked, ROOT_SECONDS) : asked;
  const expiresAt = call.now + seconds * 1000;
  const keys = call.account.openSession(call.caller, withMfa ? 'mfaSession' : 'session', expiresAt);
  return { Credentials: credentialFields(keys, expiresAt) };
}

function assumeRole(call: Call): Fields {
  const { caller, parameters } = call;
  const arn = parameters.needed('RoleArn');
  const placed = call.partition.role(arn);
  const withMfa = checkMfa(call) || caller.credentials === 'mfaSession';
  if (caller.identity.kind === 'root') {
    throw accessDenied('Roles may not be assumed by root accounts.');
  }
  if (placed === undefined || !mayAssume(call, placed, withMfa)) {
    throw accessDenied(`User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`);
  }
  const seconds = parameters.number('DurationSeconds') ?? ROLE_SECONDS;
  if (caller.credentials === 'role' && seconds > CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  checkDuration(placed.role, seconds);
  const session = call.partition.openRoleSession(placed, parameters.needed('RoleSessionName'), seconds, call.now);
  return roleSessionFields(session);
}

/** Throws ValidationError when the role allows no session so long. */
export function checkDuration(role: CompanyRole, seconds: number): void {
  if (role.maxSessionSeconds !== undefined && seconds > role.maxSessionSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

/** What the role's trust policy says. */
function mayAssume(call: Call, { role, account }: PlacedRole, withMfa: boolean): boolean {
  const sameExternalId = role.externalId === undefined || role.externalId === call.parameters.text('ExternalId');
  return trusts(call, role, account.id) && sameExternalId && (withMfa || !role.needsMfa);
}

function trusts({ caller, account }: Call, role: CompanyRole, roleAccountId: string): boolean {
  if (role.trusts === undefined) {
    return account.id === roleAccountId;
  }
  const { identity } = caller;
  const ofRole = identity.kind === 'role' ? account.roleArn(identity.roleName) : undefined;
  const names = [account.id, `arn:aws:iam::${account.id}:root`, caller.arn, ofRole];
  return role.trusts.some((trusted) => names.includes(trusted));
}

/** The part of an answer that is the same however the role was assumed. */
export const roleSessionFields = (session: RoleSession): Fields => ({
  Credentials: credentialFields(session.keys, session.expiresAt),
  AssumedRoleUser: { AssumedRoleId: session.id, Arn: session.arn },
});

const credentialFields = (keys: PracticeSessionKeys, expiresAt: number): Fields => ({
  AccessKeyId: keys.accessKeyId,
  SecretAccessKey: keys.secretAccessKey,
  SessionToken: keys.sessionToken,
  Expiration: new Date(expiresAt),
});

/** False when no MFA is asked for; throws AccessDenied when it is and fails. */
function checkMfa(call: Call): boolean {
  const serial = call.parameters.text('SerialNumber');
  const code = call.parameters.text('TokenCode');
  if (serial === undefined && code === undefined) {
    return false;
  }
  if (serial === undefined || code === undefined) {
    // The words are assumed.
    throw accessDenied('MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.');
  }
  const device = call.state.devices.get(serial);
  const { identity } = call.caller;
  const own = identity.kind !== 'role' && device?.owner !== undefined && sameOwner(device.owner, identity);
  // Passkeys and SMS have no codes here, so they cannot be validated either (iam-facts 2.6).
  if (!own || device.seed === undefined) {
    throw unableToValidate();
  }
  if (device.takenBySts !== undefined && call.account.settings.clock() < device.takenBySts) {
    // Enabled just now, and STS has not heard of it (iam-facts 2.2). The attempt counts for the rate (assumed).
    call.account.codes.countCheck(device, call.now);
    throw unableToValidate();
  }
  switch (call.account.codes.acceptSingle(device, code, call.now)) {
    case 'accepted':
      return true;
    case 'overRate':
      throw unableToValidate();
    case 'wrong':
      throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code.');
  }
}

const unableToValidate = (): Error =>
  accessDenied(
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid ' +
      'and associated with this user.',
  );
