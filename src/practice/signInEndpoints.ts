import { randomBytes } from 'node:crypto';
import type { Account } from './account';
import { provesPossession } from './dpop';
import { type Answer, exchange, type Worked } from './exchange';
import { Failure } from './failure';
import type { Partition, PlacedRole } from './partition';
import { type SignIn, SSO_ACCESS_SECONDS } from './signIn';
import type { SignedRequest } from './signature';
import type { Found } from './tokens';
import { isoSeconds } from './wire';

// The services that hand out credentials: no Query protocol and no signature, each with a manner of its own. Paths and
// shapes are those of the SDK's models (sso, sso-oidc, signin) and of its providers for containers and instances.

/** How a service says no. */
interface Manner {
  readonly throttled: () => Failure;
  readonly broken: () => Failure;
  readonly expired: () => Failure;
  readonly denied: () => Failure;
  readonly body: (failure: Failure) => string;
}

interface Asked {
  readonly request: SignedRequest;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The fields of a JSON body that are texts. */
  readonly fields: Readonly<Record<string, string>>;
  readonly signIn: SignIn;
}

interface Done {
  readonly caller: string;
  readonly body: string;
  /** JSON when left out. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Endpoint {
  readonly operation: string;
  readonly method: string;
  /** One that ends in a slash and a star stands for all below. */
  readonly path: string;
  readonly manner: Manner;
  /** The account the call is counted to; undefined: the first. */
  readonly account: (asked: Asked) => Account | undefined;
  /** For the list of calls; no secrets. */
  readonly parameters: (asked: Asked) => Readonly<Record<string, string>>;
  /** Throws Failure. */
  readonly run: (asked: Asked, now: number) => Done;
}

/** Answers a request to sign in; undefined when it is none. Never throws. */
export function answerSignIn(signIn: SignIn, request: SignedRequest): Promise<Answer> | undefined {
  const [pathname = '', query = ''] = request.url.split('?', 2);
  const endpoint = endpoints.find(({ method, path }) => method === request.method && fits(pathname, path));
  if (endpoint === undefined) {
    return undefined;
  }
  const asked = { request, path: pathname, query: new URLSearchParams(query), fields: jsonTexts(request.body), signIn };
  const account = endpoint.account(asked) ?? signIn.partition.first;
  const { operation, manner } = endpoint;
  return exchange({ account, operation, parameters: endpoint.parameters(asked) }, ({ now }): Worked => {
    try {
      throwFaults(account, endpoint);
      const { type = JSON_TYPE, ...done } = endpoint.run(asked, now);
      return { ...done, status: 200, type };
    } catch (error) {
      const failure = error instanceof Failure ? error : manner.broken();
      const headers = { 'x-amzn-errortype': failure.code };
      return { caller: 'unknown', status: failure.status, type: JSON_TYPE, body: manner.body(failure), headers };
    }
  });
}

const JSON_TYPE = 'application/json';

const fits = (path: string, pattern: string): boolean =>
  pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) && path.length >= pattern.length : path === pattern;

function throwFaults({ faults, settings }: Account, { operation, manner }: Endpoint): void {
  if (faults.take('expiredToken', operation) !== undefined) {
    throw manner.expired();
  }
  if (faults.throttles(operation, settings.clock())) {
    throw manner.throttled();
  }
  if (faults.take('serverError', operation) !== undefined) {
    throw manner.broken();
  }
  const error = faults.take('error', operation);
  if (error !== undefined) {
    throw new Failure(error.code, error.status, error.message);
  }
  if (faults.take('deny', operation) !== undefined) {
    throw manner.denied();
  }
}

function jsonTexts(body: Buffer): Readonly<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

/** What a token stands for; throws one refusal or the other when it is not good. */
function need<T>(found: Found<T>, unknown: () => Failure, expired: () => Failure): T {
  if (found.state === 'good') {
    return found.value;
  }
  throw found.state === 'expired' ? expired() : unknown();
}

// The portal of IAM Identity Center. The texts are those people report.

const unauthorized = (): Failure => new Failure('UnauthorizedException', 401, 'Session token not found or invalid');

const portal: Manner = {
  throttled: () => new Failure('TooManyRequestsException', 429, 'HTTP 429 Unknown Code'),
  broken: () => new Failure('InternalServerException', 500, 'Internal server error'),
  expired: unauthorized,
  denied: () => new Failure('ForbiddenException', 403, 'No access'),
  body: ({ code, message }) => JSON.stringify({ message, __type: `com.amazonaws.switchboard.portal#${code}` }),
};

// As long as a permission set's session is when nobody has changed it.
const PORTAL_SECONDS = 3600;

