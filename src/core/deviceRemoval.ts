import type { AccountSource } from './account';
import { deviceKind, type Device, type VirtualDevice } from './device';
import type { AccountSnapshot } from './accountSnapshot';
import type { Directory } from './directory';
import type { Iam } from './iam';
import { asProblem, outcomeUnknown, type Problem } from './problem';
import { optional } from './promises';
import { noted, removeUnfinished, type UnfinishedStore } from './unfinished';
import type { UserEntry } from './users';

/** What became of a device that a user is to lose. */
export type DeviceRemoval =
  /** Off the user; a virtual device is gone from the account too. */
  | { readonly kind: 'removed' }
  /** It was gone already: someone else had removed it. */
  | { readonly kind: 'gone' }
  /** It is somebody else's now, and was left alone. */
  | { readonly kind: 'moved' }
  /** Off the user, but still in the account, unassigned: the second half did not work. */
  | { readonly kind: 'deactivated'; readonly problem: Problem }
  /** Nothing was changed. */
  | { readonly kind: 'kept'; readonly problem: Problem }
  /** AWS's answer was lost, and it could not be asked what is true. */
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** @returns whether the device is off its user and nothing of it is left to do */
export function isRemoved({ kind }: { readonly kind: string }): boolean {
  return kind === 'removed' || kind === 'gone' || kind === 'moved';
}

/** What a removal needs to know and to work with. */
export interface RemovalTools {
  readonly directory: Directory;
  readonly unfinished: UnfinishedStore;
  readonly source: AccountSource;
  readonly account: AccountSnapshot;
}

/**
 * Deactivates a device and, where it is a virtual one, deletes it: each once. Whatever happened, AWS's own lists are read
 * afterwards.
 *
 * A virtual device is remembered in `unfinished` in between: should this process end between the two halves, the second is
 * done at the next start.
 * @param signed what the writes are signed with
 */
export async function removeDevice(
  tools: RemovalTools,
  signed: Iam,
  userName: string,
  { serial }: Device,
): Promise<DeviceRemoval> {
  const { directory, unfinished } = tools;
  const virtual = deviceKind(serial) === 'virtual';
  if (virtual) {
    if ((await unfinished.held()).has(serial)) {
      return whileHeld(await directory.refreshUser(userName), userName, serial);
    }
    await remember(tools, serial);
  }
  const removal = await deactivateAndDelete(tools, signed, userName, serial, virtual);
  if (virtual) {
    await noted(isCertain(removal) ? unfinished.remove(serial) : unfinished.release(serial));
  }
  return removal;
}

/** Somebody on this computer is removing the device right now, or enrols it anew: then it is off this user. */
function whileHeld(entry: UserEntry | undefined, userName: string, serial: string): DeviceRemoval {
  const problem: Problem = {
    code: 'concurrentModification',
    operation: 'DeactivateMFADevice',
    subject: userName,
  };
  switch (isListed(entry, serial)) {
    case true:
      return { kind: 'kept', problem };
    case false:
      return { kind: 'gone' };
    case undefined:
      return { kind: 'unknown', problem };
  }
}

/**
 * Whether nothing is left to do. Where the answer was lost, the list may have shown the device only because it lags behind: then
 * the next start finds out.
 */
function isCertain(removal: DeviceRemoval): boolean {
  return removal.kind === 'kept'
    ? !outcomeUnknown(removal.problem)
    : removal.kind !== 'deactivated' && removal.kind !== 'unknown';
}

