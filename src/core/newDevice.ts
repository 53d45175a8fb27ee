import type { AccountSource } from './account';
import { AuthenticatorCodes, otpauthUri } from './codes';
import { deviceName, isSameSerial, nextFreeName, virtualSerial, type VirtualDevice } from './device';
import type { AccountSnapshot } from './accountSnapshot';
import type { Directory } from './directory';
import type { CreatedDevice, Iam } from './iam';
import { asProblem, outcomeUnknown, ProblemError, type Problem } from './problem';
import { isSignInLost } from './signInLost';
import { noted, removeUnfinished, type Removal, type UnfinishedStore } from './unfinished';

/** Why the person has to choose a name. */
export type NameReason =
  /** An unassigned device of that name is in the account: it may be deleted, or another name taken. */
  | { readonly kind: 'leftover'; readonly name: string; readonly serial: string; readonly problem?: Problem }
  /** AWS says that the name is taken, and its list may not be read: it may be somebody's. */
  | { readonly kind: 'nameTaken'; readonly name: string }
  | { readonly kind: 'notAName'; readonly name: string }
  /** The name was refused, the user's own name may not be (iam-facts 2.7). */
  | { readonly kind: 'refused'; readonly name: string; readonly problem: Problem };

/** What is left in AWS of the device that was made. */
export type Remains =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'device'; readonly serial: string; readonly problem: Problem }
  /** AWS's answer was lost and it could not be asked what is true. */
  | { readonly kind: 'unknown'; readonly serial: string };

/** What is on screen of a virtual device that is being enrolled. */
export interface NewDevice {
  readonly serial: string;
  readonly name: string;
  readonly seed: string;
  readonly uri: string;
}

export type Making =
  | {
      readonly kind: 'made';
      readonly device: NewDevice;
      readonly codes: AuthenticatorCodes;
      /** How far true time is ahead of this computer's clock, in milliseconds. */
      readonly ahead: number;
    }
  | { readonly kind: 'naming'; readonly why: NameReason; readonly suggestion: string }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly remains: Remains }
  | { readonly kind: 'cancelled' };

export interface DeviceMakerOptions {
  readonly directory: Directory;
  readonly unfinished: UnfinishedStore;
  readonly source: AccountSource;
  readonly account: AccountSnapshot;
  readonly userName: string;
  /** What the writes are signed with. */
  readonly signed: () => Iam;
}

/** How often a name that turns out to be taken is followed by the next one, where the list of names is refused. */
const namesTried = 9;

/**
 * Makes virtual devices for one user and deletes them again. Every write goes out once; a device is remembered in `unfinished`
 * before it is asked for, until it is deleted or its maker's owner says that it is enabled.
 */
export class DeviceMaker {
  constructor(private readonly options: DeviceMakerOptions) {}

  /**
   * Makes a device.
   * @param ifTaken `next`: take the next free name without asking; `ask`: let the person choose
   * @param cancelled asked right before the write
   * @throws ProblemError where AWS refuses, or the sign-in has run out: nothing was made then
   */
  async make(name: string, ifTaken: 'next' | 'ask', cancelled: () => boolean): Promise<Making> {
    const { account, userName } = this.options;
    const known = await this.#knownDevices();
    const taken = new Set(known?.map((device) => deviceName(device.serial)));
    let candidate = name;
    for (let tries = 0; ; tries++) {
      const serial = virtualSerial(account.caller.partition, account.caller.accountId, candidate);
      const holder = known?.find((device) => isSameSerial(device.serial, serial));
      if (holder && isFree(holder) && !(await this.options.unfinished.held()).has(holder.serial)) {
        return {
          kind: 'naming',
          why: { kind: 'leftover', name: deviceName(holder.serial), serial: holder.serial },
          suggestion: nextFreeName(name, taken),
        };
      }
      if (holder) {
        candidate = nextFreeName(name, taken);
        continue;
      }
      if (cancelled()) {
        return { kind: 'cancelled' };
      }
      try {
        return await this.#create(candidate, serial, known !== undefined);
      } catch (error) {
        const problem = asProblem(error, 'CreateVirtualMFADevice');
        if (problem.code === 'alreadyExists' && tries < namesTried) {
          taken.add(candidate);
          const next = nextFreeName(name, taken);
          if (ifTaken === 'ask' && !(await this.options.unfinished.held()).has(serial)) {
            const why: NameReason = known
              ? { kind: 'leftover', name: candidate, serial }
              : { kind: 'nameTaken', name: candidate };
            return { kind: 'naming', why, suggestion: next };
          }
          candidate = next;
          continue;
        }
        // The user's own name may be all that is allowed (iam-facts 2.7); where it is in use, there is nothing to suggest.
        if (problem.code === 'accessDenied' && candidate !== userName && !taken.has(userName)) {
          return { kind: 'naming', why: { kind: 'refused', name: candidate, problem }, suggestion: userName };
        }
        throw error;
      }
    }
  }

