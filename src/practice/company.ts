import type { PermissionSet } from './permissions';

// The data a practice account opens with. All ages are in days before its start.

export type CompanyDevice =
  | { readonly kind: 'virtual'; readonly name: string; readonly path?: string; readonly enabledDaysAgo: number }
  | { readonly kind: 'hardware'; readonly serial: string; readonly enabledDaysAgo: number }
  | { readonly kind: 'passkey'; readonly name: string; readonly enabledDaysAgo: number }
  | { readonly kind: 'sms'; readonly name: string; readonly enabledDaysAgo: number };

export interface CompanyPassword {
  readonly changedDaysAgo: number;
  /** Left out: never used. */
  readonly lastUsedDaysAgo?: number;
}

export interface CompanyUser {
  readonly name: string;
  /** `/` when left out. */
  readonly path?: string;
  readonly createdDaysAgo: number;
  /** Left out: no console password. */
  readonly password?: CompanyPassword;
  /** Keys nobody signs with here; the callers' own are added by themselves. */
  readonly accessKeys?: readonly { readonly createdDaysAgo: number; readonly lastUsedDaysAgo?: number }[];
  readonly devices?: readonly CompanyDevice[];
  readonly tags?: Readonly<Record<string, string>>;
}

export type CompanyIdentity =
  | { readonly kind: 'root' }
  | { readonly kind: 'user'; readonly userName: string }
  | { readonly kind: 'role'; readonly roleName: string; readonly sessionName: string };

export interface CompanyCaller {
  readonly name: string;
  readonly identity: CompanyIdentity;
  readonly permissions: PermissionSet;
}

/** A role that everybody in the account may assume. */
export interface CompanyRole {
  readonly name: string;
  readonly permissions: PermissionSet;
  /** Only with a code, or from an MFA session. */
  readonly needsMfa: boolean;
}

export interface Company {
  readonly accountId: string;
  readonly alias?: string;
  readonly root: {
    readonly createdDaysAgo: number;
    readonly password?: CompanyPassword;
    readonly devices: readonly CompanyDevice[];
  };
  readonly users: readonly CompanyUser[];
  /** Virtual devices that exist and belong to nobody. */
  readonly unassigned: readonly { readonly name: string; readonly path?: string; readonly createdDaysAgo: number }[];
  /** Printed serials of hardware tokens that AWS knows the seeds of and that nobody uses yet. */
  readonly spareTokens: readonly string[];
  readonly roles: readonly CompanyRole[];
  readonly callers: readonly CompanyCaller[];
}

const ACCOUNT_ID = '210987654321';

