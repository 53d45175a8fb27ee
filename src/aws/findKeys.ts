import { readFile } from 'node:fs/promises';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import {
  fromContainerMetadata,
  fromEnv,
  fromHttp,
  fromInstanceMetadata,
  fromLoginCredentials,
  fromNodeProviderChain,
  fromSSO,
  propertyProviderChain,
} from '@aws-sdk/credential-providers';
import { type Problem, ProblemError, problemOf } from '../core/problem';
import { endpointSetting, sharedSettings, type Surroundings } from './clients';
import { keysFromProcess } from './credentialProcess';
import type { Settings } from './files';
import type { Keys } from './keys';
import { toProblem } from './problems';
import type { Renewals } from './renewals';
import type { CodeWanted, RoleCalls } from './roles';
import { SignInCalls, type FailedCall, type Handler, type SignInService } from './signInCalls';
import type { SignInChain } from './signInChain';

/** What it takes to find keys. */
export interface Finding {
  readonly surroundings: Surroundings;
  readonly endpoints: Readonly<Partial<Record<SignInService, string>>>;
  /** The SDK's own, with certificates and timeouts. */
  readonly handler: Handler;
  readonly roles: RoleCalls;
  readonly renewals: Renewals;
  /** The file of the token that keys are had for, where there is one. */
  readonly tokenFile: string | undefined;
  /** Whether a person is there who may be asked for a code. */
  readonly mayAsk: boolean;
  /** What a person runs to renew what has run out; undefined where nothing does. */
  readonly renewal: readonly string[] | undefined;
}

/**
 * Finds keys anew: the first ones by the SDK, the rest by STS. Nothing is remembered here but MFA sessions, and why a token was not
 * renewed.
 * @throws ProblemError
 */
export async function findKeys(chain: SignInChain, finding: Finding): Promise<Keys> {
  let keys = await firstKeys(chain, finding);
  for (const [index, role] of chain.roles.entries()) {
    keys = await finding.roles.assume(keys, roleOf(role.settings), codeWanted(chain, index, keys), finding.mayAsk);
  }
  return keys;
}

function roleOf(settings: Settings): AssumeRoleCommandInput {
  const seconds = settings['duration_seconds'] ?? '';
  return {
    RoleArn: settings['role_arn'],
    RoleSessionName: settings['role_session_name'],
    ExternalId: settings['external_id'],
    // What is no number says nothing, as to the AWS CLI.
    DurationSeconds: /^\d+$/.test(seconds) ? Number(seconds) : undefined,
  };
}

/**
 * A role wants a code where its own profile names a device, or the profile with the keys does: that is how several tools read it,
 * and AWS gives it no other meaning there. A session's keys need none of the latter: tools that make one with that device put its keys
 * beside it.
 * @param keys those that the role is assumed with
 */
function codeWanted({ origin, roles }: SignInChain, index: number, keys: Keys): CodeWanted | undefined {
  const { profile, settings } = roles[index] ?? {};
  const isOrigins = index === 0 && keys.sessionToken === undefined;
  const serial = settings?.['mfa_serial'] ?? (isOrigins ? origin.settings['mfa_serial'] : undefined);
  return serial === undefined ? undefined : { serial, ...(profile !== undefined && { profile }) };
}

async function firstKeys(chain: SignInChain, finding: Finding): Promise<Keys> {
  const { surroundings, endpoints, handler, renewals, tokenFile = '' } = finding;
  const renewed = (failed: FailedCall | undefined) => renewals.note(tokenFile, failed);
  const calls = new SignInCalls(handler, endpoints, surroundings.onCall, renewed);
  try {
    return await provide(chain.origin, finding, calls);
  } catch (error) {
    if (problemOf(error)) {
      throw error;
    }
    // Without a call of its own, it may have waited for another's.
    const failed = calls.failed ?? (await renewals.failedLately(tokenFile));
    throw new ProblemError(problemWith(error, chain, failed, finding), { cause: error });
  }
}

