import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromIni } from '@aws-sdk/credential-providers';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { type ChosenFiles, loadAwsFiles } from '../../../src/aws/files';
import { listProfiles, sectionsOf } from '../../../src/aws/profiles';
import { chainOf, type SignInChain } from '../../../src/aws/signInChain';
import type { BadLine, Profile } from '../../../src/core/connection';
import type { SignInWay } from '../../../src/core/signIn';
import type { SignInFault } from '../../../src/core/signInFault';
import { AwsFolder } from './awsFolder';

const keys = (id = 'AKIAIOSFODNN7EXAMPLE') => `aws_access_key_id = ${id}\naws_secret_access_key = the-secret\n`;

/** A command that prints keys with that id. */
const printing = (id: string, more = '') =>
  `"${process.execPath}" -e "console.log(JSON.stringify({Version:1,AccessKeyId:'${id}',SecretAccessKey:'the-secret'${more}}))"`;

const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const role = (name: string, from: string) => `role_arn = ${roleArn(name)}\n${from}\n`;
/** How a role’s profile of `role` is listed. */
const listedRole = { way: 'role', accountId: '123456789012' } as const;

const circle = (...profiles: readonly string[]): SignInFault => ({ kind: 'sourcesInCircle', profiles });

interface Row {
  readonly title: string;
  readonly config?: string | Buffer;
  readonly credentials?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly profiles: Readonly<Record<string, Omit<Profile, 'name'>>>;
  /** What is said of lines: file, number, and what was done with it where it was read. */
  readonly bad?: readonly (readonly [file: 'config' | 'credentials', line: number, read?: BadLine['read']])[];
  /** Why a profile leads nowhere; all others lead somewhere or hold nothing. */
  readonly faults?: Readonly<Record<string, SignInFault>>;
  /** Where the first keys of roles come from. */
  readonly origins?: Readonly<Record<string, SignInWay>>;
  /** Names that are not listed, and that the SDK does not take either. */
  readonly absent?: readonly string[];
  /** Profiles for which the SDK goes on with something else than what is written, in silence. */
  readonly sdkGoesOn?: readonly string[];
  /** The SDK by itself would make something else of the texts: what it would be. */
  readonly unlikeTheSdk?: string;
}