function getRoleCredentials({ query, request, signIn }: Asked, now: number): Done {
  const [roleName, accountId] = [query.get('role_name'), query.get('account_id')];
  const token = request.headers['x-amz-sso_bearer_token'];
  if (roleName === null || accountId === null || token === undefined) {
    throw new Failure('InvalidRequestException', 400, 'Request is missing a required parameter');
  }
  const person = need(signIn.ssoAccess.find(token, now), unauthorized, unauthorized);
  const role = signIn.assignedRole(person, accountId, roleName);
  if (role === undefined) {
    throw portal.denied();
  }
  const { keys, expiresAt } = signIn.partition.openRoleSession(role, person.userName, PORTAL_SECONDS, now);
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const roleCredentials = { accessKeyId, secretAccessKey, sessionToken, expiration: expiresAt };
  return { caller: person.userName, body: JSON.stringify({ roleCredentials }) };
}

// OIDC of IAM Identity Center. RFC 6749's own codes go with the exceptions.

const oidc: Manner = {
  throttled: () => new Failure('SlowDownException', 400, 'Too many requests'),
  broken: () => new Failure('InternalServerException', 500, 'Internal server error'),
  expired: () => new Failure('ExpiredTokenException', 400, 'The refresh token has expired'),
  denied: () => new Failure('AccessDeniedException', 400, 'Access denied'),
  body: ({ code, message }) => {
    const words = code.replace(/Exception$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_');
    return JSON.stringify({ error: words.toLowerCase(), error_description: message });
  },
};

const invalidGrant = (): Failure => new Failure('InvalidGrantException', 400, 'Invalid refresh token provided');

// Whether AWS takes a refresh token again that was used was not seen; here it does until it runs out.
function createToken({ fields, signIn }: Asked, now: number): Done {
  if (fields['grantType'] !== 'refresh_token') {
    throw new Failure('UnsupportedGrantTypeException', 400, 'Only refresh tokens are taken here');
  }
  const person = need(signIn.ssoRefresh.find(fields['refreshToken'], now), invalidGrant, oidc.expired);
  if (fields['clientId'] !== person.clientId || fields['clientSecret'] !== person.clientSecret) {
    throw new Failure('InvalidClientException', 401, 'Invalid client');
  }
  const { accessToken } = signIn.openSsoAccess(person, now, SSO_ACCESS_SECONDS);
  const refreshToken = signIn.openSsoRefresh(person, now);
  const body = { accessToken, expiresIn: SSO_ACCESS_SECONDS, refreshToken, tokenType: 'Bearer' };
  return { caller: person.userName, body: JSON.stringify(body) };
}

// Sign-in at the console, for command lines. The statuses of AccessDeniedException are those its model tells.

const signInErrors: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_REQUEST'],
  [401, 'TOKEN_EXPIRED'],
  [403, 'INSUFFICIENT_PERMISSIONS'],
  [429, 'rate_exceeded'],
]);

const consoleSignIn: Manner = {
  throttled: () => new Failure('TooManyRequestsError', 429, 'Rate exceeded'),
  broken: () => new Failure('InternalServerException', 500, 'Internal server error'),
  expired: () => new Failure('AccessDeniedException', 401, 'The token has expired'),
  denied: () => new Failure('AccessDeniedException', 403, 'Insufficient permissions'),
  body: ({ status, message }) => JSON.stringify({ error: signInErrors.get(status) ?? 'server_error', message }),
};

const malformed = (message: string) => (): Failure => new Failure('ValidationException', 400, message);

// That an unknown token and a proof that does not fit are a ValidationException is assumed; whether a refresh token can
// be used twice was not seen, and here it can.
function createOAuth2Token({ request, fields, path, signIn }: Asked, now: number): Done {
  if (fields['grantType'] !== 'refresh_token') {
    throw malformed('Only refresh tokens are taken here')();
  }
  const found = signIn.loginRefresh.find(fields['refreshToken'], now);
  const login = need(found, malformed('Invalid refresh token'), consoleSignIn.expired);
  const host = request.headers['host'] ?? '';
  if (!provesPossession(request.headers['dpop'], { method: request.method, host, path, key: login.key })) {
    throw malformed('Invalid DPoP proof')();
  }
  if (fields['clientId'] !== login.clientId) {
    throw malformed('Invalid client')();
  }
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = signIn.openLogin(login, now);
  const body = {
    accessToken: { accessKeyId, secretAccessKey, sessionToken },
    tokenType: 'aws_sigv4',
    expiresIn: Math.ceil((expiresAt - now) / 1000),
    refreshToken: signIn.openLoginRefresh(login, now),
  };
  return { caller: login.grant.name, body: JSON.stringify(body) };
}

// Containers (ECS, EKS) and instances (EC2, IMDSv2).

const machine: Manner = {
  throttled: () => new Failure('TooManyRequests', 429, 'Too many requests'),
  broken: () => new Failure('InternalServerError', 500, 'Internal server error'),
  expired: () => new Failure('Unauthorized', 401, 'The token has expired'),
  denied: () => new Failure('Forbidden', 403, 'Forbidden'),
  body: ({ code, message }) => JSON.stringify({ Code: code, Message: message }),
};

const unauthorizedMachine = (): Failure => new Failure('Unauthorized', 401, 'Unauthorized');
const notFound = (): Failure => new Failure('NotFound', 404, 'Not found');

