import { deviceKind, deviceName } from './device';
import type { Directory } from './directory';
import type { Iam } from './iam';
import { asProblem } from './problem';
import { removeUnfinished, type Removal, type UnfinishedStore } from './unfinished';

/** What became of a leftover that was to be deleted. */
export type LeftoverRemoval =
  | Removal
  /** A window is enrolling it right now. */
  | { readonly kind: 'beingEnrolled' };

export interface LeftoverResult {
  readonly serial: string;
  readonly removal: LeftoverRemoval;
}

/**
 * Deletes unassigned virtual devices, one after the other, each once. What is assigned by now stays, and so does what a
 * window is enrolling.
 * @param iam what the deletes are signed with
 * @param signal stops before the next device
 */
export async function deleteLeftovers(
  directory: Directory,
  iam: Iam,
  unfinished: UnfinishedStore,
  serials: readonly string[],
  signal: AbortSignal,
): Promise<readonly LeftoverResult[]> {
  const results: LeftoverResult[] = [];
  for (const serial of serials) {
    if (signal.aborted) {
      break;
    }
    let removal: LeftoverRemoval;
    try {
      // Asked for each: a window may have begun meanwhile.
      removal = (await unfinished.held()).has(serial)
        ? { kind: 'beingEnrolled' }
        : deviceKind(serial) === 'virtual'
          ? await removeUnfinished(iam, unfinished, serial)
          : // Others are somebody's, and of most AWS would say "not found", as of a virtual one that is gone (iam-facts 2.1).
            { kind: 'inUse' };
    } catch (error) {
      removal = { kind: 'left', problem: asProblem(error, 'DeleteVirtualMFADevice') };
    }
    results.push({ serial, removal });
  }
  if (results.length > 0) {
    await directory.refreshVirtualDevices().catch(() => undefined);
    directory.wrote({ virtualDevices: true });
  }
  return results;
}

/**
 * Guesses by the name whose a leftover is: it is, or begins with, the user's name.
 * @param userNames of the account
 * @returns the user's name, or undefined where no name fits
 */
export function probableOwner(serial: string, userNames: Iterable<string>): string | undefined {
  const name = deviceName(serial).toLowerCase();
  let best: string | undefined;
  for (const userName of userNames) {
    const user = userName.toLowerCase();
    const fits = name === user || (name.startsWith(user) && /[^a-z0-9]/.test(name.charAt(user.length)));
    if (fits && userName.length > (best?.length ?? 0)) {
      best = userName;
    }
  }
  return best;
}
