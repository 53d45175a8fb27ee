import type { Caller } from './account';
import type { VirtualDevice } from './device';
import type { Tags } from './iam';
import type { Problem } from './problem';
import type { UserEntry } from './users';

/** What a device is asked about by itself. */
export interface DeviceDetails {
  /** Of a virtual device; undefined where it could not be read. */
  readonly tags?: Tags;
  /** Of a passkey or security key, value by name; undefined where it could not be read. */
  readonly certifications?: ReadonlyMap<string, string>;
  readonly problem?: Problem;
}

/** A virtual device that belongs to nobody and that no window is enrolling. */
export interface Leftover extends VirtualDevice {
  /** When this extension saw it first, milliseconds since 1970: AWS does not tell when a device was made. */
  readonly firstSeenAt: number;
}

/** The account as it was read last. */
export interface AccountSnapshot {
  readonly caller: Caller;
  readonly alias?: string;
  /** Undefined where AWS did not say. */
  readonly rootHasMfa?: boolean;
  /** When the reading ended, milliseconds since 1970. */
  readonly readAt: number;
  /** True while the users are still being listed: who is not in `users` may come. */
  readonly isPartial?: boolean;
  readonly users: ReadonlyMap<string, UserEntry>;
  /** Virtual devices that belong to nobody, but for those that a window is enrolling. */
  readonly unassigned: readonly Leftover[];
  /** By serial; read when a person looks at a user's devices. */
  readonly details: ReadonlyMap<string, DeviceDetails>;
  /** Names of all virtual devices known, for choosing a free one; undefined where the list was refused. */
  readonly virtualDevices?: readonly VirtualDevice[];
  /** Why the others cannot be seen: only the caller is in `users` then. */
  readonly onlyYou?: Problem;
  /** Why the list of virtual devices is missing. */
  readonly virtualDevicesRefused?: Problem;
}
