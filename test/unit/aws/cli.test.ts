import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { connect } from '../../../src/aws/connect';
import { type PracticeAccount, startPracticeAccount } from '../../../src/practice/server';
import { AwsFolder } from './awsFolder';

const run = promisify(execFile);

/** Which AWS CLI is installed here; undefined where none is. */
const asked = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const version = asked.status === 0 ? /^aws-cli\/\S+/.exec(asked.stdout)?.[0] : undefined;

/** What a profile leads to. */
interface Found {
  readonly arn: string;
  readonly account: string;
  /** ARNs. */
  readonly users: readonly string[];
}

interface CallerIdentity {
  readonly Arn: string;
  readonly Account: string;
}

interface Users {
  readonly Users: readonly { readonly Arn: string }[];
}

/** What both files say, where the profile is called `work`. */
type Files = (practice: PracticeAccount) => readonly [config: string, credentials: string];

const keysOf = (practice: PracticeAccount, caller: string): string => {
  const { accessKeyId, secretAccessKey, sessionToken } = practice.caller(caller);
  const token = sessionToken === undefined ? '' : `aws_session_token = ${sessionToken}\n`;
  return `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n${token}`;
};

const basics = ({ endpoint }: PracticeAccount): string => `region = us-east-1\nendpoint_url = ${endpoint}\n`;

const servicesOf = ({ endpoint }: PracticeAccount): string =>
  ['iam', 'sts'].map((service) => `${service} =\n  endpoint_url = ${endpoint}\n`).join('');

