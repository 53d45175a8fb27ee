import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Connections, type Connection } from '../../../src/aws/connect';
import { KeyMemo } from '../../../src/aws/keys';
import { Renewals } from '../../../src/aws/renewals';
import type { Problem } from '../../../src/core/problem';
import { collect } from '../../../src/core/promises';
import type { SignInFault } from '../../../src/core/signInFault';
import type { LoginTokenOptions, SsoTokenOptions } from '../../../src/practice/signIn';
import { loginTokenFileName, ssoTokenFileName } from '../../../src/practice/signIn';
import { problem } from '../practiceSetup';
import { MAIN, SISTER } from '../practice/signInStage';
import { Relay } from '../relay';
import { SignInHands } from './signInHands';

const role = (name: string, session: string, account = MAIN) =>
  `arn:aws:sts::${account}:assumed-role/${name}/${session}`;
const user = (name: string) => `arn:aws:iam::${MAIN}:user/${name}`;

/** The SDK renews the token of an sso-session of one name only once in half a minute, so each test has its own. */
let sessions = 0;

describe('signing in', () => {
  let hands: SignInHands;
  let session: string;

  beforeEach(async () => {
    hands = await SignInHands.open();
    session = `corp-${++sessions}`;
  });
  afterEach(() => hands.close());

  /** Who it is, by a new connection. */
  const whoIs = async (profile?: string): Promise<string> => (await callerOf(await hands.connect(profile))).arn;
  const callerOf = (connection: Connection) => connection.iam.callerIdentity();
  const refused = async (profile?: string): Promise<Problem> => problem(callerOf(await hands.connect(profile)));
  const roleSettings = (name: string, more: Readonly<Record<string, string>>) => ({
    role_arn: hands.stage.main.roleArn(name),
    role_session_name: 'me',
    ...more,
  });
  const environment = (caller: string): void => {
    const { accessKeyId, secretAccessKey } = hands.stage.main.caller(caller);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  };

  describe('with keys', () => {
    it('of a profile, which are long-term', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('keeper') });
      const caller = await callerOf(await hands.connect('work'));
      assert.deepEqual([caller.arn, caller.accountId, caller.longTermKeys], [user('jordan'), MAIN, true]);
    });

    it('of a session, which run out and are put in anew', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('auditor') });
      const connection = await hands.connect('work');
      const caller = await callerOf(connection);
      assert.deepEqual([caller.arn, caller.longTermKeys], [role('SecurityAudit', 'auditor'), false]);
      // Once more with the same keys, since there are no others.
      hands.stage.main.faults.set({ kind: 'expiredToken', operation: 'GetCallerIdentity', times: 2 });
      const found = await problem(callerOf(connection));
      assert.deepEqual([found.code, found.renewal], ['expiredCredentials', undefined]);
      await hands.stage.config({ 'profile work': hands.keysOf('admin-role') });
      assert.match((await callerOf(connection)).arn, /assumed-role\/Administrator/);
    });

    it('of the environment', async () => {
      environment('self');
      assert.equal(await whoIs(), user('maya'));
    });

    it('of the profile that the environment names for the AWS CLI alone, after AWS_PROFILE and keys in the environment', async () => {
      await hands.stage.config({
        'profile work': hands.keysOf('self'),
        'profile other': hands.keysOf('keeper'),
        default: hands.keysOf('keeper'),
      });
      process.env['AWS_DEFAULT_PROFILE'] = 'work';
      assert.equal(await whoIs(), user('maya'));
      environment('keeper');
      assert.equal(await whoIs(), user('jordan'));
      process.env['AWS_PROFILE'] = 'other';
      assert.equal(await whoIs(), user('jordan'));
      Object.assign(process.env, { AWS_PROFILE: '', AWS_ACCESS_KEY_ID: '', AWS_DEFAULT_PROFILE: 'gone' });
      assert.deepEqual((await refused()).fault, { kind: 'noProfile', profile: 'gone' });
    });

    it('of the profile that the environment names, or of the one that is called default', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('self'), default: hands.keysOf('keeper') });
      assert.equal(await whoIs(), user('jordan'));
      process.env['AWS_PROFILE'] = 'work';
      assert.equal(await whoIs(), user('maya'));
      // What is there and empty says nothing.
      Object.assign(process.env, { AWS_PROFILE: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
      assert.equal(await whoIs(), user('jordan'));
    });
  });

  describe('with a role', () => {
    it('by the keys of another profile', async () => {
      await hands.stage.config({
        'profile base': hands.keysOf('keeper'),
        'profile audit': roleSettings('SecurityAudit', { source_profile: 'base' }),
      });
      const caller = await callerOf(await hands.connect('audit'));
      assert.deepEqual([caller.arn, caller.longTermKeys], [role('SecurityAudit', 'me'), false]);
    });

    it('by keys of the same profile', async () => {
      await hands.stage.config({
        'profile audit': { ...hands.keysOf('keeper'), ...roleSettings('SecurityAudit', { source_profile: 'audit' }) },
      });
      assert.equal(await whoIs('audit'), role('SecurityAudit', 'me'));
    });

    it('for as long as its profile says, and AWS’s own hour where that is no number', async () => {
      for (const [said, minutes] of [
        ['1800', 30],
        ['1h', 60],
        ['abc', 60],
        ['', 60],
      ] as const) {
        await hands.stage.config({
          'profile base': hands.keysOf('keeper'),
          'profile audit': roleSettings('SecurityAudit', { source_profile: 'base', duration_seconds: said }),
        });
        let asked = '';
        const relay = await Relay.open(hands.stage.aws.endpoint);
        try {
          relay.spoil('AssumeRole', { kind: 'change', change: (body) => (asked = body) });
          process.env['AWS_ENDPOINT_URL_STS'] = relay.endpoint;
          await whoIs('audit');
        } finally {
          await relay.close();
        }
        const ends = Date.parse(/<Expiration>(.+)<\/Expiration>/.exec(asked)?.[1] ?? '');
        assert.equal(Math.round((ends - Date.now()) / 60_000), minutes, said);
      }
    });

    it('by another role, into another account', async () => {
      await hands.close();
      const { smallCompany, sisterCompany } = await import('../../../src/practice/company');
      hands = await SignInHands.open({
        companies: [
          smallCompany(),
          {
            ...sisterCompany(),
            roles: [
              {
                name: 'Visitor',
                permissions: 'readOnly',
                needsMfa: false,
                trusts: [`arn:aws:iam::${MAIN}:role/SecurityAudit`],
                externalId: 'from-acme',
              },
            ],
          },
        ],
      });
      await hands.stage.config({
        'profile base': hands.keysOf('keeper'),
        'profile audit': roleSettings('SecurityAudit', { source_profile: 'base' }),
        'profile visit': {
          role_arn: hands.stage.sister.roleArn('Visitor'),
          role_session_name: 'me',
          external_id: 'from-acme',
          source_profile: 'audit',
        },
      });
      const caller = await callerOf(await hands.connect('visit'));
      assert.deepEqual([caller.arn, caller.accountId], [role('Visitor', 'me', SISTER), SISTER]);
      assert.equal(hands.count('AssumeRole'), 2);
    });

    it('by the environment’s keys', async () => {
      environment('keeper');
      await hands.stage.config({
        'profile audit': roleSettings('SecurityAudit', { credential_source: 'Environment' }),
      });
      assert.equal(await whoIs('audit'), role('SecurityAudit', 'me'));
    });

    for (const [source, operation] of [
      ['EcsContainer', 'ContainerCredentials'],
      ['Ec2InstanceMetadata', 'InstanceCredentials'],
    ] as const) {
      it(`by the machine’s keys: ${source}`, async () => {
        process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = hands.stage.aws.signIn.containerUri;
        await hands.stage.config({ 'profile audit': roleSettings('SecurityAudit', { credential_source: source }) });
        assert.equal(await whoIs('audit'), role('SecurityAudit', 'me'));
        assert.equal(hands.count(operation), 1);
      });
    }

    it('that may not be assumed: which one, and the permission', async () => {
      await hands.stage.config({
        'profile base': hands.keysOf('keeper'),
        'profile admin': roleSettings('Administrator', { source_profile: 'base' }),
      });
      const { code, operation, permission, resource } = await refused('admin');
      const arn = hands.stage.main.roleArn('Administrator');
      assert.deepEqual([code, operation, permission, resource], ['accessDenied', 'AssumeRole', 'sts:AssumeRole', arn]);
    });

    for (const kind of ['throttle', 'serverError'] as const) {
      it(`though AWS does not answer as it should at first: ${kind}`, async () => {
        const file = await hands.stage.write('token', hands.stage.aws.signIn.webIdentityToken());
        await hands.stage.config({
          'profile base': hands.keysOf('keeper'),
          'profile audit': roleSettings('SecurityAudit', { source_profile: 'base' }),
          'profile pod': roleSettings('SecurityAudit', { web_identity_token_file: file }),
        });
        for (const [profile, operation] of [
          ['audit', 'AssumeRole'],
          ['pod', 'AssumeRoleWithWebIdentity'],
        ] as const) {
          hands.stage.main.faults.set({ kind, operation, times: 1 });
          assert.equal(await whoIs(profile), role('SecurityAudit', 'me'));
          assert.equal(hands.count(operation), 2);
        }
      });
    }

    it('is not asked for again while its session is good, and is once that has run out', async () => {
      await hands.stage.config({
        'profile base': hands.keysOf('keeper'),
        'profile audit': roleSettings('SecurityAudit', { source_profile: 'base' }),
      });
      const connection = await hands.connect('audit');
      await Promise.all([callerOf(connection), connection.iam.accountAlias(), connection.iam.getUser('maya')]);
      await callerOf(connection);
      assert.equal(hands.count('AssumeRole'), 1);
      hands.stage.aws.signIn.expireSessions();
      await callerOf(connection);
      assert.equal(hands.count('AssumeRole'), 2);
    });

    it('is asked for once more where its session is refused to many calls at once, which all go out again', async () => {
      await hands.stage.config({
        'profile base': hands.keysOf('keeper'),
        'profile audit': roleSettings('SecurityAudit', { source_profile: 'base' }),
      });
      const connection = await hands.connect('audit');
      await callerOf(connection);
      hands.stage.aws.signIn.expireSessions();
      await Promise.all(Array.from({ length: 12 }, () => connection.iam.getUser('maya')));
      assert.equal(hands.count('AssumeRole'), 2);
    });
  });

  describe('with a process', () => {
    const script = (body: string) => hands.stage.write('tool.mjs', body);
    const settings = (file: string) => ({
      credential_process: `"${process.execPath}" "${file}" --password hush-hush`,
    });
    const printing = (more: object = {}) => {
      const { accessKeyId, secretAccessKey } = hands.stage.main.caller('keeper');
      const printed = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, ...more };
      return `process.stdout.write(${JSON.stringify(JSON.stringify(printed))});`;
    };

    it('that prints keys', async () => {
      await hands.stage.config({ 'profile tool': settings(await script(printing())) });
      assert.equal(await whoIs('tool'), user('jordan'));
    });

    it('whose keys a role is assumed with', async () => {
      await hands.stage.config({
        'profile tool': settings(await script(printing())),
        'profile audit': roleSettings('SecurityAudit', { source_profile: 'tool' }),
      });
      assert.equal(await whoIs('audit'), role('SecurityAudit', 'me'));
    });

    it('which is run again once its keys have run out', async () => {
      const counting = `import { appendFileSync } from 'node:fs';
appendFileSync(new URL('runs', import.meta.url), '.');
const { Expiration: _, ...printed } = JSON.parse(process.argv[1] ? ${JSON.stringify(
        JSON.stringify({
          Version: 1,
          AccessKeyId: hands.stage.main.caller('keeper').accessKeyId,
          SecretAccessKey: hands.stage.main.caller('keeper').secretAccessKey,
          Expiration: 'x',
        }),
      )} : '');
console.log(JSON.stringify({ ...printed, Expiration: new Date(Date.now() + 400).toISOString() }));`;
      const { readFile } = await import('node:fs/promises');
      await hands.stage.config({ 'profile tool': settings(await script(counting)) });
      const connection = await hands.connect('tool');
      await callerOf(connection);
      const runs = async () => (await readFile(path.join(hands.stage.home, 'runs'), 'utf8')).length;
      while ((await runs()) < 2) {
        await callerOf(connection);
      }
    });

    /** The last one may be told in more than one way: it is the shell’s to say. */
    const failures: readonly (readonly [
      title: string,
      body: string,
      code: string,
      ...faults: readonly SignInFault[],
    ])[] = [
      [
        'fails',
        'console.log("hush-hush"); console.error("hush-hush"); process.exit(3);',
        'noCredentials',
        { kind: 'processFailed', profile: 'tool', exitCode: 3 },
      ],
      ['prints no JSON', 'console.log("hush-hush");', 'badConfig', { kind: 'processPrintedNoJson', profile: 'tool' }],
      ['prints a list', 'console.log("[]");', 'badConfig', { kind: 'processPrintedNoVersion', profile: 'tool' }],
      ['prints no version', 'console.log("{}");', 'badConfig', { kind: 'processPrintedNoVersion', profile: 'tool' }],
      [
        'prints no keys',
        'console.log(`{"Version": 1, "SessionToken": "hush-hush"}`);',
        'badConfig',
        { kind: 'processPrintedNoKeys', profile: 'tool' },
      ],
      [
        'prints a time that is none',
        'console.log(`{"Version": 1, "AccessKeyId": "hush-hush", "SecretAccessKey": "hush-hush", "Expiration": "soon"}`);',
        'badConfig',
        { kind: 'processPrintedNoTime', profile: 'tool' },
      ],
      [
        'prints keys that have run out',
        'console.log(`{"Version": 1, "AccessKeyId": "hush-hush", "SecretAccessKey": "hush-hush", "Expiration": "2020-01-01T00:00:00Z"}`);',
        'expiredCredentials',
        { kind: 'processPrintedExpiredKeys', profile: 'tool' },
      ],
      [
        'is ended',
        'process.kill(process.pid, "SIGKILL");',
        'noCredentials',
        { kind: 'processKilled', profile: 'tool', signal: 'SIGKILL' },
        { kind: 'processFailed', profile: 'tool', exitCode: 137 },
        { kind: 'processFailed', profile: 'tool', exitCode: 1 },
      ],
    ];
    for (const [title, body, code, ...faults] of failures) {
      it(`that ${title}: said without what it printed or was given`, async () => {
        await hands.stage.config({ 'profile tool': settings(await script(body)) });
        const found = await refused('tool');
        assert.equal(found.code, code, JSON.stringify(found));
        assert.ok(
          faults.some((fault) => isDeepStrictEqual(found.fault, fault)),
          JSON.stringify(found),
        );
        assert.ok(!JSON.stringify([found, hands.records]).includes('hush-hush'), 'a secret is told');
      });
    }

    it('that is not there', async () => {
      await hands.stage.config({ 'profile tool': { credential_process: '/nowhere/tool --password hush-hush' } });
      const found = await refused('tool');
      assert.equal(found.code, 'noCredentials');
      assert.ok(found.fault && 'exitCode' in found.fault, JSON.stringify(found));
      // Windows’ shell ends with one code for much.
      const kind = found.fault.exitCode === 1 ? 'processFailed' : 'processNotFound';
      assert.deepEqual([found.fault.kind, found.fault.profile], [kind, 'tool']);
      assert.ok(!JSON.stringify(found).includes('hush-hush'), 'a secret is told');
    });

    it('that takes its time holds nobody up who waits no longer, and its keys are had by the next', async () => {
      const slow = `import { existsSync } from 'node:fs';
while (!existsSync(new URL('go', import.meta.url))) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
${printing()}`;
      await hands.stage.config({ 'profile tool': settings(await script(slow)) });
      const { iam } = await hands.connect('tool');
      const enough = new AbortController();
      const { signal } = enough;
      const calls = [
        iam.callerIdentity(signal),
        iam.accountAlias(signal),
        collect(iam.listUsers(signal)),
        iam.listMfaDevices('maya', signal),
      ];
      const reason = new Error('enough');
      setImmediate(() => enough.abort(reason));
      await Promise.all(calls.map((call) => assert.rejects(call, reason)));
      await assert.rejects(iam.getUser('maya', signal), reason);
      assert.deepEqual(hands.stage.operations, []);
      await hands.stage.write('go', '');
      assert.equal((await iam.callerIdentity()).arn, user('jordan'));
      assert.deepEqual(hands.stage.operations, ['GetCallerIdentity'], 'a call that was given up was made');
    });

    it('that answers nothing is given up and ended, and holds nobody up meanwhile', async () => {
      const { keysFromProcess } = await import('../../../src/aws/credentialProcess');
      const { readFile } = await import('node:fs/promises');
      const file = await script(
        `import { writeFileSync } from 'node:fs';
writeFileSync(new URL('pid', import.meta.url), String(process.pid));
setInterval(() => {}, 1000);`,
      );
      await hands.stage.config({ 'profile hangs': settings(file), 'profile work': hands.keysOf('keeper') });
      const waiting = problem(keysFromProcess(settings(file).credential_process, 'hangs', 2000));
      assert.equal(await whoIs('work'), user('jordan'));
      const found = await waiting;
      assert.deepEqual([found.code, found.subject], ['noCredentials', 'hangs']);
      assert.deepEqual(found.fault, { kind: 'processLate', profile: 'hangs', seconds: 2 });
      const pid = Number(await readFile(path.join(hands.stage.home, 'pid'), 'utf8'));
      const lives = () => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      };
      for (let tries = 0; lives() && tries < 200; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal(lives(), false, 'the process goes on');
    });
  });

  describe('with IAM Identity Center', () => {
    const signInTo = async (name: string, options: SsoTokenOptions = {}): Promise<void> => {
      const token = hands.stage.aws.signIn.ssoToken(options);
      await hands.stage.write(`.aws/sso/cache/${ssoTokenFileName(name)}`, JSON.stringify(token));
    };
    const profile = (more: Readonly<Record<string, string>> = {}) => ({
      sso_account_id: SISTER,
      sso_role_name: 'LabsAudit',
      ...more,
    });
    const bySession = (more: Readonly<Record<string, string>> = {}) =>
      hands.stage.config({
        'profile corp': profile({ sso_session: session, ...more }),
        [`sso-session ${session}`]: {
          sso_start_url: hands.stage.aws.signIn.startUrl,
          sso_region: hands.stage.aws.signIn.region,
        },
      });
    const theRole = new RegExp(`^arn:aws:sts::${SISTER}:assumed-role/AWSReservedSSO_LabsAudit_[0-9a-f]{16}/jordan$`);
    const renewal = ['aws', 'sso', 'login', '--profile', 'corp'];

    it('by an sso-session', async () => {
      await bySession();
      await signInTo(session);
      assert.match(await whoIs('corp'), theRole);
      const told = hands.records.map(({ operation, status }) => [operation, status]);
      assert.deepEqual(told, [
        ['GetRoleCredentials', 200],
        ['GetCallerIdentity', 200],
      ]);
    });

    it('by a start URL in the profile', async () => {
      const { startUrl, region } = hands.stage.aws.signIn;
      await hands.stage.config({ 'profile corp': profile({ sso_start_url: startUrl, sso_region: region }) });
      await signInTo(startUrl);
      assert.match(await whoIs('corp'), theRole);
    });

    it('and renews its token by itself when it is about to run out', async () => {
      await bySession();
      await signInTo(session, { expiresInSeconds: 60 });
      assert.match(await whoIs('corp'), theRole);
      assert.deepEqual(
        hands.records.map(({ operation }) => operation),
        ['CreateToken', 'GetRoleCredentials', 'GetCallerIdentity'],
      );
    });

    for (const [title, token] of [
      ['nobody has signed in', undefined],
      ['the sign-in has run out and cannot be renewed', { expiresInSeconds: -60, refreshable: false }],
    ] as const) {
      it(`where ${title}: what renews it, and after that it works`, async () => {
        await bySession();
        if (token) {
          await signInTo(session, token);
        }
        const connection = await hands.connect('corp');
        const found = await problem(callerOf(connection));
        assert.deepEqual([found.code, found.renewal], ['expiredCredentials', renewal]);
        await signInTo(session);
        assert.match((await callerOf(connection)).arn, theRole);
      });
    }

    it('where the token was revoked: what renews it, and after that it works', async () => {
      await bySession();
      await signInTo(session);
      hands.stage.aws.signIn.expireTokens();
      const connection = await hands.connect('corp');
      const found = await problem(callerOf(connection));
      assert.deepEqual(
        [found.code, found.operation, found.awsCode, found.renewal],
        ['expiredCredentials', 'GetRoleCredentials', 'UnauthorizedException', renewal],
      );
      await signInTo(session);
      assert.match((await callerOf(connection)).arn, theRole);
    });

    it('where the token cannot be renewed any more: what renews it', async () => {
      await bySession();
      await signInTo(session, { expiresInSeconds: -60 });
      hands.stage.aws.signIn.expireTokens();
      const found = await refused('corp');
      assert.deepEqual([found.code, found.operation, found.renewal], ['expiredCredentials', 'CreateToken', renewal]);
    });

    it('where AWS has ended the session of the role: the call goes out once more, with another', async () => {
      await bySession();
      await signInTo(session);
      const connection = await hands.connect('corp');
      await callerOf(connection);
      hands.stage.aws.signIn.expireSessions();
      assert.match((await callerOf(connection)).arn, theRole);
    });

    it('where AWS has ended it before a write, of which nothing was done then: it is done once', async () => {
      await bySession({ sso_role_name: 'LabsAdministrator' });
      await signInTo(session);
      const connection = await hands.connect('corp');
      await callerOf(connection);
      hands.stage.aws.signIn.expireSessions();
      const { serial } = await connection.iam.createVirtualMfaDevice('late');
      assert.equal(hands.count('CreateVirtualMFADevice'), 2, 'refused, and done');
      assert.equal(hands.stage.sister.devices().filter((device) => device.serial === serial).length, 1);
    });

    it('where a write meets a sign-in that has run out: it is not done, and what renews it', async () => {
      await bySession({ sso_role_name: 'LabsAdministrator' });
      await signInTo(session);
      const connection = await hands.connect('corp');
      await callerOf(connection);
      hands.stage.aws.signIn.expire();
      await signInTo(session, { expiresInSeconds: -60, refreshable: false });
      const found = await problem(connection.iam.createVirtualMfaDevice('late'));
      assert.deepEqual([found.code, found.renewal], ['expiredCredentials', renewal]);
      assert.equal(hands.count('CreateVirtualMFADevice'), 1);
    });

    it('where the person may not have the role', async () => {
      await bySession();
      await signInTo(session, { assigned: [{ accountId: MAIN, roleName: 'SecurityAudit' }] });
      const found = await refused('corp');
      assert.deepEqual([found.code, found.operation, found.renewal], ['accessDenied', 'GetRoleCredentials', undefined]);
      assert.deepEqual(found.fault, { kind: 'roleNotGiven', role: 'LabsAudit', account: SISTER });
    });

    it('where the portal has a fault, which is no matter of the sign-in', async () => {
      await bySession();
      await signInTo(session);
      hands.stage.sister.faults.set({ kind: 'serverError', operation: 'GetRoleCredentials' });
      const found = await refused('corp');
      assert.deepEqual([found.code, found.renewal], ['serviceFault', undefined]);
    });

    it('where the portal cannot be reached: that and where', async () => {
      process.env['AWS_ENDPOINT_URL_SSO'] = 'http://127.0.0.1:9';
      await bySession();
      await signInTo(session);
      const found = await refused('corp');
      assert.deepEqual(
        [found.code, found.operation, found.subject],
        ['unreachable', 'GetRoleCredentials', 'http://127.0.0.1:9'],
      );
    });

    describe('where its token cannot be renewed for want of a network', () => {
      let now: number;
      let renewals: Renewals;

      beforeEach(async () => {
        now = Date.now();
        renewals = new Renewals(() => now);
        const { startUrl, region } = hands.stage.aws.signIn;
        await hands.stage.config({
          'profile one': { sso_session: session, sso_account_id: MAIN, sso_role_name: 'SecurityAudit' },
          'profile two': profile({ sso_session: session }),
          [`sso-session ${session}`]: { sso_start_url: startUrl, sso_region: region },
        });
        await signInTo(session, { expiresInSeconds: -60 });
        process.env['AWS_ENDPOINT_URL_SSO_OIDC'] = 'http://127.0.0.1:9';
      });

      const load = async (name: string) => callerOf(await hands.connect(name, { renewals }));
      const unreachable = ['unreachable', 'CreateToken', 'http://127.0.0.1:9', undefined];
      const told = ({ code, operation, subject, renewal: by }: Problem) => [code, operation, subject, by];

      it('says so of each of its accounts in a window, and again to who tries once more', async () => {
        const window = new Connections({ onCall: () => undefined, onFilesChanged: () => undefined });
        try {
          const [one, two] = await Promise.all(
            ['one', 'two'].map((profile) => window.open({ kind: 'profile', profile }, false)),
          );
          assert.ok(one && two);
          const found = await Promise.all([problem(callerOf(one)), problem(callerOf(two))]);
          assert.deepEqual(found.map(told), [unreachable, unreachable]);
          assert.deepEqual(told(await problem(callerOf(two))), unreachable);
        } finally {
          window.dispose();
        }
      });

      it('says no more of it after half a minute, nor once there is no token', async () => {
        await problem(load('one'));
        now += 30_000;
        assert.equal((await problem(load('two'))).code, 'expiredCredentials');
        now -= 30_000;
        await rm(path.join(hands.stage.home, '.aws/sso/cache', ssoTokenFileName(session)));
        const found = await problem(load('two'));
        assert.deepEqual([found.code, found.renewal?.at(-1)], ['expiredCredentials', 'two']);
      });

      it('works again with a new token', async () => {
        await problem(load('one'));
        await signInTo(session);
        assert.match((await load('two')).arn, theRole);
      });
    });

    it('whose keys a role is assumed with', async () => {
      await hands.stage.config({
        'profile corp': { sso_account_id: MAIN, sso_role_name: 'SecurityAudit', sso_session: session },
        [`sso-session ${session}`]: {
          sso_start_url: hands.stage.aws.signIn.startUrl,
          sso_region: hands.stage.aws.signIn.region,
        },
        'profile audit': roleSettings('SecurityAudit', { source_profile: 'corp' }),
      });
      assert.deepEqual((await refused('audit')).renewal, renewal);
      await signInTo(session);
      assert.equal(await whoIs('audit'), role('SecurityAudit', 'me'));
    });
  });

  describe('with aws login', () => {
    const signInAs = async (options: Partial<LoginTokenOptions> = {}): Promise<string> => {
      const caller = hands.stage.main.caller('keeper');
      const token = hands.stage.aws.signIn.loginToken({ caller, ...options });
      await hands.stage.write(`.aws/login/cache/${loginTokenFileName(user('jordan'))}`, JSON.stringify(token));
      return user('jordan');
    };
    const renewal = ['aws', 'login', '--profile', 'console'];

    beforeEach(() => hands.stage.config({ 'profile console': { login_session: user('jordan') } }));

    it('has its session', async () => {
      const arn = await signInAs();
      const caller = await callerOf(await hands.connect('console'));
      assert.deepEqual([caller.arn, caller.longTermKeys], [arn, false]);
    });

    it('renews its session by itself', async () => {
      const arn = await signInAs({ expiresInSeconds: 60 });
      assert.equal(await whoIs('console'), arn);
      assert.deepEqual(
        hands.records.map(({ operation }) => operation),
        ['CreateOAuth2Token', 'GetCallerIdentity'],
      );
    });

    describe('where several profiles ask for its session at the same time', () => {
      let renewals: Renewals;

      beforeEach(async () => {
        renewals = new Renewals();
        const login = { login_session: user('jordan') };
        await hands.stage.config({ 'profile one': login, 'profile two': login, 'profile three': login });
        await signInAs({ expiresInSeconds: -60 });
      });

      const all = () => Promise.all(['one', 'two', 'three'].map((profile) => hands.connect(profile, { renewals })));

      it('renews it once', async () => {
        const callers = await Promise.all((await all()).map(callerOf));
        assert.deepEqual(
          callers.map(({ userName }) => userName),
          ['jordan', 'jordan', 'jordan'],
        );
        assert.equal(hands.count('CreateOAuth2Token'), 1);
      });

      it('says of each why it cannot be renewed, and asks again after that', async () => {
        process.env['AWS_ENDPOINT_URL_SIGNIN'] = 'http://127.0.0.1:9';
        const found = await Promise.all((await all()).map((connection) => problem(callerOf(connection))));
        assert.deepEqual(
          found.map(({ code, operation }) => `${operation}: ${code}`),
          Array.from({ length: 3 }, () => 'CreateOAuth2Token: unreachable'),
        );
        Object.assign(process.env, hands.stage.aws.environment);
        const [one] = await all();
        assert.ok(one);
        assert.equal((await callerOf(one)).userName, 'jordan');
      });
    });

    for (const [title, prepare] of [
      ['nobody has signed in', () => Promise.resolve()],
      ['it cannot be renewed', () => signInAs({ expiresInSeconds: -60, refreshable: false })],
      [
        'its time is over',
        async () => {
          await signInAs({ expiresInSeconds: -60 });
          hands.stage.aws.signIn.expire();
        },
      ],
    ] as const) {
      it(`where ${title}: what renews it, and after that it works`, async () => {
        await prepare();
        const connection = await hands.connect('console');
        const found = await problem(callerOf(connection));
        assert.deepEqual([found.code, found.renewal], ['expiredCredentials', renewal], JSON.stringify(found));
        const arn = await signInAs();
        assert.equal((await callerOf(connection)).arn, arn);
      });
    }
  });

  describe('with a web identity', () => {
    const token = (expiresInSeconds = 3600) => {
      const text = hands.stage.aws.signIn.webIdentityToken({ expiresInSeconds });
      return hands.stage.write('token', text);
    };

    it('of a profile', async () => {
      await hands.stage.config({
        'profile pod': roleSettings('SecurityAudit', { web_identity_token_file: await token() }),
      });
      assert.equal(await whoIs('pod'), role('SecurityAudit', 'me'));
    });

    it('of the environment', async () => {
      Object.assign(process.env, {
        AWS_WEB_IDENTITY_TOKEN_FILE: await token(),
        AWS_ROLE_ARN: hands.stage.main.roleArn('SecurityAudit'),
        AWS_ROLE_SESSION_NAME: 'pod',
      });
      assert.equal(await whoIs(), role('SecurityAudit', 'pod'));
      assert.deepEqual(
        hands.records.map(({ operation }) => operation),
        ['AssumeRoleWithWebIdentity', 'GetCallerIdentity'],
      );
    });

    it('whose token has run out, until the file is renewed', async () => {
      await hands.stage.config({
        'profile pod': roleSettings('SecurityAudit', { web_identity_token_file: await token(-60) }),
      });
      const connection = await hands.connect('pod');
      const found = await problem(callerOf(connection));
      assert.deepEqual([found.code, found.operation], ['expiredCredentials', 'AssumeRoleWithWebIdentity']);
      await token();
      assert.equal((await callerOf(connection)).arn, role('SecurityAudit', 'me'));
    });

    it('whose token file is missing: which', async () => {
      const file = path.join(hands.stage.home, 'token');
      await hands.stage.config({ 'profile pod': roleSettings('SecurityAudit', { web_identity_token_file: file }) });
      const found = await refused('pod');
      assert.deepEqual([found.code, found.subject], ['noCredentials', file]);
      assert.deepEqual(found.fault, { kind: 'tokenUnreadable', file });
    });
  });

  describe('with what the machine gives', () => {
    it('a container', async () => {
      process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = hands.stage.aws.signIn.containerUri;
      assert.match(await whoIs(), new RegExp(`^arn:aws:sts::${MAIN}:assumed-role/SecurityAudit/`));
    });

    it('an instance', async () => {
      assert.match(await whoIs(), new RegExp(`^arn:aws:sts::${MAIN}:assumed-role/SecurityAudit/`));
    });

    it('an instance, where a profile says nothing but the region', async () => {
      await hands.stage.config({ 'profile here': {} });
      assert.match(await whoIs('here'), new RegExp(`^arn:aws:sts::${MAIN}:assumed-role/SecurityAudit/`));
    });

    it('nothing: there are no credentials', async () => {
      process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
      const { code } = await refused();
      assert.equal(code, 'noCredentials');
    });
  });

  describe('is said to be wrong in the files, before anyone is asked anything', () => {
    const wrongs: readonly (readonly [
      title: string,
      config: Readonly<Record<string, Readonly<Record<string, string>>>>,
      fault: SignInFault,
    ])[] = [
      ['no such profile', {}, { kind: 'noProfile', profile: 'p' }],
      [
        'no such source',
        { 'profile p': { role_arn: 'arn:aws:iam::210987654321:role/R', source_profile: 'gone' } },
        { kind: 'noSourceProfile', profile: 'p', source: 'gone' },
      ],
      [
        'a circle',
        {
          'profile p': { role_arn: 'arn:aws:iam::210987654321:role/R', source_profile: 'q' },
          'profile q': { role_arn: 'arn:aws:iam::210987654321:role/R', source_profile: 'p' },
        },
        { kind: 'sourcesInCircle', profiles: ['p', 'q', 'p'] },
      ],
      [
        'a source that is not known',
        { 'profile p': { role_arn: 'arn:aws:iam::210987654321:role/R', credential_source: 'Cloud' } },
        {
          kind: 'unknownSource',
          profile: 'p',
          source: 'Cloud',
          known: ['Environment', 'EcsContainer', 'Ec2InstanceMetadata'],
        },
      ],
      [
        'two sources',
        {
          'profile p': {
            role_arn: 'arn:aws:iam::210987654321:role/R',
            credential_source: 'Environment',
            source_profile: 'p',
          },
        },
        { kind: 'twoSources', profile: 'p' },
      ],
      [
        'no source',
        { 'profile p': { role_arn: 'arn:aws:iam::210987654321:role/R' } },
        { kind: 'noSource', profile: 'p' },
      ],
      [
        'a source without keys',
        { 'profile p': { role_arn: 'arn:aws:iam::210987654321:role/R', source_profile: 'q' }, 'profile q': {} },
        { kind: 'emptySource', profile: 'q' },
      ],
      [
        'half the keys',
        { 'profile p': { aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE' } },
        { kind: 'halfKeys', profile: 'p' },
      ],
      [
        'an Identity Center without an account',
        { 'profile p': { sso_start_url: 'https://corp.example/start', sso_region: 'eu-west-1', sso_role_name: 'R' } },
        { kind: 'ssoLacks', profile: 'p', settings: ['sso_account_id'] },
      ],
      [
        'an sso-session that is not there',
        { 'profile p': { sso_session: 'gone', sso_account_id: MAIN, sso_role_name: 'R' } },
        { kind: 'noSsoSession', profile: 'p', session: 'gone' },
      ],
      [
        'a web identity without a role',
        { 'profile p': { web_identity_token_file: '/nowhere' } },
        { kind: 'webIdentityWithoutRole', profile: 'p' },
      ],
    ];
    for (const [title, config, fault] of wrongs) {
      it(title, async () => {
        await hands.stage.config({ 'profile other': {}, ...config });
        const found = await refused('p');
        assert.deepEqual([found.code, found.operation], ['badConfig', 'Credentials']);
        assert.deepEqual([found.fault, found.detail], [fault, undefined]);
        assert.deepEqual(hands.stage.operations, [], 'nothing was sent');
      });
    }
  });

  describe('follows the files', () => {
    it('to the keys of another account: nothing is done there', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('keeper') });
      const connection = await hands.connect('work');
      assert.equal((await callerOf(connection)).accountId, MAIN);
      await hands.stage.config({ 'profile work': hands.keysOf('labs-keeper', hands.stage.sister) });
      await connection.reread();
      const found = await problem(connection.iam.createVirtualMfaDevice('elsewhere'));
      assert.deepEqual([found.code, found.subject, connection.outdated], ['badConfig', 'work', true]);
      assert.deepEqual(found.fault, { kind: 'leadsElsewhere' });
      assert.equal(hands.count('CreateVirtualMFADevice'), 0);
      await hands.stage.config({ 'profile work': hands.keysOf('keeper') });
      await connection.reread();
      await connection.iam.createVirtualMfaDevice('here');
    });

    it('to other keys, once told to forget those in hand', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('keeper') });
      const connection = await hands.connect('work');
      await callerOf(connection);
      await hands.stage.config({ 'profile work': hands.keysOf('self') });
      assert.equal((await callerOf(connection)).arn, user('jordan'), 'the keys in hand are good');
      await connection.reread();
      assert.equal((await callerOf(connection)).arn, user('maya'));
      assert.equal(connection.outdated, false);
    });

    for (const [title, more] of [
      ['another region', { region: 'eu-west-1' }],
      ['another endpoint', { endpoint_url: 'http://127.0.0.1:9' }],
      ['a role', { role_arn: 'arn:aws:iam::210987654321:role/SecurityAudit', source_profile: 'work' }],
    ] as const) {
      it(`not to ${title}: the connection is outdated and works no more`, async () => {
        for (const name of ['AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL_STS']) {
          Reflect.deleteProperty(process.env, name);
        }
        const settings = { ...hands.keysOf('keeper'), endpoint_url: hands.stage.aws.endpoint };
        await hands.stage.config({ 'profile work': settings });
        const connection = await hands.connect('work');
        await callerOf(connection);
        await hands.stage.config({ 'profile work': { ...settings, ...more } });
        await connection.reread();
        assert.equal(connection.outdated, true);
        const { code, fault } = await problem(callerOf(connection));
        assert.deepEqual([code, fault], ['badConfig', { kind: 'leadsElsewhere' }]);
        await hands.stage.config({ 'profile work': settings });
        await connection.reread();
        assert.equal(connection.outdated, false);
        assert.equal((await callerOf(connection)).arn, user('jordan'));
      });
    }

    it('away: a profile that is gone is said to be', async () => {
      await hands.stage.config({ 'profile work': hands.keysOf('keeper') });
      const connection = await hands.connect('work');
      await callerOf(connection);
      await rm(path.join(hands.stage.home, '.aws/config'));
      await connection.reread();
      assert.equal(connection.outdated, true);
    });
  });
});

