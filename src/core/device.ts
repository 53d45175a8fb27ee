/** The kinds of MFA device that IAM knows (iam-facts 2.6). */
export type DeviceKind = 'virtual' | 'hardware' | 'passkey' | 'sms';

/** An MFA device that is assigned to a user. */
export interface Device {
  readonly serial: string;
  /** When it was enabled; absent where AWS did not say. */
  readonly enabledAt?: Date;
}

/** A virtual MFA device of the account; without a user it is unassigned. */
export interface VirtualDevice extends Device {
  readonly userName?: string;
}

/** @returns the kind, told by the serial's sixth field alone (iam-facts 2.6) */
export function deviceKind(serial: string): DeviceKind {
  if (!serial.startsWith('arn:')) {
    return 'hardware';
  }
  const resource = serial.split(':').slice(5).join(':');
  switch (resource.slice(0, resource.indexOf('/'))) {
    case 'u2f':
      return 'passkey';
    case 'sms-mfa':
      return 'sms';
    default:
      return 'virtual';
  }
}

/** @returns the name a person gave: of an ARN what follows the path, of a hardware token its whole serial */
export function deviceName(serial: string): string {
  if (!serial.startsWith('arn:')) {
    return serial;
  }
  const last = serial.slice(serial.lastIndexOf('/') + 1);
  // A passkey's serial ends in NAME-ID. Assumed: the id is at least ten capital letters and digits.
  return deviceKind(serial) === 'passkey' ? last.replace(/-[A-Z0-9]{10,}$/, '') : last;
}

/** @returns whether two serials are the same device's: compared without regard to case, as IAM compares names */
export function isSameSerial(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** @returns the serial that a virtual device of this name has at the root path (iam-facts 2.6) */
export function virtualSerial(partition: string, accountId: string, name: string): string {
  return `arn:${partition}:iam::${accountId}:mfa/${name}`;
}

/**
 * The most a device's name may be: the serial is capped at 256 characters and holds the ARN before it (iam-facts 1.1).
 * 128 is what a user's name may be, so the default always fits.
 */
const longestName = 128;

/** @returns whether IAM takes this as the name of a virtual device (iam-facts 1.1) */
export function isDeviceName(name: string): boolean {
  return name.length <= longestName && /^[\w+=,.@-]+$/.test(name);
}

/**
 * The next name that is free: `alice`, then `alice-2`, `alice-3`, …
 * @param taken names of the account's virtual devices; compared without regard to case, as IAM compares user names
 */
export function nextFreeName(wanted: string, taken: Iterable<string>): string {
  const lower = new Set([...taken].map((name) => name.toLowerCase()));
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? '' : `-${count}`;
    const name = `${wanted.slice(0, longestName - suffix.length)}${suffix}`;
    if (!lower.has(name.toLowerCase())) {
      return name;
    }
  }
}

/** How many devices of any kind a user may have (iam-facts 4). */
export const devicesPerUser = 8;

/**
 * @returns whether the text can be the serial number printed on a hardware token: of IAM's form and no ARN (iam-facts 1.1
 * and 2.6). Whether AWS knows the token, only AWS can tell.
 */
export function isTokenSerial(text: string): boolean {
  return /^[\w+=/:,.@-]{9,256}$/.test(text) && !text.startsWith('arn:');
}
