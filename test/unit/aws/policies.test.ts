import assert from 'node:assert/strict';
import type { Iam, UserPolicy } from '../../../src/core/iam';
import { smallCompany, type Company, type CompanyStatement } from '../../../src/practice/company';
import { Setup, type SetupOptions, until } from '../practiceSetup';

const statement = (resource: string): CompanyStatement => ({ Effect: 'Allow', Action: 's3:*', Resource: resource });

/** Maya has policies in every way there is, and one in two ways. */
function company(): Company {
  const small = smallCompany();
  return {
    ...small,
    users: small.users.map((user) =>
      user.name === 'maya'
        ? {
            ...user,
            groups: ['everyone', 'finance', 'empty'],
            inlinePolicies: [
              { name: 'One', statements: [statement('arn:aws:s3:::100%+1 & ü')] },
              { name: 'Two', statements: [statement('*')] },
            ],
            attachedPolicies: ['IAMUserChangePassword', 'RequireMfa'],
          }
        : user,
    ),
    groups: [...small.groups, { name: 'empty', createdDaysAgo: 1 }],
  };
}

/** As `group/name`, with `*` for those that are written in. */
const short = ({ name, group, inline }: UserPolicy): string =>
  `${group === undefined ? '' : `${group}/`}${name}${inline ? '*' : ''}`;

const all = [
  'One*',
  'Two*',
  'IAMUserChangePassword',
  'RequireMfa',
  'everyone/RequireMfa',
  'finance/BillingWithMfa*',
] as const;