describe('keys in hand', () => {
  let now: number;
  let found: number;
  let memo: KeyMemo;
  /** How long the keys are good that are found next; milliseconds. */
  let life: number | undefined;

  beforeEach(() => {
    now = Date.now();
    found = 0;
    memo = new KeyMemo(
      async () => {
        found++;
        await Promise.resolve();
        return {
          accessKeyId: `key ${found}`,
          secretAccessKey: 'secret',
          ...(life !== undefined && { expiration: new Date(now + life) }),
        };
      },
      () => now,
    );
  });

  const minutes = (count: number): number => count * 60_000;

  it('are found once for all who ask at the same time', async () => {
    life = undefined;
    const keys = await Promise.all([memo.keys(), memo.provider(), memo.keys()]);
    assert.deepEqual(
      keys.map(({ accessKeyId }) => accessKeyId),
      ['key 1', 'key 1', 'key 1'],
    );
    now += minutes(10_000);
    await memo.keys();
    assert.equal(found, 1, 'keys that do not run out are kept');
  });

  it('are found anew five minutes before they run out', async () => {
    life = minutes(60);
    await memo.keys();
    now += minutes(54.9);
    await memo.keys();
    assert.equal(found, 1);
    now += minutes(0.2);
    assert.equal((await memo.keys()).accessKeyId, 'key 2');
  });

  it('are used for a while though they have little time left, and not found anew for each call', async () => {
    life = minutes(4);
    await memo.keys();
    now += minutes(1.9);
    await memo.keys();
    assert.equal(found, 1);
    now += minutes(0.2);
    await memo.keys();
    assert.equal(found, 2);
  });

  it('are forgotten, also while they are being found', async () => {
    life = undefined;
    const before = memo.keys();
    memo.forget();
    assert.equal((await memo.keys()).accessKeyId, 'key 2');
    await before;
    assert.equal((await memo.keys()).accessKeyId, 'key 2');
  });

  it('are found anew where AWS has refused them, but not for calls that were signed with others', async () => {
    life = undefined;
    await memo.keys();
    memo.refused('key 1');
    const looking = memo.keys();
    memo.refused('key 1');
    memo.refused(undefined);
    await looking;
    memo.refused('key 1');
    assert.equal((await memo.keys()).accessKeyId, 'key 2');
    memo.refused('key 2');
    assert.equal((await memo.keys()).accessKeyId, 'key 3');
  });

  it('are looked for again where none were found', async () => {
    const failing = new KeyMemo(() => (found++ === 0 ? Promise.reject(new Error('none')) : memo.keys()));
    await assert.rejects(failing.keys(), /none/);
    assert.ok(await failing.keys(), 'there are keys');
  });
});
