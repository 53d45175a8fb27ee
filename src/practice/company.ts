import type { PermissionSet } from './permissions';

// The data a practice account opens with. All ages are in days before its start.

export type CompanyDevice =
  | {
      readonly kind: 'virtual';
      readonly name: string;
      readonly path?: string;
      readonly enabledDaysAgo: number;
      /** The phone's clock runs so far behind; its codes are those of that many seconds ago. Left out: it is right. */
      readonly clockSlowSeconds?: number;
    }
  | { readonly kind: 'hardware'; readonly serial: string; readonly enabledDaysAgo: number }
  | {
      readonly kind: 'passkey';
      readonly name: string;
      readonly enabledDaysAgo: number;
      readonly certifications?: CompanyCertifications;
    }
  /** A leftover: nobody can register one any more (iam-facts 2.6). */
  | { readonly kind: 'sms'; readonly name: string; readonly enabledDaysAgo: number };

/** Levels by certification (iam-facts 1.3). In which form AWS writes a level was not seen: `L2` is assumed. */
export type CompanyCertifications = Readonly<Partial<Record<'FIDO' | 'FIPS-140-2' | 'FIPS-140-3', string>>>;

export interface CompanyPassword {
  readonly changedDaysAgo: number;
  /** Left out: never used. */
  readonly lastUsedDaysAgo?: number;
}

// Policies and groups tell of the company and are there to be read. None of them is evaluated: what a caller may do is
// decided by its PermissionSet alone.

/** A statement of a policy, in IAM's own words. */
export interface CompanyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource: string | readonly string[];
  /** Operator, then condition key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface CompanyPolicy {
  readonly name: string;
  readonly statements: readonly CompanyStatement[];
}

/** A managed policy: one that can be attached to users and groups. */
export interface CompanyManagedPolicy extends CompanyPolicy {
  /** `/` when left out. */
  readonly path?: string;
  /** AWS's own, `arn:aws:iam::aws:policy/...`. Left out: the company's. */
  readonly awsManaged?: true;
  readonly description?: string;
  readonly createdDaysAgo: number;
  /** The number of the default version, which is the only one kept; 1 when left out. AWS's own are seldom at 1. */
  readonly version?: number;
}

export interface CompanyGroup {
  readonly name: string;
  /** `/` when left out. */
  readonly path?: string;
  readonly createdDaysAgo: number;
  readonly inlinePolicies?: readonly CompanyPolicy[];
  /** Names of managed policies. */
  readonly attachedPolicies?: readonly string[];
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
  /** Names of groups. */
  readonly groups?: readonly string[];
  readonly inlinePolicies?: readonly CompanyPolicy[];
  /** Names of managed policies. */
  readonly attachedPolicies?: readonly string[];
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

/** A role. That the callers' own policies let them assume it is taken for granted. */
export interface CompanyRole {
  readonly name: string;
  readonly permissions: PermissionSet;
  /** Only with a code, or from an MFA session. */
  readonly needsMfa: boolean;
  /**
   * Who may assume it: account ids and ARNs, of a user, a role (all its sessions) or one session. Left out: everybody
   * in the account.
   */
  readonly trusts?: readonly string[];
  /** Only with this external id. */
  readonly externalId?: string;
  /** The longest session that may be asked for; 12 hours when left out. */
  readonly maxSessionSeconds?: number;
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
  readonly groups: readonly CompanyGroup[];
  /** Managed policies, no two of one name. */
  readonly policies: readonly CompanyManagedPolicy[];
  /** Virtual devices that exist and belong to nobody. */
  readonly unassigned: readonly { readonly name: string; readonly path?: string; readonly createdDaysAgo: number }[];
  /** Printed serials of hardware tokens that AWS knows the seeds of and that nobody uses yet. */
  readonly spareTokens: readonly string[];
  readonly roles: readonly CompanyRole[];
  readonly callers: readonly CompanyCaller[];
}

const ACCOUNT_ID = '210987654321';

// What people need to set MFA up and to prove it; AWS's sample leaves out the same (iam-facts 6.1).
const WITHOUT_MFA = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:GetMFADevice',
  'iam:ListMFADevices',
  'iam:ListVirtualMFADevices',
  'iam:ResyncMFADevice',
  'sts:GetSessionToken',
];

