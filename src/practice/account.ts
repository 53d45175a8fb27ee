import { createHash, randomBytes } from 'node:crypto';
import { Calls } from './calls';
import { CodeChecks, codeShown } from './codes';
import type { Company, CompanyCaller, CompanyIdentity, CompanyRole } from './company';
import { Faults } from './faults';
import {
  type PracticeKeys,
  type PracticeSessionKeys,
  practiceId,
  practiceKeys,
  practiceSessionKeys,
  randomSessionKeys,
} from './keys';
import type { PermissionSet } from './permissions';
import { CredentialReports } from './report';
import { openingState, type State, userArn, withEntry } from './state';

/** Someone who calls: an IAM user, root or a role session. */
export type Identity = CompanyIdentity;

/** A caller's keys and rights, as handed to whoever wants to sign as them. */
export interface PracticeCaller {
  readonly name: string;
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Role sessions only. */
  readonly sessionToken?: string;
  readonly permissions: PermissionSet;
}

/** One call's caller, worked out from the key it was signed with. */
export interface Caller {
  readonly name: string;
  readonly identity: Identity;
  readonly arn: string;
  readonly userId: string;
  readonly permissions: PermissionSet;
  readonly credentials: 'longTerm' | SessionKind;
}

/** What a key may do, and what its holder is called here. */
export interface Grant {
  readonly name: string;
  readonly identity: Identity;
  readonly permissions: PermissionSet;
}

/**
 * - `role`: of an assumed role
 * - `session`, `mfaSession`: of a user or root, made without and with a code; who signs in at the console with MFA has
 *   an `mfaSession` too
 * - `login`: of a user or root who signed in at the console without MFA
 */
export type SessionKind = 'role' | 'session' | 'mfaSession' | 'login';

interface Session {
  readonly keys: PracticeSessionKeys;
  readonly identity: Identity;
  readonly credentials: SessionKind;
  /** ms; never, for the sessions the company opens with. */
  expiresAt: number | undefined;
}

/** What the account knows of one access key id. */
export interface Credentials {
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly expiresAt: number | undefined;
  readonly caller: Caller;
}

interface PendingState {
  readonly state: State;
  readonly seenFrom: number;
}

export interface AccountSettings {
  /** ms since 1970. */
  readonly clock: () => number;
  readonly shortPages: boolean;
  readonly emptyPages: boolean;
  readonly reportBuildMs: number;
  /** How long after it was enabled STS begins to take a device's codes. */
  readonly stsDelayMs: number;
  /** Goes before the names of callers when their keys are computed, so that no two accounts have the same. */
  readonly keyPrefix: string;
  /** Whether the roles can be had at the portal of IAM Identity Center too, as permission sets of the same names. */
  readonly permissionSets: boolean;
}

// Without a region in the path, as where Identity Center is in us-east-1.
const RESERVED_PATH = 'aws-reserved/sso.amazonaws.com/';

/** Everything the practice account holds. There is no other state. */
export class Account {
  readonly id: string;
  readonly alias: string | undefined;
  /** By ARN; also those that IAM Identity Center has put here. */
  readonly roles: ReadonlyMap<string, CompanyRole>;
  readonly settings: AccountSettings;
  readonly faults = new Faults();
  readonly codes = new CodeChecks();
  readonly calls = new Calls();
  readonly reports: CredentialReports;
  /** Signs markers, so that one made by hand or for another list is refused. */
  readonly markerKey = randomBytes(16);

  #state: State;
  /** Until all writes are seen: the state that reads still see, then those yet to come. */
  #pending: PendingState[] = [];
  readonly #callers: PracticeCaller[] = [];
  /** By access key id. */
  readonly #grants = new Map<string, Grant>();
  readonly #sessions = new Map<string, Session>();
  readonly #rootKeys = new Map<string, PracticeKeys>();

