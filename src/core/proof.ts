import type { AccountSnapshot } from './accountSnapshot';
import { deviceKind, type Device } from './device';
import type { DeviceRemoval } from './deviceRemoval';
import type { Iam, MfaSession } from './iam';
import { asProblem, type Problem } from './problem';
import type { UserEntry } from './users';

/**
 * Whether AWS wants proof before a change. Someone who has a device and signs with long-term keys must show a code of one
 * before enabling or deactivating a device of their own (iam-facts 2.5); nobody else must.
 */
export type ProofNeed =
  | { readonly kind: 'none' }
  /** Any of these will do. */
  | { readonly kind: 'code'; readonly devices: readonly Device[] }
  /** Every device is of a kind that STS takes no code of (iam-facts 2.6): only the console is left. */
  | { readonly kind: 'impossible'; readonly devices: readonly Device[] };

/** @param entry the user whose device is to be changed, as AWS listed them just now */
export function proofNeed(account: AccountSnapshot, entry: UserEntry | undefined): ProofNeed {
  if (!entry?.isCaller || !account.caller.longTermKeys || entry.mfa.kind !== 'has') {
    return { kind: 'none' };
  }
  const { devices } = entry.mfa;
  const usable = devices.filter(({ serial }) => showsCodes(serial));
  return usable.length > 0 ? { kind: 'code', devices: usable } : { kind: 'impossible', devices };
}

/** @returns whether STS takes codes of such a device (iam-facts 2.6) */
export function showsCodes(serial: string): boolean {
  const kind = deviceKind(serial);
  return kind === 'virtual' || kind === 'hardware';
}

/** The session made with a code, for as long as one piece of work lasts. */
export class Proof {
  #session: MfaSession | undefined;
  /** The device whose code made the session. */
  #serial: string | undefined;

  constructor(private readonly iam: Iam) {}

  /** What the changes are to be signed with: the session, or what one is signed in with where none was needed. */
  get signed(): Iam {
    return this.#session?.iam ?? this.iam;
  }

  get given(): boolean {
    return this.#session !== undefined;
  }

  get serial(): string | undefined {
    return this.#serial;
  }

  /**
   * Makes the session, in memory.
   * @param code six digits
   * @returns why it was refused, or nothing
   */
  async give(serial: string, code: string): Promise<Problem | undefined> {
    this.drop();
    try {
      this.#session = await this.iam.mfaSession(serial, code);
      this.#serial = serial;
      return undefined;
    } catch (error) {
      return asProblem(error, 'GetSessionToken');
    }
  }

  /**
   * @returns the problem as it is: what runs out where a code was given is the session made with it, not the sign-in. Assumed: once
   *   the keys that it was made with are deleted, AWS does not know the session's either.
   */
  explain(problem: Problem): Problem {
    return this.given && (problem.code === 'expiredCredentials' || problem.code === 'unknownKey')
      ? { ...problem, code: 'mfaSessionNeeded' }
      : problem;
  }

  /** As `explain`, of what became of a device. */
  explainRemoval(removal: DeviceRemoval): DeviceRemoval {
    return 'problem' in removal ? { ...removal, problem: this.explain(removal.problem) } : removal;
  }

  /** Drops the session. */
  drop(): void {
    this.#session?.end();
    this.#session = undefined;
    this.#serial = undefined;
  }
}
