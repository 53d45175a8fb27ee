import type { Caller } from './account';
import { roleNameOf, type CapabilityId, type Missing } from './permissions';

/** A statement of a policy, in IAM's own words. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  /** Operator, then condition key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The user who calls, whatever their path (see `ownUser`). */
const userName = '${aws:username}';

/**
 * The least a user needs to look after their own MFA with this extension. Modelled on AWS's sample (iam-facts 6.1), of which it is
 * the Allow part, narrowed to what is used here:
 * - devices of the user's own name and of the names that follow it (`alice-2` to `alice-9`: eight devices are the most a user may
 *   have), so that nobody takes another's name;
 * - such a device may be deleted too, so that an enrolment that is given up leaves nothing behind. AWS deletes no device that is
 *   assigned, so what protects someone stays;
 * - deactivating takes MFA, as in AWS's variant: whoever found a password or keys cannot take the protection away.
 * @param caller tells the partition and the account
 * @returns JSON
 */
export function smallestSelfServicePolicy(caller: Caller): string {
  const devices = [inAccount(caller, `mfa/${userName}`), inAccount(caller, `mfa/${userName}-?`)];
  const self = ownUser(caller);
  return policy([
    allow('SeeVirtualDevices', ['ListVirtualMFADevices'], '*'),
    allow('MakeOwnVirtualDevices', ['CreateVirtualMFADevice', 'DeleteVirtualMFADevice'], devices),
    allow('EnableOwnDevices', ['EnableMFADevice', 'GetUser', 'ListMFADevices', 'ResyncMFADevice'], self),
    {
      ...allow('DeactivateOwnDevicesWithMfa', ['DeactivateMFADevice'], self),
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  ]);
}

/**
 * The least someone needs who looks after others' MFA with this extension, with nothing left out that it does.
 * @param caller tells the partition, the account, and where it is a role whose permissions may be asked about
 * @returns JSON
 */
export function smallestKeeperPolicy(caller: Caller): string {
  const { partition } = caller;
  const role = roleNameOf(caller.arn);
  const simulated =
    role === undefined ? ownUser(caller) : [inAccount(caller, `role/${role}`), inAccount(caller, `role/*/${role}`)];
  return policy([
    allow(
      'SeeTheAccount',
      [
        'ListUsers',
        'ListVirtualMFADevices',
        'ListAccountAliases',
        'GetAccountSummary',
        'GenerateCredentialReport',
        'GetCredentialReport',
      ],
      '*',
    ),
    allow(
      'LookAfterUsers',
      [
        'GetUser',
        'GetLoginProfile',
        'ListMFADevices',
        'GetMFADevice',
        'EnableMFADevice',
        'ResyncMFADevice',
        'DeactivateMFADevice',
      ],
      inAccount(caller, 'user/*'),
    ),
    allow(
      'LookAfterVirtualDevices',
      ['CreateVirtualMFADevice', 'DeleteVirtualMFADevice', 'ListMFADeviceTags', 'TagMFADevice', 'UntagMFADevice'],
      inAccount(caller, 'mfa/*'),
    ),
    // Read before a user's last device is removed: some policies leave a user without MFA nothing to do.
    allow(
      'ReadPoliciesOfUsers',
      ['ListUserPolicies', 'GetUserPolicy', 'ListAttachedUserPolicies', 'ListGroupsForUser'],
      inAccount(caller, 'user/*'),
    ),
    allow(
      'ReadPoliciesOfGroups',
      ['ListGroupPolicies', 'GetGroupPolicy', 'ListAttachedGroupPolicies'],
      inAccount(caller, 'group/*'),
    ),
    allow(
      'ReadManagedPolicies',
      ['GetPolicy', 'GetPolicyVersion'],
      [inAccount(caller, 'policy/*'), `arn:${partition}:iam::aws:policy/*`],
    ),
    // One's own alone: who may simulate others learns what they may do (iam-facts 1.5). The path of a role is told by GetRole.
    allow('AskWhatIMayDo', ['SimulatePrincipalPolicy', ...(role === undefined ? [] : ['GetRole'])], simulated),
  ]);
}

/** @returns whether a statement would allow it: nothing else forbids it */
export function canBeAllowed({ forbiddenBy }: Missing): boolean {
  return forbiddenBy === undefined;
}

/**
 * What would allow what is missing of a capability, to be put into a policy.
 * @returns JSON: a statement, or a list of them where the actions are about different resources
 */
export function allowingStatement(id: CapabilityId, missing: readonly Missing[]): string {
  const byResource = new Map<string, readonly string[]>();
  for (const { action, resource } of missing) {
    byResource.set(resource, [...(byResource.get(resource) ?? []), action.replace(/^iam:/, '')]);
  }
  const sid = `Allow${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  const statements = [...byResource].map(([resource, actions], index) =>
    allow(index === 0 ? sid : `${sid}${index + 1}`, actions, resource),
  );
  return json(statements.length === 1 ? statements[0] : statements);
}

/**
 * The user who calls, as a resource. The variable holds the name without the path, and users of one account may stand under different
 * paths (iam-facts 6.1), so both forms are named. Neither matches anyone else: no two users have the same name, whatever their paths,
 * and a name holds no slash.
 */
function ownUser(caller: Caller): readonly string[] {
  return [inAccount(caller, `user/${userName}`), inAccount(caller, `user/*/${userName}`)];
}

function inAccount({ partition, accountId }: Caller, resource: string): string {
  return `arn:${partition}:iam::${accountId}:${resource}`;
}

/** @param actions of IAM, without the service */
function allow(Sid: string, actions: readonly string[], Resource: string | readonly string[]): PolicyStatement {
  const named = actions.map((action) => `iam:${action}`);
  const [only] = named;
  return { Sid, Effect: 'Allow', Action: named.length === 1 && only !== undefined ? only : named, Resource };
}

function policy(statements: readonly PolicyStatement[]): string {
  return json({ Version: '2012-10-17', Statement: statements });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
