import assert from 'node:assert/strict';
import { Agent, get } from 'node:https';
import { IAMClient, ListAccountAliasesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type Credentials, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { startPracticeAws } from '../../../src/practice/aws';
import { type Company, type CompanyRole, sisterCompany, smallCompany } from '../../../src/practice/company';
import type { PracticeCaller } from '../../../src/practice/server';
import { startPracticeAccount } from '../../../src/practice/server';
import { selfSigned } from './certificate';
import { type Keys, refusal } from './helpers';
import { MAIN, SignInStage, SISTER } from './signInStage';

const withRoles = (company: Company, ...roles: CompanyRole[]): Company => ({
  ...company,
  roles: [...company.roles, ...roles],
});

describe('practice account: several accounts', () => {
  let stage: SignInStage;
  const open = async (...companies: Company[]) => (stage = await SignInStage.open({ companies }));
  afterEach(() => stage.close());

  const users = async (keys: Keys) =>
    (await stage.iam(keys).send(new ListUsersCommand({}))).Users?.map((u) => u.UserName);
  const keysOf = (credentials: Credentials | undefined): Keys => ({
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  });

  describe('behind one endpoint', () => {
    beforeEach(() => open(smallCompany(), sisterCompany()));

    it('are told apart by the key that signs', async () => {
      assert.equal((await users(stage.main.caller('keeper')))?.length, 10);
      assert.deepEqual(await users(stage.sister.caller('labs-keeper')), ['kofi', 'lab-bot', 'lena', 'olivia']);
      const { AccountAliases } = await stage
        .iam(stage.sister.caller('labs-keeper'))
        .send(new ListAccountAliasesCommand({}));
      assert.deepEqual(AccountAliases, ['acme-labs-practice']);
      assert.equal(await stage.arn(stage.sister.caller('labs-keeper')), `arn:aws:iam::${SISTER}:user/olivia`);
    });

    it('keep lists of calls and faults of their own', async () => {
      stage.sister.faults.set({ kind: 'throttle' });
      assert.equal((await users(stage.main.caller('keeper')))?.length, 10);
      assert.equal((await refusal(users(stage.sister.caller('labs-keeper')))).code, 'Throttling');
      assert.deepEqual(
        stage.aws.calls.map(({ caller, status }) => [caller, status]),
        [
          ['keeper', 200],
          ['labs-keeper', 400],
        ],
      );
      assert.deepEqual(stage.main.calls, stage.aws.calls.slice(0, 1));
      assert.deepEqual(stage.sister.calls, stage.aws.calls.slice(1));
    });

    it('count what is nobody’s to the first', async () => {
      const stranger = { accessKeyId: 'AKIAQQQQQQQQQQQQQQQQ', secretAccessKey: 'x' };
      assert.equal((await refusal(users(stranger))).code, 'InvalidClientTokenId');
      assert.deepEqual([stage.main.calls.length, stage.sister.calls.length], [1, 0]);
    });

    it('take callers of the same name, each with keys of its own', async () => {
      const keeper = stage.sister.addCaller({
        name: 'keeper',
        identity: { kind: 'user', userName: 'kofi' },
        permissions: 'readOnly',
      });
      assert.equal(await stage.arn(keeper), `arn:aws:iam::${SISTER}:user/kofi`);
      assert.equal(await stage.arn(stage.main.caller('keeper')), `arn:aws:iam::${MAIN}:user/jordan`);
    });

    it('are refused when two have one id, or when there is none', async () => {
      await assert.rejects(startPracticeAws({ companies: [smallCompany(), smallCompany()] }), RangeError);
      await assert.rejects(startPracticeAws({ companies: [] }), RangeError);
    });
  });

  describe('with roles between them', () => {
    const serial = `arn:aws:iam::${MAIN}:mfa/priya`;
    let priya: PracticeCaller;
    const hire = (): void => {
      const identity = { kind: 'user', userName: 'priya' } as const;
      priya = stage.main.addCaller({ name: 'priya', identity, permissions: 'everything' });
    };
    const assume = (who: Keys, RoleArn: string, more: object = {}) =>
      stage.sts(who).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work', ...more }));

    it('are entered with a code, or from an MFA session, where the role says so', async () => {
      await open(smallCompany(), sisterCompany());
      hire();
      const administrator = stage.sister.roleArn('LabsAdministrator');
      assert.deepEqual(await refusal(assume(priya, administrator)), {
        code: 'AccessDenied',
        status: 403,
        message: `User: ${priya.arn} is not authorized to perform: sts:AssumeRole on resource: ${administrator}`,
      });
      const code = { SerialNumber: serial, TokenCode: stage.main.codeShownBy(serial) };
      const { Credentials, AssumedRoleUser } = await assume(priya, administrator, code);
      assert.equal(AssumedRoleUser?.Arn, `arn:aws:sts::${SISTER}:assumed-role/LabsAdministrator/work`);
      assert.equal((await users(keysOf(Credentials)))?.length, 4);

      stage.advance(30_000);
      const fresh = { SerialNumber: serial, TokenCode: stage.main.codeShownBy(serial) };
      const session = (await stage.sts(priya).send(new GetSessionTokenCommand(fresh))).Credentials;
      await assume(keysOf(session), administrator);
    });

    it('are closed to other accounts without a trust, and to all whom a trust does not name', async () => {
      const role = { name: 'ForTheo', permissions: 'readOnly', needsMfa: false } as const;
      const trusts = [`arn:aws:iam::${MAIN}:user/theo`];
      await open(smallCompany(), withRoles(sisterCompany(), { ...role, trusts }));
      const code = async (who: Keys, name: string) => refusal(assume(who, stage.sister.roleArn(name)));
      assert.equal((await code(stage.main.caller('keeper'), 'LabsAudit')).code, 'AccessDenied');
      assert.equal((await code(stage.main.caller('keeper'), 'ForTheo')).code, 'AccessDenied');
      assert.equal((await code(stage.sister.caller('labs-keeper'), 'ForTheo')).code, 'AccessDenied');
      await assume(stage.sister.caller('labs-keeper'), stage.sister.roleArn('LabsAudit'));
      await assume(stage.main.caller('selfOld'), stage.sister.roleArn('ForTheo'));
    });

    it('are open to sessions by the role’s ARN, by the session’s, and by the account’s', async () => {
      const role = { permissions: 'readOnly', needsMfa: false } as const;
      const names = {
        ByRole: `arn:aws:iam::${MAIN}:role/SecurityAudit`,
        BySession: `arn:aws:sts::${MAIN}:assumed-role/SecurityAudit/auditor`,
        ByRoot: `arn:aws:iam::${MAIN}:root`,
        ById: MAIN,
      };
      const roles = Object.entries(names).map(([name, trusted]) => ({ ...role, name, trusts: [trusted] }));
      await open(smallCompany(), withRoles(sisterCompany(), ...roles));
      const auditor = stage.main.caller('auditor');
      const other = stage.main.caller('admin-role');
      for (const name of Object.keys(names)) {
        await assume(auditor, stage.sister.roleArn(name));
      }
      for (const name of ['ByRole', 'BySession']) {
        assert.equal((await refusal(assume(other, stage.sister.roleArn(name)))).code, 'AccessDenied', name);
      }
    });

    it('want the external id they were given', async () => {
      const role = { name: 'Partner', permissions: 'readOnly', needsMfa: false, trusts: [MAIN] } as const;
      await open(smallCompany(), withRoles(sisterCompany(), { ...role, externalId: 'acme-42' }));
      const [keeper, arn] = [stage.main.caller('keeper'), stage.sister.roleArn('Partner')];
      assert.equal((await refusal(assume(keeper, arn))).code, 'AccessDenied');
      assert.equal((await refusal(assume(keeper, arn, { ExternalId: 'acme-43' }))).code, 'AccessDenied');
      assert.equal((await refusal(assume(keeper, arn, { ExternalId: 'x' }))).code, 'ValidationError');
      await assume(keeper, arn, { ExternalId: 'acme-42' });
    });

    it('last an hour at most from role to role, and as long as the role allows else', async () => {
      const role = { permissions: 'readOnly', needsMfa: false, trusts: [MAIN] } as const;
      const short = { ...role, name: 'Short', maxSessionSeconds: 7200 };
      await open(smallCompany(), withRoles(sisterCompany(), { ...role, name: 'Long' }, short));
      const [keeper, auditor] = [stage.main.caller('keeper'), stage.main.caller('auditor')];
      const [long, brief] = [stage.sister.roleArn('Long'), stage.sister.roleArn('Short')];
      await assume(keeper, long, { DurationSeconds: 43_200 });
      assert.match(
        (await refusal(assume(auditor, long, { DurationSeconds: 3601 }))).message,
        /1 hour session limit for roles assumed by role chaining/,
      );
      await assume(auditor, long, { DurationSeconds: 3600 });
      await assume(keeper, brief, { DurationSeconds: 7200 });
      const refused = await refusal(assume(keeper, brief, { DurationSeconds: 7201 }));
      assert.equal(refused.code, 'ValidationError');
      assert.match(refused.message, /exceeds the MaxSessionDuration set for this role/);
    });
  });
});

describe('practice account: TLS', () => {
  it('serves at https://localhost to those who trust its certificate, and to nobody else', async () => {
    const { key, cert } = selfSigned();
    const account = await startPracticeAccount({ tls: { key, cert } });
    const httpsAgent = new Agent({ ca: cert });
    const region = 'us-east-1';
    const credentials = account.caller('keeper');
    const iam = new IAMClient({ endpoint: account.endpoint, region, credentials, requestHandler: { httpsAgent } });
    try {
      assert.match(account.endpoint, /^https:\/\/localhost:\d+$/);
      assert.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 10);
      const stranger = new Promise((resolve, reject) => get(account.endpoint, resolve).on('error', reject));
      await assert.rejects(stranger, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    } finally {
      iam.destroy();
      httpsAgent.destroy();
      await account.stop();
    }
  });

  it('names the endpoint as it is told', async () => {
    const account = await startPracticeAccount({ hostname: 'localhost' });
    await account.stop();
    assert.match(account.endpoint, /^http:\/\/localhost:\d+$/);
  });
});