async function provide(
  { way, profile, settings }: SignInChain['origin'],
  finding: Finding,
  calls: SignInCalls,
): Promise<Keys> {
  const { surroundings, endpoints, roles, renewals, tokenFile = '' } = finding;
  const clientConfig = { ...sharedSettings(surroundings), requestHandler: calls };
  const named = profile === undefined ? {} : { profile };
  switch (way) {
    case 'keys':
    case 'sessionKeys':
      return keysIn(settings);
    case 'process':
      return keysFromProcess(settings['credential_process'] ?? '', profile ?? 'default');
    case 'sso':
      return fromSSO({ ...named, clientConfig })();
    case 'login':
      return renewals.inTurn(
        tokenFile,
        fromLoginCredentials({
          ...named,
          // Where the session does not tell the region, it is the profile's.
          clientConfig: { region: surroundings.region, ...clientConfig, ...endpointSetting(endpoints.signin) },
        }),
      );
    case 'webIdentity':
      return webIdentityKeys(settings, roles);
    case 'environment':
      return fromEnv()();
    case 'container':
      return propertyProviderChain(fromHttp(), fromContainerMetadata())();
    case 'instance':
      return fromInstanceMetadata()();
    case 'role':
    case 'none':
      // Nothing that is said: what the machine gives, as AWS's own tools do it.
      return fromNodeProviderChain({
        ...named,
        roleAssumerWithWebIdentity: (role) => roles.assumeWithWebIdentity(role),
        logger: silent,
      })();
  }
}

/** The SDK would write its warnings to the console. */
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function keysIn(settings: Settings): Keys {
  const token = settings['aws_session_token'];
  return {
    accessKeyId: settings['aws_access_key_id'] ?? '',
    secretAccessKey: settings['aws_secret_access_key'] ?? '',
    ...(token !== undefined && { sessionToken: token }),
  };
}

async function webIdentityKeys(settings: Settings, roles: RoleCalls): Promise<Keys> {
  const file = settings['web_identity_token_file'] ?? '';
  let token: string;
  try {
    token = await readFile(file, 'ascii');
  } catch (error) {
    throw new ProblemError(
      {
        code: 'noCredentials',
        operation: 'Credentials',
        subject: file,
        fault: { kind: 'tokenUnreadable', file },
      },
      { cause: error },
    );
  }
  return roles.assumeWithWebIdentity({
    RoleArn: settings['role_arn'],
    // As the SDK names it.
    RoleSessionName: settings['role_session_name'] ?? `aws-sdk-js-session-${Date.now()}`,
    WebIdentityToken: token,
  });
}

function problemWith(
  error: unknown,
  { origin }: SignInChain,
  failed: FailedCall | undefined,
  { endpoints, renewal }: Finding,
): Problem {
  const { way, profile, settings } = origin;
  const subject = profile === undefined ? {} : { subject: profile };
  const runOut: Problem = {
    code: 'expiredCredentials',
    operation: failed?.operation ?? 'Credentials',
    ...subject,
    ...(failed?.status !== undefined && { status: failed.status }),
    ...(failed?.wireCode !== undefined && { awsCode: failed.wireCode }),
    ...(failed?.requestId !== undefined && { requestId: failed.requestId }),
    ...(renewal && { renewal }),
  };
  if (way !== 'sso' && way !== 'login') {
    // What the SDK threw says how it looked for them, and nothing of what it found.
    return { ...toProblem(error, 'Credentials', { service: 'sts' }), ...subject };
  }
  if (!failed) {
    // Without a call: there is no token, or it has run out.
    return runOut;
  }
  const { service, operation, status, wireCode, thrown } = failed;
  const endpoint = endpoints[service];
  if (thrown !== undefined) {
    return toProblem(thrown, operation, { service, ...(endpoint !== undefined && { endpoint }) });
  }
  const known = { ...(wireCode !== undefined && { awsCode: wireCode }), ...(status !== undefined && { status }) };
  const answered = { operation, ...known, ...(failed.requestId !== undefined && { requestId: failed.requestId }) };
  if (wireCode === 'INSUFFICIENT_PERMISSIONS') {
    return { code: 'accessDenied', permission: `${service}:${operation}`, ...answered };
  }
  switch (status) {
    case 407:
      return { code: 'proxyRefused', operation, status, ...(endpoint !== undefined && { subject: endpoint }) };
    case 429:
      return { code: 'throttled', ...answered };
    case 403:
    case 404:
      if (service === 'sso') {
        return {
          code: 'accessDenied',
          ...answered,
          ...subject,
          fault: {
            kind: 'roleNotGiven',
            role: settings['sso_role_name'] ?? '',
            account: settings['sso_account_id'] ?? '',
          },
        };
      }
      return runOut;
    default:
      if (status !== undefined && status >= 500) {
        return { code: 'serviceFault', ...answered };
      }
      // The portal refuses a token with 401; what renews tokens does so with 400 and 401.
      return service === 'sso' && status !== 401 ? { code: 'badConfig', ...answered, ...subject } : runOut;
  }
}