const rows: readonly Row[] = [
  // Lines.
  {
    title: 'comments on lines of their own and at the end of others, and signs that begin none',
    config: `# one
; another
  # one further in
[default] # the first
region = eu-west-1 ; here
[profile work]	; after a tab
region = eu-west-2#2
output#2 = json;text
`,
    credentials: `[work]\n${keys()}`,
    profiles: {
      default: { way: 'none', region: 'eu-west-1' },
      work: { way: 'keys', region: 'eu-west-2#2' },
    },
  },
  {
    title: 'lines that end as on Windows',
    config: '[default]\r\nregion = eu-west-1\r\n\r\n[profile work]\r\nregion = eu-west-2\r\n',
    credentials: `[work]\n${keys()}`.replaceAll('\n', '\r\n'),
    profiles: { default: { way: 'none', region: 'eu-west-1' }, work: { way: 'keys', region: 'eu-west-2' } },
  },
  {
    title: 'lines that end as on no system of today',
    config: '[default]\rregion = eu-west-1\r',
    profiles: {},
    bad: [['config', 1]],
  },
  {
    title: 'a byte order mark, which is named and read',
    config: '\uFEFF[profile work]\nregion = eu-west-1\n',
    credentials: `\uFEFF[work]\r\n${keys()}`,
    profiles: { work: { way: 'keys', region: 'eu-west-1' } },
    bad: [
      ['config', 1, 'byteOrderMark'],
      ['credentials', 1, 'byteOrderMark'],
    ],
  },
  {
    title: 'another encoding, in which nothing can be read',
    credentials: Buffer.from(`\uFEFF[work]\n${keys()}`, 'utf16le'),
    profiles: {},
    bad: [
      ['credentials', 1],
      ['credentials', 2],
      ['credentials', 3],
      ['credentials', 4],
    ],
    absent: ['work'],
  },
  {
    title: 'names of settings in upper case, which are named and read',
    config: '[profile work]\nREGION = eu-west-1\n  Output=json\n',
    credentials: '[work]\nAWS_ACCESS_KEY_ID = AKIAIOSFODNN7EXAMPLE\naws_Secret_Access_Key=The-Secret\n',
    profiles: { work: { way: 'keys', region: 'eu-west-1' } },
    bad: [
      ['config', 2, 'upperCase'],
      ['config', 3, 'upperCase'],
      ['credentials', 2, 'upperCase'],
      ['credentials', 3, 'upperCase'],
    ],
    unlikeTheSdk: 'it would know no such settings',
  },
  {
    title: 'spaces and tabs, or none, around the equals sign and before a name',
    config:
      '[profile work]\nregion=eu-west-1\n[profile other]\n\tregion\t=\teu-west-2\t\n[profile\tthird]\n   region   =   a=b\n',
    profiles: {
      work: { way: 'none', region: 'eu-west-1' },
      other: { way: 'none', region: 'eu-west-2' },
      third: { way: 'none', region: 'a=b' },
    },
  },
  {
    title: 'sections that the AWS CLI keeps for itself, of which nothing is said',
    config:
      '[plugins]\nendpoint = awscli_plugin\ncli_legacy\n[preview]\nsdb = true\n[profile work]\nregion = eu-west-1\n',
    profiles: { work: { way: 'none', region: 'eu-west-1' } },
  },
  {
    title: 'lines that mean nothing, in both files',
    config: '[default]\nregion = eu-west-1\nregoin\nregion: eu-west-3\n = value\n',
    credentials: '[work]\naws_access_key_id AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = the-secret\n',
    profiles: { default: { way: 'none', region: 'eu-west-1' }, work: { way: 'none' } },
    bad: [
      ['config', 3],
      ['config', 4],
      ['config', 5],
      ['credentials', 2],
    ],
    faults: { work: { kind: 'halfKeys', profile: 'work' } },
  },
  {
    title: 'settings before any section',
    config: 'region = eu-west-1\n[profile work]\nregion = eu-west-2\n',
    credentials: `${keys()}[work]\n${keys()}`,
    profiles: { work: { way: 'keys', region: 'eu-west-2' } },
    bad: [
      ['config', 1],
      ['credentials', 1],
      ['credentials', 2],
    ],
    absent: ['default'],
  },
  {
    title: 'settings that nobody knows',
    config: '[profile work]\nregion = eu-west-1\ncolour = blue\naws_user = jordan\n',
    credentials: `[work]\n${keys()}`,
    profiles: { work: { way: 'keys', region: 'eu-west-1' } },
  },
  {
    title: 'blocks of settings further in, which are not the profile’s own',
    config: `[profile work]
s3 =
  region = us-west-2
  role_arn = arn:aws:iam::123456789012:role/none
region = eu-west-1
[services local]
iam =
  endpoint_url = http://127.0.0.1:1
sts =
    endpoint_url = http://127.0.0.1:2
`,
    profiles: { work: { way: 'none', region: 'eu-west-1' } },
  },
  {
    title: 'a section that comes twice, put together, and a setting that comes twice, of which the last counts',
    config:
      '[profile work]\nregion = eu-west-1\nregion = eu-west-2\n[profile other]\nregion = eu-west-3\n[profile work]\noutput = json\n',
    credentials: `[work]\n${keys('AKIAFIRST')}[work]\naws_access_key_id = AKIALAST\n`,
    profiles: { work: { way: 'keys', region: 'eu-west-2' }, other: { way: 'none', region: 'eu-west-3' } },
  },

  // Files that are hardly there.
  { title: 'files with nothing in them', config: '', credentials: '\n\n', profiles: {}, absent: ['default'] },
  { title: 'no files', profiles: {}, absent: ['default'] },
  { title: 'no config file', credentials: `[work]\n${keys()}`, profiles: { work: { way: 'keys' } } },
  { title: 'no credentials file', config: `[profile work]\n${keys()}`, profiles: { work: { way: 'keys' } } },
  {
    title: 'a file cut off in the name of a section',
    config: '[profile work]\nregion = eu-west-1\n[profile oth',
    credentials: `[work]\n${keys()}[oth`,
    profiles: { work: { way: 'keys', region: 'eu-west-1' } },
    bad: [
      ['config', 3],
      ['credentials', 4],
    ],
    absent: ['oth', 'other'],
  },
  {
    title: 'a file cut off in the name of a setting',
    config: '[profile work]\nregion = eu-west-1\noutp',
    credentials: '[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_acc',
    profiles: { work: { way: 'none', region: 'eu-west-1' } },
    bad: [
      ['config', 3],
      ['credentials', 3],
    ],
    faults: { work: { kind: 'halfKeys', profile: 'work' } },
  },
  {
    title: 'a file cut off before a value',
    config: '[profile work]\nregion = ',
    credentials: '[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key =',
    profiles: { work: { way: 'none' } },
    faults: { work: { kind: 'halfKeys', profile: 'work' } },
  },
  {
    title: 'a file cut off in a value, which cannot be told',
    config: '[profile work]\nregion = eu-w',
    credentials: '[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = the-se',
    profiles: { work: { way: 'keys', region: 'eu-w' } },
  },
  {
    title: 'a section that cannot be read, whose settings are not those of the one before',
    config: '[profile work]\nregion = eu-west-1\n[profile other] region = eu-west-2\nregion = eu-west-3\n',
    credentials: `[work]\n${keys('AKIAWORK')}[other\n${keys('AKIAOTHER')}[third]\n${keys('AKIATHIRD')}`,
    profiles: { work: { way: 'keys', region: 'eu-west-1' }, third: { way: 'keys' } },
    bad: [
      ['config', 3],
      ['config', 4],
      ['credentials', 4],
      ['credentials', 5],
      ['credentials', 6],
    ],
    absent: ['other'],
    unlikeTheSdk: 'it would sign in as the other where work is meant',
  },

  // Names of profiles.
  {
    title: 'a profile in both files, of which the credentials file counts',
    config: `[profile work]\nregion = eu-west-1\nmfa_serial = GAHT1\n${keys('AKIACONFIG')}`,
    credentials: `[work]\nregion = eu-west-2\n${keys('AKIACREDENTIALS')}`,
    profiles: { work: { way: 'keys', region: 'eu-west-2' } },
  },
  {
    title: 'an endpoint in both files, of which the config file counts',
    config: '[profile work]\nendpoint_url = http://127.0.0.1:1\n',
    credentials: `[work]\nendpoint_url = http://127.0.0.1:2\n${keys()}[other]\nendpoint_url = http://127.0.0.1:3\n${keys()}`,
    profiles: {
      work: { way: 'keys', endpointUrl: 'http://127.0.0.1:1' },
      other: { way: 'keys', endpointUrl: 'http://127.0.0.1:3' },
    },
  },
  {
    title: 'the profile default by either name, of which the one with the word counts',
    config: '[profile default]\nregion = eu-west-2\n[default]\nregion = eu-west-1\noutput = json\n[default\n',
    profiles: { default: { way: 'none', region: 'eu-west-2' } },
    bad: [
      ['config', 3],
      ['config', 6],
    ],
  },
  {
    title: 'the profile default by either name, where nothing is said under the one with the word',
    config: '[profile default]\n[default]\nregion = eu-west-1\n',
    profiles: { default: { way: 'none', region: 'eu-west-1' } },
  },
  {
    title: 'the word profile where it belongs and where it does not',
    config: `[work]\n${keys()}[profile right]\n${keys()}`,
    credentials: `[profile other]\n${keys()}[good]\n${keys()}[profile münchen]\n`,
    profiles: { right: { way: 'keys' }, good: { way: 'keys' } },
    bad: [
      ['config', 1],
      ['config', 2],
      ['config', 3],
      ['credentials', 1],
      ['credentials', 2],
      ['credentials', 3],
      ['credentials', 7],
    ],
    absent: ['work', 'other', 'profile other', 'profile.other'],
    unlikeTheSdk: 'it would list the other as profile.other',
  },
  {
    title: 'sections of the config file in the credentials file',
    config: '[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = admin\n',
    credentials:
      '[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n[services local]\niam =\n',
    profiles: { work: { way: 'none', accountId: '123456789012' } },
    bad: [
      ['credentials', 1],
      ['credentials', 2],
      ['credentials', 3],
      ['credentials', 4],
      ['credentials', 5],
    ],
    faults: { work: { kind: 'noSsoSession', profile: 'work', session: 'corp' } },
    unlikeTheSdk: 'it would keep them, but look for none of them there',
  },
  {
    title: 'names in quotes, which belong to the name in the credentials file',
    config: `[profile "work"]\n${keys()}[profile 'other']\n${keys()}[profile "half]\nregion = eu-west-1\n`,
    credentials: `["third"]\n${keys()}`,
    profiles: { work: { way: 'keys' }, other: { way: 'keys' }, '"third"': { way: 'keys' } },
    bad: [
      ['config', 7],
      ['config', 8],
    ],
    absent: ['third', 'half'],
  },
  {
    title: 'names with spaces and other letters in the config file, read as the AWS CLI reads them',
    config: `[profile "my work"]\n${keys('AKIAMYWORK')}[profile münchen]\n${role('München', "source_profile = it's")}[profile  two ]\n${role('Two', 'source_profile = my work')}[profile "it's"]\n${keys('AKIAITS')}[profile 'new one']\nsso_session = ma société\nsso_account_id = 123456789012\nsso_role_name = admin\n[sso-session "ma société"]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n[profile a.b/c@d+e%f:g]\n${keys()}`,
    profiles: {
      'my work': { way: 'keys' },
      münchen: listedRole,
      two: listedRole,
      "it's": { way: 'keys' },
      'new one': { way: 'sso', accountId: '123456789012' },
      'a.b/c@d+e%f:g': { way: 'keys' },
    },
    origins: { münchen: 'keys', two: 'keys' },
    unlikeTheSdk: 'it would know but the last of them',
  },
  {
    title: 'names in the config file of which the AWS CLI makes nothing either',
    config: `[profile my work]\n${keys()}[profile it's]\n${keys()}[ profile three ]\nregion = eu-west-1\n[profile]\nregion = eu-west-1\n`,
    profiles: {},
    bad: Array.from({ length: 10 }, (_, index) => ['config', index + 1] as const),
    absent: ['my work', "it's", 'three', 'profile'],
  },
  {
    title:
      'names with spaces and other letters in the credentials file, which count before the config file’s there too',
    config: `[profile "my work"]\nregion = eu-west-1\n${keys('AKIACONFIG')}[profile audit]\n${role('Audit', 'source_profile = my work')}`,
    credentials: `[my work]\n${keys('AKIAMYWORK')}[other]\n${keys()}[my work place]\n${keys()}[münchen]\n${keys()}[my 'own']\n${keys()}oops\n[half\nregion = eu-west-1\n[profile.x]\n${keys()}`,
    profiles: {
      'my work': { way: 'keys', region: 'eu-west-1' },
      audit: listedRole,
      other: { way: 'keys' },
      'my work place': { way: 'keys' },
      münchen: { way: 'keys' },
      "my 'own'": { way: 'keys' },
      'profile.x': { way: 'keys' },
    },
    bad: [
      ['credentials', 16],
      ['credentials', 17],
      ['credentials', 18],
    ],
    origins: { audit: 'keys' },
    unlikeTheSdk: 'it would know but some of them',
  },
  {
    title: 'the one name for which the SDK gives up a file: the other profiles are there all the same',
    config: `[profile before]\nregion = eu-west-1\n[profile __proto__]\nregion = eu-west-2\n[profile "__proto__"]\nregion = eu-west-2\n[profile after]\nregion = eu-west-3\n`,
    credentials: `[before]\n${keys('AKIABEFORE')}[__proto__]\n${keys('AKIAPROTO')}[after]\n${keys('AKIAAFTER')}`,
    profiles: { before: { way: 'keys', region: 'eu-west-1' }, after: { way: 'keys', region: 'eu-west-3' } },
    bad: [
      ['config', 3],
      ['config', 4],
      ['config', 5],
      ['config', 6],
      ['credentials', 4],
      ['credentials', 5],
      ['credentials', 6],
    ],
    absent: ['__proto__'],
    unlikeTheSdk: 'it would read nothing at all',
  },
  {
    title: 'names of what every object has',
    config: `[profile constructor]\n${keys()}[profile work]\n${keys()}`,
    credentials: `[toString]\n${keys()}[other]\n${keys()}`,
    profiles: { work: { way: 'keys' }, other: { way: 'keys' } },
    bad: [
      ['config', 1],
      ['config', 2],
      ['config', 3],
      ['credentials', 1],
      ['credentials', 2],
      ['credentials', 3],
    ],
    absent: ['constructor', 'toString'],
    unlikeTheSdk: 'it would write the keys into the functions of those names',
  },
  {
    title: 'a section without a name',
    config: '[]\nregion = eu-west-1\n[profile work]\nregion = eu-west-2\n',
    credentials: `[ ]\n${keys()}`,
    profiles: { work: { way: 'none', region: 'eu-west-2' } },
    bad: [
      ['config', 1],
      ['config', 2],
      ['credentials', 1],
      ['credentials', 2],
      ['credentials', 3],
    ],
    unlikeTheSdk: 'it would list a space',
  },

  // Keys.
  {
    title: 'keys of a session, and the account where the file names it',
    credentials: `[work]\n${keys('ASIAIOSFODNN7EXAMPLE')}aws_session_token = the-token\naws_account_id = 123456789012\n`,
    profiles: { work: { way: 'sessionKeys', accountId: '123456789012' } },
  },
  {
    title:
      'keys beside their user’s device, which tells the account where nothing else does, if it is no hardware token',
    credentials: `[work]\n${keys()}mfa_serial = arn:aws:iam::123456789012:mfa/jordan\n[named]\n${keys()}mfa_serial = arn:aws:iam::123456789012:mfa/jordan\naws_account_id = 210987654321\n[token]\n${keys()}mfa_serial = GAHT12345678\n`,
    profiles: {
      work: { way: 'keys', accountId: '123456789012' },
      named: { way: 'keys', accountId: '210987654321' },
      token: { way: 'keys' },
    },
  },
  {
    title: 'keys of which one part is missing',
    credentials:
      '[id]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n[secret]\naws_secret_access_key = the-secret\n' +
      '[session]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_session_token = the-token\n[token]\naws_session_token = the-token\n',
    profiles: { id: { way: 'none' }, secret: { way: 'none' }, session: { way: 'none' }, token: { way: 'none' } },
    faults: {
      id: { kind: 'halfKeys', profile: 'id' },
      secret: { kind: 'halfKeys', profile: 'secret' },
      session: { kind: 'halfKeys', profile: 'session' },
    },
  },
  {
    title: 'keys in two parts, one in each file',
    config: '[profile work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n',
    credentials: '[work]\naws_secret_access_key = the-secret\n',
    profiles: { work: { way: 'keys' } },
  },
  {
    title: 'keys beside other ways, before which they come',
    config: `[profile process]\n${keys('AKIAPROCESS')}credential_process = nothing-of-that-name\n[profile sso]\n${keys('AKIASSO')}sso_session = corp\nsso_account_id = 123456789012\n`,
    profiles: { process: { way: 'keys' }, sso: { way: 'keys', accountId: '123456789012' } },
  },

  // Roles.
  {
    title: 'a role, whose account is its own, from the keys of another profile',
    config: `[profile audit]\nregion = eu-west-1\n${role('Audit', 'source_profile = base')}`,
    credentials: `[base]\n${keys('AKIABASE')}`,
    profiles: { audit: { ...listedRole, region: 'eu-west-1' }, base: { way: 'keys' } },
    origins: { audit: 'keys' },
  },
  {
    title: 'roles one after the other',
    config: `[profile third]\n${role('Third', 'source_profile = second')}[profile second]\n${role('Second', 'source_profile = first')}[profile first]\n${role('First', 'source_profile = base')}[profile base]\n${keys('AKIABASE')}`,
    profiles: { third: listedRole, second: listedRole, first: listedRole, base: { way: 'keys' } },
    origins: { third: 'keys', second: 'keys', first: 'keys' },
  },
  {
    title: 'a role that asks for a code, whichever of the roles it is',
    config: `[profile direct]\n${role('Direct', 'source_profile = base')}mfa_serial = GAHT1\n[profile behind]\n${role('Behind', 'source_profile = direct')}[profile plain]\n${role('Plain', 'source_profile = base')}[profile late]\n${role('Late', 'source_profile = plain')}mfa_serial = GAHT2\n`,
    credentials: `[base]\n${keys('AKIABASE')}`,
    profiles: {
      direct: { ...listedRole, mfaSerial: 'GAHT1' },
      behind: { ...listedRole, mfaSerial: 'GAHT1' },
      plain: listedRole,
      late: { ...listedRole, mfaSerial: 'GAHT2' },
      base: { way: 'keys' },
    },
    origins: { direct: 'keys', behind: 'keys', plain: 'keys', late: 'keys' },
  },
  {
    title: 'a device beside the keys that assume a role, of which the SDK makes nothing',
    config: `[profile audit]\n${role('Audit', 'source_profile = base')}[profile own]\n${role('Own', 'source_profile = base')}mfa_serial = GAHT2\n`,
    credentials: `[base]\n${keys('AKIABASE')}mfa_serial = GAHT1\n`,
    profiles: {
      audit: { ...listedRole, mfaSerial: 'GAHT1' },
      own: { ...listedRole, mfaSerial: 'GAHT2' },
      base: { way: 'keys' },
    },
    origins: { audit: 'keys', own: 'keys' },
  },
  {
    title: 'a role in another partition, and one whose ARN is none',
    config: `[profile china]\nrole_arn = arn:aws-cn:iam::123456789012:role/Audit\nsource_profile = base\n[profile odd]\nrole_arn = Audit\nsource_profile = base\n[profile base]\n${keys()}`,
    profiles: { china: listedRole, odd: { way: 'role' }, base: { way: 'keys' } },
    origins: { china: 'keys', odd: 'keys' },
  },
  {
    title: 'a role whose source is missing',
    config: `[profile audit]\n${role('Audit', 'source_profile = bsae')}[profile base]\n${keys()}`,
    profiles: { audit: { way: 'none', accountId: '123456789012' }, base: { way: 'keys' } },
    faults: { audit: { kind: 'noSourceProfile', profile: 'audit', source: 'bsae' } },
  },
  {
    title: 'a role whose source holds no keys, and one whose source holds half of them',
    config: `[profile audit]\n${role('Audit', 'source_profile = empty')}[profile other]\n${role('Other', 'source_profile = half')}[profile empty]\nregion = eu-west-1\n[profile half]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n`,
    profiles: {
      audit: { way: 'none', accountId: '123456789012' },
      other: { way: 'none', accountId: '123456789012' },
      empty: { way: 'none', region: 'eu-west-1' },
      half: { way: 'none' },
    },
    faults: {
      audit: { kind: 'emptySource', profile: 'empty' },
      other: { kind: 'halfKeys', profile: 'half' },
      half: { kind: 'halfKeys', profile: 'half' },
    },
  },
  {
    title: 'a role without a word of whose keys assume it',
    config: `[profile audit]\nrole_arn = ${roleArn('Audit')}\n[profile own]\nrole_arn = ${roleArn('Own')}\n${keys()}`,
    profiles: {
      audit: { way: 'none', accountId: '123456789012' },
      own: { way: 'none', accountId: '123456789012' },
    },
    faults: { audit: { kind: 'noSource', profile: 'audit' }, own: { kind: 'noSource', profile: 'own' } },
    sdkGoesOn: ['own'],
  },
  {
    title: 'a role that names itself, without keys and with them',
    config: `[profile empty]\n${role('Empty', 'source_profile = empty')}[profile own]\n${role('Own', 'source_profile = own')}${keys('AKIAOWN')}`,
    profiles: { empty: { way: 'none', accountId: '123456789012' }, own: listedRole },
    faults: { empty: circle('empty', 'empty') },
    origins: { own: 'keys' },
  },
  {
    title: 'two and three roles that name each other',
    config: `[profile a]\n${role('A', 'source_profile = b')}[profile b]\n${role('B', 'source_profile = a')}[profile x]\n${role('X', 'source_profile = y')}[profile y]\n${role('Y', 'source_profile = z')}[profile z]\n${role('Z', 'source_profile = x')}`,
    profiles: Object.fromEntries(
      ['a', 'b', 'x', 'y', 'z'].map((name) => [name, { way: 'none', accountId: '123456789012' } as const]),
    ),
    faults: {
      a: circle('a', 'b', 'a'),
      b: circle('b', 'a', 'b'),
      x: circle('x', 'y', 'z', 'x'),
      y: circle('y', 'z', 'x', 'y'),
      z: circle('z', 'x', 'y', 'z'),
    },
  },
  {
    title: 'a role behind two that name each other',
    config: `[profile outer]\n${role('Outer', 'source_profile = a')}[profile a]\n${role('A', 'source_profile = b')}[profile b]\n${role('B', 'source_profile = a')}`,
    profiles: Object.fromEntries(
      ['outer', 'a', 'b'].map((name) => [name, { way: 'none', accountId: '123456789012' } as const]),
    ),
    faults: { outer: circle('outer', 'a', 'b', 'a'), a: circle('a', 'b', 'a'), b: circle('b', 'a', 'b') },
  },
  {
    title: 'a role from the environment’s keys, a container’s and a machine’s, and from what is none of these',
    config: `[profile e]\n${role('E', 'credential_source = Environment')}[profile c]\n${role('C', 'credential_source = EcsContainer')}[profile m]\n${role('M', 'credential_source = Ec2InstanceMetadata')}[profile n]\n${role('N', 'credential_source = environment')}[profile over]\n${role('Over', 'source_profile = plain')}[profile plain]\ncredential_source = Environment\n`,
    env: { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'the-secret' },
    profiles: {
      e: listedRole,
      c: listedRole,
      m: listedRole,
      n: { way: 'none', accountId: '123456789012' },
      over: listedRole,
      plain: { way: 'none' },
    },
    origins: { e: 'environment', c: 'container', m: 'instance', over: 'environment' },
    faults: {
      n: {
        kind: 'unknownSource',
        profile: 'n',
        source: 'environment',
        known: ['Environment', 'EcsContainer', 'Ec2InstanceMetadata'],
      },
    },
  },
  {
    title: 'a role with both a source profile and another source',
    config: `[profile both]\n${role('Both', 'source_profile = base\ncredential_source = Environment')}[profile base]\n${keys()}`,
    profiles: { both: { way: 'none', accountId: '123456789012' }, base: { way: 'keys' } },
    faults: { both: { kind: 'twoSources', profile: 'both' } },
  },
  {
    title: 'a role from a process',
    config: `[profile audit]\n${role('Audit', 'source_profile = tool')}[profile tool]\ncredential_process = ${printing('AKIATOOL')}\n`,
    profiles: { audit: listedRole, tool: { way: 'process' } },
    origins: { audit: 'process' },
  },

  // Other ways.
  {
    title: 'a process that prints keys, long-term and of a session',
    config: `[profile tool]\ncredential_process = ${printing('AKIATOOL')}\n[profile session]\ncredential_process = ${printing('ASIATOOL', `,SessionToken:'the-token'`)}\n`,
    profiles: { tool: { way: 'process' }, session: { way: 'process' } },
  },
  {
    title: 'a web identity, and one without a role',
    config: `[profile web]\nrole_arn = ${roleArn('Web')}\nweb_identity_token_file = no-such-file\n[profile half]\nweb_identity_token_file = no-such-file\n`,
    profiles: { web: { way: 'webIdentity', accountId: '123456789012' }, half: { way: 'none' } },
    faults: { half: { kind: 'webIdentityWithoutRole', profile: 'half' } },
  },
  {
    title: 'a sign-in with IAM Identity Center by a session, and in the old form',
    config: `[profile new]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = admin
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.example/start
sso_registration_scopes = sso:account:access
[profile old]
sso_region = eu-west-1
sso_start_url = https://corp.example/start
sso_account_id = 210987654321
sso_role_name = admin
[profile audit]
${role('Audit', 'source_profile = new')}`,
    profiles: {
      new: { way: 'sso', accountId: '123456789012' },
      old: { way: 'sso', accountId: '210987654321' },
      audit: listedRole,
    },
    origins: { audit: 'sso' },
  },
  {
    title: 'a sign-in with IAM Identity Center whose session is missing, or that lacks something',
    config: `[profile missing]
sso_session = crop
sso_account_id = 123456789012
sso_role_name = admin
[profile open]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = admin
[profile bare]
sso_session = whole
[profile old]
sso_start_url = https://corp.example/start
[sso-session corp]
sso_region = eu-west-1
[sso-session whole]
sso_region = eu-west-1
sso_start_url = https://corp.example/start
`,
    profiles: {
      missing: { way: 'none', accountId: '123456789012' },
      open: { way: 'none', accountId: '123456789012' },
      bare: { way: 'none' },
      old: { way: 'none' },
    },
    faults: {
      missing: { kind: 'noSsoSession', profile: 'missing', session: 'crop' },
      open: { kind: 'ssoLacks', profile: 'open', settings: ['sso_start_url'] },
      bare: { kind: 'ssoLacks', profile: 'bare', settings: ['sso_account_id', 'sso_role_name'] },
      old: { kind: 'ssoLacks', profile: 'old', settings: ['sso_region', 'sso_account_id', 'sso_role_name'] },
    },
  },
  {
    title: 'a session of aws login',
    config:
      '[profile user]\nlogin_session = arn:aws:iam::123456789012:user/jordan\n[profile root]\nlogin_session = arn:aws:iam::210987654321:root\n',
    profiles: { user: { way: 'login', accountId: '123456789012' }, root: { way: 'login', accountId: '210987654321' } },
  },
];

