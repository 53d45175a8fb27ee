import { invalidInput, limitExceeded, malformedPolicy, noSuchEntity } from '../failure';
import { type Call, type Operations, userNameOf, userResource } from '../operation';
import { page } from '../paging';
import {
  type Group,
  groupArn,
  type InlinePolicy,
  type ManagedPolicy,
  type State,
  type User,
  withEntry,
} from '../state';
import { optional, paging, required, shapes } from '../validation';
import { type Fields, urlEncoded } from '../wire';
import { needUser } from './users';

// Policies of users and groups: iam-facts 1.5; quotas: 4. They describe the company and are never evaluated: what a
// caller may do is decided by its PermissionSet alone, so a policy put or attached here changes nobody's rights.
// Error texts are AWS's, recorded in February 2026 (localstack/localstack, tests/aws/services/iam) or told in threads;
// what one call was seen to say is taken for its likes. Others are marked as assumed. Lists come in the order in which
// things were made, which is assumed too.

const GROUPS_PER_USER = 10;
const ATTACHED_PER_USER = 10;
/** Of all inline policies of a user together, whitespace not counted. */
const INLINE_CHARACTERS = 2048;

const namedUser = { UserName: required(shapes.existingUserName) };
/** Calls about managed policies take shorter names (iam-facts 1.1). */
const attachingUser = { UserName: required(shapes.userName) };
const namedGroup = { GroupName: required(shapes.groupName) };
const namedPolicy = { PolicyName: required(shapes.policyName) };
const policyByArn = { PolicyArn: required(shapes.arn) };
const membership = { ...namedGroup, ...namedUser };

