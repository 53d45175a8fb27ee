import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import type { Account, Grant, PracticeCaller, SessionKind } from './account';
import type { Partition, PlacedRole } from './partition';
import { devicesOf } from './state';
import { Tokens } from './tokens';
import { isoSeconds } from './wire';

/** A role as people choose it at the portal of IAM Identity Center. */
export interface PracticeAssignment {
  readonly accountId: string;
  /** Of the company's role, which is the permission set's too. */
  readonly roleName: string;
}

export interface SsoTokenOptions {
  /** How long the access token is good for; 3600 when left out, 0 or less for one that has run out. */
  readonly expiresInSeconds?: number;
  /** Whether there is a refresh token, good for eight hours; left out: yes. */
  readonly refreshable?: boolean;
  /** The person's name in Identity Center, which is that of their sessions; `jordan` when left out. */
  readonly userName?: string;
  /** What the person may choose; left out: every role of every account. */
  readonly assigned?: readonly PracticeAssignment[];
}

/** What `aws sso login` writes to `~/.aws/sso/cache`, under ssoTokenFileName. */
export interface SsoTokenFile {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly registrationExpiresAt: string;
  readonly refreshToken?: string;
}

export interface LoginTokenOptions {
  /** Who signed in at the console. With a device they have used it, so that theirs is an MFA session. */
  readonly caller: PracticeCaller;
  /** How long the credentials are good for; 900 when left out, 0 or less for ones that have run out. */
  readonly expiresInSeconds?: number;
  /** Whether the refresh token is good, for twelve hours; left out: yes. */
  readonly refreshable?: boolean;
}

/** What `aws login` writes to `~/.aws/login/cache`, under loginTokenFileName. */
export interface LoginTokenFile {
  readonly accessToken: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly accountId: string;
    readonly expiresAt: string;
  };
  /** `aws_sigv4`. */
  readonly tokenType: string;
  readonly clientId: string;
  readonly refreshToken: string;
  readonly idToken: string;
  /** PEM, SEC 1. */
  readonly dpopKey: string;
}

export interface WebIdentityTokenOptions {
  /** 3600 when left out, 0 or less for one that has run out. */
  readonly expiresInSeconds?: number;
  /** `sub`; a pod's service account when left out. */
  readonly subject?: string;
  /** The roles that trust it, by ARN; left out: all that want no MFA. */
  readonly roleArns?: readonly string[];
}

/** What people and machines do to sign in, done for them. All times are by the accounts' clock. */
export interface PracticeSignIn {
  /** `sso_start_url` and `sso_region` of profiles. */
  readonly startUrl: string;
  readonly region: string;
  ssoToken(options?: SsoTokenOptions): SsoTokenFile;
  /** Throws RangeError for a caller of none of the accounts. */
  loginToken(options: LoginTokenOptions): LoginTokenFile;
  /** The content of `web_identity_token_file`. */
  webIdentityToken(options?: WebIdentityTokenOptions): string;
  /** For AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly containerUri: string;
  /** For AWS_CONTAINER_AUTHORIZATION_TOKEN; another one once the tokens have run out. */
  readonly containerToken: string;
  /** How long sessions live that are made from now on, of roles and of console sign-ins; undefined: as on AWS. */
  setRoleSessionMs(ms: number | undefined): void;
  /** Every token of a sign-in runs out now, refresh tokens too; sessions made of them go on. */
  expireTokens(): void;
  /** Every session handed out so far runs out now, in all accounts; tokens stay good for new ones. */
  expireSessions(): void;
  /** Both. */
  expire(): void;
}

/** The name of the file in `~/.aws/sso/cache`. @param session the name of the sso-session, or else the start URL */
export const ssoTokenFileName = (session: string): string => `${createHash('sha1').update(session).digest('hex')}.json`;

/** The name of the file in `~/.aws/login/cache`. @param session the profile's `login_session` */
export const loginTokenFileName = (session: string): string =>
  `${createHash('sha256').update(session).digest('hex')}.json`;

