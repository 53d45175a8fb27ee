import { anyResource, type Call, type Operations } from '../operation';
import { page } from '../paging';
import { devicesOf, sortedUsers } from '../state';
import { optional, paging, shapes } from '../validation';
import type { Fields, Value } from '../wire';
import { attachmentsOf, attachedFields, groupFields, inlineFields, policyFields, versionFields } from './policies';
import { tagFields } from './tags';

// Operations about the account as a whole: iam-facts 1.4; the report: iam-facts 3.

export const accountOperations: Operations = {
  GetAccountSummary: { service: 'iam', effect: 'read', rules: {}, resource: anyResource, run: accountSummary },
  ListAccountAliases: {
    service: 'iam',
    effect: 'read',
    rules: paging,
    resource: anyResource,
    run: (call) => {
      const { alias } = call.account;
      const { items, rest } = page(call, alias === undefined ? [] : [alias]);
      return { AccountAliases: items, ...rest };
    },
  },
  GenerateCredentialReport: {
    service: 'iam',
    effect: 'read',
    rules: {},
    resource: anyResource,
    run: (call) => {
      const { state, description } = call.account.reports.generate(call.state, call.account.id, call.now);
      return { State: state, Description: description };
    },
  },
  GetCredentialReport: {
    service: 'iam',
    effect: 'read',
    rules: {},
    resource: anyResource,
    run: (call) => {
      const { csv, generatedAt } = call.account.reports.get(call.now);
      return { Content: Buffer.from(csv, 'utf8'), ReportFormat: 'text/csv', GeneratedTime: new Date(generatedAt) };
    },
  },
  GetAccountAuthorizationDetails: {
    service: 'iam',
    effect: 'read',
    rules: { Filter: optional(shapes.entityTypes), ...paging },
    resource: anyResource,
    run: authorizationDetails,
  },
};

interface Detail {
  readonly type: 'User' | 'Group' | 'LocalManagedPolicy' | 'AWSManagedPolicy';
  readonly fields: () => Fields;
}

// Nothing about devices is here on AWS either, and the roles are not told of.
function authorizationDetails(call: Call): Fields {
  const { state } = call;
  const filter = call.parameters.list('Filter');
  const details: Detail[] = [
    ...sortedUsers(state).map((user): Detail => ({
      type: 'User',
      fields: () => ({
        Path: user.path,
        UserName: user.name,
        UserId: user.id,
        Arn: user.arn,
        CreateDate: new Date(user.createdAt),
        UserPolicyList: user.inlinePolicies.map(inlineFields),
        GroupList: user.groups,
        AttachedManagedPolicies: attachedFields(state, user),
        Tags: user.tags.map(tagFields),
      }),
    })),
    ...[...state.groups.values()].map((group): Detail => ({
      type: 'Group',
      fields: () => ({
        ...groupFields(group),
        GroupPolicyList: group.inlinePolicies.map(inlineFields),
        AttachedManagedPolicies: attachedFields(state, group),
      }),
    })),
    ...[...state.policies.values()]
      // Assumed: of AWS's own policies those that somebody has.
      .filter((policy) => !policy.awsManaged || attachmentsOf(state, policy) > 0)
      .map((policy): Detail => ({
        type: policy.awsManaged ? 'AWSManagedPolicy' : 'LocalManagedPolicy',
        fields: () => ({ ...policyFields(state, policy), PolicyVersionList: [versionFields(policy)] }),
      })),
  ];
  const { items, rest } = page(
    call,
    details.filter(({ type }) => filter.length === 0 || filter.includes(type)),
  );
  const of = (...types: readonly Detail['type'][]): Value =>
    items.filter(({ type }) => types.includes(type)).map(({ fields }) => fields());
  return {
    UserDetailList: of('User'),
    GroupDetailList: of('Group'),
    RoleDetailList: [],
    Policies: of('LocalManagedPolicy', 'AWSManagedPolicy'),
    ...rest,
  };
}

function accountSummary(call: Call): Fields {
  const assigned = [...call.state.devices.values()].filter(({ owner }) => owner?.kind === 'user').length;
  const flag = (present: boolean): number => (present ? 1 : 0);
  return {
    SummaryMap: new Map<string, number>([
      ['Users', call.state.users.size],
      ['UsersQuota', 5000],
      ['Groups', call.state.groups.size],
      ['GroupsQuota', 300],
      ['Policies', [...call.state.policies.values()].filter(({ awsManaged }) => !awsManaged).length],
      // Both move by one when a fresh virtual device is enabled (iam-facts 1.4), so both count assigned ones.
      // Whether root's devices are among them was not seen; here they are not.
      ['MFADevices', assigned],
      ['MFADevicesInUse', assigned],
      ['AccountMFAEnabled', flag(devicesOf(call.state, { kind: 'root' }).length > 0)],
      ['AccountAccessKeysPresent', flag(call.account.hasRootKeys)],
      ['AccountPasswordPresent', flag(call.state.root.password !== undefined)],
      ['AccountSigningCertificatesPresent', 0],
      ['GlobalEndpointTokenVersion', 1],
    ]),
  };
}