export const policyOperations: Operations = {
  ListUserPolicies: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedUser, ...paging },
    resource: userResource,
    run: (call) => policyNames(call, calledUser(call)),
  },
  GetUserPolicy: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedUser, ...namedPolicy },
    resource: userResource,
    run: (call) => {
      const user = calledUser(call);
      return { UserName: user.name, ...inlineFields(needInline(call, user, 'user')) };
    },
  },
  PutUserPolicy: {
    service: 'iam',
    effect: 'write',
    rules: { ...namedUser, ...namedPolicy, PolicyDocument: required(shapes.policyDocument) },
    resource: userResource,
    run: putUserPolicy,
  },
  DeleteUserPolicy: {
    service: 'iam',
    effect: 'write',
    rules: { ...namedUser, ...namedPolicy },
    resource: userResource,
    run: (call) => {
      const user = calledUser(call);
      const gone = needInline(call, user, 'user');
      commitUser(call, { ...user, inlinePolicies: user.inlinePolicies.filter((policy) => policy !== gone) });
      return undefined;
    },
  },
  ListAttachedUserPolicies: {
    service: 'iam',
    effect: 'read',
    rules: { ...attachingUser, PathPrefix: optional(shapes.policyPath), ...paging },
    resource: userResource,
    run: (call) => attachedPolicies(call, calledUser(call)),
  },
  AttachUserPolicy: {
    service: 'iam',
    effect: 'write',
    rules: { ...attachingUser, ...policyByArn },
    resource: userResource,
    run: attachUserPolicy,
  },
  DetachUserPolicy: {
    service: 'iam',
    effect: 'write',
    rules: { ...attachingUser, ...policyByArn },
    resource: userResource,
    run: (call) => {
      const user = calledUser(call);
      const arn = policyArn(call);
      if (!user.attachedPolicies.includes(arn)) {
        throw noSuchEntity(`Policy ${arn} was not found.`);
      }
      commitUser(call, { ...user, attachedPolicies: user.attachedPolicies.filter((one) => one !== arn) });
      return undefined;
    },
  },
  ListGroupsForUser: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedUser, ...paging },
    resource: userResource,
    run: (call) => {
      const groups = calledUser(call).groups.flatMap((name) => call.state.groups.get(name) ?? []);
      const { items, rest } = page(call, groups);
      return { Groups: items.map(groupFields), ...rest };
    },
  },
  AddUserToGroup: {
    service: 'iam',
    effect: 'write',
    rules: membership,
    resource: groupResource,
    run: addUserToGroup,
  },
  RemoveUserFromGroup: {
    service: 'iam',
    effect: 'write',
    rules: membership,
    resource: groupResource,
    run: (call) => {
      const user = calledUser(call);
      const { name } = needGroup(call);
      // No harm where the user is not in it (cloud-custodian/cloud-custodian#4730).
      commitUser(call, { ...user, groups: user.groups.filter((one) => one !== name) });
      return undefined;
    },
  },
  ListGroupPolicies: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedGroup, ...paging },
    resource: groupResource,
    run: (call) => policyNames(call, needGroup(call)),
  },
  GetGroupPolicy: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedGroup, ...namedPolicy },
    resource: groupResource,
    run: (call) => {
      const group = needGroup(call);
      return { GroupName: group.name, ...inlineFields(needInline(call, group, 'group')) };
    },
  },
  ListAttachedGroupPolicies: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedGroup, PathPrefix: optional(shapes.policyPath), ...paging },
    resource: groupResource,
    run: (call) => attachedPolicies(call, needGroup(call)),
  },
  GetPolicy: {
    service: 'iam',
    effect: 'read',
    rules: policyByArn,
    resource: policyResource,
    run: (call) => {
      const arn = policyArn(call);
      const policy = call.state.policies.get(arn);
      if (policy === undefined) {
        throw noSuchEntity(`Policy ${arn} was not found.`);
      }
      return { Policy: { ...policyFields(call.state, policy), Description: policy.description, Tags: [] } };
    },
  },
  GetPolicyVersion: {
    service: 'iam',
    effect: 'read',
    rules: { ...policyByArn, VersionId: required(shapes.policyVersion) },
    resource: policyResource,
    run: (call) => {
      const arn = policyArn(call);
      const version = call.parameters.needed('VersionId');
      const policy = call.state.policies.get(arn);
      if (policy?.version !== version) {
        throw noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`);
      }
      return { PolicyVersion: versionFields(policy) };
    },
  },
};

/** A user or a group, as far as policies go. */
type Holder = Pick<User | Group, 'inlinePolicies' | 'attachedPolicies'>;

export const groupFields = (group: Group): Fields => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: new Date(group.createdAt),
});

export const inlineFields = (policy: InlinePolicy): Fields => ({
  PolicyName: policy.name,
  PolicyDocument: urlEncoded(policy.document),
});

/** The managed policies that a user or group has, as lists tell them. */
export const attachedFields = (state: State, holder: Holder): readonly Fields[] =>
  attachedTo(state, holder).map(attachmentFields);

const attachmentFields = ({ name, arn }: ManagedPolicy): Fields => ({ PolicyName: name, PolicyArn: arn });

/** A managed policy without its document, which belongs to the version. */
export const policyFields = (state: State, policy: ManagedPolicy): Fields => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.version,
  AttachmentCount: attachmentsOf(state, policy),
  PermissionsBoundaryUsageCount: 0,
  IsAttachable: true,
  CreateDate: new Date(policy.createdAt),
  UpdateDate: new Date(policy.createdAt),
});

export const versionFields = (policy: ManagedPolicy): Fields => ({
  Document: urlEncoded(policy.document),
  VersionId: policy.version,
  IsDefaultVersion: true,
  CreateDate: new Date(policy.createdAt),
});

/** How many users and groups have a managed policy. */
export const attachmentsOf = (state: State, { arn }: ManagedPolicy): number =>
  [...state.users.values(), ...state.groups.values()].filter((holder) => holder.attachedPolicies.includes(arn)).length;

const attachedTo = (state: State, holder: Holder): ManagedPolicy[] =>
  holder.attachedPolicies.flatMap((arn) => state.policies.get(arn) ?? []);

function policyNames(call: Call, holder: Holder): Fields {
  const { items, rest } = page(
    call,
    holder.inlinePolicies.map(({ name }) => name),
  );
  return { PolicyNames: items, ...rest };
}

function attachedPolicies(call: Call, holder: Holder): Fields {
  const prefix = call.parameters.text('PathPrefix') ?? '/';
  const { items, rest } = page(
    call,
    attachedTo(call.state, holder).filter(({ path }) => path.startsWith(prefix)),
  );
  return { AttachedPolicies: items.map(attachmentFields), ...rest };
}

function putUserPolicy(call: Call): undefined {
  const user = calledUser(call);
  const name = call.parameters.needed('PolicyName');
  const document = call.parameters.needed('PolicyDocument');
  if (!isPolicy(document)) {
    throw malformedPolicy('Syntax errors in policy.');
  }
  const others = user.inlinePolicies.filter((policy) => policy.name !== name);
  const inlinePolicies = [...others, { name, document }];
  const characters = inlinePolicies.map((policy) => policy.document.replace(/\s/g, '').length);
  if (characters.reduce((sum, count) => sum + count, 0) > INLINE_CHARACTERS) {
    throw limitExceeded(`Maximum policy size of ${INLINE_CHARACTERS} bytes exceeded for user ${user.name}`);
  }
  commitUser(call, { ...user, inlinePolicies });
}

/** Only the bare form is looked at: AWS checks far more of a document. */
function isPolicy(document: string): boolean {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    return false;
  }
  const statements = isRecord(policy) ? [policy['Statement'] ?? []].flat() : [];
  return (
    statements.length > 0 &&
    statements.every(
      (statement) =>
        isRecord(statement) &&
        (statement['Effect'] === 'Allow' || statement['Effect'] === 'Deny') &&
        'Action' in statement !== 'NotAction' in statement &&
        'Resource' in statement !== 'NotResource' in statement,
    )
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function attachUserPolicy(call: Call): undefined {
  const user = calledUser(call);
  const arn = policyArn(call);
  if (!call.state.policies.has(arn)) {
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
  // Attaching twice does no harm (assumed).
  if (user.attachedPolicies.includes(arn)) {
    return;
  }
  if (user.attachedPolicies.length >= ATTACHED_PER_USER) {
    throw limitExceeded(`Cannot exceed quota for PoliciesPerUser: ${ATTACHED_PER_USER}`);
  }
  commitUser(call, { ...user, attachedPolicies: [...user.attachedPolicies, arn] });
}

function addUserToGroup(call: Call): undefined {
  const user = calledUser(call);
  const { name } = needGroup(call);
  // Adding twice does no harm (cloud-custodian/cloud-custodian#4730).
  if (user.groups.includes(name)) {
    return;
  }
  if (user.groups.length >= GROUPS_PER_USER) {
    // The words are assumed.
    throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${GROUPS_PER_USER}`);
  }
  commitUser(call, { ...user, groups: [...user.groups, name] });
}