describe('the policies of a user', () => {
  let setup: Setup;
  let iam: Iam;

  const open = async (options: SetupOptions = {}): Promise<void> => {
    setup = await Setup.open({ company: company(), ...options });
    iam = await setup.iam('auditor');
  };
  beforeEach(() => open());
  afterEach(() => setup.close());

  it('are the user’s own and their groups’, written in and attached, as they were written', async () => {
    const { policies, problems } = await iam.userPolicies('maya');
    assert.deepEqual([policies.map(short), problems], [all, []]);
    const statementsOf = (index: number) =>
      (JSON.parse(policies[index]?.document ?? '') as { readonly Statement: readonly CompanyStatement[] }).Statement;
    const written = company();
    const managed = (name: string) => written.policies.find((policy) => policy.name === name)?.statements;
    assert.deepEqual(statementsOf(0), [statement('arn:aws:s3:::100%+1 & ü')]);
    assert.deepEqual(statementsOf(1), [statement('*')]);
    assert.deepEqual(statementsOf(2), managed('IAMUserChangePassword'));
    assert.deepEqual(statementsOf(3), managed('RequireMfa'));
    assert.deepEqual(statementsOf(4), managed('RequireMfa'));
    assert.deepEqual(
      statementsOf(5),
      written.groups.find(({ name }) => name === 'finance')?.inlinePolicies?.[0]?.statements,
    );
  });

  it('are read once where they come in two ways', async () => {
    await iam.userPolicies('maya');
    assert.deepEqual([setup.count('GetPolicy'), setup.count('GetPolicyVersion')], [2, 2]);
  });

  it('come whole, however short AWS’s pages are', async () => {
    await setup.close();
    await open({ shortPages: true });
    const { policies, problems } = await iam.userPolicies('maya');
    assert.deepEqual([policies.map(short), problems], [all, []]);
    for (const operation of ['ListUserPolicies', 'ListAttachedUserPolicies', 'ListGroupsForUser']) {
      assert.ok(setup.count(operation) > 1, `${operation} has more than one page`);
    }
  });

  it('may be none', async () => {
    assert.deepEqual(await iam.userPolicies('theo'), { policies: [], problems: [] });
  });

  const maya = 'arn:aws:iam::210987654321:user/maya';
  const groupArns = ['empty', 'everyone', 'finance'].map((name) => `arn:aws:iam::210987654321:group/${name}`);
  const policyArns = ['arn:aws:iam::210987654321:policy/RequireMfa', 'arn:aws:iam::aws:policy/IAMUserChangePassword'];
  // What is refused, what that was about, the resources that it was refused on, and what is read all the same.
  const refusals: readonly (readonly [
    operation: string,
    subjects: readonly string[],
    resources: readonly string[],
    left: readonly (typeof all)[number][],
  ])[] = [
    ['ListUserPolicies', ['maya'], [maya], [all[2], all[3], all[4], all[5]]],
    ['GetUserPolicy', ['One', 'Two'], [maya, maya], [all[2], all[3], all[4], all[5]]],
    ['ListAttachedUserPolicies', ['maya'], [maya], [all[0], all[1], all[4], all[5]]],
    ['ListGroupsForUser', ['maya'], [maya], [all[0], all[1], all[2], all[3]]],
    ['ListGroupPolicies', ['empty', 'everyone', 'finance'], groupArns, [all[0], all[1], all[2], all[3], all[4]]],
    ['GetGroupPolicy', ['BillingWithMfa'], groupArns.slice(2), [all[0], all[1], all[2], all[3], all[4]]],
    [
      'ListAttachedGroupPolicies',
      ['empty', 'everyone', 'finance'],
      groupArns,
      [all[0], all[1], all[2], all[3], all[5]],
    ],
    ['GetPolicy', policyArns, policyArns, [all[0], all[1], all[5]]],
    ['GetPolicyVersion', policyArns, policyArns, [all[0], all[1], all[5]]],
  ];
  for (const [operation, subjects, resources, left] of refusals) {
    it(`are told as far as they could be read where ${operation} is refused`, async () => {
      await iam.callerIdentity();
      setup.practice.faults.set({ kind: 'deny', operation });
      const { policies, problems } = await iam.userPolicies('maya');
      assert.deepEqual(policies.map(short), left);
      assert.deepEqual(problems.map(({ subject }) => subject).sort(), subjects);
      assert.deepEqual(problems.map(({ resource }) => resource).sort(), resources);
      for (const found of problems) {
        assert.deepEqual(
          [found.code, found.operation, found.permission],
          ['accessDenied', operation, `iam:${operation}`],
        );
      }
    });
  }

  it('are told up to the page that failed', async () => {
    await setup.close();
    await open({ shortPages: true });
    const page = { kind: 'answer', status: 404, type: 'text/html', body: '<p>gone</p>' } as const;
    setup.relay.spoil('ListUserPolicies', page, Number.POSITIVE_INFINITY, 1);
    const { policies, problems } = await iam.userPolicies('maya');
    assert.ok(policies.map(short).includes('One*'), 'the first page is there');
    assert.ok(!policies.map(short).includes('Two*'), 'the second is not');
    assert.deepEqual(
      problems.map(({ code, operation }) => [code, operation]),
      [['notAws', 'ListUserPolicies']],
    );
  });

  it('of a user AWS does not know are none, and it is said why', async () => {
    const { policies, problems } = await iam.userPolicies('nobody');
    assert.deepEqual(policies, []);
    assert.deepEqual(
      problems.map(({ code, operation, subject }) => [code, operation, subject]).sort(),
      ['ListAttachedUserPolicies', 'ListGroupsForUser', 'ListUserPolicies'].map((operation) => [
        'notFound',
        operation,
        'nobody',
      ]),
    );
  });

  it('are asked again where a connection breaks, and given up in the end', async () => {
    setup.relay.spoil('ListGroupsForUser', { kind: 'lost' });
    setup.relay.spoil('ListUserPolicies', { kind: 'lost' }, 1);
    const { policies, problems } = await iam.userPolicies('maya');
    assert.deepEqual(policies.map(short), all.slice(0, 4));
    assert.deepEqual(
      problems.map(({ code, operation, subject }) => [code, operation, subject]),
      [['answerLost', 'ListGroupsForUser', setup.relay.endpoint]],
    );
  });

  for (const [title, operation, element] of [
    ['its document', 'GetUserPolicy', 'PolicyDocument'],
    ['its default version', 'GetPolicy', 'DefaultVersionId'],
    ['a version’s document', 'GetPolicyVersion', 'Document'],
  ] as const) {
    it(`are missing one where AWS’s answer lacks ${title}, and it is said`, async () => {
      const change = (body: string) => body.replace(new RegExp(`<${element}>.*</${element}>`, 's'), '');
      setup.relay.spoil(operation, { kind: 'change', change }, 1);
      const { policies, problems } = await iam.userPolicies('maya');
      assert.ok(policies.length < all.length, 'one is missing');
      assert.deepEqual(
        problems.map((found) => [found.code, found.operation]),
        [['notAws', operation]],
      );
    });
  }

  it('are left as they are where they are not encoded', async () => {
    const change = (body: string) =>
      body.replace(/<PolicyDocument>.*<\/PolicyDocument>/s, '<PolicyDocument>100% {}</PolicyDocument>');
    setup.relay.spoil('GetGroupPolicy', { kind: 'change', change });
    const { policies } = await iam.userPolicies('maya');
    assert.equal(policies.at(-1)?.document, '100% {}');
  });

  it('are asked for a few at a time', async () => {
    await setup.close();
    const names = Array.from({ length: 12 }, (_, index) => `Policy${index}`);
    const small = smallCompany();
    const inlinePolicies = names.map((name) => ({ name, statements: [statement('*')] }));
    await open({
      company: {
        ...small,
        users: small.users.map((user) => (user.name === 'theo' ? { ...user, inlinePolicies } : user)),
      },
    });
    const gate = setup.relay.hold('GetUserPolicy');
    const reading = iam.userPolicies('theo');
    await until(() => setup.count('GetUserPolicy') === 4);
    await iam.callerIdentity();
    await iam.getUser('theo');
    assert.equal(setup.count('GetUserPolicy'), 4, 'the others wait');
    gate.open();
    assert.deepEqual(
      (await reading).policies.map(({ name }) => name),
      names,
    );
  });

  it('are asked for no longer when told so, with the reason', async () => {
    const gate = setup.relay.hold('GetUserPolicy');
    const controller = new AbortController();
    const reading = iam.userPolicies('maya', controller.signal);
    await gate.reached;
    controller.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    const before = setup.relay.arrived.length;
    await assert.rejects(iam.userPolicies('maya', controller.signal), /enough/);
    assert.equal(setup.relay.arrived.length, before, 'nothing was asked');
  });
});
