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
  // No answer, or none that can be read.
  | 'unreachable'
  | 'answerLost'
  | 'timedOut'
  | 'notAws'
  | 'serviceFault'
  | 'other';

export interface Problem {
  readonly code: ProblemCode;
  /** The call as AWS names it, such as `ListUsers`; for trouble before any call, `Credentials`. */
  readonly operation: string;
  /** The permission that is missing, such as `iam:ListUsers`. */
  readonly permission?: string;
  /** What the call was about, such as a user's name or an endpoint. */
  readonly subject?: string;
  readonly status?: number;
  readonly requestId?: string;
  /** The code on the wire, such as `EntityAlreadyExists`. */
  readonly awsCode?: string;
  /** What the other side said, in its own words. Never holds a key or a seed. */
  readonly detail?: string;
}

/** Carries a problem through `throw`. */
export class ProblemError extends Error {
  // By hand: a minified bundle renames the class.
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    super(`${problem.operation}: ${problem.code}${problem.detail ? ` (${problem.detail})` : ''}`, options);
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
