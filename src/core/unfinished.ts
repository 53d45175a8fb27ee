import type { AccountSource } from './account';
import type { Iam } from './iam';
import { asProblem, outcomeUnknown, type Problem } from './problem';

/** A virtual device that we made (or asked for) and that is not yet enabled. Never holds the seed. */
export interface UnfinishedDevice {
  readonly serial: string;
  readonly accountId: string;
  readonly partition: string;
  readonly source: AccountSource;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * Remembers unfinished devices beyond the life of this process, so that one that was left by a crash is deleted at the
 * next start.
 */
export interface UnfinishedStore {
  add(device: UnfinishedDevice): Promise<void>;
  remove(serial: string): Promise<void>;
  /** Nobody works on the device any more, though it is still there: it stays remembered, and may be deleted by hand. */
  release(serial: string): Promise<void>;
  /** Serials that a running process works on, this one or another window's: not to be touched by anyone else. */
  held(): Promise<ReadonlySet<string>>;
  /** Those that no running process is enrolling any more. */
  abandoned(): Promise<readonly UnfinishedDevice[]>;
}

/** What became of an unassigned device that should go. */
export type Removal =
  | { readonly kind: 'removed' }
  /** AWS says that it is in use: it was enabled after all, so it stays. */
  | { readonly kind: 'inUse' }
  | { readonly kind: 'left'; readonly problem: Problem };

/** Deletes one unassigned device, once, and forgets it when it is gone for sure; otherwise it is let go of. */
export async function removeUnfinished(iam: Iam, store: UnfinishedStore, serial: string): Promise<Removal> {
  let removal: Removal;
  try {
    await iam.deleteVirtualMfaDevice(serial);
    removal = { kind: 'removed' };
  } catch (error) {
    const problem = asProblem(error, 'DeleteVirtualMFADevice');
    removal =
      problem.code === 'notFound'
        ? { kind: 'removed' }
        : problem.code === 'deleteConflict'
          ? { kind: 'inUse' }
          : await lookAfterLostDelete(iam, serial, problem);
  }
  await noted(removal.kind === 'left' ? store.release(serial) : store.remove(serial));
  return removal;
}

/** What is true in AWS is true though it cannot be noted here: what stays remembered, the next start looks at again. */
export async function noted(noting: Promise<void>): Promise<void> {
  await noting.catch(() => undefined);
}

/** A delete whose answer was lost is not sent again: the list tells whether the device is still there. */
async function lookAfterLostDelete(iam: Iam, serial: string, problem: Problem): Promise<Removal> {
  if (!outcomeUnknown(problem)) {
    return { kind: 'left', problem };
  }
  try {
    for await (const page of iam.listVirtualMfaDevices()) {
      if (page.some((device) => device.serial === serial)) {
        return { kind: 'left', problem };
      }
    }
    return { kind: 'removed' };
  } catch {
    return { kind: 'left', problem };
  }
}

/** How long a device that cannot be deleted is tried again at each start: thirty days. */
const giveUpAfter = 30 * 24 * 60 * 60 * 1000;

/**
 * Deletes what an earlier run left behind. A device stays remembered while its account cannot be reached or refuses.
 *
 * Assumption: an unassigned device under a remembered serial is ours. Its name was free when we asked for it, and AWS tells
 * nothing by which another's of the same name, made since, could be told apart.
 *
 * @param connect makes the account's IAM, for the source the device was made with
 * @returns what became of each
 */
export async function sweepUnfinished(
  store: UnfinishedStore,
  connect: (source: AccountSource) => Promise<Iam>,
  now: number,
): Promise<readonly { readonly device: UnfinishedDevice; readonly removal: Removal }[]> {
  const results: { device: UnfinishedDevice; removal: Removal }[] = [];
  for (const device of await store.abandoned()) {
    // A window may have begun to enrol one of that name meanwhile.
    const isHeld = async () => (await store.held()).has(device.serial);
    if (await isHeld()) {
      continue;
    }
    // The practice account of another process is gone with it.
    if (device.source.kind === 'practice') {
      await noted(store.remove(device.serial));
      continue;
    }
    let removal: Removal;
    try {
      const iam = await connect(device.source);
      const caller = await iam.callerIdentity();
      // Asked again right before the delete: whoever has signed in took their time.
      if (await isHeld()) {
        continue;
      }
      removal =
        caller.accountId === device.accountId && caller.partition === device.partition
          ? await removeUnfinished(iam, store, device.serial)
          : { kind: 'left', problem: { code: 'notFound', operation: 'GetCallerIdentity', subject: device.accountId } };
    } catch (error) {
      removal = { kind: 'left', problem: asProblem(error, 'GetCallerIdentity') };
    }
    if (removal.kind === 'left' && now - device.startedAt > giveUpAfter) {
      await noted(store.remove(device.serial));
    }
    results.push({ device, removal });
  }
  return results;
}
