import type { SignInFault } from './signInFault';

/**
 * What went wrong, in the core's own words. The AWS side makes these from an exception's code and the call made, never
 * from its text; the editor's side turns them into sentences.
 */
export type ProblemCode =
  // The call was understood and refused.
  | 'accessDenied'
  /** AWS wants an MFA session for this change (iam-facts 2.5). */
  | 'mfaSessionNeeded'
  | 'invalidCode'
  | 'alreadyExists'
  | 'notFound'
  | 'limitExceeded'
  | 'deleteConflict'
  | 'temporarilyUnmodifiable'
  | 'concurrentModification'
  | 'invalidInput'
  | 'throttled'
  // The credentials are the trouble.
  | 'noCredentials'
  | 'badConfig'
  | 'expiredCredentials'
  | 'unknownKey'
  | 'wrongSecret'
  | 'clockOff'
  /** A code is needed to sign in and none was given: nobody was there to ask, or they thought better of it. */
  | 'codeNeeded'
  /** The device that a profile names for signing in shows no codes: a passkey or security key (iam-facts 2.6). */
  | 'passkeyCannotSignIn'
  // No answer, or none that can be read.
  | 'unreachable'
  | 'answerLost'
  | 'timedOut'
  | 'notAws'
  /** The certificate of the other side is not trusted on this computer. */
  | 'untrustedCertificate'
  /** A proxy wants to know who asks: status 407. */
  | 'proxyRefused'
  | 'serviceFault'
  /** Nothing went wrong: a person did not want to wait for the answers. */
  | 'stopped'
  | 'other';

export interface Problem {
  readonly code: ProblemCode;
  /** The call as AWS names it, such as `ListUsers`; for trouble before any call, `Credentials`. */
  readonly operation: string;
  /** The permission that is missing, such as `iam:ListUsers`. */
  readonly permission?: string;
  /** What the call was about, such as a user's name or an endpoint. */
  readonly subject?: string;
  /** What a refused call was about, as policies name it: an ARN, or `*` where the action knows no resource (iam-facts 1.8). */
  readonly resource?: string;
  /** What renews a sign-in that has run out: the words of a command line, such as `aws`, `sso`, `login`, `--profile`, `x`. */
  readonly renewal?: readonly string[];
  readonly status?: number;
  readonly requestId?: string;
  /** The code on the wire, such as `EntityAlreadyExists`. */
  readonly awsCode?: string;
  /** What the other side said, in its own words. Never holds a key or a seed. */
  readonly detail?: string;
  /** What is wrong with the files or the way of signing in; the editor has the sentence. */
  readonly fault?: SignInFault;
}

/** Carries a problem through `throw`. */
export class ProblemError extends Error {
  // By hand: a minified bundle renames the class.
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    const more = problem.fault ? JSON.stringify(problem.fault) : problem.detail;
    super(`${problem.operation}: ${problem.code}${more ? ` (${more})` : ''}`, options);
  }
}

/**
 * @returns the problem an error carries. Told by its shape: each bundle has its own copy of the class.
 */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && error.name === 'ProblemError' && 'problem' in error
    ? (error.problem as Problem)
    : undefined;
}

/** @returns the problem an error carries, or one that says what little is known */
export function asProblem(error: unknown, operation: string): Problem {
  return (
    problemOf(error) ?? { code: 'other', operation, detail: error instanceof Error ? error.message : String(error) }
  );
}

/** True where AWS may have done the work although no good answer came: one has to look before saying anything. */
export function outcomeUnknown(problem: Problem): boolean {
  return (
    problem.code === 'answerLost' ||
    problem.code === 'timedOut' ||
    problem.code === 'notAws' ||
    problem.code === 'serviceFault' ||
    // A refusal of a kind that is not known here is one all the same.
    (problem.code === 'other' && (problem.status === undefined || problem.status >= 500))
  );
}

/** True where nobody refused: the same question may well be answered a little later. */
export function isPassing(problem: Problem): boolean {
  return (
    outcomeUnknown(problem) ||
    problem.code === 'unreachable' ||
    problem.code === 'untrustedCertificate' ||
    problem.code === 'proxyRefused' ||
    problem.code === 'throttled'
  );
}
