import type { Reported } from './credentialReport';
import type { Device } from './device';
import type { IamUser } from './iam';
import { once } from './once';
import type { Problem } from './problem';

/**
 * What is known of a user's MFA: three honest states, each with its age. Unknown is never shown as one of the others. While an
 * account is read for the first time, those come first who are listed and not settled yet.
 */
export type MfaState =
  | {
      readonly kind: 'has';
      readonly devices: readonly Device[];
      /** False while only the account's list of virtual devices was read: there may be others besides. */
      readonly complete: boolean;
      readonly at: number;
    }
  /** `report`: AWS's credential report alone says so, of the time when it was made. Absent: AWS was asked. */
  | { readonly kind: 'none'; readonly source?: 'report'; readonly at: number }
  | { readonly kind: 'unknown'; readonly problem: Problem; readonly at: number }
  /** The answers that tell are not there yet. */
  | { readonly kind: 'checking'; readonly at: number };

/** Whether the user can sign in to the console. */
export type PasswordState =
  | { readonly kind: 'yes' | 'no'; readonly source: 'live' | 'report'; readonly at: number }
  | { readonly kind: 'unknown'; readonly problem?: Problem };

export interface UserEntry {
  readonly user: IamUser;
  /** True for the user whose credentials are in use. */
  readonly isCaller: boolean;
  readonly mfa: MfaState;
  readonly password: PasswordState;
  /** Absent where no report was read, or the user was made since. */
  readonly reported?: Reported;
}

/** Whether both are the same user: one of the same name may have been made anew, or got that name since. */
export function isSameUser(one: IamUser, other: IamUser): boolean {
  return one.id === other.id;
}

/** What was asked about a user within so much was asked at once; milliseconds. */
const atOnce = 60_000;

/** @returns when AWS was asked about the password, where that was before it was asked about MFA: a reading does not ask for all of it */
export function passwordAskedBefore({ mfa, password }: UserEntry): number | undefined {
  const isLive = password.kind !== 'unknown' && password.source === 'live';
  return isLive && mfa.at - password.at > atOnce ? password.at : undefined;
}

/** The groups of the tree, worst first. */
export const groups = ['canSignIn', 'passwordUnknown', 'noPassword', 'unchecked', 'checking', 'hasMfa'] as const;
export type Group = (typeof groups)[number];

export function groupOf(entry: UserEntry): Group {
  switch (entry.mfa.kind) {
    case 'has':
      return 'hasMfa';
    case 'unknown':
      return 'unchecked';
    case 'checking':
      return 'checking';
    case 'none':
      switch (entry.password.kind) {
        case 'yes':
          return 'canSignIn';
        case 'no':
          return 'noPassword';
        case 'unknown':
          return 'passwordUnknown';
      }
  }
}

/** How many users stand in each group. */
export type Tally = Readonly<Record<Group, number>> & {
  readonly total: number;
  /** Users who are known to have none, with or without a console password. */
  readonly withoutMfa: number;
};

export function tally(entries: Iterable<UserEntry>): Tally {
  const counts = { canSignIn: 0, passwordUnknown: 0, noPassword: 0, unchecked: 0, checking: 0, hasMfa: 0, total: 0 };
  for (const entry of entries) {
    counts[groupOf(entry)]++;
    counts.total++;
  }
  return { ...counts, withoutMfa: counts.canSignIn + counts.passwordUnknown + counts.noPassword };
}

/**
 * One for all: to ask for the language's rules at each comparison is slow where there are thousands. Made when first needed, since
 * making it takes longer than everything else the extension does when the editor starts.
 */
const collator = once(() => new Intl.Collator());

/** Orders users by name. */
export function compareNames(a: UserEntry, b: UserEntry): number {
  return collator().compare(a.user.name, b.user.name);
}

/** Orders users within a group: the caller, then those who signed in lately, then by name. */
export function compareUsers(a: UserEntry, b: UserEntry): number {
  return (
    Number(b.isCaller) - Number(a.isCaller) ||
    (b.user.passwordLastUsed?.getTime() ?? 0) - (a.user.passwordLastUsed?.getTime() ?? 0) ||
    compareNames(a, b)
  );
}