  constructor(company: Company, settings: AccountSettings) {
    this.id = company.accountId;
    this.alias = company.alias;
    this.roles = new Map([
      ...company.roles.map((role) => [roleArnOf(this.id, role.name), role] as const),
      ...(settings.permissionSets ? company.roles.map((role) => this.#reservedRole(role)) : []),
    ]);
    this.settings = settings;
    this.reports = new CredentialReports(settings.reportBuildMs);
    this.#state = openingState(company, settings.clock());
    for (const caller of company.callers) {
      this.addCaller(caller);
    }
  }

  /** The role that a permission set stands for in the account; nobody may assume it but by way of the portal. */
  #reservedRole({ name, permissions }: CompanyRole): readonly [string, CompanyRole] {
    const reserved = reservedName(name, this.id);
    return [
      roleArnOf(this.id, `${RESERVED_PATH}${reserved}`),
      { name: reserved, permissions, needsMfa: false, trusts: [] },
    ];
  }

  /** The ARN of a role; undefined when there is none of that name. */
  roleArn(name: string): string | undefined {
    return [...this.roles].find(([, role]) => role.name === name)?.[0];
  }

  /** The ARN of the role that a permission set of IAM Identity Center stands for here. */
  reservedRoleArn(permissionSet: string): string | undefined {
    return this.roleArn(reservedName(permissionSet, this.id));
  }

  /** What is true now; writes start from it. */
  get state(): State {
    return this.#state;
  }

  get callers(): readonly PracticeCaller[] {
    return this.#callers;
  }

  /** What reads see at an instant: as `state`, but for writes that have not propagated yet. */
  seenAt(now: number): State {
    let seen: State | undefined;
    for (const pending of this.#pending) {
      if (pending.seenFrom <= now) {
        seen = pending.state;
      }
    }
    const last = this.#pending.at(-1);
    if (last === undefined || last.seenFrom <= now) {
      this.#pending = [];
      return this.#state;
    }
    return seen ?? this.#state;
  }

  /** Makes a new state true. Reads see it after `delayMs`. */
  commit(next: State, delayMs: number): void {
    const now = this.settings.clock();
    const seenBefore = this.seenAt(now);
    if (delayMs > 0 || this.#pending.length > 0) {
      if (this.#pending.length === 0) {
        this.#pending.push({ state: seenBefore, seenFrom: Number.NEGATIVE_INFINITY });
      }
      // A later write holds the earlier ones too, so it is never seen before them.
      const seenFrom = Math.max(now + delayMs, this.#pending.at(-1)?.seenFrom ?? 0);
      this.#pending.push({ state: next, seenFrom });
    }
    this.#state = next;
  }

  /**
   * Adds someone who can call, with keys computed from the name (practiceKeys, practiceSessionKeys).
   * Throws RangeError for a user who does not exist.
   */
  addCaller(caller: CompanyCaller): PracticeCaller {
    const { identity, name } = caller;
    const arn = this.arnOf(identity);
    if (arn === undefined) {
      throw new RangeError(`Caller ${name} stands for a user who does not exist.`);
    }
    const keys = this.#openKeys(`${this.settings.keyPrefix}${name}`, identity);
    this.#grants.set(keys.accessKeyId, { name, identity, permissions: caller.permissions });
    const added: PracticeCaller = { name, arn, ...keys, permissions: caller.permissions };
    this.#callers.push(added);
    return added;
  }

  #openKeys(name: string, identity: Identity): PracticeKeys | PracticeSessionKeys {
    if (identity.kind === 'role') {
      const keys = practiceSessionKeys(name);
      this.#sessions.set(keys.accessKeyId, { keys, identity, credentials: 'role', expiresAt: undefined });
      return keys;
    }
    const keys = practiceKeys(name);
    if (identity.kind === 'root') {
      this.#rootKeys.set(keys.accessKeyId, keys);
    } else {
      const accessKey = {
        id: keys.accessKeyId,
        secret: keys.secretAccessKey,
        userName: identity.userName,
        createdAt: this.settings.clock(),
        lastUsedAt: undefined,
      };
      this.commit({ ...this.#state, accessKeys: withEntry(this.#state.accessKeys, keys.accessKeyId, accessKey) }, 0);
    }
    return keys;
  }

  /** Makes session keys, as GetSessionToken and AssumeRole do. `expiresAt` in ms. */
  openSession(grant: Grant, credentials: SessionKind, expiresAt: number): PracticeSessionKeys {
    const keys = randomSessionKeys();
    const { name, identity, permissions } = grant;
    this.#grants.set(keys.accessKeyId, { name, identity, permissions });
    this.#sessions.set(keys.accessKeyId, { keys, identity, credentials, expiresAt });
    return keys;
  }

  /** All sessions made so far run out; those the company opens with do not. */
  expireSessions(now: number): void {
    for (const session of this.#sessions.values()) {
      if (session.expiresAt !== undefined) {
        session.expiresAt = Math.min(session.expiresAt, now);
      }
    }
  }

  /** What the app or the display of this device shows now; undefined where there is none. */
  codeShownBy(serial: string): string | undefined {
    const device = this.#state.devices.get(serial);
    if (device?.seed === undefined) {
      return undefined;
    }
    return codeShown(device.seed, this.settings.clock() - device.clockSlowSeconds * 1000);
  }

  /** Printed serials of the hardware tokens that belong to nobody now. */
  get spareTokens(): readonly string[] {
    return [...this.#state.devices.values()]
      .filter(({ kind, owner }) => kind === 'hardware' && owner === undefined)
      .map(({ serial }) => serial);
  }

  get hasRootKeys(): boolean {
    return this.#rootKeys.size > 0;
  }

  /** Who signs with this key; undefined when nobody does (any more). */
  credentialsOf(accessKeyId: string): Credentials | undefined {
    const session = this.#sessions.get(accessKeyId);
    if (session !== undefined) {
      const caller = this.#callerOf(accessKeyId, session.identity, session.credentials);
      const { secretAccessKey, sessionToken } = session.keys;
      return caller && { secretAccessKey, sessionToken, expiresAt: session.expiresAt, caller };
    }
    const userKey = this.#state.accessKeys.get(accessKeyId);
    const rootKey = this.#rootKeys.get(accessKeyId);
    const secretAccessKey = userKey?.secret ?? rootKey?.secretAccessKey;
    if (secretAccessKey === undefined) {
      return undefined;
    }
    const identity: Identity = userKey ? { kind: 'user', userName: userKey.userName } : { kind: 'root' };
    const caller = this.#callerOf(accessKeyId, identity, 'longTerm');
    return caller && { secretAccessKey, sessionToken: undefined, expiresAt: undefined, caller };
  }

  /** Remembers when a user's key was last used at IAM, for the report. */
  noteKeyUse(accessKeyId: string, now: number): void {
    const key = this.#state.accessKeys.get(accessKeyId);
    // Hourly is exact enough, and spares a new map on every call.
    if (key !== undefined && now - (key.lastUsedAt ?? 0) > 3_600_000) {
      this.commit(
        { ...this.#state, accessKeys: withEntry(this.#state.accessKeys, accessKeyId, { ...key, lastUsedAt: now }) },
        0,
      );
    }
  }

  #callerOf(accessKeyId: string, identity: Identity, credentials: Caller['credentials']): Caller | undefined {
    const arn = this.arnOf(identity);
    if (arn === undefined) {
      return undefined;
    }
    const grant = this.#grants.get(accessKeyId) ?? this.#grantLike(identity);
    return {
      name: grant.name,
      identity,
      arn,
      userId: this.userIdOf(identity),
      permissions: grant.permissions,
      credentials,
    };
  }

  /** For keys made here: as a user's other keys; nothing for a user nobody calls as, as on AWS without a policy. */
  #grantLike(identity: Identity): Grant {
    const key = identityKey(identity);
    const like = [...this.#grants.values()].find((grant) => identityKey(grant.identity) === key);
    return like ?? { name: key, identity, permissions: { only: [] } };
  }

  /** Undefined for a user who does not exist. */
  arnOf(identity: Identity): string | undefined {
    switch (identity.kind) {
      case 'root':
        return `arn:aws:iam::${this.id}:root`;
      case 'role':
        return `arn:aws:sts::${this.id}:assumed-role/${identity.roleName}/${identity.sessionName}`;
      case 'user':
        return this.#state.users.get(identity.userName)?.arn;
    }
  }

  /** The UserId that GetCallerIdentity tells. */
  userIdOf(identity: Identity): string {
    switch (identity.kind) {
      case 'root':
        return this.id;
      case 'role':
        return `${practiceId('AROA', identity.roleName)}:${identity.sessionName}`;
      case 'user':
        return this.#state.users.get(identity.userName)?.id ?? '';
    }
  }

  /** The ARN a permission for this user is asked about; a user who does not exist is taken to be without a path. */
  arnOfUser(userName: string): string {
    return this.#state.users.get(userName)?.arn ?? userArn(this.id, '/', userName);
  }
}

const roleArnOf = (accountId: string, path: string): string => `arn:aws:iam::${accountId}:role/${path}`;

// IAM Identity Center adds 16 hexadecimal digits that are no more than an id.
const reservedName = (permissionSet: string, accountId: string): string => {
  const id = createHash('sha256').update(`${accountId} ${permissionSet}`).digest('hex').slice(0, 16);
  return `AWSReservedSSO_${permissionSet}_${id}`;
};

function identityKey(identity: Identity): string {
  switch (identity.kind) {
    case 'root':
      return 'root';
    case 'user':
      return `user ${identity.userName}`;
    case 'role':
      return `role ${identity.roleName}/${identity.sessionName}`;
  }
}