describe('a person’s AWS files', () => {
  let aws: AwsFolder;

  beforeEach(async () => {
    aws = await AwsFolder.open();
  });
  afterEach(() => aws.close());

  describe('may hold', () => {
    for (const { title, config, credentials, env, profiles, bad = [], ...row } of rows) {
      it(title, async () => {
        await aws.write(config, credentials);
        Object.assign(process.env, env);

        const listed = await listProfiles();
        assert.deepEqual(
          Object.fromEntries(listed.profiles.map(({ name, ...facts }) => [name, facts])),
          Object.fromEntries(Object.entries(profiles)),
        );
        assert.equal(listed.profiles.length, Object.keys(profiles).length, 'a profile is listed twice');
        assert.deepEqual(
          listed.badLines,
          bad.map(([file, line, read]) => ({ file: aws[file], line, ...(read !== undefined && { read }) })),
        );
        assert.ok(!JSON.stringify(listed).includes('the-secret'), 'a profile holds a secret');

        const chains = await chainsOf(Object.keys(profiles));
        for (const [name, chain] of chains) {
          assert.deepEqual(chain.fault, row.faults?.[name], name);
        }
        const origins = [...chains].flatMap(([name, { origin, roles, fault }]) =>
          roles.length > 0 && fault === undefined ? [[name, origin.way]] : [],
        );
        assert.deepEqual(Object.fromEntries(origins), row.origins ?? {});

        for (const [name, chain] of chains) {
          await holdAgainstSdk(name, chain, row.sdkGoesOn?.includes(name) ?? false);
        }
        for (const name of row.absent ?? []) {
          await assert.rejects(fromIni({ profile: name })(), { name: 'CredentialsProviderError' }, name);
        }
        await holdAgainstRawReading(row.unlikeTheSdk === undefined && !bad.some(([, , read]) => read === 'upperCase'));
      });
    }
  });

  /** The SDK’s own reading of the very same files, under names for which it was not handed any text. */
  async function holdAgainstRawReading(alike: boolean): Promise<void> {
    const { configFile, credentialsFile } = await loadAwsFiles();
    const raw = await loadSharedConfigFiles({
      configFilepath: `${aws.folder}//config`,
      filepath: `${aws.folder}//credentials`,
    });
    if (alike) {
      assert.deepEqual({ configFile, credentialsFile }, raw);
    } else {
      assert.notDeepEqual({ configFile, credentialsFile }, raw, 'the SDK reads the same by itself');
    }
  }

  it('may hold keys in both files, or a part: what belongs together comes from one', async () => {
    await aws.write(
      `[profile stale]\naws_session_token = old\nregion = eu-west-1\n` +
        `[profile both]\n${keys('AKIACONFIG')}aws_session_token = old\n` +
        `[profile token]\n${keys('AKIACONFIG')}` +
        `[profile half]\naws_access_key_id = AKIAHALF\n`,
      `[stale]\n${keys('AKIANEW')}[both]\n${keys('AKIANEW')}[token]\naws_session_token = old\n` +
        `[half]\naws_secret_access_key = the-secret\n`,
    );
    const chains = await chainsOf(['stale', 'both', 'token', 'half']);
    assert.deepEqual(
      [...chains].map(([name, { origin }]) => [name, origin.way, origin.settings['aws_access_key_id']]),
      [
        ['stale', 'keys', 'AKIANEW'],
        ['both', 'keys', 'AKIANEW'],
        ['token', 'keys', 'AKIACONFIG'],
        ['half', 'keys', 'AKIAHALF'],
      ],
    );
    assert.equal(chains.get('stale')?.origin.settings['region'], 'eu-west-1');
  });

  it('may hold keys under a name of two words in the credentials file, which come before the config file’s', async () => {
    await aws.write(`[profile "my work"]\n${keys('AKIACONFIG')}`, `[my work]\n${keys('AKIAMYWORK')}`);
    const sections = sectionsOf(await loadAwsFiles());
    assert.equal(sections['my work']?.['aws_access_key_id'], 'AKIAMYWORK');
  });

  it('may hold a command with signs that begin a comment elsewhere, which the AWS CLI takes whole', async () => {
    const commands = {
      one: 'tool "Team #1" ; tool --all # not a comment',
      two: 'tool\t;;x ##',
      three: '# tool',
    };
    await aws.write(
      `[profile one]\nregion = eu-west-1 # a comment\ncredential_process = ${commands.one} \n` +
        `[profile two]\nCredential_Process = ${commands.two}\n# credential_process = none\n`,
      `[three]\ncredential_process = ${commands.three}\n`,
    );
    const sections = sectionsOf(await loadAwsFiles());
    for (const [name, command] of Object.entries(commands)) {
      assert.equal(sections[name]?.['credential_process'], command);
    }
    assert.equal(sections['one']?.['region'], 'eu-west-1');
  });

  it('are none where folders stand in their place', async () => {
    await mkdir(aws.config);
    await mkdir(aws.credentials);
    const { profiles, files, badLines } = await listProfiles();
    assert.deepEqual([profiles, files, badLines], [[], [aws.config, aws.credentials], []]);
    await assert.rejects(fromIni({ profile: 'work' })(), { name: 'CredentialsProviderError' });
  });

  it('are read once, however many profiles there are', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `profile-${index}`);
    await aws.write(
      names
        .map((name, index) => `[profile ${name}]\n${role('Role', `source_profile = profile-${index + 1}`)}`)
        .join(''),
      `[profile-500]\n${keys('AKIALAST')}`,
    );
    const [{ profiles }, opened] = await filesOpened(() => listProfiles());
    assert.deepEqual([profiles.length, profiles.filter(({ way }) => way === 'role').length], [501, 500]);
    assert.equal(opened, 2);
  });

  it('are read as they are at the moment, by the SDK too', async () => {
    await aws.write('[profile work]\nregion = eu-west-1\n', `[work]\n${keys('AKIAFIRST')}`);
    await listProfiles();
    assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIAFIRST');

    await aws.write('[profile work]\nregion = eu-west-2\n[profile new]\n', `[work]\n${keys('AKIASECOND')}`);
    assert.deepEqual((await listProfiles()).profiles, [{ name: 'work', way: 'keys', region: 'eu-west-2' }]);
    assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIASECOND');

    await aws.write(`[profile work]\n${role('Work', 'source_profile = other')}`, `[other]\n${keys('AKIAOTHER')}`);
    assert.deepEqual((await listProfiles()).profiles, [
      { name: 'work', ...listedRole },
      { name: 'other', way: 'keys' },
    ]);
    await holdAgainstSdk('work', (await chainsOf(['work'])).get('work'), false);
  });

  describe('that a person has chosen', () => {
    let chosen: Required<ChosenFiles>;

    beforeEach(async () => {
      await aws.write(`[profile work]\nregion = eu-west-1\n`, `[work]\n${keys('AKIAENVIRONMENT')}`);
      chosen = {
        config: await aws.put('mine/config', '[profile work]\nregion = eu-west-2\noutpt\n'),
        credentials: await aws.put('mine/credentials', `[work]\n${keys('AKIACHOSEN')}`),
      };
    });

    it('are read in place of the environment’s, by the SDK too', async () => {
      const { profiles, files, badLines } = await listProfiles(chosen);
      assert.deepEqual(profiles, [{ name: 'work', way: 'keys', region: 'eu-west-2' }]);
      assert.deepEqual(files, [chosen.config, chosen.credentials]);
      assert.deepEqual(badLines, [{ file: chosen.config, line: 3 }]);
      assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIACHOSEN');
    });

    it('may be one alone', async () => {
      const { profiles, files } = await listProfiles({ credentials: chosen.credentials });
      assert.deepEqual(profiles, [{ name: 'work', way: 'keys', region: 'eu-west-1' }]);
      assert.deepEqual(files, [aws.config, chosen.credentials]);
      assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIACHOSEN');
    });

    it('may be named from the home folder', async () => {
      const { files } = await listProfiles({ config: '~/mine/config', credentials: '~/mine/credentials' });
      assert.deepEqual(files, [chosen.config, chosen.credentials]);
      assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIACHOSEN');
    });

    it('may not be there, and the environment’s do not step in', async () => {
      await writeFile(chosen.credentials, '');
      const { profiles } = await listProfiles({ ...chosen, config: path.join(aws.folder, 'nowhere') });
      assert.deepEqual(profiles, []);
      await assert.rejects(fromIni({ profile: 'work' })(), { name: 'CredentialsProviderError' });
    });

    it('are chosen no longer: the environment’s are read again', async () => {
      await listProfiles(chosen);
      assert.equal((await listProfiles()).profiles[0]?.region, 'eu-west-1');
      assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIAENVIRONMENT');
    });
  });

  describe('by the environment’s word', () => {
    const sso = '[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n';

    it('may be named from the home folder, with their sessions of IAM Identity Center', async () => {
      process.env['AWS_CONFIG_FILE'] = '~/mine/config';
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = '~/mine/credentials';
      const config = await aws.put('mine/config', sso);
      const credentials = await aws.put('mine/credentials', `[work]\n${keys('AKIAHOME')}`);
      const files = await loadAwsFiles();
      assert.deepEqual([files.config, files.credentials], [config, credentials]);
      assert.deepEqual(files.ssoSessions, {
        corp: { sso_region: 'eu-west-1', sso_start_url: 'https://corp.example/start' },
      });
      assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIAHOME');
    });

    it('stand in the home folder where that word is empty', async () => {
      process.env['AWS_CONFIG_FILE'] = '';
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = '';
      const config = await aws.put('.aws/config', '[profile work]\nregion = eu-west-3\n');
      const credentials = await aws.put('.aws/credentials', `[work]\n${keys('AKIADEFAULT')}`);
      const { profiles, files } = await listProfiles();
      assert.deepEqual(profiles, [{ name: 'work', way: 'keys', region: 'eu-west-3' }]);
      assert.deepEqual(files, [config, credentials]);
      assert.equal((await fromIni({ profile: 'work' })()).accessKeyId, 'AKIADEFAULT');
    });
  });
});