const REQUIRE_MFA: CompanyManagedPolicy = {
  name: 'RequireMfa',
  description: 'Look after your own MFA devices, and do nothing else without MFA.',
  createdDaysAgo: 420,
  statements: [
    { Sid: 'SeeVirtualDevices', Effect: 'Allow', Action: 'iam:ListVirtualMFADevices', Resource: '*' },
    {
      Sid: 'MakeVirtualDevices',
      Effect: 'Allow',
      Action: 'iam:CreateVirtualMFADevice',
      Resource: 'arn:aws:iam::*:mfa/*',
    },
    {
      Sid: 'LookAfterOwnDevices',
      Effect: 'Allow',
      Action: [
        'iam:DeactivateMFADevice',
        'iam:EnableMFADevice',
        'iam:GetUser',
        'iam:GetMFADevice',
        'iam:ListMFADevices',
        'iam:ResyncMFADevice',
      ],
      Resource: 'arn:aws:iam::*:user/${aws:username}',
    },
    {
      Sid: 'NothingElseWithoutMfa',
      Effect: 'Deny',
      NotAction: WITHOUT_MFA,
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
  ],
};

/** AWS's own, attached to nobody; the description and the version are AWS's, the statements are in its manner. */
const CHANGE_PASSWORD: CompanyManagedPolicy = {
  name: 'IAMUserChangePassword',
  awsManaged: true,
  description: 'Provides the ability for an IAM user to change their own password.',
  createdDaysAgo: 3400,
  version: 5,
  statements: [
    { Effect: 'Allow', Action: 'iam:ChangePassword', Resource: 'arn:aws:iam::*:user/${aws:username}' },
    { Effect: 'Allow', Action: 'iam:GetAccountPasswordPolicy', Resource: '*' },
  ],
};

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
          {
            kind: 'passkey',
            name: 'work-key',
            enabledDaysAgo: 82,
            certifications: { FIDO: 'L2', 'FIPS-140-2': 'L2' },
          },
        ],
        tags: { team: 'platform' },
        groups: ['everyone'],
      },
      {
        name: 'marcus',
        createdDaysAgo: 510,
        password: { changedDaysAgo: 200, lastUsedDaysAgo: 3.2 },
        // The phone has lost the time since it was enabled.
        devices: [{ kind: 'virtual', name: 'marcus', enabledDaysAgo: 505, clockSlowSeconds: 20 * 60 }],
        groups: ['everyone'],
      },
      {
        name: 'elena',
        createdDaysAgo: 1100,
        password: { changedDaysAgo: 300, lastUsedDaysAgo: 9.4 },
        devices: [{ kind: 'hardware', serial: 'GAHT40718293', enabledDaysAgo: 620 }],
        tags: { team: 'finance' },
        groups: ['finance'],
      },
      {
        name: 'noah',
        createdDaysAgo: 320,
        password: { changedDaysAgo: 310, lastUsedDaysAgo: 0.9 },
        devices: [{ kind: 'passkey', name: 'laptop', enabledDaysAgo: 300 }],
        groups: ['everyone'],
      },
      {
        name: 'ines',
        path: '/contractors/',
        createdDaysAgo: 75,
        password: { changedDaysAgo: 75, lastUsedDaysAgo: 30 },
        // The text messages do nothing any more; nobody has taken them away.
        devices: [
          { kind: 'virtual', name: 'ines', path: '/contractors/', enabledDaysAgo: 74 },
          { kind: 'sms', name: 'ines', enabledDaysAgo: 75 },
        ],
        inlinePolicies: [
          {
            name: 'ReadDesigns',
            statements: [
              {
                Effect: 'Allow',
                Action: ['s3:GetObject', 's3:ListBucket'],
                Resource: ['arn:aws:s3:::acme-designs', 'arn:aws:s3:::acme-designs/*'],
              },
            ],
          },
        ],
      },
      // A machine: keys only.
      { name: 'deploy-bot', createdDaysAgo: 640, accessKeys: [{ createdDaysAgo: 180, lastUsedDaysAgo: 0.05 }] },
    ],
    groups: [
      { name: 'everyone', createdDaysAgo: 1400, attachedPolicies: ['RequireMfa'] },
      {
        name: 'finance',
        createdDaysAgo: 1200,
        inlinePolicies: [
          {
            name: 'BillingWithMfa',
            statements: [
              {
                Sid: 'SeeBills',
                Effect: 'Allow',
                Action: ['billing:GetBillingData', 'billing:GetBillingDetails', 'ce:GetCostAndUsage'],
                Resource: '*',
                Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
              },
            ],
          },
        ],
      },
    ],
    policies: [REQUIRE_MFA, CHANGE_PASSWORD],
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
 * Another account, for those who work in more than one: four users, two of them without MFA. The small company's people
 * may become its administrator, with MFA.
 */
export function sisterCompany(): Company {
  return {
    accountId: '543210987654',
    alias: 'acme-labs-practice',
    root: {
      createdDaysAgo: 610,
      password: { changedDaysAgo: 610, lastUsedDaysAgo: 240 },
      devices: [{ kind: 'passkey', name: 'safe', enabledDaysAgo: 600 }],
    },
    users: [
      { name: 'olivia', createdDaysAgo: 600, password: { changedDaysAgo: 150, lastUsedDaysAgo: 0.2 } },
      {
        name: 'kofi',
        createdDaysAgo: 410,
        password: { changedDaysAgo: 100, lastUsedDaysAgo: 1.1 },
        devices: [{ kind: 'virtual', name: 'kofi', enabledDaysAgo: 400 }],
        tags: { team: 'research' },
      },
      { name: 'lena', createdDaysAgo: 60, password: { changedDaysAgo: 60, lastUsedDaysAgo: 4.5 } },
      { name: 'lab-bot', createdDaysAgo: 300, accessKeys: [{ createdDaysAgo: 90, lastUsedDaysAgo: 0.3 }] },
    ],
    groups: [],
    policies: [],
    unassigned: [],
    spareTokens: ['GAHT60518273'],
    roles: [
      { name: 'LabsAdministrator', permissions: 'everything', needsMfa: true, trusts: [ACCOUNT_ID] },
      { name: 'LabsAudit', permissions: 'readOnly', needsMfa: false },
    ],
    callers: [
      { name: 'labs-keeper', identity: { kind: 'user', userName: 'olivia' }, permissions: 'everything' },
      { name: 'labs-self', identity: { kind: 'user', userName: 'lena' }, permissions: 'selfService' },
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
