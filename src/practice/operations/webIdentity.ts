import { accessDenied, Failure } from '../failure';
import type { UnsignedCall, UnsignedOperation } from '../operation';
import type { WebIdentity } from '../partition';
import { optional, required, shapes } from '../validation';
import type { Fields } from '../wire';
import { checkDuration, ROLE_SECONDS, roleSessionFields } from './sessions';

// Codes and statuses: the model of STS. The texts are those people report.
const expired = (): Failure => new Failure('ExpiredTokenException', 400, 'Token expired');

/** Sessions of roles for those who were signed in elsewhere, a cluster's pods for one. */
export const webIdentityOperations: Readonly<Record<string, UnsignedOperation>> = {
  AssumeRoleWithWebIdentity: {
    service: 'sts',
    rules: {
      RoleArn: required(shapes.arn),
      RoleSessionName: required(shapes.sessionName),
      WebIdentityToken: required(shapes.webIdentityToken),
      DurationSeconds: optional(shapes.roleDuration),
    },
    expired,
    run: assumeRoleWithWebIdentity,
  },
};

function assumeRoleWithWebIdentity(call: UnsignedCall): { caller: string; fields: Fields } {
  const { parameters, partition, now } = call;
  const arn = parameters.needed('RoleArn');
  const identity = needIdentity(call);
  const placed = partition.role(arn);
  // A role that wants MFA wants it of a caller with keys; one of IAM Identity Center trusts nobody else.
  const wanted = placed !== undefined && !placed.role.needsMfa && placed.role.trusts?.length !== 0;
  if (!wanted || identity.roleArns?.includes(arn) === false) {
    throw accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }
  const seconds = parameters.number('DurationSeconds') ?? ROLE_SECONDS;
  checkDuration(placed.role, seconds);
  const session = partition.openRoleSession(placed, parameters.needed('RoleSessionName'), seconds, now);
  const fields = {
    ...roleSessionFields(session),
    SubjectFromWebIdentityToken: identity.subject,
    Audience: identity.audience,
    Provider: `arn:aws:iam::${placed.account.id}:oidc-provider/${identity.issuer.replace(/^https:\/\//, '')}`,
  };
  return { caller: identity.subject, fields };
}

function needIdentity({ parameters, partition, now }: UnsignedCall): WebIdentity {
  const found = partition.webIdentities.find(parameters.needed('WebIdentityToken'), now);
  switch (found.state) {
    case 'good':
      return found.value;
    case 'expired':
      throw expired();
    case 'unknown':
      throw new Failure('InvalidIdentityToken', 400, 'No OpenIDConnect provider found in your account for the token');
  }
}
