import type { Accounts } from './accounts';
import type { Clock } from './clock';
import type { Directory } from './directory';
import type { Problem } from './problem';
import type { AccountWrite, Session } from './session';
import { isSignInLost } from './signInLost';

/** How often one should look whether an account is due, milliseconds. */
export const checkEvery = 60_000;

/** A look that comes later than this after the one before: the computer has slept, or its clock was set. */
const longestPause = 3 * checkEvery;

/**
 * Reads accounts again that were read long ago, each by itself, and asks nobody for anything. Goes by the clock at each look, not by
 * a timer: that of a computer that sleeps stands still.
 */
export class KeepUp {
  #lookedAt: number;

  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {
    this.#lookedAt = clock.now();
  }

  /**
   * To be called every `checkEvery`.
   * @param interval the age at which an account is read again, milliseconds; undefined: never
   */
  look(interval: number | undefined): void {
    const now = this.clock.now();
    const pause = now - this.#lookedAt;
    this.#lookedAt = now;
    // Right after waking, the network is not there yet: the next look finds it.
    if (pause <= longestPause) {
      this.readDue(interval);
    }
  }

  /** Reads at once what is due. @param interval as in `look` */
  readDue(interval: number | undefined): void {
    for (const session of this.accounts.sessions) {
      if (interval !== undefined && isDue(session, this.clock.now(), interval)) {
        void session.refresh(false);
      }
    }
  }
}

/**
 * @param now milliseconds since 1970
 * @param interval milliseconds
 * @returns whether an account is to be read again although nobody has asked for it
 */
export function isDue(session: Session, now: number, interval: number): boolean {
  const { account, problem } = session;
  if (session.isReading || (problem && waitsForSomebody(problem))) {
    return false;
  }
  // What has failed, or was stopped, is not tried at each look, however old the last reading is.
  const isTriedSince = problem !== undefined || (account && (account.readAt > now || session.triedAt > account.readAt));
  const last = isTriedSince ? session.triedAt : account?.readAt;
  // A time that is yet to come tells no age: the clock was set back.
  return last !== undefined && (now - last >= interval || now < last);
}

/**
 * What does not pass by itself: to try again would bring another refusal into the account's log. After a lost sign-in, the account is
 * read once the files have changed.
 */
function waitsForSomebody(problem: Problem): boolean {
  return isSignInLost(problem) || problem.code === 'accessDenied';
}

/**
 * After another window has changed something: reads that much anew where the account is shown here. Nothing is changed by it, so
 * that no window hears of it in turn.
 */
export async function readWritten(
  accounts: Accounts,
  { account, userName, virtualDevices }: AccountWrite,
): Promise<void> {
  const session = accounts.sessions.find(({ key }) => key === account);
  // What cannot be read at all is read as a whole later.
  if (session?.state.kind !== 'open' || session.problem) {
    return;
  }
  const { directory } = session.state;
  if (userName !== undefined) {
    await (areDetailsShown(directory, userName) ? directory.readDetails(userName) : directory.refreshUser(userName));
  }
  if (virtualDevices) {
    // After the user: what a list shows to be theirs is no leftover. Where the list is refused, nothing of it is shown either.
    await directory.refreshVirtualDevices().catch(() => undefined);
  }
}

/** Names and notes of devices are shown once they were read. */
function areDetailsShown({ account }: Directory, userName: string): boolean {
  const mfa = account?.users.get(userName)?.mfa;
  return mfa?.kind === 'has' && mfa.devices.some(({ serial }) => account?.details.has(serial));
}