const MACHINE_SECONDS = 6 * 3600;
const INSTANCE = 'i-0a1b2c3d4e5f60718';
const TASK = '7f3e9c1d5b2a48608c4e1f7a9d0b3c52';
const ROLES_PATH = '/latest/meta-data/iam/security-credentials/';

function machineKeys(signIn: SignIn, name: string, now: number) {
  const role = needMachineRole(signIn);
  const { keys, expiresAt } = signIn.partition.openRoleSession(role, name, MACHINE_SECONDS, now);
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token } = keys;
  return { AccessKeyId, SecretAccessKey, Token, Expiration: isoSeconds(expiresAt) };
}

function needMachineRole({ machineRole }: SignIn): PlacedRole {
  if (machineRole === undefined) {
    throw notFound();
  }
  return machineRole;
}

function containerCredentials({ request, signIn }: Asked, now: number): Done {
  const token = request.headers['authorization'];
  const good = token === undefined ? !signIn.needsContainerToken : token === signIn.containerToken;
  if (!good) {
    throw unauthorizedMachine();
  }
  const body = { RoleArn: needMachineRole(signIn).arn, ...machineKeys(signIn, TASK, now) };
  return { caller: 'container', body: JSON.stringify(body) };
}

const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';

function instanceToken({ request, signIn }: Asked, now: number): Done {
  const seconds = Number(request.headers[TTL] ?? '');
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 21_600) {
    throw new Failure('BadRequest', 400, 'Bad request');
  }
  const token = randomBytes(42).toString('base64');
  signIn.instance.issue(token, true, now + seconds * 1000);
  return { caller: 'instance', body: token, type: 'text/plain', headers: { [TTL]: String(seconds) } };
}

// Without a token nothing is told: IMDSv1 is switched off.
function needInstanceToken({ request, signIn }: Asked, now: number): void {
  const found = signIn.instance.find(request.headers['x-aws-ec2-metadata-token'], now);
  need(found, unauthorizedMachine, unauthorizedMachine);
}

function instanceRole(asked: Asked, now: number): Done {
  needInstanceToken(asked, now);
  return { caller: 'instance', body: needMachineRole(asked.signIn).role.name, type: 'text/plain' };
}

function instanceCredentials(asked: Asked, now: number): Done {
  needInstanceToken(asked, now);
  const { role } = needMachineRole(asked.signIn);
  if (asked.path !== `${ROLES_PATH}${role.name}`) {
    throw notFound();
  }
  const keys = machineKeys(asked.signIn, INSTANCE, now);
  const body = { Code: 'Success', LastUpdated: isoSeconds(now), Type: 'AWS-HMAC', ...keys };
  return { caller: 'instance', body: JSON.stringify(body) };
}

const none = (): Readonly<Record<string, string>> => ({});
const ofMachine = ({ signIn }: Asked): Account | undefined => signIn.machineRole?.account;
const grantType = ({ fields }: Asked): Readonly<Record<string, string>> =>
  fields['grantType'] === undefined ? {} : { grantType: fields['grantType'] };
const ofParameter = (partition: Partition, accountId: string | null): Account | undefined =>
  partition.account(accountId ?? undefined);

const endpoints: readonly Endpoint[] = [
  {
    operation: 'GetRoleCredentials',
    method: 'GET',
    path: '/federation/credentials',
    manner: portal,
    account: ({ query, signIn }) => ofParameter(signIn.partition, query.get('account_id')),
    parameters: ({ query }) => Object.fromEntries(query),
    run: getRoleCredentials,
  },
  {
    operation: 'CreateToken',
    method: 'POST',
    path: '/token',
    manner: oidc,
    account: () => undefined,
    parameters: grantType,
    run: createToken,
  },
  {
    operation: 'CreateOAuth2Token',
    method: 'POST',
    path: '/v1/token',
    manner: consoleSignIn,
    account: ({ fields, signIn }) => {
      const found = signIn.loginRefresh.find(fields['refreshToken'], Number.NEGATIVE_INFINITY);
      return found.state === 'good' ? found.value.account : undefined;
    },
    parameters: grantType,
    run: createOAuth2Token,
  },
  {
    operation: 'ContainerCredentials',
    method: 'GET',
    path: '/container-credentials',
    manner: machine,
    account: ofMachine,
    parameters: none,
    run: containerCredentials,
  },
  {
    operation: 'InstanceToken',
    method: 'PUT',
    path: '/latest/api/token',
    manner: machine,
    account: ofMachine,
    parameters: none,
    run: instanceToken,
  },
  {
    operation: 'InstanceRole',
    method: 'GET',
    path: ROLES_PATH,
    manner: machine,
    account: ofMachine,
    parameters: none,
    run: instanceRole,
  },
  {
    operation: 'InstanceCredentials',
    method: 'GET',
    path: `${ROLES_PATH}*`,
    manner: machine,
    account: ofMachine,
    parameters: none,
    run: instanceCredentials,
  },
];