const calledUser = (call: Call): User => needUser(call, userNameOf(call));

function needGroup(call: Call): Group {
  const name = call.parameters.needed('GroupName');
  const group = call.state.groups.get(name);
  if (group === undefined) {
    throw noSuchEntity(`The group with name ${name} cannot be found.`);
  }
  return group;
}

function needInline(call: Call, holder: Holder, kind: 'user' | 'group'): InlinePolicy {
  const name = call.parameters.needed('PolicyName');
  const policy = holder.inlinePolicies.find((one) => one.name === name);
  if (policy === undefined) {
    throw noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
  }
  return policy;
}

/** The ARN a call names. Throws InvalidInput, in assumed words, for one that is no policy's. */
function policyArn(call: Call): string {
  const arn = call.parameters.needed('PolicyArn');
  if (!/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/./.test(arn)) {
    throw invalidInput(`ARN ${arn} is not valid.`);
  }
  return arn;
}

/** A group that does not exist is taken to be without a path. */
function groupResource(call: Call): string {
  const name = call.parameters.needed('GroupName');
  return call.state.groups.get(name)?.arn ?? groupArn(call.account.id, '/', name);
}

function policyResource(call: Call): string {
  return call.parameters.needed('PolicyArn');
}

const commitUser = (call: Call, user: User): void =>
  call.commit({ ...call.state, users: withEntry(call.state.users, user.name, user) });