async function deactivateAndDelete(
  tools: RemovalTools,
  signed: Iam,
  userName: string,
  serial: string,
  virtual: boolean,
): Promise<DeviceRemoval> {
  const { directory } = tools;
  try {
    await signed.deactivateMfaDevice(userName, serial);
  } catch (error) {
    const problem = asProblem(error, 'DeactivateMFADevice');
    if (problem.code === 'notFound') {
      return afterNotFound(tools, signed, userName, serial, virtual, problem);
    }
    if (!outcomeUnknown(problem)) {
      await directory.refreshUser(userName);
      return { kind: 'kept', problem };
    }
    switch (await directory.confirmGone(userName, serial)) {
      case 'shown':
        return { kind: 'kept', problem };
      case 'unknown':
        return { kind: 'unknown', problem };
      case 'notShown':
        return virtual ? deleteDeactivated(tools, signed, userName, serial) : { kind: 'removed' };
    }
  }
  const [removal] = await Promise.all([
    virtual ? deleteDeactivated(tools, signed, userName, serial) : ({ kind: 'removed' } as const),
    directory.confirmGone(userName, serial),
  ]);
  if (removal.kind === 'deactivated') {
    // It counts as unassigned once no user's list shows it any more.
    await directory.refreshVirtualDevices().catch(() => undefined);
  }
  return removal;
}

/** The second half, for a virtual device that is off its user. */
async function deleteDeactivated(
  tools: RemovalTools,
  signed: Iam,
  userName: string,
  serial: string,
): Promise<DeviceRemoval> {
  const { directory, unfinished } = tools;
  const removal = await removeUnfinished(signed, unfinished, serial);
  // For the row of an unassigned device; whether it is gone is known from AWS's answer.
  const listed = await optional(directory.refreshVirtualDevices());
  directory.wrote({ virtualDevices: true });
  switch (removal.kind) {
    case 'removed':
      return { kind: 'removed' };
    case 'inUse':
      if (listed?.some((device) => device.serial === serial && isAnothers(device, userName))) {
        return { kind: 'moved' };
      }
      // AWS may say so for a moment after a device was deactivated: the next start tries again.
      await noted(remember(tools, serial).then(() => unfinished.release(serial)));
      return {
        kind: 'deactivated',
        problem: { code: 'deleteConflict', operation: 'DeleteVirtualMFADevice', subject: serial },
      };
    case 'left':
      return { kind: 'deactivated', problem: removal.problem };
  }
}

/** A list that lags behind may still show the user whose it was. Root's device carries no user name but the date it was enabled. */
function isAnothers(device: VirtualDevice, userName: string): boolean {
  return device.userName === undefined ? device.enabledAt !== undefined : device.userName !== userName;
}

function remember({ account, directory, source, unfinished }: RemovalTools, serial: string): Promise<void> {
  const { accountId, partition } = account.caller;
  return unfinished.add({ serial, accountId, partition, source, startedAt: directory.clock.now() });
}

/** The device is not this user's: free, somebody else's, or gone. A free one only lacks the second half. */
async function afterNotFound(
  tools: RemovalTools,
  signed: Iam,
  userName: string,
  serial: string,
  virtual: boolean,
  problem: Problem,
): Promise<DeviceRemoval> {
  const { directory } = tools;
  const entry = await directory.refreshUser(userName);
  if (!virtual) {
    // It may be the user who is not found: under another name, they have the device as before.
    return isListed(entry, serial) === false ? { kind: 'gone' } : { kind: 'unknown', problem };
  }
  try {
    const device = (await directory.refreshVirtualDevices()).find((each) => each.serial === serial);
    if (!device) {
      return { kind: 'gone' };
    }
    return device.userName === undefined && device.enabledAt === undefined
      ? await deleteDeactivated(tools, signed, userName, serial)
      : { kind: device.userName === userName ? 'kept' : 'moved', problem };
  } catch {
    // The list of virtual devices is refused: that it is off the user is all that can be said.
    return { kind: 'unknown', problem };
  }
}

/** Whether the device is one of the user's as they were listed just now; undefined where that could not be read. */
function isListed(entry: UserEntry | undefined, serial: string): boolean | undefined {
  switch (entry?.mfa.kind) {
    case 'has':
      return entry.mfa.devices.some((device) => device.serial === serial);
    case 'none':
      return false;
    default:
      return undefined;
  }
}
