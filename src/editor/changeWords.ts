import { l10n } from 'vscode';
import { deviceName } from '../core/device';
import type { Problem, ProblemCode } from '../core/problem';
import { isSignInLost } from '../core/signInLost';
import { problemWords, type ProblemWords } from './problemWords';
import { renewalWords } from './signInWords';

/** A sentence for one code of one call. `about` is the user or the device that the call was about. */
type Say = (about: string, problem: Problem) => ProblemWords;

const again = (): string => l10n.t('Try again in a moment.');
const refreshAndSee = (): string => l10n.t('Refresh to see what is there now.');
const askKeeper = (): string =>
  l10n.t('Ask someone who looks after this account to allow it, or choose another account or profile.');

/** What a refusal means, by call and code (iam-facts 1.3 and 2.1). What is not here is said as for any call. */
const byCall: Readonly<Record<string, Partial<Readonly<Record<ProblemCode, Say>>>>> = {
  CreateVirtualMFADevice: {
    accessDenied: (name) => ({
      what: l10n.t('You may not make a virtual MFA device named {0}: iam:CreateVirtualMFADevice is not allowed.', name),
      todo: askKeeper(),
    }),
    alreadyExists: (name) => ({
      what: l10n.t('The account already has a virtual MFA device named {0}.', name),
      todo: l10n.t('Choose another name.'),
    }),
    limitExceeded: () => ({
      what: l10n.t('The account has as many virtual MFA devices as AWS allows.'),
      todo: l10n.t('Delete unfinished devices that nobody uses, then try again.'),
    }),
    invalidInput: (name) => ({
      what: l10n.t('AWS did not take {0} as the name of a virtual MFA device.', name),
      todo: l10n.t('Choose a name of letters, digits and the signs + = , . @ _ and - alone.'),
    }),
    concurrentModification: (name) => ({
      what: l10n.t('Someone else was making a device named {0} at the same moment.', name),
      todo: again(),
    }),
  },
  EnableMFADevice: {
    accessDenied: (user) => ({
      what: l10n.t('You may not enable an MFA device for {0}: iam:EnableMFADevice is not allowed.', user),
      todo: askKeeper(),
    }),
    mfaSessionNeeded: (user) => ({
      what: l10n.t(
        '{0} has only passkeys or security keys. With access keys, AWS wants a code of an existing device before anyone adds one for themselves, and these show none.',
        user,
      ),
      todo: l10n.t('Add the device in the AWS console, or ask someone who looks after this account to do it.'),
    }),
    invalidCode: () => ({
      what: l10n.t('AWS did not accept the two codes.'),
      todo: l10n.t('Wait for the next code, then type two new ones in a row.'),
    }),
    alreadyExists: () => ({
      what: l10n.t('This device is already in use.'),
      todo: l10n.t('Refresh to see to whom it belongs.'),
    }),
    notFound: (user) => ({
      what: l10n.t('The user {0} or the new device is no longer there: someone else may have deleted it.', user),
      todo: l10n.t('Refresh, then start again.'),
    }),
    limitExceeded: (user) => ({
      what: l10n.t('{0} already has eight MFA devices, the most that AWS allows.', user),
      todo: l10n.t('Remove a device first.'),
    }),
    temporarilyUnmodifiable: (user) => ({
      what: l10n.t('AWS is still making the user {0} and cannot give them a device yet.', user),
      todo: l10n.t('Wait a few minutes, then try again with two new codes.'),
    }),
    concurrentModification: (user) => ({
      what: l10n.t('Someone else changed the devices of {0} at the same moment.', user),
      todo: l10n.t('Type two new codes and try again.'),
    }),
  },
  ResyncMFADevice: {
    accessDenied: (user) => ({
      what: l10n.t('You may not resync a device of {0}: iam:ResyncMFADevice is not allowed.', user),
      todo: askKeeper(),
    }),
    invalidCode: () => ({
      what: l10n.t('AWS did not accept these two codes for a resync.'),
      todo: l10n.t(
        'Type two codes that this device shows one right after the other, the older first. If that is refused again and again, wait three minutes; then the device may not be the one listed.',
      ),
    }),
    notFound: (user) => ({
      what: l10n.t('The device is no longer one of {0}’s: someone else has removed it.', user),
      todo: refreshAndSee(),
    }),
    limitExceeded: () => ({
      what: l10n.t('AWS allows no more resyncs for now.'),
      todo: l10n.t('Wait a few minutes, then try again.'),
    }),
    concurrentModification: () => ({
      what: l10n.t('Someone else changed this device at the same moment, so it was not resynced.'),
      todo: l10n.t('Type two new codes and try again.'),
    }),
  },
  DeactivateMFADevice: {
    mfaSessionNeeded: () => ({
      what: l10n.t('The code you gave counts for an hour, and that is over.'),
      todo: l10n.t('Try again: you are asked for another code.'),
    }),
    accessDenied: (user) => ({
      what: l10n.t('You may not take a device from {0}: iam:DeactivateMFADevice is not allowed.', user),
      todo: askKeeper(),
    }),
    notFound: (user) => ({
      what: l10n.t('The device is no longer one of {0}’s.', user),
      todo: refreshAndSee(),
    }),
    limitExceeded: (user) => ({
      what: l10n.t('AWS takes no more changes to {0} for now.', user),
      todo: l10n.t('Wait a few minutes, then try again.'),
    }),
    temporarilyUnmodifiable: (user) => ({
      what: l10n.t('AWS is still making the user {0} and cannot take a device from them yet.', user),
      todo: l10n.t('Wait a few minutes, then try again.'),
    }),
    concurrentModification: (user) => ({
      what: l10n.t('Someone else changed the devices of {0} at the same moment, so nothing was taken.', user),
      todo: again(),
    }),
  },
  DeleteVirtualMFADevice: {
    accessDenied: (device) => ({
      what: l10n.t('You may not delete the virtual device {0}: iam:DeleteVirtualMFADevice is not allowed.', device),
      todo: askKeeper(),
    }),
    notFound: (device) => ({
      what: l10n.t('The virtual device {0} is gone already.', device),
      todo: refreshAndSee(),
    }),
    deleteConflict: (device) => ({
      what: l10n.t('The device {0} is in use, so AWS does not delete it.', device),
      todo: l10n.t('Remove it from its user instead.'),
    }),
    limitExceeded: () => ({
      what: l10n.t('AWS deletes no more devices for now.'),
      todo: l10n.t('Wait a few minutes, then try again.'),
    }),
    concurrentModification: (device) => ({
      what: l10n.t('Someone else changed the device {0} at the same moment, so it was not deleted.', device),
      todo: again(),
    }),
  },
  TagMFADevice: {
    accessDenied: (device) => ({
      what: l10n.t('You may not tag the device {0}: iam:TagMFADevice is not allowed.', device),
      todo: askKeeper(),
    }),
    invalidInput: () => ({
      what: l10n.t('AWS did not take this text for a tag.'),
      todo: l10n.t('Use letters, digits, spaces and _ . : / = + - @, at most 256 of them.'),
    }),
    notFound: (device) => ({
      what: l10n.t('The device {0} is gone, so it cannot be tagged.', device),
      todo: refreshAndSee(),
    }),
    limitExceeded: (device) => ({
      what: l10n.t('The device {0} has fifty tags, the most that AWS allows.', device),
      todo: l10n.t('Remove a tag in the AWS console first.'),
    }),
    concurrentModification: (device) => ({
      what: l10n.t('Someone else changed the tags of {0} at the same moment.', device),
      todo: again(),
    }),
  },
  UntagMFADevice: {
    accessDenied: (device) => ({
      what: l10n.t('You may not take a tag from the device {0}: iam:UntagMFADevice is not allowed.', device),
      todo: askKeeper(),
    }),
    notFound: (device) => ({
      what: l10n.t('The device {0} is gone, and its tags with it.', device),
      todo: refreshAndSee(),
    }),
    invalidInput: (device) => ({
      what: l10n.t('AWS did not take the name of the tag that was to be taken from the device {0}.', device),
      todo: l10n.t('The log tells what AWS said.'),
    }),
    concurrentModification: (device) => ({
      what: l10n.t('Someone else changed the tags of {0} at the same moment, so none was taken away.', device),
      todo: again(),
    }),
  },
  GetSessionToken: {
    // A wrong code, a used one and a device that is not ready look the same but for the text (iam-facts 2.2).
    invalidCode: () => ({
      what: l10n.t('AWS did not take this code.'),
      todo: l10n.t(
        'Each code works once: wait for the next one. A device enabled within the last quarter of a minute is not ready yet. If every code is refused, the device’s clock may be off: resync it.',
      ),
    }),
  },
};

/** The sentence for a change that AWS refused. Told by the code and the call (iam-facts 2.1). */
export function changeWords(problem: Problem): ProblemWords {
  const say = byCall[problem.operation]?.[problem.code];
  if (say) {
    return say(deviceName(problem.subject ?? ''), problem);
  }
  const words = problemWords(problem);
  return isSignInLost(problem) ? { ...words, todo: renewalWords(problem) } : words;
}

/** @returns the problem in one line of text */
export function changeLine(problem: Problem): string {
  const { what, todo } = changeWords(problem);
  return `${what} ${todo}`;
}