async function chainsOf(names: readonly string[]): Promise<ReadonlyMap<string, SignInChain>> {
  const sections = sectionsOf(await loadAwsFiles());
  return new Map(names.map((name) => [name, chainOf(sections, name)]));
}

/** That the SDK goes the way that is described, as far as it can be gone without a network. */
async function holdAgainstSdk(name: string, chain: SignInChain | undefined, goesOn: boolean): Promise<void> {
  assert.ok(chain, `${name} is described`);
  const { origin, roles, fault } = chain;
  if (origin.way === 'container' || origin.way === 'instance') {
    return;
  }
  const assumed: string[] = [];
  let first: string | undefined;
  const provider = fromIni({
    profile: name,
    mfaCodeProvider: () => Promise.resolve('123456'),
    // Who calls STS, and with what, is all there is to it: what STS says is no business of these files.
    roleAssumer: (source, { RoleArn, SerialNumber }) => {
      first ??= source.accessKeyId;
      assumed.push([RoleArn, SerialNumber].join(' '));
      return Promise.resolve({ accessKeyId: 'ASIAROLE', secretAccessKey: 'none', sessionToken: 'none' });
    },
  });
  if (goesOn) {
    assert.ok(fault !== undefined, `${name} is said to lead nowhere`);
    assert.deepEqual([(await provider()).accessKeyId, assumed], [origin.settings['aws_access_key_id'], []]);
    return;
  }
  switch (fault === undefined ? origin.way : 'none') {
    case 'keys':
    case 'sessionKeys':
    case 'process':
    case 'environment': {
      const { accessKeyId, sessionToken } = await provider();
      const { settings } = origin;
      const expected =
        origin.way === 'environment'
          ? process.env['AWS_ACCESS_KEY_ID']
          : (/AccessKeyId:'(\w+)'/.exec(settings['credential_process'] ?? '')?.[1] ?? settings['aws_access_key_id']);
      assert.ok(expected !== undefined, `${name} has an id to compare`);
      assert.equal(first ?? accessKeyId, expected, name);
      assert.deepEqual(
        assumed,
        roles.map((step) => [step.settings['role_arn'], step.settings['mfa_serial']].join(' ')),
      );
      if (roles.length === 0 && origin.way !== 'process') {
        assert.equal(sessionToken !== undefined, origin.way === 'sessionKeys', name);
      }
      return;
    }
    case 'sso':
      await assert.rejects(
        provider(),
        { name: /^(CredentialsProviderError|TokenProviderError)$/, message: /SSO/ },
        name,
      );
      return;
    case 'login':
      await assert.rejects(provider(), { message: /login|token/i }, name);
      return;
    case 'webIdentity':
      await assert.rejects(provider(), { code: 'ENOENT' }, name);
      return;
    default:
      await assert.rejects(provider(), Error, name);
      assert.deepEqual(assumed, [], `a role was assumed for ${name}`);
  }
}

/** How many files are opened meanwhile. */
async function filesOpened<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  let opened = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'FILEHANDLE') {
        opened++;
      }
    },
  }).enable();
  try {
    return [await work(), opened];
  } finally {
    hook.disable();
  }
}
