import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import {
  fromContainerMetadata,
  fromHttp,
  fromIni,
  fromInstanceMetadata,
  fromLoginCredentials,
  fromNodeProviderChain,
  fromSSO,
  fromTemporaryCredentials,
  fromTokenFile,
} from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { PracticeAwsOptions } from '../../../src/practice/aws';
import { sisterCompany, smallCompany } from '../../../src/practice/company';
import {
  type LoginTokenFile,
  type LoginTokenOptions,
  loginTokenFileName,
  type SsoTokenOptions,
  ssoTokenFileName,
} from '../../../src/practice/signIn';
import { refusal } from './helpers';
import { dpopProof, MAIN, SignInStage, SISTER } from './signInStage';

interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: number;
}

interface MachineCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  readonly Expiration: string;
}

const keysOf = (given: MachineCredentials): AwsCredentialIdentity => ({
  accessKeyId: given.AccessKeyId,
  secretAccessKey: given.SecretAccessKey,
  sessionToken: given.Token,
});

const keysIn = ({ accessToken }: LoginTokenFile): AwsCredentialIdentity => {
  const { accessKeyId, secretAccessKey, sessionToken } = accessToken;
  return { accessKeyId, secretAccessKey, sessionToken };
};

const reservedRole = (accountId: string, name: string, session: string): RegExp =>
  new RegExp(`^arn:aws:sts::${accountId}:assumed-role/AWSReservedSSO_${name}_[0-9a-f]{16}/${session}$`);