/** Who signed in to IAM Identity Center. */
export interface SsoPerson {
  readonly userName: string;
  readonly assigned: readonly PracticeAssignment[] | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Who signed in at the console. */
export interface Login {
  readonly account: Account;
  readonly grant: Grant;
  readonly credentials: SessionKind;
  readonly clientId: string;
  readonly key: KeyObject;
}

export interface Opened {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms. */
  readonly expiresAt: number;
}

const DAY_SECONDS = 86_400;
/** How long an access token lives that was had for a refresh token. */
export const SSO_ACCESS_SECONDS = 3600;
const SSO_SESSION_SECONDS = 8 * 3600;
const LOGIN_SECONDS = 900;
const LOGIN_SESSION_SECONDS = 12 * 3600;
const CLIENT = 'arn:aws:signin:::devtools/same-device';
const AUDIENCE = 'sts.amazonaws.com';
const ISSUER = 'https://oidc.practice.invalid/id/cluster';

/** Tokens look like nothing; the prefix is for whoever has to tell them apart. */
const randomToken = (prefix: string): string => `${prefix}${randomBytes(48).toString('base64url')}`;

/** All that is known of sign-ins: which tokens were handed out, to whom, until when. */
export class SignIn implements PracticeSignIn {
  readonly startUrl = 'https://acme-practice.awsapps.com/start';
  readonly region = 'us-east-1';
  readonly ssoAccess = new Tokens<SsoPerson>();
  readonly ssoRefresh = new Tokens<SsoPerson>();
  readonly loginRefresh = new Tokens<Login>();
  /** Session tokens of the instance metadata service. */
  readonly instance = new Tokens<true>();
  /** Set when the server listens. */
  containerUri = '';
  #containerToken = randomToken('container-');

  constructor(
    readonly partition: Partition,
    /** The role of the container and of the instance; undefined when there is no role at all. */
    readonly machineRole: PlacedRole | undefined,
    /** Whether the container's credentials are for those alone who have its token. */
    readonly needsContainerToken: boolean,
  ) {}

  get containerToken(): string {
    return this.#containerToken;
  }

  get #now(): number {
    return this.partition.first.settings.clock();
  }

  ssoToken(options: SsoTokenOptions = {}): SsoTokenFile {
    const { expiresInSeconds = SSO_ACCESS_SECONDS, refreshable = true, userName = 'jordan', assigned } = options;
    const [clientId, clientSecret] = [randomToken('client-'), randomToken('secret-')];
    const person: SsoPerson = { userName, assigned, clientId, clientSecret };
    const now = this.#now;
    const { accessToken, expiresAt } = this.openSsoAccess(person, now, expiresInSeconds);
    return {
      startUrl: this.startUrl,
      region: this.region,
      accessToken,
      expiresAt: isoSeconds(expiresAt),
      clientId,
      clientSecret,
      registrationExpiresAt: isoSeconds(now + 90 * DAY_SECONDS * 1000),
      ...(refreshable && { refreshToken: this.openSsoRefresh(person, now) }),
    };
  }

  openSsoAccess(person: SsoPerson, now: number, seconds: number): { accessToken: string; expiresAt: number } {
    const accessToken = randomToken('aoaAAAAA');
    const expiresAt = now + seconds * 1000;
    this.ssoAccess.issue(accessToken, person, expiresAt);
    return { accessToken, expiresAt };
  }

  openSsoRefresh(person: SsoPerson, now: number): string {
    const refreshToken = randomToken('aorAAAAA');
    this.ssoRefresh.issue(refreshToken, person, now + SSO_SESSION_SECONDS * 1000);
    return refreshToken;
  }

  /** The role behind a person's choice at the portal; undefined when it is not theirs, or not there. */
  assignedRole(person: SsoPerson, accountId: string, roleName: string): PlacedRole | undefined {
    const assigned =
      person.assigned === undefined ||
      person.assigned.some((one) => one.accountId === accountId && one.roleName === roleName);
    const arn = this.partition.account(accountId)?.reservedRoleArn(roleName);
    return assigned && arn !== undefined ? this.partition.role(arn) : undefined;
  }

