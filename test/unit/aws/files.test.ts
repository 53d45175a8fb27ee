import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import { connect, type Connection, type SignIn } from '../../../src/aws/connect';
import { endpointUrl } from '../../../src/aws/endpoint';
import { awsFiles } from '../../../src/aws/files';
import { listProfiles } from '../../../src/aws/profiles';
import { Directory } from '../../../src/core/directory';
import { problem, Setup } from '../practiceSetup';
import { Relay } from '../relay';
import { AwsFolder } from './awsFolder';

describe('AWS’s files', () => {
  let aws: AwsFolder;

  beforeEach(async () => {
    aws = await AwsFolder.open();
  });
  afterEach(() => aws.close());

  describe('profiles', () => {
    it('come from both files, once each, without the sections that are none', async () => {
      await aws.write(
        `[default]
region = eu-central-1
[profile work]
region=us-gov-west-1
endpoint_url = http://127.0.0.1:4566
[sso-session corp]
sso_region = eu-west-1
[services local]
iam =
  endpoint_url = http://127.0.0.1:1
[profile services]
region = eu-west-1
[login-session corp]
region = eu-west-1
`,
        `[work]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = the-secret
region = ap-south-1
[only-keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
`,
      );
      const { profiles, files, badLines, environmentProfile } = await listProfiles();
      assert.deepEqual(profiles, [
        { name: 'default', way: 'none', region: 'eu-central-1' },
        { name: 'work', way: 'keys', region: 'ap-south-1', endpointUrl: 'http://127.0.0.1:4566' },
        { name: 'services', way: 'none', region: 'eu-west-1' },
        { name: 'only-keys', way: 'none' },
      ]);
      assert.deepEqual([files, environmentProfile], [[aws.config, aws.credentials], undefined]);
      assert.deepEqual(
        badLines.map(({ line }) => line),
        [13, 14],
        'a section of a kind that the SDK does not know',
      );
      assert.ok(!JSON.stringify(profiles).includes('the-secret'), 'a profile holds a secret');
    });

    it('may have names in quotes and with other signs', async () => {
      await aws.write('[profile "work"]\nregion = eu-west-1\n[profile a.b/c@d]\nregion = eu-west-1\n');
      const names = (await listProfiles()).profiles.map(({ name }) => name);
      assert.deepEqual(names, ['work', 'a.b/c@d']);
    });

    it('are read anew each time', async () => {
      await aws.write('[profile first]\nregion = eu-west-1\n');
      await listProfiles();
      await aws.write('[profile second]\nregion = eu-west-1\n');
      assert.deepEqual(
        (await listProfiles()).profiles.map(({ name }) => name),
        ['second'],
      );
    });

    it('are none where there are no files, which is said without an error', async () => {
      const { profiles, files, badLines } = await listProfiles();
      assert.deepEqual([profiles, badLines], [[], []]);
      assert.deepEqual(files, [aws.config, aws.credentials]);
    });

    it('are told apart from lines that mean nothing, which the SDK passes over', async () => {
      await aws.write(
        `# a comment
; another
[default]
region = eu-central-1   # so it is
  s3 =
    max_concurrent_requests = 20
regoin
[profile work
region: eu-west-1

= value
`,
        '[work]\naws_access_key_id AKIAIOSFODNN7EXAMPLE\n',
      );
      const { badLines } = await listProfiles();
      assert.deepEqual(badLines, [
        { file: aws.config, line: 7 },
        { file: aws.config, line: 8 },
        { file: aws.config, line: 9 },
        { file: aws.config, line: 11 },
        { file: aws.credentials, line: 2 },
      ]);
    });

    it('know which one the environment names', async () => {
      process.env['AWS_PROFILE'] = 'work';
      assert.equal((await listProfiles()).environmentProfile, 'work');
    });
  });

  it('stand where the environment says, or in the home folder', () => {
    assert.deepEqual(awsFiles({ AWS_CONFIG_FILE: '~/x/config', AWS_SHARED_CREDENTIALS_FILE: '/y/credentials' }), {
      config: path.join(homedir(), 'x/config'),
      credentials: '/y/credentials',
    });
    assert.deepEqual(awsFiles({}), {
      config: path.join(homedir(), '.aws/config'),
      credentials: path.join(homedir(), '.aws/credentials'),
    });
  });

  describe('the endpoint', () => {
    const config = `[default]
endpoint_url = http://default
[profile plain]
region = eu-west-1
[profile own]
endpoint_url = http://own
[profile services]
services = local
endpoint_url = http://own
[profile half]
services = sts-only
endpoint_url = http://own
[profile ignoring]
endpoint_url = http://own
ignore_configured_endpoint_urls = TRUE
[services local]
iam =
  endpoint_url = http://services-iam
sts =
  endpoint_url = http://services-sts
[services sts-only]
sts =
  endpoint_url = http://services-sts
`;
    const cases: readonly (readonly [
      title: string,
      profile: string | undefined,
      env: Readonly<Record<string, string>>,
      iam: string | undefined,
      sts: string | undefined,
    ])[] = [
      ['a profile without one', 'plain', {}, undefined, undefined],
      ['a profile’s own', 'own', {}, 'http://own', 'http://own'],
      ['a services section before the profile’s own', 'services', {}, 'http://services-iam', 'http://services-sts'],
      ['a services section that has but one', 'half', {}, 'http://own', 'http://services-sts'],
      ['the default profile’s where none is named', undefined, {}, 'http://default', 'http://default'],
      ['the environment’s profile’s', undefined, { AWS_PROFILE: 'own' }, 'http://own', 'http://own'],
      ['the AWS CLI’s own default’s', undefined, { AWS_DEFAULT_PROFILE: 'own' }, 'http://own', 'http://own'],
      ['a chosen profile’s, not the environment’s', 'plain', { AWS_PROFILE: 'own' }, undefined, undefined],
      ['the environment’s before all', 'services', { AWS_ENDPOINT_URL: 'http://env' }, 'http://env', 'http://env'],
      [
        'the environment’s for one service first',
        'services',
        { AWS_ENDPOINT_URL: 'http://env', AWS_ENDPOINT_URL_IAM: 'http://env-iam' },
        'http://env-iam',
        'http://env',
      ],
      [
        'the environment’s for one service alone',
        'own',
        { AWS_ENDPOINT_URL_IAM: 'http://env-iam' },
        'http://env-iam',
        'http://own',
      ],
      ['none where the profile says to ignore them', 'ignoring', {}, undefined, undefined],
      [
        'none where the environment says to ignore them',
        'own',
        { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: 'http://env' },
        undefined,
        undefined,
      ],
      [
        'all of them where the environment says not to ignore them',
        'ignoring',
        { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
        'http://own',
        'http://own',
      ],
      ['none for a profile that is not there', 'nobody', {}, undefined, undefined],
    ];
    for (const [title, profile, env, iam, sts] of cases) {
      it(`is ${title}`, async () => {
        Object.assign(process.env, env);
        await aws.write(config);
        await listProfiles();
        assert.deepEqual([await endpointUrl('iam', profile), await endpointUrl('sts', profile)], [iam, sts]);
      });
    }

    it('is no other where the services section is missing: what is meant for elsewhere does not go to AWS', async () => {
      await aws.write(
        '[profile work]\nservices = lcoal\n[services local]\niam =\n  endpoint_url = http://127.0.0.1:1\n',
      );
      const found = await problem(connect({ kind: 'profile', profile: 'work' }, () => undefined));
      assert.deepEqual([found.code, found.operation], ['badConfig', 'Credentials']);
      assert.deepEqual(found.fault, { kind: 'noServices', profile: 'work', services: 'lcoal' });
    });
  });

  describe('lead into an account', () => {
    let setup: Setup;
    let connection: Connection | undefined;

    beforeEach(async () => {
      setup = await Setup.open();
    });
    afterEach(async () => {
      connection?.dispose();
      connection = undefined;
      await setup.close();
    });

    const open = async (signIn: SignIn): Promise<Connection> => {
      connection = await connect(signIn, (record) => setup.records.push(record));
      return connection;
    };
    const keysOf = (caller: string): string => {
      const { accessKeyId, secretAccessKey, sessionToken } = setup.practice.caller(caller);
      const token = sessionToken === undefined ? '' : `aws_session_token = ${sessionToken}\n`;
      return `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${token}`;
    };

    it('by a profile with an endpoint', async () => {
      await aws.write(
        `[profile work]\nregion = eu-central-1\nendpoint_url = ${setup.relay.endpoint}\n`,
        `[work]\n${keysOf('keeper')}`,
      );
      const { iam, endpoint } = await open({ kind: 'profile', profile: 'work' });
      assert.equal(endpoint, setup.relay.endpoint);
      const directory = new Directory(iam, setup.clock);
      await directory.load();
      assert.equal(directory.account?.users.size, 10);
      assert.equal(directory.account.caller.longTermKeys, true);
    });

    it('by a role’s session in a profile', async () => {
      await aws.write(`[profile audit]\nendpoint_url = ${setup.relay.endpoint}\n`, `[audit]\n${keysOf('auditor')}`);
      const { iam } = await open({ kind: 'profile', profile: 'audit' });
      const caller = await iam.callerIdentity();
      assert.deepEqual([caller.userName, caller.longTermKeys], [undefined, false]);
    });

    it('by the environment', async () => {
      const { accessKeyId, secretAccessKey } = setup.practice.caller('self');
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_ENDPOINT_URL: setup.relay.endpoint,
      });
      const { iam } = await open({ kind: 'default' });
      assert.equal((await iam.callerIdentity()).userName, 'maya');
    });

    it('by a chosen profile’s keys, though the environment has others', async () => {
      const { accessKeyId, secretAccessKey } = setup.practice.caller('self');
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
      await aws.write(`[profile work]\nendpoint_url = ${setup.relay.endpoint}\n`, `[work]\n${keysOf('keeper')}`);
      const { iam } = await open({ kind: 'profile', profile: 'work' });
      assert.equal((await iam.callerIdentity()).userName, 'jordan');
    });

    it('by the keys and the endpoint as they are now, not as they were', async () => {
      const config = `[profile work]\nendpoint_url = ${setup.relay.endpoint}\n`;
      await aws.write(config, `[work]\n${keysOf('keeper')}`);
      const before = await open({ kind: 'profile', profile: 'work' });
      assert.equal((await before.iam.callerIdentity()).userName, 'jordan');
      before.dispose();
      const elsewhere = await Relay.open(setup.practice.endpoint);
      try {
        await aws.write(`[profile work]\nendpoint_url = ${elsewhere.endpoint}\n`, `[work]\n${keysOf('self')}`);
        const after = await open({ kind: 'profile', profile: 'work' });
        assert.equal((await after.iam.callerIdentity()).userName, 'maya');
        assert.deepEqual(elsewhere.arrived, ['GetCallerIdentity']);
      } finally {
        await elsewhere.close();
      }
    });

    for (const [title, signIn, config, found] of [
      [
        'a profile that is not there',
        { kind: 'profile', profile: 'nobody' },
        '[default]\nregion = eu-west-1\n',
        'badConfig',
      ],
      [
        'a profile without keys',
        { kind: 'profile', profile: 'empty' },
        '[profile empty]\nregion = eu-west-1\n',
        'noCredentials',
      ],
      [
        'an SSO profile nobody has signed in with',
        { kind: 'profile', profile: 'sso' },
        '[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = admin\n' +
          '[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n',
        'expiredCredentials',
      ],
      ['an environment without keys', { kind: 'default' }, '', 'noCredentials'],
    ] as const) {
      it(`not by ${title}, and says so`, async () => {
        process.env['AWS_ENDPOINT_URL'] = setup.relay.endpoint;
        await aws.write(config, '');
        const { iam } = await open(signIn);
        const { code } = await problem(iam.callerIdentity());
        assert.equal(code, found);
        assert.deepEqual(setup.relay.arrived, [], 'nothing was sent');
      });
    }
  });
});
