import type { Problem, ProblemCode } from './problem';

/** The credentials are the trouble, or there are none: AWS, which looks at them first, did nothing. */
const codes: readonly ProblemCode[] = [
  'badConfig',
  'codeNeeded',
  'expiredCredentials',
  'noCredentials',
  'passkeyCannotSignIn',
  'unknownKey',
  'wrongSecret',
];

/**
 * Whether a call came to nothing for want of a sign-in: it has run out, or its keys are being changed. Nothing was done then, and the
 * same call can be made once more after the person has signed in: the connection finds the credentials anew.
 */
export function isSignInLost({ code }: Problem): boolean {
  return codes.includes(code);
}
