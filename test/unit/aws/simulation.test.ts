import assert from 'node:assert/strict';
import type { Iam, SimulationQuestion } from '../../../src/core/iam';
import { practiceId, problem, Setup, type SetupOptions } from '../practiceSetup';

const userArn = (name: string): string => `arn:aws:iam::${practiceId}:user/${name}`;
const roleArn = `arn:aws:iam::${practiceId}:role/SecurityAudit`;

/** Of maya's self-service, whose policies ask for her name and for MFA. */
const nameless: SimulationQuestion = {
  principal: userArn('maya'),
  actions: ['iam:EnableMFADevice', 'iam:GetLoginProfile', 'iam:DeactivateMFADevice'],
  resource: userArn('maya'),
};
const own: SimulationQuestion = { ...nameless, userName: 'maya' };

/** As AWS words it where actions cannot be weighed together. */
const apart = {
  kind: 'answer',
  status: 400,
  type: 'text/xml',
  body:
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>InvalidInput</Code>' +
    '<Message>Invalid Input Actions: [a] and [b] require different authorization information.</Message></Error>' +
    '<RequestId>1</RequestId></ErrorResponse>',
} as const;

describe('AWS’s policy simulator', () => {
  let setup: Setup;
  let iam: Iam;

  const open = async (options: SetupOptions = {}): Promise<void> => {
    setup = await Setup.open(options);
    iam = await setup.iam();
  };
  beforeEach(() => open());
  afterEach(() => setup.close());

  const decided = async (question: SimulationQuestion): Promise<readonly string[]> =>
    (await iam.simulate(question)).map(({ action, decision }) => `${action} ${decision}`);

  it('says of each action whether it is allowed, in one call', async () => {
    assert.deepEqual(await decided(own), [
      'iam:EnableMFADevice allowed',
      'iam:GetLoginProfile implicitDeny',
      'iam:DeactivateMFADevice explicitDeny',
    ]);
    assert.equal(setup.count('SimulatePrincipalPolicy'), 1);
  });

  it('is told of MFA only what is known', async () => {
    const deactivate = { ...own, actions: ['iam:DeactivateMFADevice'] };
    assert.deepEqual(await decided({ ...deactivate, mfa: true }), ['iam:DeactivateMFADevice allowed']);
    assert.deepEqual(await decided({ ...deactivate, mfa: false }), ['iam:DeactivateMFADevice explicitDeny']);
    await iam.simulate(deactivate);
    const told = setup.practice.calls
      .filter(({ operation }) => operation === 'SimulatePrincipalPolicy')
      .map(({ parameters }) =>
        Object.entries(parameters).flatMap(([name, value]) =>
          /ContextEntries\.member\.\d+\.(ContextKeyName|ContextKeyValues\.member\.1|ContextKeyType)$/.test(name)
            ? [value]
            : [],
        ),
      );
    const name = ['aws:username', 'maya', 'string'];
    assert.deepEqual(
      told.map((words) => [...words].sort()),
      [
        ['aws:MultiFactorAuthPresent', 'true', 'boolean', ...name].sort(),
        ['aws:MultiFactorAuthPresent', 'false', 'boolean', ...name].sort(),
        [...name].sort(),
      ],
    );
  });

  it('says which keys it was not told', async () => {
    const [untold] = await iam.simulate(nameless);
    assert.deepEqual(untold?.untold, ['aws:username', 'aws:MultiFactorAuthPresent']);
    const [told] = await iam.simulate({ ...own, mfa: false });
    assert.deepEqual(told?.untold, []);
    // Of no resource it says so elsewhere.
    const [any] = await iam.simulate({ principal: userArn('maya'), actions: ['iam:ListUsers'], resource: '*' });
    assert.deepEqual(any?.untold, ['aws:username', 'aws:MultiFactorAuthPresent']);
  });

  it('is heard to the end, however short its pages are', async () => {
    await setup.close();
    await open({ shortPages: true });
    assert.deepEqual(await decided(own), [
      'iam:EnableMFADevice allowed',
      'iam:GetLoginProfile implicitDeny',
      'iam:DeactivateMFADevice explicitDeny',
    ]);
    assert.ok(setup.count('SimulatePrincipalPolicy') > 1, 'there is more than one page');
  });

  it('is asked of each action by itself where it does not weigh them together', async () => {
    setup.relay.spoil('SimulatePrincipalPolicy', apart, 1);
    assert.deepEqual(await decided(own), [
      'iam:EnableMFADevice allowed',
      'iam:GetLoginProfile implicitDeny',
      'iam:DeactivateMFADevice explicitDeny',
    ]);
    assert.equal(setup.count('SimulatePrincipalPolicy'), 1 + own.actions.length);
  });

  it('is not asked over and over where it does not take one action either', async () => {
    setup.relay.spoil('SimulatePrincipalPolicy', apart);
    assert.equal((await problem(iam.simulate({ ...own, actions: ['iam:ListUsers'] }))).code, 'invalidInput');
    assert.equal(setup.count('SimulatePrincipalPolicy'), 1);
  });

  for (const [title, detail, limit] of [
    [
      'the organization',
      '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail>',
      'organization',
    ],
    [
      'a permissions boundary',
      '<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary>' +
        '</PermissionsBoundaryDecisionDetail>',
      'boundary',
    ],
  ] as const) {
    it(`says what ${title} forbids, whatever the policies allow`, async () => {
      const change = (body: string) => body.replaceAll('</EvalDecision>', `</EvalDecision>${detail}`);
      setup.relay.spoil('SimulatePrincipalPolicy', { kind: 'change', change });
      const [enable] = await iam.simulate(own);
      assert.deepEqual([enable?.decision, enable?.limit], ['implicitDeny', limit]);
    });
  }

  it('is no AWS where it leaves an action out', async () => {
    const change = (body: string) => body.replace('iam:GetLoginProfile', 'iam:Other');
    setup.relay.spoil('SimulatePrincipalPolicy', { kind: 'change', change });
    assert.equal((await problem(iam.simulate(own))).code, 'notAws');
  });

  it('says whose right is missing', async () => {
    const self = await setup.iam('self');
    const { code, permission, subject } = await problem(self.simulate(own));
    assert.deepEqual([code, permission, subject], ['accessDenied', 'iam:SimulatePrincipalPolicy', userArn('maya')]);
  });

  it('knows nobody who does not exist', async () => {
    assert.equal((await problem(iam.simulate({ ...own, principal: userArn('nobody') }))).code, 'notFound');
  });

  it('is given up when told so, with the reason', async () => {
    const gate = setup.relay.hold('SimulatePrincipalPolicy');
    const controller = new AbortController();
    const asking = iam.simulate(own, controller.signal);
    await gate.reached;
    controller.abort(new Error('enough'));
    await assert.rejects(asking, /enough/);
  });

  it('takes roles, whose ARN is told with its path', async () => {
    assert.equal(await iam.roleArn('SecurityAudit'), roleArn);
    assert.deepEqual(await decided({ principal: roleArn, actions: ['iam:ListUsers'], resource: '*' }), [
      'iam:ListUsers allowed',
    ]);
    assert.equal((await problem(iam.roleArn('Nobody'))).code, 'notFound');
    setup.relay.spoil('GetRole', { kind: 'change', change: (body) => body.replace(/<Arn>.*<\/Arn>/, '') });
    assert.equal((await problem(iam.roleArn('SecurityAudit'))).code, 'notAws');
  });
});
