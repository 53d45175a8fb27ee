/**
 * What a caller may do.
 * - `everything`: all of IAM.
 * - `readOnly`: List*, Get* and the credential report.
 * - `selfService`: AWS's current sample (iam-facts 6.1): whatever the device's name, own user only, no Delete, no ListUsers;
 *   Deactivate only in an MFA session.
 * - `selfServiceOld`: before November 2022: the device must be named like the user, and may be deleted again.
 *   Only the Allow part: the Deny part would take the clean-up away again without an MFA session.
 * Actions are named with or without the `iam:` prefix.
 */
export type PermissionSet =
  | 'everything'
  | 'readOnly'
  | 'selfService'
  | 'selfServiceOld'
  | { readonly allExcept: readonly string[] }
  | { readonly only: readonly string[] };

/** One question: may this caller do this to that? */
export interface Question {
  /** Without prefix, e.g. `EnableMFADevice`. */
  readonly action: string;
  readonly resource: string;
  /** The IAM user who asks; undefined for root and role sessions. */
  readonly userName: string | undefined;
  readonly accountId: string;
  /** Whether the call comes from a session made with a code. */
  readonly mfa: boolean;
}

export type Decision = 'allowed' | 'implicitDeny' | 'explicitDeny';

const OWN_USER_ACTIONS = ['EnableMFADevice', 'GetUser', 'GetMFADevice', 'ListMFADevices', 'ResyncMFADevice'];

/** Decides as the policy behind the set would. */
export function decide(permissions: PermissionSet, question: Question): Decision {
  const { action } = question;
  if (permissions === 'everything') {
    return 'allowed';
  }
  if (permissions === 'readOnly') {
    return allowedIf(/^(List|Get|GenerateCredentialReport$)/.test(action));
  }
  if (permissions === 'selfService') {
    return decideSelfService(question);
  }
  if (permissions === 'selfServiceOld') {
    return decideSelfServiceOld(question);
  }
  if ('only' in permissions) {
    return allowedIf(names(permissions.only).includes(action));
  }
  return allowedIf(!names(permissions.allExcept).includes(action));
}

function decideSelfService(question: Question): Decision {
  const { action } = question;
  if (action === 'DeactivateMFADevice' && ownUser(question)) {
    return question.mfa ? 'allowed' : 'explicitDeny';
  }
  return allowedIf(
    action === 'ListVirtualMFADevices' ||
      (action === 'CreateVirtualMFADevice' && question.resource.startsWith(arnOf(question, 'mfa/'))) ||
      (OWN_USER_ACTIONS.includes(action) && ownUser(question)),
  );
}

function decideSelfServiceOld(question: Question): Decision {
  const { action, resource, userName } = question;
  const ownDevice = userName !== undefined && resource === arnOf(question, `mfa/${userName}`);
  return allowedIf(
    action === 'ListVirtualMFADevices' ||
      (['CreateVirtualMFADevice', 'DeleteVirtualMFADevice'].includes(action) && ownDevice) ||
      ([...OWN_USER_ACTIONS, 'DeactivateMFADevice'].includes(action) && ownUser(question)),
  );
}

// user/${aws:username} holds no path, so a user under a path is not matched (iam-facts 6.1).
const ownUser = (question: Question): boolean =>
  question.userName !== undefined && question.resource === arnOf(question, `user/${question.userName}`);

const arnOf = (question: Question, resource: string): string => `arn:aws:iam::${question.accountId}:${resource}`;
const allowedIf = (allowed: boolean): Decision => (allowed ? 'allowed' : 'implicitDeny');
const names = (actions: readonly string[]): string[] => actions.map((action) => action.replace(/^iam:/, ''));

/** AWS's sentence for a refusal. */
export function refusal(
  arn: string,
  action: string,
  resource: string,
  decision: 'implicitDeny' | 'explicitDeny',
): string {
  const reason =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the iam:${action} action`;
  return `User: ${arn} is not authorized to perform: iam:${action} on resource: ${resource} ${reason}`;
}
