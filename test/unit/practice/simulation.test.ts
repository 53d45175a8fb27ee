import assert from 'node:assert/strict';
import {
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
  type ContextEntry,
  type EvaluationResult,
  type SimulatePolicyResponse,
  type SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';
import { ACCOUNT, mfaArn, refusal, Stage, userArn } from './helpers';

const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const named = (name: string): ContextEntry => ({
  ContextKeyName: 'aws:username',
  ContextKeyValues: [name],
  ContextKeyType: 'string',
});
const mfa = (value: boolean): ContextEntry => ({
  ContextKeyName: 'aws:MultiFactorAuthPresent',
  ContextKeyValues: [String(value)],
  ContextKeyType: 'boolean',
});

describe('practice account: the policy simulator', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const simulate = (request: SimulatePrincipalPolicyRequest, who = 'keeper'): Promise<SimulatePolicyResponse> =>
    stage.iam(who).send(new SimulatePrincipalPolicyCommand(request));

  /** The results of a simulation, in order. */
  const results = async (request: SimulatePrincipalPolicyRequest, who?: string): Promise<readonly EvaluationResult[]> =>
    (await simulate(request, who)).EvaluationResults ?? [];

  /** The decisions of a simulation, by action. */
  const decisions = async (request: SimulatePrincipalPolicyRequest, who?: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await results(request, who)).map(({ EvalActionName = '', EvalDecision = '' }) => [EvalActionName, EvalDecision]),
    );

  it('decides as the account does', async () => {
    const self = {
      PolicySourceArn: userArn('maya'),
      ActionNames: ['iam:EnableMFADevice', 'iam:DeactivateMFADevice', 'iam:GetLoginProfile'],
    };
    assert.deepEqual(await decisions({ ...self, ResourceArns: [userArn('maya')], ContextEntries: [named('maya')] }), {
      'iam:EnableMFADevice': 'allowed',
      'iam:DeactivateMFADevice': 'explicitDeny',
      'iam:GetLoginProfile': 'implicitDeny',
    });
    assert.deepEqual(await decisions({ ...self, ResourceArns: [userArn('theo')], ContextEntries: [named('maya')] }), {
      'iam:EnableMFADevice': 'implicitDeny',
      'iam:DeactivateMFADevice': 'implicitDeny',
      'iam:GetLoginProfile': 'implicitDeny',
    });
  });

  it('knows of a code what it is told', async () => {
    const ask = (...context: ContextEntry[]) =>
      decisions({
        PolicySourceArn: userArn('maya'),
        ActionNames: ['iam:DeactivateMFADevice'],
        ResourceArns: [userArn('maya')],
        ContextEntries: [named('maya'), ...context],
      });
    assert.deepEqual(await ask(), { 'iam:DeactivateMFADevice': 'explicitDeny' });
    assert.deepEqual(await ask(mfa(false)), { 'iam:DeactivateMFADevice': 'explicitDeny' });
    assert.deepEqual(await ask(mfa(true)), { 'iam:DeactivateMFADevice': 'allowed' });
  });

  it('says which keys it was not told', async () => {
    const missing = async (...context: ContextEntry[]) => {
      const [result] = await results({
        PolicySourceArn: userArn('maya'),
        ActionNames: ['iam:EnableMFADevice'],
        ResourceArns: [userArn('maya')],
        ContextEntries: context,
      });
      return result?.ResourceSpecificResults?.[0]?.MissingContextValues;
    };
    assert.deepEqual(await missing(), ['aws:username', 'aws:MultiFactorAuthPresent']);
    assert.deepEqual(await missing(named('maya'), mfa(false)), []);
  });

  it('tells of each resource, and the strictest of all', async () => {
    const [result, ...more] = await results({
      PolicySourceArn: userArn('theo'),
      ActionNames: ['iam:CreateVirtualMFADevice'],
      ResourceArns: [mfaArn('theo'), mfaArn('other')],
      ContextEntries: [named('theo')],
    });
    assert.deepEqual([result?.EvalDecision, more], ['implicitDeny', []]);
    assert.deepEqual(
      result?.ResourceSpecificResults?.map((one) => [one.EvalResourceName, one.EvalResourceDecision]),
      [
        [mfaArn('theo'), 'allowed'],
        [mfaArn('other'), 'implicitDeny'],
      ],
    );
  });

  it('takes a role, and of one who asks about itself the rights it has', async () => {
    const actions = ['iam:ListUsers', 'iam:CreateVirtualMFADevice', 's3:GetObject'];
    assert.deepEqual(await decisions({ PolicySourceArn: roleArn('SecurityAudit'), ActionNames: actions }), {
      'iam:ListUsers': 'allowed',
      'iam:CreateVirtualMFADevice': 'implicitDeny',
      's3:GetObject': 'implicitDeny',
    });
    stage.account.addCaller({
      name: 'narrow',
      identity: { kind: 'role', roleName: 'SecurityAudit', sessionName: 'narrow' },
      permissions: { only: ['SimulatePrincipalPolicy'] },
    });
    assert.deepEqual(await decisions({ PolicySourceArn: roleArn('SecurityAudit'), ActionNames: actions }, 'narrow'), {
      'iam:ListUsers': 'implicitDeny',
      'iam:CreateVirtualMFADevice': 'implicitDeny',
      's3:GetObject': 'implicitDeny',
    });
  });

  it('gives a user with whose keys nobody signs no rights', async () => {
    assert.deepEqual(await decisions({ PolicySourceArn: userArn('sam'), ActionNames: ['iam:ListUsers'] }), {
      'iam:ListUsers': 'implicitDeny',
    });
  });

  it('comes a page at a time', async () => {
    const request = { PolicySourceArn: userArn('jordan'), ActionNames: ['iam:ListUsers', 'iam:GetUser'], MaxItems: 1 };
    const first = await simulate(request);
    assert.equal(first.IsTruncated, true);
    assert.ok(first.Marker !== undefined, 'there is a marker');
    const second = await simulate({ ...request, Marker: first.Marker });
    assert.equal(second.IsTruncated, false);
    assert.deepEqual(
      [first, second].map(({ EvaluationResults }) => EvaluationResults?.map((result) => result.EvalActionName)),
      [['iam:ListUsers'], ['iam:GetUser']],
    );
  });

  it('needs a permission of its own', async () => {
    const refused = await refusal(
      simulate({ PolicySourceArn: userArn('maya'), ActionNames: ['iam:ListUsers'] }, 'self'),
    );
    assert.equal(refused.code, 'AccessDenied');
    assert.match(refused.message, /iam:SimulatePrincipalPolicy on resource: arn:aws:iam::\d{12}:user\/maya/);
  });

  const listing = ['iam:ListUsers'];
  const refusals: readonly (readonly [title: string, source: string, actions: string[], code: string])[] = [
    ['a user it does not know', userArn('nobody'), listing, 'NoSuchEntity'],
    ['a user without the path', userArn('ines'), listing, 'NoSuchEntity'],
    ['a role it does not know', roleArn('Nobody'), listing, 'NoSuchEntity'],
    ['a session', `arn:aws:sts::${ACCOUNT}:assumed-role/SecurityAudit/auditor`, listing, 'InvalidInput'],
    ['root', `arn:aws:iam::${ACCOUNT}:root`, listing, 'InvalidInput'],
    ['no action', userArn('maya'), [], 'ValidationError'],
    ['an action without its service', userArn('maya'), ['ListUsers'], 'InvalidInput'],
  ];
  for (const [title, PolicySourceArn, ActionNames, code] of refusals) {
    it(`refuses ${title}`, async () => {
      assert.equal((await refusal(simulate({ PolicySourceArn, ActionNames }))).code, code);
    });
  }

  it('tells a role’s ARN with its path', async () => {
    const { Role } = await stage.iam('auditor').send(new GetRoleCommand({ RoleName: 'SecurityAudit' }));
    assert.deepEqual([Role?.RoleName, Role?.Path, Role?.Arn], ['SecurityAudit', '/', roleArn('SecurityAudit')]);
    assert.ok(Role?.CreateDate instanceof Date, 'AWS always says since when');
    assert.equal(
      (await refusal(stage.iam('self').send(new GetRoleCommand({ RoleName: 'SecurityAudit' })))).code,
      'AccessDenied',
    );
    assert.equal(
      (await refusal(stage.iam('auditor').send(new GetRoleCommand({ RoleName: 'Nobody' })))).code,
      'NoSuchEntity',
    );
  });
});
