import { l10n, workspace } from 'vscode';
import type { Problem } from '../core/problem';
import type { Arrangement } from './arrangement';
import { faultWords } from './signInFaultWords';
import { ago } from './times';
import type { Shown } from './treeNodes';
import { numberLabel } from './words';

/** A problem as a person reads it: what happened and why, and what to do. */
export interface ProblemWords {
  readonly what: string;
  readonly todo: string;
}

/** The sentence for each problem, and for what is wrong with the files or the way of signing in. */
export function problemWords(problem: Problem): ProblemWords {
  const { code, fault } = problem;
  const { what, todo } = wordsOf(problem);
  // Of bad files the fault is all there is to say, so it is in the sentence itself.
  return { what: fault && code !== 'badConfig' ? `${what} ${faultWords(fault)}` : what, todo };
}

/** Told by the code and the call (iam-facts 2.1). */
function wordsOf(problem: Problem): ProblemWords {
  const subject = problem.subject ?? '';
  switch (problem.code) {
    case 'accessDenied':
      return {
        what: refusedWords(problem),
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
      if (problem.fault?.kind === 'leadsElsewhere') {
        return { what: faultWords(problem.fault), todo: l10n.t('Refresh to see what is there now.') };
      }
      return {
        what: l10n.t(
          'Your AWS config file cannot be used as it is: {0}',
          problem.fault ? faultWords(problem.fault) : (problem.detail ?? subject),
        ),
        todo: l10n.t('Correct the file, then refresh.'),
      };
    case 'expiredCredentials':
      return {
        what: l10n.t('Your sign-in has run out.'),
        todo: problem.renewal
          ? l10n.t('Run “{0}” in a terminal: what was waiting then goes on by itself.', problem.renewal.join(' '))
          : l10n.t('Sign in again the way you usually do, then refresh.'),
      };
    case 'unknownKey':
      return {
        what: l10n.t(
          'AWS does not know this access key: it was deleted, belongs to another partition of AWS (such as GovCloud or China), or is a session’s key that was made without an MFA code.',
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
        todo: `${networkWords()} ${l10n.t('Look at any endpoint_url of the profile too, then refresh.')}`,
      };
    case 'answerLost':
      return {
        what: l10n.t('The connection to {0} broke before the answer came.', subject || 'AWS'),
        todo: `${networkWords()} ${l10n.t('Then try again.')}`,
      };
    case 'timedOut':
      return {
        what: l10n.t('{0} did not answer in time.', subject || 'AWS'),
        todo: `${networkWords()} ${l10n.t('Then try again.')}`,
      };
    case 'notAws':
      return {
        what: l10n.t(
          '{0} gave an answer that is not AWS’s: a proxy or another server may stand in between.',
          subject || 'AWS',
        ),
        todo: `${networkWords()} ${l10n.t('Look at any endpoint_url of the profile too, then refresh.')}`,
      };
    case 'codeNeeded':
      return {
        what: l10n.t('Signing in needs a code of the device {0}.', subject),
        todo: l10n.t(
          'Press the button with the key on the account’s row, or run “AWS MFA: Enter MFA Code…” from the Command Palette.',
        ),
      };
    case 'passkeyCannotSignIn':
      return {
        what: l10n.t(
          'The profile names {0}, a passkey or security key, as mfa_serial. Such a device shows no codes, so this profile cannot sign in with it.',
          subject,
        ),
        todo: l10n.t(
          'Name a virtual device or a hardware token as mfa_serial, or sign in with “aws login” or IAM Identity Center.',
        ),
      };
    case 'untrustedCertificate':
      return {
        what: l10n.t('The certificate of {0} is not trusted on this computer.', subject || 'AWS'),
        todo: l10n.t(
          'If a proxy or a private certificate authority stands behind it, name its certificate in ca_bundle of the profile, in AWS_CA_BUNDLE or in NODE_EXTRA_CA_CERTS, or look at the setting http.systemCertificates.',
        ),
      };
    case 'proxyRefused':
      return {
        what: l10n.t('The proxy requires authentication (status 407), so it refused the call.'),
        todo: l10n.t('Look at the settings http.proxy and http.proxyAuthorization.'),
      };
    case 'serviceFault':
      return {
        what: l10n.t('AWS had a fault of its own while it worked on {0}.', problem.operation),
        todo: l10n.t('Try again in a few minutes.'),
      };
    case 'stopped':
      return {
        what: l10n.t('The account was being read, and the reading was stopped.'),
        todo: l10n.t('Refresh reads it again.'),
      };
    // Met by changes alone, which have sentences of their own for each call.
    case 'mfaSessionNeeded':
    case 'invalidCode':
    case 'alreadyExists':
    case 'limitExceeded':
    case 'deleteConflict':
    case 'temporarilyUnmodifiable':
    case 'other':
      if (problem.code === 'other' && problem.status === undefined) {
        // Nothing came back, and nobody told why: a proxy that cannot be reached looks so.
        return {
          what: l10n.t('{0} brought no answer: {1}.', problem.operation, problem.detail ?? ''),
          todo: `${networkWords()} ${l10n.t('The log holds the details.')}`,
        };
      }
      return {
        what: l10n.t('{0} did not work: {1}', problem.operation, problem.detail ?? problem.awsCode ?? ''),
        todo: l10n.t('The log holds the details.'),
      };
  }
}

function refusedWords({ operation, permission, resource }: Problem): string {
  if (permission === undefined) {
    return l10n.t('AWS refused {0}.', operation);
  }
  return resource === undefined || resource === '*'
    ? l10n.t('AWS refused {0}: your credentials lack the permission {1}.', operation, permission)
    : l10n.t('AWS refused {0}: your credentials lack the permission {1} on {2}.', operation, permission, resource);
}

/** What to look at where nobody answered: the proxy by name, where the editor has one. */
function networkWords(): string {
  const proxy = workspace.getConfiguration('http').get<unknown>('proxy');
  return typeof proxy === 'string' && proxy !== ''
    ? l10n.t('Check your network and the proxy {0}, which the setting http.proxy names.', withoutPassword(proxy))
    : l10n.t('Check your network, and the setting http.proxy if there is a proxy.');
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//');
}

/** @returns the problem in one line of text */
export function problemLine(problem: Problem): string {
  const { what, todo } = problemWords(problem);
  return `${what} ${todo}`;
}

/** @returns what has to be said of an account in whole sentences; undefined where there is nothing */
export function accountWords({ problem, account }: Pick<Shown, 'problem' | 'account'>): string | undefined {
  if (problem) {
    return problemLine(problem);
  }
  if (account?.users.size === 0) {
    return l10n.t(
      'Nobody can be listed: this account has no IAM users. People who sign in through IAM Identity Center are kept elsewhere. If you expected someone here, add another account.',
    );
  }
  return account?.onlyYou
    ? l10n.t(
        'You can see only yourself. {0} You can still enable MFA for yourself.',
        problemWords(account.onlyYou).what,
      )
    : undefined;
}

/** What is to be said above the rows. */
export interface Above {
  readonly shown: readonly Shown[];
  readonly arrangement: Arrangement;
  /** Whether a reading takes so long that its progress is told. */
  readonly longReading: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @returns what stands beside the view's title, and above its rows: of an only account, what needs to be said in whole sentences */
export function aboveRows(above: Above): { readonly description: string; readonly message: string } {
  const { shown, arrangement, longReading, now } = above;
  const [only, ...others] = shown;
  const words = only && others.length === 0 ? accountWords(only) : undefined;
  const arranged = arrangement.description?.(shown.flatMap(({ account }) => account ?? []));
  const reading = longReading ? progressWords(shown) : undefined;
  return { description: ageWords(shown, now), message: [words, arranged, reading].filter(Boolean).join('\n') };
}

/** How old the oldest of what is shown is: beside the view's title, so that no row changes for it. */
function ageWords(shown: readonly Shown[], now: number): string {
  const read = shown.flatMap(({ account, problem }) => (account && !problem ? [account.readAt] : []));
  return read.length > 0 ? l10n.t('read {0}', ago(Math.min(...read), now)) : '';
}

/** How far the readings are that are under way; empty where there is none, or nothing to tell of it. */
function progressWords(shown: readonly Shown[]): string {
  const readings = shown.flatMap(({ state }) => (state.kind === 'open' ? [state.directory.state] : []));
  const sum = (count: 'checked' | 'total') =>
    readings.reduce((all, reading) => all + (reading.kind === 'loading' ? reading[count] : 0), 0);
  return sum('total') > 0
    ? l10n.t('Reading: {0} of {1} users checked.', numberLabel(sum('checked')), numberLabel(sum('total')))
    : '';
}

/** Said where the editor hands over no row in the place of the one that was clicked. */
export function rowLostWords(): string {
  return l10n.t(
    'The list was being drawn anew at that moment, and the row you meant was lost. Nothing was done: choose again.',
  );
}
