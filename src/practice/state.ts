import type { Company, CompanyDevice, CompanyGroup, CompanyPolicy, CompanyUser } from './company';
import { practiceId, practiceKeys, practiceSeed } from './keys';

// What exists in the account. Never changed in place: a write makes a new State, so an older one can still be read
// while a write "propagates".

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Password {
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
  readonly resetRequired: boolean;
}

/** A policy written into a user or a group. */
export interface InlinePolicy {
  readonly name: string;
  /** JSON, as it was written. */
  readonly document: string;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly awsManaged: boolean;
  readonly description: string | undefined;
  readonly createdAt: number;
  /** `v` and a number: the default version, and the only one. */
  readonly version: string;
  /** JSON. */
  readonly document: string;
}

export interface Group {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly inlinePolicies: readonly InlinePolicy[];
  /** ARNs. */
  readonly attachedPolicies: readonly string[];
}

export interface User {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly password: Password | undefined;
  readonly tags: readonly Tag[];
  /** Names. */
  readonly groups: readonly string[];
  readonly inlinePolicies: readonly InlinePolicy[];
  /** ARNs. */
  readonly attachedPolicies: readonly string[];
}

export interface Root {
  readonly createdAt: number;
  readonly password: Password | undefined;
}

export type Owner = { readonly kind: 'root' } | { readonly kind: 'user'; readonly userName: string };

export interface Device {
  /** New for every device made: a device made again under an old name is another one. */
  readonly id: string;
  readonly kind: CompanyDevice['kind'];
  readonly serial: string;
  /** Base32; passkeys and SMS have none. */
  readonly seed: string | undefined;
  readonly owner: Owner | undefined;
  readonly enabledAt: number | undefined;
  /** From when on STS takes its codes, ms; undefined for the devices the company opens with: always. */
  readonly takenBySts: number | undefined;
  /** How far the clock of the phone or token is behind, in seconds. */
  readonly clockSlowSeconds: number;
  /** Levels by certification; of passkeys alone. */
  readonly certifications: ReadonlyMap<string, string>;
  readonly tags: readonly Tag[];
}

/** A device that nobody has enabled yet. */
export const freshDevice = (made: Pick<Device, 'id' | 'kind' | 'serial' | 'seed' | 'tags'>): Device => ({
  ...made,
  owner: undefined,
  enabledAt: undefined,
  takenBySts: undefined,
  clockSlowSeconds: 0,
  certifications: new Map(),
});

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly userName: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
}

export interface State {
  readonly root: Root;
  /** By name. */
  readonly users: ReadonlyMap<string, User>;
  /** By name. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Managed policies by ARN. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
  /** By serial number. */
  readonly devices: ReadonlyMap<string, Device>;
  /** By access key id. */
  readonly accessKeys: ReadonlyMap<string, AccessKey>;
  /** When users of these names were deleted, in ms. */
  readonly deletedUsers: ReadonlyMap<string, number>;
}

/** A map with one entry set. */
export const withEntry = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  new Map(map).set(key, value);

/** A map without one entry. */
export function withoutEntry<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

export const sameOwner = (a: Owner | undefined, b: Owner): boolean =>
  a?.kind === 'user' && b.kind === 'user' ? a.userName === b.userName : a?.kind === b.kind;

/** The devices of a user or of root, the oldest first. */
export function devicesOf(state: State, owner: Owner): Device[] {
  return [...state.devices.values()]
    .filter((device) => device.owner !== undefined && sameOwner(device.owner, owner))
    .sort((a, b) => (a.enabledAt ?? 0) - (b.enabledAt ?? 0));
}

/** Users in the order of lists and of the report: by name, ignoring case. */
export function sortedUsers(state: State): User[] {
  return [...state.users.values()]
    .map((user) => ({ user, key: user.name.toLowerCase() }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ user }) => user);
}

export const userArn = (accountId: string, path: string, name: string): string =>
  `arn:aws:iam::${accountId}:user${path}${name}`;

export const groupArn = (accountId: string, path: string, name: string): string =>
  `arn:aws:iam::${accountId}:group${path}${name}`;

export const virtualSerial = (accountId: string, path: string, name: string): string =>
  `arn:aws:iam::${accountId}:mfa${path}${name}`;

const DAY_MS = 86_400_000;

