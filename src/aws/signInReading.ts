import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import { getHomeDir } from '@smithy/shared-ini-file-loader';
import { endpointUrl } from './endpoint';
import { loadAwsFiles, profileOfEnvironment, variable, type ChosenFiles } from './files';
import { sectionsOf } from './profiles';
import type { SignInService } from './signInCalls';
import { chainOf, type Sections, type SignInChain } from './signInChain';

/** All that the files and the environment say of one way of signing in. */
export interface SignInReading {
  /** The one that was chosen or that the environment names; undefined: neither. */
  readonly profile: string | undefined;
  readonly region: string;
  /** Where they are not AWS's own. */
  readonly iamEndpoint: string | undefined;
  readonly stsEndpoint: string | undefined;
  readonly signInEndpoints: Readonly<Partial<Record<SignInService, string>>>;
  /** A file of certificates that are trusted beside those of this computer. */
  readonly certificates: string | undefined;
  readonly chain: SignInChain;
  /** What a person runs to renew what has run out; undefined where nothing does. */
  readonly renewal: readonly string[] | undefined;
  /** The files that tokens come from, which other tools renew. */
  readonly tokenFiles: readonly string[];
  /** The same as long as it is the same place: neither keys nor tokens are part of it. */
  readonly leadsTo: string;
}

/**
 * Reads the files anew, for the SDK too.
 * @param profile undefined: what the environment says, or the profile `default`
 * @throws ProblemError `badConfig` where an endpoint cannot be made out
 */
export async function readSignIn(profile: string | undefined, chosen: ChosenFiles = {}): Promise<SignInReading> {
  const sections = sectionsOf(await loadAwsFiles(chosen));
  const named = profile ?? profileOfEnvironment();
  const settings = sections[named ?? 'default'] ?? {};
  const chain = chainFor(sections, profile);
  const [iam, sts, sso, ssoOidc, signin] = await endpoints(profile);
  const regionOfEnvironment = variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION');
  // A chosen profile's own region comes before the environment's: the environment may be about another partition. IAM answers the
  // same in every region of a partition (iam-facts 1.10), but the SDK wants one named.
  const region =
    (profile === undefined
      ? (regionOfEnvironment ?? settings['region'])
      : (settings['region'] ?? regionOfEnvironment)) ?? 'us-east-1';
  // As the AWS CLI reads them: the environment comes first.
  const certificates = variable('AWS_CA_BUNDLE') ?? settings['ca_bundle'];
  return {
    profile: named,
    region,
    iamEndpoint: iam,
    stsEndpoint: sts,
    signInEndpoints: {
      ...(sso !== undefined && { sso }),
      ...(ssoOidc !== undefined && { sso_oidc: ssoOidc }),
      ...(signin !== undefined && { signin }),
    },
    certificates: certificates === '' ? undefined : certificates,
    chain,
    renewal: renewalOf(chain),
    tokenFiles: tokenFilesOf(chain),
    leadsTo: JSON.stringify([region, iam, sts, certificates, placeOf(chain)]),
  };
}

/**
 * As the SDK goes about it: a profile that the environment names comes before keys in the environment, others after. One that it names
 * for the AWS CLI alone comes after them too, as the AWS CLI has it.
 */
function chainFor(sections: Sections, profile: string | undefined): SignInChain {
  const ofEnvironment = (way: 'environment' | 'none'): SignInChain => ({
    origin: { way, profile: undefined, settings: {} },
    roles: [],
  });
  const first = profile ?? variable('AWS_PROFILE');
  if (first !== undefined) {
    return chainOf(sections, first);
  }
  if (variable('AWS_ACCESS_KEY_ID') !== undefined && variable('AWS_SECRET_ACCESS_KEY') !== undefined) {
    return ofEnvironment('environment');
  }
  const last = profileOfEnvironment() ?? (sections['default'] && 'default');
  return last === undefined ? ofEnvironment('none') : chainOf(sections, last);
}

function endpoints(profile: string | undefined): Promise<readonly (string | undefined)[]> {
  return Promise.all(
    (['iam', 'sts', 'sso', 'sso_oidc', 'signin'] as const).map((service) => endpointUrl(service, profile)),
  );
}

function renewalOf({ origin: { way, profile } }: SignInChain): readonly string[] | undefined {
  const of = profile === undefined || profile === 'default' ? [] : ['--profile', profile];
  switch (way) {
    case 'sso':
      return ['aws', 'sso', 'login', ...of];
    case 'login':
      return ['aws', 'login', ...of];
    default:
      return undefined;
  }
}

function tokenFilesOf({ origin: { way, settings } }: SignInChain): readonly string[] {
  const hash = (algorithm: string, text: string) => `${createHash(algorithm).update(text).digest('hex')}.json`;
  switch (way) {
    case 'sso': {
      const of = settings['sso_session'] ?? settings['sso_start_url'] ?? '';
      return [path.join(getHomeDir(), '.aws', 'sso', 'cache', hash('sha1', of))];
    }
    case 'login': {
      const folder = process.env['AWS_LOGIN_CACHE_DIRECTORY'] ?? path.join(homedir(), '.aws', 'login', 'cache');
      return [path.join(folder, hash('sha256', settings['login_session'] ?? ''))];
    }
    case 'webIdentity':
      return [settings['web_identity_token_file'] ?? ''];
    default:
      return [];
  }
}

/** Settings that decide whose keys they are, and are no secrets. */
const telling = [
  'credential_process',
  'external_id',
  'login_session',
  'mfa_serial',
  'role_arn',
  'sso_account_id',
  'sso_role_name',
  'sso_session',
  'sso_start_url',
  'use_dualstack_endpoint',
  'use_fips_endpoint',
];

function placeOf({ origin, roles, fault }: SignInChain): unknown {
  const of = (settings: SignInChain['origin']['settings']) => telling.map((key) => settings[key] ?? null);
  return [origin.way, of(origin.settings), roles.map(({ settings }) => of(settings)), fault ?? null];
}
