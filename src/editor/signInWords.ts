import { l10n } from 'vscode';
import type { Problem } from '../core/problem';
import type { Action, Notice } from '../protocol/enrolment';
import { problemWords } from './problemWords';

/** @returns the button that renews a sign-in; none where no command is known that would */
export function renewActions({ renewal = [] }: Problem): readonly Action[] {
  return renewal.length > 0 ? [{ id: 'renewSignIn', label: l10n.t('Renew Sign-In') }] : [];
}

/**
 * Says that a try came to nothing for want of a sign-in.
 * @param next the button that tries again
 * @param unanswered whether the answer to an attempt to enable the device was lost before
 */
export function signInNotice(problem: Problem, next: string, unanswered = false): Notice {
  const { what } = problemWords(problem);
  return {
    tone: 'warning',
    text: unanswered ? unaskedWords(what) : l10n.t('{0} Nothing was changed in AWS, and nothing here is lost.', what),
    detail: renewalWords(problem, next),
    actions: renewActions(problem),
  };
}

/** @returns that it is not known whether an attempt to enable has worked. @param why AWS could not be asked, in a sentence */
export function unaskedWords(why: string): string {
  return l10n.t('AWS’s answer was lost, and whether the device is on could not be asked. {0}', why);
}

/**
 * What renews a sign-in that came to nothing.
 * @param next the button that tries again, where there is one
 */
export function renewalWords(problem: Problem, next?: string): string {
  const then = next === undefined ? l10n.t('Then try again.') : l10n.t('Then press {0} again.', next);
  return `${firstDo(problem)} ${then}`;
}

function firstDo({ code, subject, renewal = [] }: Problem): string {
  switch (code) {
    case 'codeNeeded':
      return l10n.t(
        'Run “AWS MFA: Enter MFA Code…” for this account from the Command Palette, or press the button with the key on its row.',
      );
    case 'unknownKey':
    case 'wrongSecret':
      return l10n.t('Set the keys of this profile right, or wait until whoever changes them is done.');
    case 'badConfig':
      return l10n.t('Correct the file.');
    case 'passkeyCannotSignIn':
      return l10n.t('Name a virtual device or a hardware token in place of {0} as mfa_serial.', subject ?? '');
    default:
      return renewal.length > 0
        ? l10n.t('Renew it by “{0}”.', commandLine(renewal))
        : l10n.t('Sign in again the way you usually do.');
  }
}

/** For reading only: it is not told to any shell. */
function commandLine(words: readonly string[]): string {
  return words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ');
}
