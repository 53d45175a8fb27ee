import type { Company, CompanyDevice, CompanyUser } from './company';
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

export interface User {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly password: Password | undefined;
  readonly tags: readonly Tag[];
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
  readonly tags: readonly Tag[];
}

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

export const virtualSerial = (accountId: string, path: string, name: string): string =>
  `arn:aws:iam::${accountId}:mfa${path}${name}`;

const DAY_MS = 86_400_000;

/** The state a company opens with. `now` in ms. */
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

  const addDevice = (serial: string, kind: Device['kind'], owner?: Owner, enabledAt?: number): void => {
    const seed = kind === 'virtual' || kind === 'hardware' ? practiceSeed(serial) : undefined;
    devices.set(serial, { id: `opening ${serial}`, kind, serial, seed, owner, enabledAt, tags: [] });
  };

  for (const user of company.users) {
    const path = user.path ?? '/';
    users.set(user.name, {
      name: user.name,
      path,
      id: practiceId('AIDA', user.name),
      arn: userArn(company.accountId, path, user.name),
      createdAt: ago(user.createdDaysAgo),
      password: password(user.password),
      tags: Object.entries(user.tags ?? {}).map(([key, value]) => ({ key, value })),
    });
    for (const device of user.devices ?? []) {
      const serial = serialOf(company.accountId, device, `user/${user.name}`);
      addDevice(serial, device.kind, { kind: 'user', userName: user.name }, ago(device.enabledDaysAgo));
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
    const serial = serialOf(company.accountId, device, 'root-account');
    addDevice(serial, device.kind, { kind: 'root' }, ago(device.enabledDaysAgo));
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
    devices,
    accessKeys,
    deletedUsers: new Map(),
  };
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