describe('practice account: signing in', () => {
  let stage: SignInStage;
  const reopen = async (options: Partial<PracticeAwsOptions>): Promise<void> => {
    await stage.close();
    stage = await SignInStage.open(options);
  };
  beforeEach(async () => {
    stage = await SignInStage.open();
  });
  afterEach(() => stage.close());

  /** Keys from the portal, and until when they are good. */
  const portalKeys = async (token: string, role = 'SecurityAudit') => {
    const path = `/federation/credentials?role_name=${role}&account_id=${MAIN}`;
    const { status, body } = await stage.http('GET', path, { 'x-amz-sso_bearer_token': token });
    assert.equal(status, 200, 'the portal takes the token');
    const { expiration, ...keys } = (body as { roleCredentials: RoleCredentials }).roleCredentials;
    return { keys, expiration };
  };

  describe('with a web identity token', () => {
    const assume = (WebIdentityToken: string, more: object = {}) => {
      const RoleArn = stage.main.roleArn('SecurityAudit');
      // What signs is of no account at all: the operation is not signed.
      return stage
        .sts({ accessKeyId: 'none', secretAccessKey: 'none' })
        .send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'pod', WebIdentityToken, ...more }));
    };

    it('is a session of the role, and of no caller', async () => {
      const token = stage.aws.signIn.webIdentityToken({ subject: 'system:serviceaccount:web:shop' });
      const { Credentials, AssumedRoleUser, SubjectFromWebIdentityToken, Audience, Provider } = await assume(token, {
        DurationSeconds: 900,
      });
      assert.equal(AssumedRoleUser?.Arn, `arn:aws:sts::${MAIN}:assumed-role/SecurityAudit/pod`);
      assert.deepEqual(
        [SubjectFromWebIdentityToken, Audience],
        ['system:serviceaccount:web:shop', 'sts.amazonaws.com'],
      );
      assert.match(Provider ?? '', new RegExp(`^arn:aws:iam::${MAIN}:oidc-provider/`));
      const seconds = ((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 1000;
      assert.ok(seconds > 890 && seconds <= 900, `it lives ${seconds} seconds`);
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
      assert.equal(claims.sub, 'system:serviceaccount:web:shop');
    });

    it('needs no Authorization header', async () => {
      const form = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: stage.main.roleArn('SecurityAudit'),
        RoleSessionName: 'pod',
        WebIdentityToken: stage.aws.signIn.webIdentityToken(),
      });
      const reply = await stage.http('POST', '/', {}, form.toString());
      assert.equal(reply.status, 200);
      assert.match(reply.text, /<AssumedRoleUser>.*SecurityAudit\/pod/);
    });

    it('is refused with a token that nobody issued, or that has run out', async () => {
      const unknown = await refusal(assume('eyJhbGciOiJSUzI1NiJ9.e30.x'));
      assert.deepEqual([unknown.code, unknown.status], ['InvalidIdentityToken', 400]);
      const token = stage.aws.signIn.webIdentityToken({ expiresInSeconds: 60 });
      await assume(token);
      stage.advance(60_000);
      const expired = await refusal(assume(token));
      assert.deepEqual([expired.code, expired.status], ['ExpiredTokenException', 400]);
    });

    it('is refused for roles that want MFA, or do not trust it, or are not there', async () => {
      const token = stage.aws.signIn.webIdentityToken({ roleArns: [stage.main.roleArn('SecurityAudit')] });
      const sister = stage.sister.roleArn('LabsAudit');
      const ghost = `arn:aws:iam::${MAIN}:role/Ghost`;
      const any = stage.aws.signIn.webIdentityToken();
      for (const [WebIdentityToken, RoleArn] of [
        [any, stage.main.roleArn('Administrator')],
        [token, sister],
        [any, ghost],
      ] as const) {
        assert.deepEqual(await refusal(assume(WebIdentityToken, { RoleArn })), {
          code: 'AccessDenied',
          status: 403,
          message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
        });
      }
      await assume(any, { RoleArn: sister });
      assert.equal(stage.sister.calls.length, 2, 'they are counted to the account of the role');
    });

    it('serves the SDK, by profile and by variables', async () => {
      const file = await stage.write('token', stage.aws.signIn.webIdentityToken());
      const role = stage.main.roleArn('SecurityAudit');
      await stage.config({
        'profile pod': { web_identity_token_file: file, role_arn: role, role_session_name: 'one' },
      });
      assert.match((await stage.arn(fromIni({ profile: 'pod' }))) ?? '', /SecurityAudit\/one$/);
      process.env['AWS_WEB_IDENTITY_TOKEN_FILE'] = file;
      process.env['AWS_ROLE_ARN'] = role;
      process.env['AWS_ROLE_SESSION_NAME'] = 'two';
      assert.match(
        (await stage.arn(fromTokenFile({ clientConfig: { region: 'us-east-1' } }))) ?? '',
        /SecurityAudit\/two$/,
      );
    });
  });

  describe('at IAM Identity Center', () => {
    const portal = (token: string | undefined, role = 'SecurityAudit', account = MAIN) =>
      stage.http('GET', `/federation/credentials?role_name=${role}&account_id=${account}`, {
        ...(token !== undefined && { 'x-amz-sso_bearer_token': token }),
      });
    const signInTo = async (session: string, options: SsoTokenOptions = {}): Promise<string> => {
      const { startUrl, region } = stage.aws.signIn;
      await stage.config({
        [`sso-session ${session}`]: { sso_start_url: startUrl, sso_region: region },
        'profile main': { sso_session: session, sso_account_id: MAIN, sso_role_name: 'Administrator' },
        'profile labs': { sso_session: session, sso_account_id: SISTER, sso_role_name: 'LabsAudit' },
        'profile gone': { sso_session: session, sso_account_id: SISTER, sso_role_name: 'Ghost' },
        'profile old': {
          sso_start_url: startUrl,
          sso_region: region,
          sso_account_id: MAIN,
          sso_role_name: 'SecurityAudit',
        },
      });
      const token = JSON.stringify(stage.aws.signIn.ssoToken(options));
      await stage.write(join('.aws/sso/cache', ssoTokenFileName(startUrl)), token);
      return stage.write(join('.aws/sso/cache', ssoTokenFileName(session)), token);
    };

    it('hands out keys of a permission set for an hour', async () => {
      const { accessToken } = stage.aws.signIn.ssoToken({ userName: 'maya' });
      const { keys, expiration } = await portalKeys(accessToken);
      assert.ok(Math.abs(expiration - Date.now() - 3_600_000) < 10_000, `until ${expiration}`);
      assert.match((await stage.arn(keys)) ?? '', reservedRole(MAIN, 'SecurityAudit', 'maya'));
      assert.equal((await stage.iam(keys).send(new ListUsersCommand({}))).Users?.length, 10);
    });

    it('refuses a token that is unknown or has run out, and a role that is not the person’s', async () => {
      const { signIn } = stage.aws;
      const unauthorized = [401, 'UnauthorizedException', 'Session token not found or invalid'];
      const said = async (reply: Promise<{ status: number; error: string | null; body: unknown }>) => {
        const { status, error, body } = await reply;
        return [status, error, (body as { message: string }).message];
      };
      assert.deepEqual(await said(portal('aoaAAAAAnone')), unauthorized);
      assert.deepEqual(await said(portal(signIn.ssoToken({ expiresInSeconds: 0 }).accessToken)), unauthorized);
      const assigned = [{ accountId: MAIN, roleName: 'SecurityAudit' }];
      const { accessToken } = signIn.ssoToken({ assigned });
      assert.equal((await portal(accessToken)).status, 200);
      const forbidden = [403, 'ForbiddenException', 'No access'];
      assert.deepEqual(await said(portal(accessToken, 'Administrator')), forbidden);
      assert.deepEqual(await said(portal(accessToken, 'LabsAudit', SISTER)), forbidden);
      assert.deepEqual(await said(portal(signIn.ssoToken().accessToken, 'Ghost')), forbidden);
      assert.equal((await portal(undefined)).error, 'InvalidRequestException');
    });

    it('gives a new access token for a refresh token', async () => {
      const { clientId, clientSecret, refreshToken } = stage.aws.signIn.ssoToken({ expiresInSeconds: 0 });
      const ask = { clientId, clientSecret, grantType: 'refresh_token', refreshToken };
      const { status, body } = await stage.postJson('/token', ask);
      const { accessToken, ...rest } = body as { accessToken: string; refreshToken: string };
      assert.deepEqual(
        [status, rest],
        [200, { expiresIn: 3600, refreshToken: rest.refreshToken, tokenType: 'Bearer' }],
      );
      assert.equal((await portal(accessToken)).status, 200);
      assert.equal((await stage.postJson('/token', { ...ask, refreshToken: rest.refreshToken })).status, 200);

      const refused = async (more: object) => {
        const reply = await stage.postJson('/token', { ...ask, ...more });
        return [reply.status, reply.error, (reply.body as { error: string }).error];
      };
      assert.deepEqual(await refused({ refreshToken: 'none' }), [400, 'InvalidGrantException', 'invalid_grant']);
      assert.deepEqual(await refused({ clientSecret: 'none' }), [401, 'InvalidClientException', 'invalid_client']);
      assert.deepEqual(await refused({ grantType: 'password' }), [
        400,
        'UnsupportedGrantTypeException',
        'unsupported_grant_type',
      ]);
      stage.advance(8 * 3_600_000);
      assert.deepEqual(await refused({}), [400, 'ExpiredTokenException', 'expired_token']);
    });

    it('serves the SDK, in each account and for both forms of profile', async () => {
      await signInTo('plain');
      assert.match(
        (await stage.arn(fromSSO({ profile: 'main' }))) ?? '',
        reservedRole(MAIN, 'Administrator', 'jordan'),
      );
      assert.match((await stage.arn(fromIni({ profile: 'labs' }))) ?? '', reservedRole(SISTER, 'LabsAudit', 'jordan'));
      assert.match((await stage.arn(fromSSO({ profile: 'old' }))) ?? '', reservedRole(MAIN, 'SecurityAudit', 'jordan'));
      assert.match((await refusal(stage.arn(fromSSO({ profile: 'gone' })))).message, /No access/);
      assert.ok(!stage.operations.includes('CreateToken'), 'a good token is not refreshed');
    });

    it('lets the SDK refresh a token that has run out, and write the new one down', async () => {
      const file = await signInTo('refreshed', { expiresInSeconds: 0 });
      assert.match(
        (await stage.arn(fromSSO({ profile: 'main' }))) ?? '',
        reservedRole(MAIN, 'Administrator', 'jordan'),
      );
      assert.deepEqual(stage.operations, ['CreateToken', 'GetRoleCredentials', 'GetCallerIdentity']);
      const { accessToken, expiresAt } = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
      assert.ok(Date.parse(expiresAt ?? '') > Date.now() + 3_500_000, expiresAt);
      assert.equal((await portal(accessToken)).status, 200);
    });

    it('makes the SDK ask for a new sign-in when there is nothing to refresh with', async () => {
      await signInTo('unrefreshable', { expiresInSeconds: 0, refreshable: false });
      assert.match((await refusal(stage.arn(fromSSO({ profile: 'main' })))).message, /aws sso login/);
      assert.deepEqual(stage.operations, []);
    });

    it('lets nobody assume the role of a permission set by other ways', async () => {
      const { accessToken } = stage.aws.signIn.ssoToken();
      const { keys } = await portalKeys(accessToken, 'Administrator');
      const arn = (await stage.arn(keys)) ?? '';
      const name = arn.split('/')[1] ?? '';
      const RoleArn = stage.main.roleArn(name);
      assert.equal(RoleArn, `arn:aws:iam::${MAIN}:role/aws-reserved/sso.amazonaws.com/${name}`);
      const call = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work' });
      assert.equal((await refusal(stage.sts(stage.main.caller('keeper')).send(call))).code, 'AccessDenied');
      const WebIdentityToken = stage.aws.signIn.webIdentityToken();
      const other = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'work', WebIdentityToken });
      assert.equal((await refusal(stage.sts(stage.main.caller('keeper')).send(other))).code, 'AccessDenied');
    });
  });

  describe('at the console, for the command line', () => {
    const path = '/v1/token';
    const keeper = () => stage.main.caller('keeper');
    const htu = () => `${stage.aws.endpoint}${path}`;
    const login = async (options: Omit<LoginTokenOptions, 'caller'> = {}): Promise<string> => {
      const session = keeper().arn;
      await stage.config({ 'profile console': { login_session: session } });
      const token = stage.aws.signIn.loginToken({ caller: keeper(), ...options });
      return stage.write(join('.aws/login/cache', loginTokenFileName(session)), JSON.stringify(token));
    };
    const refresh = (token: LoginTokenFile, proof: string | undefined, more: object = {}) =>
      stage.postJson(
        path,
        { clientId: token.clientId, grantType: 'refresh_token', refreshToken: token.refreshToken, ...more },
        proof === undefined ? {} : { DPoP: proof },
      );
    const proofOf = (token: LoginTokenFile, claims: object = {}) =>
      dpopProof({ htm: 'POST', htu: htu(), ...claims }, createPrivateKey(token.dpopKey));

    it('writes credentials down that are good for a quarter of an hour', async () => {
      const token = stage.aws.signIn.loginToken({ caller: keeper() });
      assert.equal(await stage.arn(keysIn(token)), keeper().arn);
      assert.equal((await stage.iam(keysIn(token)).send(new ListUsersCommand({}))).Users?.length, 10);
      const refused = await refusal(stage.sts(keysIn(token)).send(new GetSessionTokenCommand({})));
      assert.equal(refused.message, 'Cannot call GetSessionToken with session credentials');
      assert.equal(token.accessToken.accountId, MAIN);
      stage.advance(900_000);
      assert.equal((await refusal(stage.arn(keysIn(token)))).code, 'ExpiredToken');
    });

    it('knows of accounts besides the first, and of nobody else', async () => {
      const caller = stage.sister.caller('labs-keeper');
      assert.equal(await stage.arn(keysIn(stage.aws.signIn.loginToken({ caller }))), caller.arn);
      const stranger = { ...caller, accessKeyId: 'AKIAQQQQQQQQQQQQQQQQ' };
      assert.throws(() => stage.aws.signIn.loginToken({ caller: stranger }), RangeError);
    });

    it('is an MFA session for who has a device, and none for who has not', async () => {
      const identity = { kind: 'user', userName: 'priya' } as const;
      const priya = stage.main.addCaller({ name: 'priya', identity, permissions: 'everything' });
      const own = { UserName: 'priya', SerialNumber: `arn:aws:iam::${MAIN}:mfa/priya-tablet` };
      await stage.iam(keysIn(stage.aws.signIn.loginToken({ caller: priya }))).send(new DeactivateMFADeviceCommand(own));
      const assume = (caller = keeper()) =>
        stage
          .sts(keysIn(stage.aws.signIn.loginToken({ caller })))
          .send(new AssumeRoleCommand({ RoleArn: stage.main.roleArn('Administrator'), RoleSessionName: 'work' }));
      await assume(priya);
      assert.equal((await refusal(assume())).code, 'AccessDenied');
    });

    it('is none for who got a device only after that, so that their own devices stay as they are', async () => {
      const session = stage.iam(keysIn(stage.aws.signIn.loginToken({ caller: keeper() })));
      const device = { VirtualMFADeviceName: 'jordan' };
      const serial =
        (await session.send(new CreateVirtualMFADeviceCommand(device))).VirtualMFADevice?.SerialNumber ?? '';
      const AuthenticationCode1 = stage.main.codeShownBy(serial);
      stage.advance(30_000);
      const AuthenticationCode2 = stage.main.codeShownBy(serial);
      const own = { UserName: 'jordan', SerialNumber: serial };
      await session.send(new EnableMFADeviceCommand({ ...own, AuthenticationCode1, AuthenticationCode2 }));
      const refused = await refusal(session.send(new DeactivateMFADeviceCommand(own)));
      assert.deepEqual([refused.code, refused.status], ['AccessDenied', 403]);
      assert.match(refused.message, /authenticated with an MFA device/);
    });

    it('gives new credentials for a refresh token and a proof of the key', async () => {
      const token = stage.aws.signIn.loginToken({ caller: keeper(), expiresInSeconds: 0 });
      const { status, body } = await refresh(token, proofOf(token));
      const given = body as { accessToken: AwsCredentialIdentity; refreshToken: string };
      assert.deepEqual([status, given], [200, { ...given, tokenType: 'aws_sigv4', expiresIn: 900 }]);
      assert.equal(await stage.arn(given.accessToken), keeper().arn);
      const { refreshToken } = given;
      assert.equal((await refresh({ ...token, refreshToken }, proofOf(token))).status, 200);
    });

    it('refuses proofs that do not fit, unknown tokens, and those that have run out', async () => {
      const token = stage.aws.signIn.loginToken({ caller: keeper() });
      const [head = '', payload = '', signature = ''] = proofOf(token).split('.');
      const proofs: Readonly<Record<string, string | undefined>> = {
        none: undefined,
        'another key': dpopProof({ htm: 'POST', htu: htu() }),
        'a key it does not name': dpopProof(
          { htm: 'POST', htu: htu() },
          createPrivateKey(token.dpopKey),
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
        ),
        'another method': proofOf(token, { htm: 'GET' }),
        'another path': proofOf(token, { htu: `${stage.aws.endpoint}/token` }),
        'another host': proofOf(token, { htu: `http://signin.invalid${path}` }),
        'another signature': `${head}.${payload}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
        'no JWT': 'x.y.z',
      };
      for (const [what, proof] of Object.entries(proofs)) {
        const reply = await refresh(token, proof);
        assert.deepEqual([reply.status, reply.error], [400, 'ValidationException'], what);
      }
      assert.equal((await refresh(token, proofOf(token), { refreshToken: 'none' })).error, 'ValidationException');
      assert.equal((await refresh(token, proofOf(token), { clientId: 'other' })).error, 'ValidationException');
      assert.equal((await refresh(token, proofOf(token))).status, 200);
      stage.advance(12 * 3_600_000);
      const reply = await refresh(token, proofOf(token));
      assert.deepEqual([reply.status, reply.error], [401, 'AccessDeniedException']);
      assert.equal((reply.body as { error: string }).error, 'TOKEN_EXPIRED');
    });

    it('serves the SDK, which does not refresh what is good', async () => {
      await login();
      assert.equal(await stage.arn(fromIni({ profile: 'console' })), keeper().arn);
      assert.deepEqual(stage.operations, ['GetCallerIdentity']);
    });

    it('lets the SDK refresh credentials that have run out, and write the new ones down', async () => {
      const file = await login({ expiresInSeconds: 0 });
      assert.equal(await stage.arn(fromLoginCredentials({ profile: 'console' })), keeper().arn);
      assert.deepEqual(stage.operations, ['CreateOAuth2Token', 'GetCallerIdentity']);
      assert.equal(stage.aws.calls[0]?.caller, 'keeper');
      const { accessToken } = JSON.parse(await readFile(file, 'utf8')) as LoginTokenFile;
      assert.ok(Date.parse(accessToken.expiresAt) > Date.now() + 800_000, accessToken.expiresAt);
    });

    it('makes the SDK ask for a new sign-in when the refresh token has run out', async () => {
      await login({ expiresInSeconds: 0, refreshable: false });
      const refused = await refusal(stage.arn(fromIni({ profile: 'console' })));
      assert.match(refused.message, /Your session has expired\. Please reauthenticate/);
    });
  });

  describe('in a container', () => {
    const ask = (authorization?: string) =>
      stage.http('GET', '/container-credentials', authorization === undefined ? {} : { authorization });

    it('hands out keys of the role to who has the token, or brings none', async () => {
      const { signIn } = stage.aws;
      for (const token of [undefined, signIn.containerToken]) {
        const { status, body } = await ask(token);
        assert.equal(status, 200);
        const { RoleArn, ...given } = body as MachineCredentials & { RoleArn: string };
        assert.equal(RoleArn, stage.main.roleArn('SecurityAudit'));
        assert.ok(Date.parse(given.Expiration) > Date.now(), given.Expiration);
        assert.match((await stage.arn(keysOf(given))) ?? '', /assumed-role\/SecurityAudit\/[0-9a-f]{32}$/);
      }
      assert.equal((await ask('another')).status, 401);
    });

    it('can insist on the token, and be given another role', async () => {
      await reopen({ needsContainerToken: true, machineRole: { accountId: SISTER, roleName: 'LabsAudit' } });
      assert.equal((await ask()).status, 401);
      const { body } = await ask(stage.aws.signIn.containerToken);
      assert.match(
        (await stage.arn(keysOf(body as MachineCredentials))) ?? '',
        /::543210987654:assumed-role\/LabsAudit/,
      );
      assert.deepEqual(stage.main.calls, []);
      await assert.rejects(SignInStage.open({ machineRole: { accountId: SISTER, roleName: 'Ghost' } }), RangeError);
    });

    it('serves the SDK', async () => {
      await reopen({ needsContainerToken: true });
      process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = stage.aws.signIn.containerUri;
      process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = stage.aws.signIn.containerToken;
      const audit = /assumed-role\/SecurityAudit\/[0-9a-f]{32}$/;
      assert.match((await stage.arn(fromContainerMetadata())) ?? '', audit);
      assert.match((await stage.arn(fromHttp({ maxRetries: 0 }))) ?? '', audit);
      assert.match((await stage.arn(fromNodeProviderChain())) ?? '', audit);
    });
  });

  describe('on an instance', () => {
    const roles = '/latest/meta-data/iam/security-credentials/';
    const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
    const token = async (seconds = '60') => stage.http('PUT', '/latest/api/token', { [TTL]: seconds });
    const get = (path: string, sessionToken?: string) =>
      stage.http('GET', path, sessionToken === undefined ? {} : { 'x-aws-ec2-metadata-token': sessionToken });

    it('tells the role and its keys to who has a session token', async () => {
      const { text } = await token();
      assert.equal((await get(roles, text)).text, 'SecurityAudit');
      const { body } = await get(`${roles}SecurityAudit`, text);
      const { Code, Type, LastUpdated, ...given } = body as MachineCredentials & Record<string, string>;
      assert.deepEqual([Code, Type], ['Success', 'AWS-HMAC']);
      assert.ok(Date.parse(LastUpdated ?? '') <= Date.now(), LastUpdated);
      assert.match((await stage.arn(keysOf(given))) ?? '', /assumed-role\/SecurityAudit\/i-[0-9a-f]{17}$/);
    });

    it('refuses without a token, with one that has run out, and what is not there', async () => {
      const { text } = await token('60');
      assert.equal((await get(roles)).status, 401);
      assert.equal((await get(`${roles}SecurityAudit`)).status, 401);
      assert.equal((await get(`${roles}Administrator`, text)).status, 404);
      for (const seconds of ['0', '21601', 'long']) {
        assert.equal((await token(seconds)).status, 400, seconds);
      }
      stage.advance(60_000);
      assert.equal((await get(roles, text)).status, 401);
    });

    it('serves the SDK', async () => {
      const instance = /assumed-role\/SecurityAudit\/i-[0-9a-f]{17}$/;
      const role_arn = stage.main.roleArn('SecurityAudit');
      await stage.config({
        'profile chained': { role_arn, credential_source: 'Ec2InstanceMetadata', role_session_name: 'chained' },
      });
      assert.match((await stage.arn(fromInstanceMetadata())) ?? '', instance);
      assert.match((await stage.arn(fromIni({ profile: 'chained' }))) ?? '', /SecurityAudit\/chained$/);
      assert.deepEqual(stage.operations.slice(0, 3), ['InstanceToken', 'InstanceRole', 'InstanceCredentials']);
    });
  });

  describe('with a role after all that', () => {
    it('serves the SDK’s temporary credentials, with a code into the other account', async () => {
      const identity = { kind: 'user', userName: 'priya' } as const;
      const priya = stage.main.addCaller({ name: 'priya', identity, permissions: 'everything' });
      const SerialNumber = `arn:aws:iam::${MAIN}:mfa/priya`;
      const provider = fromTemporaryCredentials({
        masterCredentials: priya,
        params: { RoleArn: stage.sister.roleArn('LabsAdministrator'), RoleSessionName: 'priya', SerialNumber },
        mfaCodeProvider: (serial) => Promise.resolve(stage.main.codeShownBy(serial) ?? ''),
        clientConfig: { region: 'us-east-1' },
      });
      assert.equal(await stage.arn(provider), `arn:aws:sts::${SISTER}:assumed-role/LabsAdministrator/priya`);
    });

    it('serves the SDK a chain from Identity Center', async () => {
      const { startUrl, region } = stage.aws.signIn;
      await stage.config({
        'sso-session chain': { sso_start_url: startUrl, sso_region: region },
        'profile first': { sso_session: 'chain', sso_account_id: MAIN, sso_role_name: 'Administrator' },
        'profile second': {
          role_arn: stage.main.roleArn('SecurityAudit'),
          source_profile: 'first',
          role_session_name: 'second',
        },
      });
      const token = JSON.stringify(stage.aws.signIn.ssoToken());
      await stage.write(join('.aws/sso/cache', ssoTokenFileName('chain')), token);
      assert.match((await stage.arn(fromIni({ profile: 'second' }))) ?? '', /SecurityAudit\/second$/);
    });
  });

  describe('until it is over', () => {
    it('ends the sessions in all accounts, and leaves the tokens', async () => {
      const { signIn } = stage.aws;
      const { accessToken } = signIn.ssoToken();
      const { keys } = await portalKeys(accessToken);
      const labs = keysIn(signIn.loginToken({ caller: stage.sister.caller('labs-keeper') }));
      signIn.expireSessions();
      for (const credentials of [keys, labs]) {
        const { code, status } = await refusal(stage.arn(credentials));
        assert.deepEqual([code, status], ['ExpiredToken', 403]);
      }
      assert.equal((await refusal(stage.iam(keys).send(new ListUsersCommand({})))).code, 'ExpiredToken');
      assert.match(
        (await stage.arn(stage.main.caller('auditor'))) ?? '',
        /auditor$/,
        'who opened with a session keeps it',
      );
      await stage.arn((await portalKeys(accessToken)).keys);
    });

    it('ends the tokens, and leaves the sessions', async () => {
      const { signIn } = stage.aws;
      const sso = signIn.ssoToken();
      const { keys } = await portalKeys(sso.accessToken);
      const token = signIn.webIdentityToken();
      const { containerToken } = signIn;
      const { text } = await stage.http('PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': '60' });
      signIn.expireTokens();

      await stage.arn(keys);
      const query = `role_name=SecurityAudit&account_id=${MAIN}`;
      const bearer = { 'x-amz-sso_bearer_token': sso.accessToken };
      assert.equal((await stage.http('GET', `/federation/credentials?${query}`, bearer)).status, 401);
      const { clientId, clientSecret, refreshToken } = sso;
      const ask = { clientId, clientSecret, grantType: 'refresh_token', refreshToken };
      assert.equal((await stage.postJson('/token', ask)).error, 'ExpiredTokenException');
      const call = new AssumeRoleWithWebIdentityCommand({
        RoleArn: stage.main.roleArn('SecurityAudit'),
        RoleSessionName: 'pod',
        WebIdentityToken: token,
      });
      assert.equal((await refusal(stage.sts(keys).send(call))).code, 'ExpiredTokenException');
      const old = await stage.http('GET', '/container-credentials', { authorization: containerToken });
      assert.equal(old.status, 401);
      const fresh = await stage.http('GET', '/container-credentials', { authorization: signIn.containerToken });
      assert.equal(fresh.status, 200);
      const path = '/latest/meta-data/iam/security-credentials/';
      assert.equal((await stage.http('GET', path, { 'x-aws-ec2-metadata-token': text })).status, 401);
    });

    it('ends both', async () => {
      const { accessToken } = stage.aws.signIn.ssoToken();
      const { keys } = await portalKeys(accessToken);
      stage.aws.signIn.expire();
      assert.equal((await refusal(stage.arn(keys))).code, 'ExpiredToken');
      await assert.rejects(portalKeys(accessToken));
    });

    it('lasts as long as it is told', async () => {
      await reopen({ roleSessionMs: 60_500 });
      const { signIn } = stage.aws;
      const { keys, expiration } = await portalKeys(signIn.ssoToken().accessToken);
      const atConsole = keysIn(signIn.loginToken({ caller: stage.main.caller('keeper') }));
      assert.ok(expiration <= Date.now() + 60_500, `until ${expiration}`);
      stage.advance(50_000);
      await stage.arn(keys);
      await stage.arn(atConsole);
      stage.advance(10_500);
      assert.equal((await refusal(stage.arn(keys))).code, 'ExpiredToken');
      assert.equal((await refusal(stage.arn(atConsole))).code, 'ExpiredToken');
      signIn.setRoleSessionMs(undefined);
      const after = await portalKeys(signIn.ssoToken().accessToken);
      assert.ok(after.expiration > Date.now() + 3_000_000, 'as on AWS again');
    });
  });

  it('meets faults by the name of the operation, in the account that it is for', async () => {
    const { accessToken } = stage.aws.signIn.ssoToken();
    const portal = (accountId: string, roleName: string) =>
      stage.http('GET', `/federation/credentials?role_name=${roleName}&account_id=${accountId}`, {
        'x-amz-sso_bearer_token': accessToken,
      });
    const { faults } = stage.main;
    const expected = [
      [{ kind: 'throttle' }, 429, 'TooManyRequestsException'],
      [{ kind: 'serverError' }, 500, 'InternalServerException'],
      [{ kind: 'expiredToken' }, 401, 'UnauthorizedException'],
      [{ kind: 'html503' }, 503, null],
      [
        { kind: 'error', code: 'ResourceNotFoundException', status: 404, message: '' },
        404,
        'ResourceNotFoundException',
      ],
    ] as const;
    for (const [fault, status, error] of expected) {
      const off = faults.set({ ...fault, operation: 'GetRoleCredentials' });
      const reply = await portal(MAIN, 'SecurityAudit');
      assert.deepEqual([reply.status, reply.error], [status, error], fault.kind);
      assert.equal((await portal(SISTER, 'LabsAudit')).status, 200, fault.kind);
      assert.equal((await stage.http('GET', '/container-credentials')).status, 200, fault.kind);
      off();
    }
    faults.set({ kind: 'deny', operation: 'GetRoleCredentials', times: 1 });
    assert.equal((await portal(MAIN, 'SecurityAudit')).error, 'ForbiddenException');
    faults.set({ kind: 'dropAnswer', operation: 'GetRoleCredentials', times: 1 });
    await assert.rejects(portal(MAIN, 'SecurityAudit'));
    assert.equal(stage.main.calls.at(-1)?.status, 0);
    faults.set({ kind: 'latency', ms: 150, operation: 'GetRoleCredentials', times: 1 });
    const before = performance.now();
    await portal(MAIN, 'SecurityAudit');
    assert.ok(performance.now() - before >= 140, 'it was late');
    faults.set({ kind: 'expiredToken', operation: 'AssumeRoleWithWebIdentity' });
    const call = new AssumeRoleWithWebIdentityCommand({
      RoleArn: stage.main.roleArn('SecurityAudit'),
      RoleSessionName: 'pod',
      WebIdentityToken: stage.aws.signIn.webIdentityToken(),
    });
    const refused = await refusal(stage.sts(stage.main.caller('keeper')).send(call));
    assert.equal(refused.code, 'ExpiredTokenException');
  });

  it('is told in the list of calls without a token', async () => {
    const { signIn } = stage.aws;
    const sso = signIn.ssoToken();
    const login = signIn.loginToken({ caller: stage.main.caller('keeper') });
    const web = signIn.webIdentityToken();
    const query = `role_name=SecurityAudit&account_id=${MAIN}`;
    await stage.http('GET', `/federation/credentials?${query}`, { 'x-amz-sso_bearer_token': sso.accessToken });
    const { clientId, clientSecret, refreshToken } = sso;
    await stage.postJson('/token', { clientId, clientSecret, refreshToken, grantType: 'refresh_token' });
    const proof = dpopProof({ htm: 'POST', htu: `${stage.aws.endpoint}/v1/token` }, createPrivateKey(login.dpopKey));
    const body = { clientId: login.clientId, refreshToken: login.refreshToken, grantType: 'refresh_token' };
    await stage.postJson('/v1/token', body, { DPoP: proof });
    await stage.http('GET', '/container-credentials', { authorization: signIn.containerToken });
    await stage.arn(
      fromTemporaryCredentials({
        masterCredentials: stage.main.caller('keeper'),
        params: { RoleArn: stage.main.roleArn('SecurityAudit'), RoleSessionName: 'work' },
        clientConfig: { region: 'us-east-1' },
      }),
    );
    await stage.arn(
      fromTokenFile({
        webIdentityTokenFile: await stage.write('token', web),
        roleArn: stage.main.roleArn('SecurityAudit'),
        clientConfig: { region: 'us-east-1' },
      }),
    );
    assert.deepEqual(stage.aws.calls.map(({ operation, caller, status }) => [operation, caller, status]).slice(0, 4), [
      ['GetRoleCredentials', 'jordan', 200],
      ['CreateToken', 'jordan', 200],
      ['CreateOAuth2Token', 'keeper', 200],
      ['ContainerCredentials', 'container', 200],
    ]);
    assert.ok(stage.operations.includes('AssumeRoleWithWebIdentity'), stage.operations.join());
    const told = JSON.stringify(stage.aws.calls);
    const secrets = [
      sso.accessToken,
      sso.refreshToken,
      sso.clientSecret,
      login.refreshToken,
      web,
      signIn.containerToken,
    ];
    for (const secret of secrets) {
      assert.ok(secret !== undefined && !told.includes(secret), 'no token is told');
    }
  });

  it('does nothing for paths of no service', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/token'],
      ['POST', '/federation/credentials'],
      ['GET', '//'],
    ] as const) {
      assert.equal((await stage.http(method, path)).status, 400, `${method} ${path}`);
    }
  });

  it('needs roles only where they are asked for', async () => {
    const without = { ...smallCompany(), roles: [] };
    await reopen({ companies: [without, { ...sisterCompany(), roles: [] }] });
    assert.equal((await stage.http('GET', '/container-credentials')).status, 404);
  });
});