/** The state a company opens with. `now` in ms. Throws RangeError for a group or a managed policy it does not have. */
export function openingState(company: Company, now: number): State {
  const ago = (days: number): number => now - Math.round(days * DAY_MS);
  const password = (from: CompanyUser['password']): Password | undefined =>
    from && {
      createdAt: ago(from.changedDaysAgo),
      lastUsedAt: from.lastUsedDaysAgo === undefined ? undefined : ago(from.lastUsedDaysAgo),
      resetRequired: false,
    };

  const users = new Map<string, User>();
  const devices = new Map<string, Device>();
  const accessKeys = new Map<string, AccessKey>();
  const policies = openingPolicies(company, ago);
  const attached = (from: CompanyUser | CompanyGroup): string[] =>
    (from.attachedPolicies ?? []).map((name) => arnOfPolicy(policies, name));
  const groups = new Map(
    company.groups.map((group): [string, Group] => {
      const { name, path = '/' } = group;
      const arn = groupArn(company.accountId, path, name);
      const [id, createdAt] = [practiceId('AGPA', name), ago(group.createdDaysAgo)];
      const inlinePolicies = (group.inlinePolicies ?? []).map(inlinePolicy);
      return [name, { name, path, id, arn, createdAt, inlinePolicies, attachedPolicies: attached(group) }];
    }),
  );

  const addDevice = (serial: string, kind: Device['kind'], more: Partial<Device> = {}): void => {
    const seed = kind === 'virtual' || kind === 'hardware' ? practiceSeed(serial) : undefined;
    devices.set(serial, { ...freshDevice({ id: `opening ${serial}`, kind, serial, seed, tags: [] }), ...more });
  };
  const addOwned = (device: CompanyDevice, owner: Owner): void => {
    const holder = owner.kind === 'root' ? 'root-account' : `user/${owner.userName}`;
    addDevice(serialOf(company.accountId, device, holder), device.kind, {
      owner,
      enabledAt: ago(device.enabledDaysAgo),
      ...(device.kind === 'virtual' && { clockSlowSeconds: device.clockSlowSeconds ?? 0 }),
      ...(device.kind === 'passkey' && { certifications: new Map(Object.entries(device.certifications ?? {})) }),
    });
  };

  for (const user of company.users) {
    const path = user.path ?? '/';
    const unknown = user.groups?.find((name) => !groups.has(name));
    if (unknown !== undefined) {
      throw new RangeError(`The company has no group ${unknown}.`);
    }
    users.set(user.name, {
      name: user.name,
      path,
      id: practiceId('AIDA', user.name),
      arn: userArn(company.accountId, path, user.name),
      createdAt: ago(user.createdDaysAgo),
      password: password(user.password),
      tags: Object.entries(user.tags ?? {}).map(([key, value]) => ({ key, value })),
      groups: user.groups ?? [],
      inlinePolicies: (user.inlinePolicies ?? []).map(inlinePolicy),
      attachedPolicies: attached(user),
    });
    for (const device of user.devices ?? []) {
      addOwned(device, { kind: 'user', userName: user.name });
    }
    for (const [index, key] of (user.accessKeys ?? []).entries()) {
      const { accessKeyId, secretAccessKey } = practiceKeys(`${user.name} ${index}`);
      accessKeys.set(accessKeyId, {
        id: accessKeyId,
        secret: secretAccessKey,
        userName: user.name,
        createdAt: ago(key.createdDaysAgo),
        lastUsedAt: key.lastUsedDaysAgo === undefined ? undefined : ago(key.lastUsedDaysAgo),
      });
    }
  }
  for (const device of company.root.devices) {
    addOwned(device, { kind: 'root' });
  }
  for (const device of company.unassigned) {
    addDevice(virtualSerial(company.accountId, device.path ?? '/', device.name), 'virtual');
  }
  for (const serial of company.spareTokens) {
    addDevice(serial, 'hardware');
  }

  return {
    root: { createdAt: ago(company.root.createdDaysAgo), password: password(company.root.password) },
    users,
    groups,
    policies,
    devices,
    accessKeys,
    deletedUsers: new Map(),
  };
}

function openingPolicies(company: Company, ago: (days: number) => number): ReadonlyMap<string, ManagedPolicy> {
  const policies = new Map<string, ManagedPolicy>();
  for (const policy of company.policies) {
    const { name, path = '/', awsManaged = false, description } = policy;
    const arn = `arn:aws:iam::${awsManaged ? 'aws' : company.accountId}:policy${path}${name}`;
    policies.set(arn, {
      ...inlinePolicy(policy),
      path,
      id: practiceId('ANPA', name),
      arn,
      awsManaged,
      description,
      createdAt: ago(policy.createdDaysAgo),
      version: `v${policy.version ?? 1}`,
    });
  }
  return policies;
}

const inlinePolicy = ({ name, statements }: CompanyPolicy): InlinePolicy => ({
  name,
  document: JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2),
});

function arnOfPolicy(policies: ReadonlyMap<string, ManagedPolicy>, name: string): string {
  const policy = [...policies.values()].find((one) => one.name === name);
  if (policy === undefined) {
    throw new RangeError(`The company has no managed policy ${name}.`);
  }
  return policy.arn;
}

// Forms of serial numbers: iam-facts 2.6.
function serialOf(accountId: string, device: CompanyDevice, owner: string): string {
  switch (device.kind) {
    case 'virtual':
      return virtualSerial(accountId, device.path ?? '/', device.name);
    case 'hardware':
      return device.serial;
    case 'passkey':
      return `arn:aws:iam::${accountId}:u2f/${owner}/${device.name}-${practiceId('AIDA', owner + device.name).slice(4)}`;
    case 'sms':
      return `arn:aws:iam::${accountId}:sms-mfa/${device.name}`;
  }
}
