import assert from 'node:assert/strict';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListAttachedGroupPolicies,
  paginateListAttachedUserPolicies,
  paginateListGroupPolicies,
  paginateListGroupsForUser,
  paginateListUserPolicies,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { type Company, type CompanyStatement, smallCompany } from '../../../src/practice/company';
import { ACCOUNT, refusal, Stage, userArn } from './helpers';

const REQUIRE_MFA = `arn:aws:iam::${ACCOUNT}:policy/RequireMfa`;
const CHANGE_PASSWORD = 'arn:aws:iam::aws:policy/IAMUserChangePassword';

interface Document {
  readonly Version: string;
  readonly Statement: readonly CompanyStatement[];
}

describe('practice account: policies', () => {
  let stage: Stage;
  let iam: IAMClient;

  beforeEach(async () => {
    stage = await Stage.open();
    iam = stage.iam('admin-role');
  });
  afterEach(() => stage.close());

  const read = (encoded: string | undefined): Document => JSON.parse(decodeURIComponent(encoded ?? '')) as Document;
  const statement = (more: object = {}): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*', ...more } });
  const put = (UserName: string, PolicyName: string, PolicyDocument = statement()) =>
    iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  const inlineOf = async (UserName: string) =>
    (await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames ?? [];
  const attachedTo = async (UserName: string) =>
    ((await iam.send(new ListAttachedUserPoliciesCommand({ UserName }))).AttachedPolicies ?? []).map(
      (policy) => policy.PolicyArn,
    );
  const groupsOf = async (UserName: string) =>
    ((await iam.send(new ListGroupsForUserCommand({ UserName }))).Groups ?? []).map((group) => group.GroupName);

  describe('of the company', () => {
    it('put people into groups', async () => {
      const { Groups, IsTruncated } = await iam.send(new ListGroupsForUserCommand({ UserName: 'priya' }));
      assert.equal(IsTruncated, false);
      const [everyone] = Groups ?? [];
      assert.match(everyone?.GroupId ?? '', /^AGPA[A-Z2-7]{17}$/);
      assert.deepEqual(Groups, [
        {
          Path: '/',
          GroupName: 'everyone',
          GroupId: everyone?.GroupId,
          Arn: `arn:aws:iam::${ACCOUNT}:group/everyone`,
          CreateDate: new Date(stage.now - 1400 * 86_400_000),
        },
      ]);
      assert.deepEqual(await groupsOf('elena'), ['finance']);
      assert.deepEqual(await groupsOf('jordan'), []);
    });

    it('refuse a group everything without MFA, by a managed policy', async () => {
      const GroupName = 'everyone';
      const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
      assert.deepEqual(AttachedPolicies, [{ PolicyName: 'RequireMfa', PolicyArn: REQUIRE_MFA }]);
      assert.deepEqual((await iam.send(new ListGroupPoliciesCommand({ GroupName }))).PolicyNames, []);

      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: REQUIRE_MFA }));
      assert.match(Policy?.PolicyId ?? '', /^ANPA[A-Z2-7]{17}$/);
      assert.deepEqual(
        [Policy?.PolicyName, Policy?.Arn, Policy?.Path, Policy?.DefaultVersionId, Policy?.AttachmentCount],
        ['RequireMfa', REQUIRE_MFA, '/', 'v1', 1],
      );
      const call = new GetPolicyVersionCommand({ PolicyArn: REQUIRE_MFA, VersionId: Policy?.DefaultVersionId });
      const { PolicyVersion } = await iam.send(call);
      assert.deepEqual([PolicyVersion?.VersionId, PolicyVersion?.IsDefaultVersion], ['v1', true]);
      const denies = read(PolicyVersion?.Document).Statement.filter(({ Effect }) => Effect === 'Deny');
      assert.deepEqual(
        denies.map(({ Condition, Resource }) => [Condition, Resource]),
        [[{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, '*']],
      );
      const exempt = denies[0]?.NotAction ?? [];
      assert.ok(exempt.includes('iam:EnableMFADevice') && exempt.includes('sts:GetSessionToken'));
      assert.ok(!exempt.includes('iam:DeactivateMFADevice') && !exempt.includes('iam:DeleteVirtualMFADevice'));
    });

    it('allow another group some actions with MFA alone, by an inline policy', async () => {
      const GroupName = 'finance';
      const { PolicyNames } = await iam.send(new ListGroupPoliciesCommand({ GroupName }));
      assert.deepEqual(PolicyNames, ['BillingWithMfa']);
      const answer = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'BillingWithMfa' }));
      assert.deepEqual([answer.GroupName, answer.PolicyName], [GroupName, 'BillingWithMfa']);
      const [allow] = read(answer.PolicyDocument).Statement;
      assert.equal(allow?.Effect, 'Allow');
      assert.deepEqual(allow.Condition, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
      assert.deepEqual((await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }))).AttachedPolicies, []);
    });

    it('give one user an inline policy that does not ask for MFA', async () => {
      assert.deepEqual(await inlineOf('ines'), ['ReadDesigns']);
      const call = new GetUserPolicyCommand({ UserName: 'ines', PolicyName: 'ReadDesigns' });
      const answer = await iam.send(call);
      assert.deepEqual([answer.UserName, answer.PolicyName], ['ines', 'ReadDesigns']);
      const document = read(answer.PolicyDocument);
      assert.equal(document.Version, '2012-10-17');
      assert.deepEqual(
        document.Statement.map(({ Effect, Condition }) => [Effect, Condition]),
        [['Allow', undefined]],
      );
      assert.deepEqual(await attachedTo('ines'), []);
      assert.deepEqual(await groupsOf('ines'), []);
    });

    it('are counted', async () => {
      const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
      assert.deepEqual([SummaryMap?.Groups, SummaryMap?.Policies], [2, 1]);
    });

    it('may be AWS’s own, whose current version is seldom the first', async () => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: CHANGE_PASSWORD }));
      assert.deepEqual([Policy?.Arn, Policy?.DefaultVersionId, Policy?.AttachmentCount], [CHANGE_PASSWORD, 'v5', 0]);
      const version = (VersionId: string) =>
        iam.send(new GetPolicyVersionCommand({ PolicyArn: CHANGE_PASSWORD, VersionId }));
      assert.match((await version('v5')).PolicyVersion?.Document ?? '', /iam%3AChangePassword/);
      assert.deepEqual(await refusal(version('v1')), {
        code: 'NoSuchEntity',
        status: 404,
        message: `Policy ${CHANGE_PASSWORD} version v1 does not exist or is not attachable.`,
      });
    });
  });

  it('come encoded as RFC 3986 has it, and whole', async () => {
    const document = `{ "Statement": [{ "Sid": "é", "Effect": "Allow", "Action": "s3:*", "Resource": "a!'()~-._" }] }`;
    await put('maya', 'odd', document);
    const call = new GetUserPolicyCommand({ UserName: 'maya', PolicyName: 'odd' });
    const { PolicyDocument = '' } = await iam.send(call);
    assert.match(PolicyDocument, /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$/);
    assert.match(PolicyDocument, /s3%3A%2A.*%C3%A9|%C3%A9.*s3%3A%2A/);
    assert.equal(decodeURIComponent(PolicyDocument), document);
  });

  describe('can be changed', () => {
    it('inline: put, put again, deleted', async () => {
      await put('maya', 'one');
      await put('maya', 'two');
      assert.deepEqual(await inlineOf('maya'), ['one', 'two']);
      await put('maya', 'one', statement({ Effect: 'Deny' }));
      assert.equal((await inlineOf('maya')).length, 2);
      const call = new GetUserPolicyCommand({ UserName: 'maya', PolicyName: 'one' });
      assert.match(decodeURIComponent((await iam.send(call)).PolicyDocument ?? ''), /"Effect":"Deny"/);
      await iam.send(new DeleteUserPolicyCommand({ UserName: 'maya', PolicyName: 'one' }));
      assert.deepEqual(await inlineOf('maya'), ['two']);
      assert.equal((await refusal(iam.send(call))).code, 'NoSuchEntity');
    });

    it('managed: attached, the company’s and AWS’s, once each, and detached', async () => {
      for (const PolicyArn of [REQUIRE_MFA, CHANGE_PASSWORD, REQUIRE_MFA]) {
        await iam.send(new AttachUserPolicyCommand({ UserName: 'maya', PolicyArn }));
      }
      assert.deepEqual(await attachedTo('maya'), [REQUIRE_MFA, CHANGE_PASSWORD]);
      const count = async () =>
        (await iam.send(new GetPolicyCommand({ PolicyArn: REQUIRE_MFA }))).Policy?.AttachmentCount;
      assert.equal(await count(), 2);
      const detach = () => iam.send(new DetachUserPolicyCommand({ UserName: 'maya', PolicyArn: REQUIRE_MFA }));
      await detach();
      assert.deepEqual(await attachedTo('maya'), [CHANGE_PASSWORD]);
      assert.equal(await count(), 1);
      assert.equal((await refusal(detach())).code, 'NoSuchEntity');
    });

    it('by groups: joined and left, twice without harm', async () => {
      const membership = { UserName: 'maya', GroupName: 'finance' };
      await iam.send(new AddUserToGroupCommand(membership));
      await iam.send(new AddUserToGroupCommand({ ...membership, GroupName: 'everyone' }));
      await iam.send(new AddUserToGroupCommand(membership));
      assert.deepEqual(await groupsOf('maya'), ['finance', 'everyone']);
      await iam.send(new RemoveUserFromGroupCommand(membership));
      await iam.send(new RemoveUserFromGroupCommand(membership));
      assert.deepEqual(await groupsOf('maya'), ['everyone']);
    });

    it('and change nobody’s rights: they are there to be read', async () => {
      await put('jordan', 'nothing', statement({ Effect: 'Deny', Action: '*' }));
      await iam.send(new AddUserToGroupCommand({ UserName: 'jordan', GroupName: 'everyone' }));
      assert.equal((await stage.iam('keeper').send(new ListUsersCommand({}))).Users?.length, 10);
      await put('maya', 'everything', statement({ Action: '*' }));
      const refused = stage.iam('self').send(new ListUsersCommand({}));
      assert.equal((await refusal(refused)).code, 'AccessDenied');
    });

    it('and are seen by reads only when they have propagated', async () => {
      stage.account.faults.set({ kind: 'propagation', ms: 5000, operation: 'PutUserPolicy' });
      await put('maya', 'late');
      assert.deepEqual(await inlineOf('maya'), []);
      stage.advance(5000);
      assert.deepEqual(await inlineOf('maya'), ['late']);
    });
  });

  it('and memberships keep a user from being deleted', async () => {
    const UserName = 'newcomer';
    await iam.send(new CreateUserCommand({ UserName }));
    const policy = { UserName, PolicyName: 'own' };
    const attachment = { UserName, PolicyArn: REQUIRE_MFA };
    const membership = { UserName, GroupName: 'everyone' };
    const rows: [() => Promise<unknown>, () => Promise<unknown>, RegExp][] = [
      [() => put(UserName, 'own'), () => iam.send(new DeleteUserPolicyCommand(policy)), /delete policies first/],
      [
        () => iam.send(new AttachUserPolicyCommand(attachment)),
        () => iam.send(new DetachUserPolicyCommand(attachment)),
        /detach all policies first/,
      ],
      [
        () => iam.send(new AddUserToGroupCommand(membership)),
        () => iam.send(new RemoveUserFromGroupCommand(membership)),
        /remove users from group first/,
      ],
    ];
    for (const [give, take, message] of rows) {
      await give();
      const refused = await refusal(iam.send(new DeleteUserCommand({ UserName })));
      assert.deepEqual([refused.code, refused.status], ['DeleteConflict', 409]);
      assert.match(refused.message, message);
      await take();
    }
    await iam.send(new DeleteUserCommand({ UserName }));
  });

  describe('in quotas (iam-facts 4)', () => {
    it('fit 2048 characters of inline text per user, all together and without the spaces', async () => {
      // As many characters as asked for, and as many spaces again.
      const sized = (characters: number) => {
        const rest = characters - statement({ Sid: '' }).length;
        return `${' '.repeat(characters)}${statement({ Sid: 'x'.repeat(rest) })}`;
      };
      await put('maya', 'one', sized(1024));
      const more = await refusal(put('maya', 'two', sized(1025)));
      assert.deepEqual(more, {
        code: 'LimitExceeded',
        status: 409,
        message: 'Maximum policy size of 2048 bytes exceeded for user maya',
      });
      assert.deepEqual(await inlineOf('maya'), ['one']);
      await put('maya', 'two', sized(1024));
      await put('maya', 'two', sized(1024));
    });

    it('are ten managed ones and ten groups per user', async () => {
      const company = smallCompany();
      const numbered = (name: string) => Array.from({ length: 11 }, (_, index) => `${name}${index}`);
      const grown: Company = {
        ...company,
        groups: numbered('group').map((name) => ({ name, createdDaysAgo: 1 })),
        policies: numbered('policy').map((name) => ({ name, createdDaysAgo: 1, statements: [] })),
        users: company.users.map((user) => ({ ...user, groups: [] })),
      };
      const full = await Stage.open({ company: grown });
      try {
        const admin = full.iam('admin-role');
        const attach = (name: string) =>
          admin.send(
            new AttachUserPolicyCommand({ UserName: 'maya', PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}` }),
          );
        const join = (GroupName: string) => admin.send(new AddUserToGroupCommand({ UserName: 'maya', GroupName }));
        for (let index = 0; index < 10; index++) {
          await attach(`policy${index}`);
          await join(`group${index}`);
        }
        for (const eleventh of [() => attach('policy10'), () => join('group10')]) {
          const refused = await refusal(eleventh());
          assert.deepEqual([refused.code, refused.status], ['LimitExceeded', 409]);
        }
        await attach('policy3');
        await join('group3');
      } finally {
        await full.close();
      }
    });
  });

  describe('in pages', () => {
    it('of the size asked for, or shorter', async () => {
      const company = smallCompany();
      const names = ['a', 'b', 'c', 'd', 'e'];
      const policies = {
        attachedPolicies: names,
        inlinePolicies: names.map((name) => ({ name, statements: [] })),
      };
      const grown: Company = {
        ...company,
        groups: names.map((name) => ({ name, createdDaysAgo: 1, ...policies })),
        policies: names.map((name) => ({ name, createdDaysAgo: 1, statements: [] })),
        users: company.users.map((user) => ({ ...user, groups: names, ...policies })),
      };
      for (const shortPages of [false, true]) {
        const full = await Stage.open({ company: grown, shortPages });
        try {
          const config = { client: full.iam('auditor'), pageSize: 2 };
          // An input each: the paginators write their marker into it.
          const user = () => ({ UserName: 'maya' });
          const group = () => ({ GroupName: 'a' });
          const pages: (string | undefined)[][][] = [[], [], [], [], []];
          for await (const { PolicyNames = [] } of paginateListUserPolicies(config, user())) {
            pages[0]?.push(PolicyNames);
          }
          for await (const { AttachedPolicies = [] } of paginateListAttachedUserPolicies(config, user())) {
            pages[1]?.push(AttachedPolicies.map((policy) => policy.PolicyName));
          }
          for await (const { Groups = [] } of paginateListGroupsForUser(config, user())) {
            pages[2]?.push(Groups.map((one) => one.GroupName));
          }
          for await (const { PolicyNames = [] } of paginateListGroupPolicies(config, group())) {
            pages[3]?.push(PolicyNames);
          }
          for await (const { AttachedPolicies = [] } of paginateListAttachedGroupPolicies(config, group())) {
            pages[4]?.push(AttachedPolicies.map((policy) => policy.PolicyName));
          }
          const expected = shortPages ? names.map((name) => [name]) : [['a', 'b'], ['c', 'd'], ['e']];
          assert.deepEqual(pages, [expected, expected, expected, expected, expected]);
        } finally {
          await full.close();
        }
      }
    });

    it('of policies under a path only', async () => {
      const company = smallCompany();
      const policies = ['/', '/team/', '/team/web/'].map((path, index) => ({
        name: `p${index}`,
        path,
        createdDaysAgo: 1,
        statements: [],
      }));
      const attachedPolicies = policies.map(({ name }) => name);
      const full = await Stage.open({
        company: {
          ...company,
          policies,
          groups: company.groups.map((group) => ({ ...group, attachedPolicies })),
          users: company.users.map((user) => ({ ...user, attachedPolicies })),
        },
      });
      try {
        const client = full.iam('auditor');
        const prefix = { PathPrefix: '/team/' };
        const names = ({
          AttachedPolicies,
        }: {
          AttachedPolicies?: { PolicyName?: string | undefined }[] | undefined;
        }) => AttachedPolicies?.map((policy) => policy.PolicyName);
        const ofUser = new ListAttachedUserPoliciesCommand({ UserName: 'maya', ...prefix });
        const ofGroup = new ListAttachedGroupPoliciesCommand({ GroupName: 'finance', ...prefix });
        assert.deepEqual(names(await client.send(ofUser)), ['p1', 'p2']);
        assert.deepEqual(names(await client.send(ofGroup)), ['p1', 'p2']);
        const { Policy } = await client.send(
          new GetPolicyCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/team/web/p2` }),
        );
        assert.equal(Policy?.Path, '/team/web/');
      } finally {
        await full.close();
      }
    });
  });

  describe('and groups of everybody at once', () => {
    it('are told with their documents, encoded', async () => {
      const details = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
      const user = (name: string) => details.UserDetailList?.find((one) => one.UserName === name);
      assert.deepEqual(user('priya')?.GroupList, ['everyone']);
      assert.equal(user('ines')?.UserPolicyList?.[0]?.PolicyName, 'ReadDesigns');
      assert.ok(read(user('ines')?.UserPolicyList?.[0]?.PolicyDocument).Statement.length > 0, 'it has a document');
      const group = (name: string) => details.GroupDetailList?.find((one) => one.GroupName === name);
      assert.deepEqual(group('everyone')?.AttachedManagedPolicies, [
        { PolicyName: 'RequireMfa', PolicyArn: REQUIRE_MFA },
      ]);
      assert.equal(group('finance')?.GroupPolicyList?.[0]?.PolicyName, 'BillingWithMfa');
      assert.deepEqual(
        details.Policies?.map((policy) => [policy.Arn, policy.PolicyVersionList?.[0]?.VersionId]),
        [[REQUIRE_MFA, 'v1']],
      );
    });

    it('are filtered by kind, and paged', async () => {
      await iam.send(new AttachUserPolicyCommand({ UserName: 'maya', PolicyArn: CHANGE_PASSWORD }));
      const told = async (...Filter: ('User' | 'Group' | 'LocalManagedPolicy' | 'AWSManagedPolicy')[]) => {
        const counts = [0, 0, 0];
        const pages = paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 4 }, { Filter });
        for await (const { UserDetailList = [], GroupDetailList = [], Policies = [] } of pages) {
          const sizes = [UserDetailList.length, GroupDetailList.length, Policies.length];
          assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 4, 'no page is longer than asked');
          sizes.forEach((size, index) => (counts[index] = (counts[index] ?? 0) + size));
        }
        return counts;
      };
      assert.deepEqual(await told(), [10, 2, 2]);
      assert.deepEqual(await told('User'), [10, 0, 0]);
      assert.deepEqual(await told('Group', 'AWSManagedPolicy'), [0, 2, 1]);
      const wrong = iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Device' as 'User'] }));
      assert.equal((await refusal(wrong)).code, 'ValidationError');
    });
  });

  const nobody = { UserName: 'nobody' };
  const noGroup = { GroupName: 'ghosts' };
  const noPolicy = { PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/Ghost` };
  const noUser = ['NoSuchEntity', 404, 'The user with name nobody cannot be found.'] as const;
  const noSuchGroup = ['NoSuchEntity', 404, 'The group with name ghosts cannot be found.'] as const;
  const refusals: {
    what: string;
    call: () => Promise<unknown>;
    refused: readonly [string, number, string | RegExp];
  }[] = [
    { what: 'ListUserPolicies', call: () => iam.send(new ListUserPoliciesCommand(nobody)), refused: noUser },
    {
      what: 'GetUserPolicy',
      call: () => iam.send(new GetUserPolicyCommand({ ...nobody, PolicyName: 'x' })),
      refused: noUser,
    },
    { what: 'PutUserPolicy', call: () => put('nobody', 'x'), refused: noUser },
    {
      what: 'DeleteUserPolicy',
      call: () => iam.send(new DeleteUserPolicyCommand({ ...nobody, PolicyName: 'x' })),
      refused: noUser,
    },
    {
      what: 'ListAttachedUserPolicies',
      call: () => iam.send(new ListAttachedUserPoliciesCommand(nobody)),
      refused: noUser,
    },
    {
      what: 'AttachUserPolicy',
      call: () => iam.send(new AttachUserPolicyCommand({ ...nobody, PolicyArn: REQUIRE_MFA })),
      refused: noUser,
    },
    {
      what: 'DetachUserPolicy',
      call: () => iam.send(new DetachUserPolicyCommand({ ...nobody, PolicyArn: REQUIRE_MFA })),
      refused: noUser,
    },
    { what: 'ListGroupsForUser', call: () => iam.send(new ListGroupsForUserCommand(nobody)), refused: noUser },
    {
      what: 'AddUserToGroup',
      call: () => iam.send(new AddUserToGroupCommand({ ...nobody, ...noGroup })),
      refused: noUser,
    },
    {
      what: 'RemoveUserFromGroup',
      call: () => iam.send(new RemoveUserFromGroupCommand({ ...nobody, ...noGroup })),
      refused: noUser,
    },
    {
      what: 'AddUserToGroup, no group',
      call: () => iam.send(new AddUserToGroupCommand({ UserName: 'maya', ...noGroup })),
      refused: noSuchGroup,
    },
    {
      what: 'RemoveUserFromGroup, no group',
      call: () => iam.send(new RemoveUserFromGroupCommand({ UserName: 'maya', ...noGroup })),
      refused: noSuchGroup,
    },
    {
      what: 'ListGroupPolicies',
      call: () => iam.send(new ListGroupPoliciesCommand(noGroup)),
      refused: noSuchGroup,
    },
    {
      what: 'GetGroupPolicy',
      call: () => iam.send(new GetGroupPolicyCommand({ ...noGroup, PolicyName: 'x' })),
      refused: noSuchGroup,
    },
    {
      what: 'ListAttachedGroupPolicies',
      call: () => iam.send(new ListAttachedGroupPoliciesCommand(noGroup)),
      refused: noSuchGroup,
    },
    {
      what: 'GetUserPolicy, no policy',
      call: () => iam.send(new GetUserPolicyCommand({ UserName: 'maya', PolicyName: 'x' })),
      refused: ['NoSuchEntity', 404, 'The user policy with name x cannot be found.'],
    },
    {
      what: 'DeleteUserPolicy, no policy',
      call: () => iam.send(new DeleteUserPolicyCommand({ UserName: 'maya', PolicyName: 'x' })),
      refused: ['NoSuchEntity', 404, 'The user policy with name x cannot be found.'],
    },
    {
      what: 'GetGroupPolicy, no policy',
      call: () => iam.send(new GetGroupPolicyCommand({ GroupName: 'finance', PolicyName: 'x' })),
      refused: ['NoSuchEntity', 404, 'The group policy with name x cannot be found.'],
    },
    {
      what: 'GetPolicy, no policy',
      call: () => iam.send(new GetPolicyCommand(noPolicy)),
      refused: ['NoSuchEntity', 404, `Policy ${noPolicy.PolicyArn} was not found.`],
    },
    {
      what: 'GetPolicyVersion, no policy',
      call: () => iam.send(new GetPolicyVersionCommand({ ...noPolicy, VersionId: 'v1' })),
      refused: ['NoSuchEntity', 404, `Policy ${noPolicy.PolicyArn} version v1 does not exist or is not attachable.`],
    },
    {
      what: 'AttachUserPolicy, no policy',
      call: () => iam.send(new AttachUserPolicyCommand({ UserName: 'maya', ...noPolicy })),
      refused: ['NoSuchEntity', 404, `Policy ${noPolicy.PolicyArn} does not exist or is not attachable.`],
    },
    {
      what: 'AttachUserPolicy, an ARN of no policy',
      call: () => iam.send(new AttachUserPolicyCommand({ UserName: 'maya', PolicyArn: userArn('maya') })),
      refused: ['InvalidInput', 400, /not valid/],
    },
    {
      what: 'GetPolicyVersion, a version of no form',
      call: () => iam.send(new GetPolicyVersionCommand({ PolicyArn: REQUIRE_MFA, VersionId: '1' })),
      refused: ['ValidationError', 400, /at 'versionId'/],
    },
    {
      what: 'ListAttachedUserPolicies, a name of 65 characters',
      call: () => iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'x'.repeat(65) })),
      refused: ['ValidationError', 400, /less than or equal to 64/],
    },
    {
      what: 'ListAttachedUserPolicies, a prefix that does not end with a slash',
      call: () => iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'maya', PathPrefix: '/team' })),
      refused: ['ValidationError', 400, /at 'pathPrefix'/],
    },
    ...[
      ['no JSON', '{'],
      ['no statement', '{"Version":"2012-10-17","Statement":[]}'],
      ['a list', '[]'],
      ['an effect of no kind', statement({ Effect: 'Perhaps' })],
      ['Action and NotAction', statement({ NotAction: 'iam:*' })],
      ['no Resource', '{"Statement":{"Effect":"Allow","Action":"*"}}'],
    ].map(([what, document]) => ({
      what: `PutUserPolicy, ${what ?? ''}`,
      call: () => put('maya', 'x', document),
      refused: ['MalformedPolicyDocument', 400, 'Syntax errors in policy.'] as const,
    })),
  ];
  for (const { what, call, refused } of refusals) {
    it(`are refused: ${what}`, async () => {
      const { code, status, message } = await refusal(call());
      const [expectedCode, expectedStatus, expectedMessage] = refused;
      assert.deepEqual([code, status], [expectedCode, expectedStatus]);
      if (typeof expectedMessage === 'string') {
        assert.equal(message, expectedMessage);
      } else {
        assert.match(message, expectedMessage);
      }
    });
  }

  describe('need the permission', () => {
    const group = `arn:aws:iam::${ACCOUNT}:group/finance`;
    const user = { UserName: 'ines' };
    const inline = { PolicyName: 'x' };
    const finance = { GroupName: 'finance' };
    const managed = { PolicyArn: REQUIRE_MFA };
    const ines = userArn('contractors/ines');
    const rows: [string, (client: IAMClient) => Promise<unknown>, string][] = [
      ['ListUserPolicies', (client) => client.send(new ListUserPoliciesCommand(user)), ines],
      ['GetUserPolicy', (client) => client.send(new GetUserPolicyCommand({ ...user, ...inline })), ines],
      [
        'PutUserPolicy',
        (client) => client.send(new PutUserPolicyCommand({ ...user, ...inline, PolicyDocument: statement() })),
        ines,
      ],
      ['DeleteUserPolicy', (client) => client.send(new DeleteUserPolicyCommand({ ...user, ...inline })), ines],
      ['ListAttachedUserPolicies', (client) => client.send(new ListAttachedUserPoliciesCommand(user)), ines],
      ['AttachUserPolicy', (client) => client.send(new AttachUserPolicyCommand({ ...user, ...managed })), ines],
      ['DetachUserPolicy', (client) => client.send(new DetachUserPolicyCommand({ ...user, ...managed })), ines],
      ['ListGroupsForUser', (client) => client.send(new ListGroupsForUserCommand(user)), ines],
      ['AddUserToGroup', (client) => client.send(new AddUserToGroupCommand({ ...user, ...finance })), group],
      ['RemoveUserFromGroup', (client) => client.send(new RemoveUserFromGroupCommand({ ...user, ...finance })), group],
      ['ListGroupPolicies', (client) => client.send(new ListGroupPoliciesCommand(finance)), group],
      ['GetGroupPolicy', (client) => client.send(new GetGroupPolicyCommand({ ...finance, ...inline })), group],
      ['ListAttachedGroupPolicies', (client) => client.send(new ListAttachedGroupPoliciesCommand(finance)), group],
      ['GetPolicy', (client) => client.send(new GetPolicyCommand(managed)), REQUIRE_MFA],
      [
        'GetPolicyVersion',
        (client) => client.send(new GetPolicyVersionCommand({ ...managed, VersionId: 'v1' })),
        REQUIRE_MFA,
      ],
    ];
    for (const [action, call, resource] of rows) {
      it(`${action} on ${resource}`, async () => {
        stage.account.addCaller({
          name: 'less',
          identity: { kind: 'user', userName: 'jordan' },
          permissions: { allExcept: [action] },
        });
        const { code, status, message } = await refusal(call(stage.iam('less')));
        assert.deepEqual([code, status], ['AccessDenied', 403]);
        assert.ok(message.includes(`perform: iam:${action} on resource: ${resource} `), message);
      });
    }

    it('on a group by its whole ARN, and on one that does not exist as if it had no path', async () => {
      const company = smallCompany();
      const groups = company.groups.map((one) => ({ ...one, path: '/teams/' }));
      const other = await Stage.open({ company: { ...company, groups } });
      try {
        for (const [GroupName, resource] of [
          ['finance', 'group/teams/finance'],
          ['ghosts', 'group/ghosts'],
        ] as const) {
          const { code, message } = await refusal(other.iam('self').send(new ListGroupPoliciesCommand({ GroupName })));
          assert.equal(code, 'AccessDenied');
          assert.ok(message.includes(`on resource: arn:aws:iam::${ACCOUNT}:${resource} `), message);
        }
      } finally {
        await other.close();
      }
    });

    it('which the auditor has for reading, and self-service has not', async () => {
      await stage.iam('auditor').send(new ListUserPoliciesCommand({ UserName: 'ines' }));
      await stage.iam('auditor').send(new GetPolicyCommand(managed));
      const write = stage.iam('auditor').send(new AttachUserPolicyCommand({ UserName: 'ines', ...managed }));
      assert.equal((await refusal(write)).code, 'AccessDenied');
      const own = stage.iam('self').send(new ListUserPoliciesCommand({ UserName: 'maya' }));
      assert.equal((await refusal(own)).code, 'AccessDenied');
    });
  });
});