/** A small company: ten users, five of them without MFA, and one who gave up half way. */
export function smallCompany(): Company {
  return {
    accountId: ACCOUNT_ID,
    alias: 'acme-practice',
    root: {
      createdDaysAgo: 1480,
      password: { changedDaysAgo: 400, lastUsedDaysAgo: 63 },
      devices: [{ kind: 'virtual', name: 'root-account-mfa-device', enabledDaysAgo: 400 }],
    },
    users: [
      // You: looks after the account, and has no MFA yet.
      { name: 'jordan', createdDaysAgo: 730, password: { changedDaysAgo: 90, lastUsedDaysAgo: 0.1 } },
      // Without MFA: one who signed in this week, one who never did, one who began to enrol and left off.
      {
        name: 'maya',
        createdDaysAgo: 210,
        password: { changedDaysAgo: 60, lastUsedDaysAgo: 1.3 },
        tags: { team: 'web' },
      },
      { name: 'theo', createdDaysAgo: 14, password: { changedDaysAgo: 14 } },
      { name: 'sam', createdDaysAgo: 45, password: { changedDaysAgo: 45, lastUsedDaysAgo: 20 } },
      // With MFA, of every kind.
      {
        name: 'priya',
        createdDaysAgo: 900,
        password: { changedDaysAgo: 120, lastUsedDaysAgo: 0.6 },
        devices: [
          { kind: 'virtual', name: 'priya', enabledDaysAgo: 800 },
          { kind: 'virtual', name: 'priya-tablet', enabledDaysAgo: 250 },
          { kind: 'passkey', name: 'work-key', enabledDaysAgo: 82 },
        ],
        tags: { team: 'platform' },
      },
      {
        name: 'marcus',
        createdDaysAgo: 510,
        password: { changedDaysAgo: 200, lastUsedDaysAgo: 3.2 },
        devices: [{ kind: 'virtual', name: 'marcus', enabledDaysAgo: 505 }],
      },
      {
        name: 'elena',
        createdDaysAgo: 1100,
        password: { changedDaysAgo: 300, lastUsedDaysAgo: 9.4 },
        devices: [{ kind: 'hardware', serial: 'GAHT40718293', enabledDaysAgo: 620 }],
        tags: { team: 'finance' },
      },
      {
        name: 'noah',
        createdDaysAgo: 320,
        password: { changedDaysAgo: 310, lastUsedDaysAgo: 0.9 },
        devices: [{ kind: 'passkey', name: 'laptop', enabledDaysAgo: 300 }],
      },
      {
        name: 'ines',
        path: '/contractors/',
        createdDaysAgo: 75,
        password: { changedDaysAgo: 75, lastUsedDaysAgo: 30 },
        devices: [{ kind: 'virtual', name: 'ines', path: '/contractors/', enabledDaysAgo: 74 }],
      },
      // A machine: keys only.
      { name: 'deploy-bot', createdDaysAgo: 640, accessKeys: [{ createdDaysAgo: 180, lastUsedDaysAgo: 0.05 }] },
    ],
    unassigned: [{ name: 'sam', createdDaysAgo: 20 }],
    spareTokens: ['GAHT40718294', 'GAKT10236547'],
    roles: [
      { name: 'SecurityAudit', permissions: 'readOnly', needsMfa: false },
      { name: 'Administrator', permissions: 'everything', needsMfa: true },
    ],
    callers: [
      { name: 'keeper', identity: { kind: 'user', userName: 'jordan' }, permissions: 'everything' },
      { name: 'self', identity: { kind: 'user', userName: 'maya' }, permissions: 'selfService' },
      { name: 'selfOld', identity: { kind: 'user', userName: 'theo' }, permissions: 'selfServiceOld' },
      {
        name: 'auditor',
        identity: { kind: 'role', roleName: 'SecurityAudit', sessionName: 'auditor' },
        permissions: 'readOnly',
      },
      {
        name: 'admin-role',
        identity: { kind: 'role', roleName: 'Administrator', sessionName: 'admin' },
        permissions: 'everything',
      },
    ],
  };
}

/**
 * The small company grown to `userCount` users (10 to 5000, the quota of iam-facts 4). Of the added ones six in ten
 * have a virtual device, one in ten a hardware token or a passkey, two in ten no MFA, and one in ten is a machine.
 */
export function largeCompany(userCount: number): Company {
  const company = smallCompany();
  const added = Array.from({ length: Math.max(0, userCount - company.users.length) }, (_, index) => person(index));
  return { ...company, users: [...company.users, ...added] };
}

function person(index: number): CompanyUser {
  const name = `person-${String(index).padStart(4, '0')}`;
  const turn = index % 10;
  const base = { name, createdDaysAgo: 30 + (index % 900) };
  const enabledDaysAgo = 10 + (index % 20);
  if (turn === 9) {
    return { ...base, accessKeys: [{ createdDaysAgo: 20 }] };
  }
  const password = turn === 8 ? { changedDaysAgo: 25 } : { changedDaysAgo: 25, lastUsedDaysAgo: (index % 240) / 10 };
  if (turn >= 7) {
    return { ...base, password };
  }
  if (turn === 6) {
    const device: CompanyDevice =
      index % 20 === 6
        ? { kind: 'hardware', serial: `GAHT${String(50_000_000 + index)}`, enabledDaysAgo }
        : { kind: 'passkey', name: 'key', enabledDaysAgo };
    return { ...base, password, devices: [device] };
  }
  return { ...base, password, devices: [{ kind: 'virtual', name, enabledDaysAgo }] };
}