const cases: readonly (readonly [title: string, arn: RegExp, files: Files])[] = [
  [
    'long-term keys',
    /:user\/jordan$/,
    (practice) => [`[profile work]\n${basics(practice)}`, `[work]\n${keysOf(practice, 'keeper')}`],
  ],
  [
    'the keys of a session',
    /:assumed-role\/SecurityAudit\/auditor$/,
    (practice) => [`[profile work]\n${basics(practice)}`, `[work]\n${keysOf(practice, 'auditor')}`],
  ],
  [
    'keys in both files, of which the credentials file’s count',
    /:user\/jordan$/,
    (practice) => [
      `[profile work]\n${basics(practice)}${keysOf(practice, 'self')}`,
      `[work]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
  [
    'keys beside a session’s token that was left in the config file',
    /:user\/jordan$/,
    (practice) => [
      `[profile work]\n${basics(practice)}aws_session_token = old\n`,
      `[work]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
  [
    'a role whose duration is no number',
    /:assumed-role\/SecurityAudit\/checking$/,
    (practice) => [
      `[profile work]\n${basics(practice)}role_arn = ${practice.roleArn('SecurityAudit')}\nsource_profile = base\nrole_session_name = checking\nduration_seconds = 1h\n`,
      `[base]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
  [
    'a role and a profile it takes its keys from',
    /:assumed-role\/SecurityAudit\/checking$/,
    (practice) => [
      `[profile work]\n${basics(practice)}role_arn = ${practice.roleArn('SecurityAudit')}\nsource_profile = base\nrole_session_name = checking\n`,
      `[base]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
  [
    'a role that is its own source',
    /:assumed-role\/SecurityAudit\/checking$/,
    (practice) => [
      `[profile work]\n${basics(practice)}role_arn = ${practice.roleArn('SecurityAudit')}\nsource_profile = work\nrole_session_name = checking\n`,
      `[work]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
  [
    'a process that prints keys',
    /:user\/jordan$/,
    (practice) => {
      const { accessKeyId, secretAccessKey } = practice.caller('keeper');
      const printed = `{Version:1,AccessKeyId:'${accessKeyId}',SecretAccessKey:'${secretAccessKey}'}`;
      const command = `"${process.execPath}" -e "console.log(JSON.stringify(${printed}))"`;
      return [`[profile work]\n${basics(practice)}credential_process = ${command}\n`, ''];
    },
  ],
  [
    'a process with signs that begin a comment elsewhere',
    /:user\/jordan$/,
    (practice) => {
      const { accessKeyId, secretAccessKey } = practice.caller('keeper');
      const printed = `{Version:1,AccessKeyId:'${accessKeyId}',SecretAccessKey:'${secretAccessKey}'}`;
      const command = `"${process.execPath}" -e "console.log(JSON.stringify(${printed})) ;" "Team #1"`;
      return [`[profile work]\n${basics(practice)}credential_process = ${command}\n`, ''];
    },
  ],
  [
    'files that were written on Windows',
    /:user\/jordan$/,
    (practice) => [
      `# mine\n\n[profile work]\n${basics(practice)}`.replaceAll('\n', '\r\n'),
      `[work]\n${keysOf(practice, 'keeper')}`.replaceAll('\n', '\r\n'),
    ],
  ],
  [
    'names of settings in upper case',
    /:user\/jordan$/,
    (practice) => [
      `[profile work]\n${basics(practice)}`.replace('region', 'REGION').replace('endpoint_url', 'Endpoint_URL'),
      `[work]\n${keysOf(practice, 'keeper')}`.replaceAll(/^aws_\w+/gm, (name) => name.toUpperCase()),
    ],
  ],
  [
    'names with spaces and other letters',
    /:assumed-role\/SecurityAudit\/checking$/,
    (practice) => [
      `[profile  work ]\nregion = us-east-1\nservices = büro\nrole_arn = ${practice.roleArn('SecurityAudit')}\nsource_profile = at home\nrole_session_name = checking\n` +
        `[services büro]\n${servicesOf(practice)}[profile "at home"]\n${keysOf(practice, 'keeper')}`,
      '',
    ],
  ],
  [
    'a name of two words in the credentials file',
    /:assumed-role\/SecurityAudit\/checking$/,
    (practice) => [
      `[profile work]\n${basics(practice)}role_arn = ${practice.roleArn('SecurityAudit')}\nsource_profile = at home\nrole_session_name = checking\n`,
      `[at home]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
  [
    'an endpoint in a services section',
    /:user\/jordan$/,
    (practice) => [
      `[profile "work"]\nregion = us-east-1\nservices = here\n[services here]\n${servicesOf(practice)}`,
      `[work]\n${keysOf(practice, 'keeper')}`,
    ],
  ],
];

if (version === undefined) {
  console.log('There is no AWS CLI here: nothing is held against it.');
} else {
  describe(`what ${version} finds, we find too`, () => {
    let aws: AwsFolder;
    let practice: PracticeAccount;

    beforeEach(async () => {
      aws = await AwsFolder.open();
      practice = await startPracticeAccount();
    });
    afterEach(async () => {
      await practice.stop();
      await aws.close();
    });

    for (const [title, arn, files] of cases) {
      it(`by ${title}`, async () => {
        await aws.write(...files(practice));
        const [theirs, ours] = [await askTheCli('work'), await askOurselves('work')];
        assert.match(theirs.arn, arn);
        assert.ok(theirs.users.length > 0, 'the account has users');
        assert.deepEqual(ours, theirs);
      });
    }
  });
}

async function askTheCli(profile: string): Promise<Found> {
  const ask = async (...words: readonly string[]): Promise<unknown> => {
    const args = [...words, '--profile', profile, '--output', 'json'];
    const { stdout } = await run('aws', args, { env: { ...process.env, AWS_PAGER: '' } });
    return JSON.parse(stdout);
  };
  const [identity, { Users }] = await Promise.all([
    ask('sts', 'get-caller-identity') as Promise<CallerIdentity>,
    ask('iam', 'list-users') as Promise<Users>,
  ]);
  return { arn: identity.Arn, account: identity.Account, users: Users.map(({ Arn }) => Arn) };
}

async function askOurselves(profile: string): Promise<Found> {
  const connection = await connect({ kind: 'profile', profile }, () => undefined);
  try {
    const { arn, accountId: account } = await connection.iam.callerIdentity();
    const users: string[] = [];
    for await (const page of connection.iam.listUsers()) {
      users.push(...page.map((user) => user.arn));
    }
    return { arn, account, users };
  } finally {
    connection.dispose();
  }
}