  loginToken(options: LoginTokenOptions): LoginTokenFile {
    const { caller, expiresInSeconds, refreshable = true } = options;
    const account = this.partition.accountOfKey(caller.accessKeyId);
    const grant = account?.credentialsOf(caller.accessKeyId)?.caller;
    if (account === undefined || grant === undefined) {
      throw new RangeError(`Caller ${caller.name} is of none of the accounts.`);
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = createPublicKey(privateKey);
    const login: Login = { account, grant, credentials: loginKind(account, grant), clientId: CLIENT, key };
    const now = this.#now;
    const opened = this.openLogin(login, now, expiresInSeconds);
    return {
      accessToken: {
        accessKeyId: opened.accessKeyId,
        secretAccessKey: opened.secretAccessKey,
        sessionToken: opened.sessionToken,
        accountId: account.id,
        expiresAt: isoSeconds(opened.expiresAt),
      },
      tokenType: 'aws_sigv4',
      clientId: CLIENT,
      refreshToken: this.openLoginRefresh(login, now, refreshable ? LOGIN_SESSION_SECONDS : 0),
      idToken: jwt({ iss: 'https://signin.practice.invalid', sub: caller.arn, aud: CLIENT }),
      dpopKey: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    };
  }

  /** Keys for who signed in at the console. */
  openLogin(login: Login, now: number, seconds?: number): Opened {
    const ms = seconds === undefined ? (this.partition.roleSessionMs ?? LOGIN_SECONDS * 1000) : seconds * 1000;
    const expiresAt = now + ms;
    return { ...login.account.openSession(login.grant, login.credentials, expiresAt), expiresAt };
  }

  openLoginRefresh(login: Login, now: number, seconds: number = LOGIN_SESSION_SECONDS): string {
    const refreshToken = randomToken('login-');
    this.loginRefresh.issue(refreshToken, login, now + seconds * 1000);
    return refreshToken;
  }

  webIdentityToken(options: WebIdentityTokenOptions = {}): string {
    const { expiresInSeconds = 3600, subject = 'system:serviceaccount:practice:default', roleArns } = options;
    const expiresAt = this.#now + expiresInSeconds * 1000;
    const [iat, exp] = [Math.floor(this.#now / 1000), Math.floor(expiresAt / 1000)];
    const token = jwt({ iss: ISSUER, sub: subject, aud: [AUDIENCE], iat, exp });
    this.partition.webIdentities.issue(token, { subject, issuer: ISSUER, audience: AUDIENCE, roleArns }, expiresAt);
    return token;
  }

  setRoleSessionMs(ms: number | undefined): void {
    this.partition.roleSessionMs = ms;
  }

  expireTokens(): void {
    const now = this.#now;
    for (const tokens of [this.ssoAccess, this.ssoRefresh, this.loginRefresh, this.instance]) {
      tokens.expireAll(now);
    }
    this.partition.webIdentities.expireAll(now);
    this.#containerToken = randomToken('container-');
  }

  expireSessions(): void {
    const now = this.#now;
    this.partition.accounts.forEach((account) => account.expireSessions(now));
  }

  expire(): void {
    this.expireTokens();
    this.expireSessions();
  }
}

// Who has a device cannot sign in at the console without it. That `aws login` hands the console's MFA on is assumed.
function loginKind(account: Account, { identity }: Grant): SessionKind {
  if (identity.kind === 'role') {
    return 'role';
  }
  const devices = devicesOf(account.state, identity).filter(({ kind }) => kind !== 'sms');
  return devices.length > 0 ? 'mfaSession' : 'login';
}

/** It looks like one; nobody here checks the signature, since nobody else can make a token that is known. */
function jwt(claims: Readonly<Record<string, unknown>>): string {
  const parts = [
    { alg: 'RS256', typ: 'JWT', kid: 'practice' },
    { ...claims, jti: randomUUID() },
  ];
  const encoded = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...encoded, randomBytes(256).toString('base64url')].join('.');
}