  /** Deletes a device that is not enabled. */
  async remove(serial: string): Promise<Removal> {
    const removal = await removeUnfinished(this.options.signed(), this.options.unfinished, serial);
    // The list is for show here; what was removed is known from AWS's answer.
    await this.options.directory.refreshVirtualDevices().catch(() => undefined);
    this.options.directory.wrote({ virtualDevices: true });
    return removal;
  }

  /** Remembers a device as being enrolled here. */
  async remember(serial: string): Promise<void> {
    const { account, directory, source, unfinished } = this.options;
    const { accountId, partition } = account.caller;
    await unfinished.add({ serial, accountId, partition, source, startedAt: directory.clock.now() });
  }

  /** The account's virtual devices as AWS lists them now; undefined where it refuses to. @throws ProblemError for want of a sign-in */
  async #knownDevices(): Promise<readonly VirtualDevice[] | undefined> {
    try {
      return await this.options.directory.refreshVirtualDevices();
    } catch (error) {
      const problem = asProblem(error, 'ListVirtualMFADevices');
      if (isSignInLost(problem)) {
        throw error;
      }
      return undefined;
    }
  }

  /** @param looked whether AWS's list has just shown the name to be free */
  async #create(name: string, serial: string, looked: boolean): Promise<Making> {
    const { account, signed, unfinished } = this.options;
    // Where the name is known to be free, the device is remembered before it is asked for: should this process end before
    // the answer comes, it is found all the same. Where one could not look, it might be another's.
    if (looked) {
      await this.remember(serial);
    }
    let created: CreatedDevice;
    try {
      created = await signed().createVirtualMfaDevice(name);
    } catch (error) {
      const problem = asProblem(error, 'CreateVirtualMFADevice');
      if (!outcomeUnknown(problem)) {
        // Only what was remembered here: of that name, another window may be enrolling one.
        if (looked) {
          await noted(unfinished.remove(serial));
        }
        throw error;
      }
      return { kind: 'failed', problem, remains: await this.#afterLostCreate(serial, looked) };
    }
    try {
      if (created.serial !== serial || !looked) {
        await this.remember(created.serial);
      }
      if (created.serial !== serial) {
        await noted(unfinished.remove(serial));
      }
      const madeName = deviceName(created.serial);
      return {
        kind: 'made',
        device: {
          serial: created.serial,
          name: madeName,
          seed: created.seed,
          uri: otpauthUri(madeName, account.alias ?? account.caller.accountId, created.seed),
        },
        codes: codesOf(created),
        ahead: created.awsClockAhead,
      };
    } catch (error) {
      // It was made all the same, so it has to go.
      const problem = asProblem(error, 'CreateVirtualMFADevice');
      return { kind: 'failed', problem, remains: remainsAfter(await this.remove(created.serial), created.serial) };
    }
  }

  /** The device may exist, but its seed was in the answer that was lost: it can only be deleted. */
  async #afterLostCreate(serial: string, looked: boolean): Promise<Remains> {
    if (!looked) {
      // It might be another's.
      return { kind: 'unknown', serial };
    }
    // Deleted even where the list would not show it: the list may lag behind, and "not found" is a good answer too.
    const remains = remainsAfter(await this.remove(serial), serial);
    const listed = this.options.directory.account?.virtualDevices?.some((device) => device.serial === serial) ?? false;
    return remains.kind === 'device' && !listed ? { kind: 'unknown', serial } : remains;
  }
}

/** @returns what is left after an attempt to delete the device of that serial */
export function remainsAfter(removal: Removal, serial: string): Remains {
  return removal.kind === 'left' ? { kind: 'device', serial, problem: removal.problem } : { kind: 'nothing' };
}

/** Root's device carries no user name but the date it was enabled. */
function isFree(device: VirtualDevice): boolean {
  return device.userName === undefined && device.enabledAt === undefined;
}

/** @throws ProblemError where the seed is no base32, as from some stand-ins for AWS (iam-facts 5); it says nothing of the seed */
function codesOf(created: CreatedDevice): AuthenticatorCodes {
  try {
    return new AuthenticatorCodes(created.seed);
  } catch {
    throw new ProblemError({ code: 'notAws', operation: 'CreateVirtualMFADevice' });
  }
}
