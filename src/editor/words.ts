import { l10n } from 'vscode';
import { formatAccountId, type AccountSource } from '../core/account';
import { deviceKind } from '../core/device';
import type { AccountSnapshot } from '../core/directory';
import type { Problem } from '../core/problem';
import type { Group } from '../core/users';

/** A problem as a person reads it: what happened and why, and what to do. */
export interface ProblemWords {
  readonly what: string;
  readonly todo: string;
}

/** The sentence for each problem. Told by the code and the call (iam-facts 2.1). */
export function problemWords(problem: Problem): ProblemWords {
  const subject = problem.subject ?? '';
  switch (problem.code) {
    case 'accessDenied':
      return {
        what: l10n.t(
          'AWS refused {0}: your credentials lack the permission {1}.',
          problem.operation,
          problem.permission ?? '',
        ),
        todo: l10n.t('Ask someone who looks after this account to allow it, or choose another account or profile.'),
      };
    case 'notFound':
      return {
        what: l10n.t('AWS does not know {0} any more.', subject || problem.operation),
        todo: l10n.t('Refresh to see what is there now.'),
      };
    case 'concurrentModification':
      return {
        what: l10n.t('Someone else changed the same thing at the same moment.'),
        todo: l10n.t('Try again in a moment.'),
      };
    case 'invalidInput':
      return {
        what: l10n.t('AWS did not take a value sent with {0}.', problem.operation),
        todo: l10n.t('The log tells what AWS said.'),
      };
    case 'throttled':
      return {
        what: l10n.t('AWS asks to slow down: too many calls came from this account.'),
        todo: l10n.t('Try again in a minute.'),
      };
    case 'noCredentials':
      return {
        what: l10n.t('No credentials were found for this choice.'),
        todo: l10n.t('Check the profile in your AWS config and credentials files, sign in, or choose another account.'),
      };
    case 'badConfig':
      return {
        what: l10n.t('Your AWS config file cannot be used as it is: {0}', problem.detail ?? subject),
        todo: l10n.t('Correct the file, then refresh.'),
      };
    case 'expiredCredentials':
      return {
        what: l10n.t('Your sign-in has run out.'),
        todo: l10n.t('Sign in again the way you usually do (for example “aws sso login”), then refresh.'),
      };
    case 'unknownKey':
      return {
        what: l10n.t(
          'AWS does not know this access key: it was deleted, is of another partition, or belongs to a session without MFA.',
        ),
        todo: l10n.t('Check the keys of this profile, then refresh.'),
      };
    case 'wrongSecret':
      return {
        what: l10n.t('The secret access key does not fit the access key.'),
        todo: l10n.t('Copy the secret key into the profile once more, and check that this computer’s clock is right.'),
      };
    case 'clockOff':
      return {
        what: l10n.t('This computer’s clock is more than a quarter of an hour off, so AWS refuses its calls.'),
        todo: l10n.t('Set the clock right, then refresh.'),
      };
    case 'unreachable':
      return {
        what: l10n.t('{0} cannot be reached.', subject || 'AWS'),
        todo: l10n.t('Check your network, your proxy and any endpoint_url in the profile, then refresh.'),
      };
    case 'answerLost':
      return {
        what: l10n.t('The connection to {0} broke before the answer came.', subject || 'AWS'),
        todo: l10n.t('Check your network, then try again.'),
      };
    case 'timedOut':
      return {
        what: l10n.t('{0} did not answer in time.', subject || 'AWS'),
        todo: l10n.t('Check your network, then try again.'),
      };
    case 'notAws':
      return {
        what: l10n.t(
          '{0} gave an answer that is not AWS’s: a proxy or another server may stand in between.',
          subject || 'AWS',
        ),
        todo: l10n.t('Check your proxy and any endpoint_url in the profile, then refresh.'),
      };
    case 'serviceFault':
      return {
        what: l10n.t('AWS had a fault of its own while it worked on {0}.', problem.operation),
        todo: l10n.t('Try again in a few minutes.'),
      };
    // Met by changes alone, which have sentences of their own for each call.
    case 'mfaSessionNeeded':
    case 'invalidCode':
    case 'alreadyExists':
    case 'limitExceeded':
    case 'deleteConflict':
    case 'temporarilyUnmodifiable':
    case 'other':
      return {
        what: l10n.t('{0} did not work: {1}', problem.operation, problem.detail ?? problem.awsCode ?? ''),
        todo: l10n.t('The log holds the details.'),
      };
  }
}

/** @returns the problem in one line of text */
export function problemLine(problem: Problem): string {
  const { what, todo } = problemWords(problem);
  return `${what} ${todo}`;
}

export function groupLabel(group: Group): string {
  switch (group) {
    case 'canSignIn':
      return l10n.t('Can sign in without MFA');
    case 'passwordUnknown':
      return l10n.t('No MFA, console password not known');
    case 'noPassword':
      return l10n.t('No MFA, no console password');
    case 'unchecked':
      return l10n.t('Could not be checked');
    case 'hasMfa':
      return l10n.t('Has MFA');
  }
}

export function deviceKindLabel(serial: string): string {
  switch (deviceKind(serial)) {
    case 'virtual':
      return l10n.t('virtual device');
    case 'hardware':
      return l10n.t('hardware token');
    case 'passkey':
      return l10n.t('passkey or security key');
    case 'sms':
      return l10n.t('SMS (no longer offered by AWS)');
  }
}

/** @returns the codicon of a device's kind */
export function deviceIconName(serial: string): 'device-mobile' | 'circuit-board' | 'key' | 'comment' {
  switch (deviceKind(serial)) {
    case 'virtual':
      return 'device-mobile';
    case 'hardware':
      return 'circuit-board';
    case 'passkey':
      return 'key';
    case 'sms':
      return 'comment';
  }
}

/** @returns "profile prod", "default credentials" or "practice account" */
export function sourceLabel(source: AccountSource): string {
  switch (source.kind) {
    case 'profile':
      return l10n.t('profile {0}', source.profile);
    case 'default':
      return l10n.t('default credentials');
    case 'practice':
      return l10n.t('practice account');
  }
}

/** @returns "acme-prod · 1234-5678-9012", or the id alone where there is no alias */
export function accountLabel(account: AccountSnapshot): string {
  const id = formatAccountId(account.caller.accountId);
  return account.alias === undefined ? id : `${account.alias} · ${id}`;
}
