import { l10n } from 'vscode';
import { deviceName } from '../core/device';
import type { Remains } from '../core/newDevice';
import type { Problem } from '../core/problem';
import { isSignInLost } from '../core/signInLost';
import type { FailedView } from '../protocol/enrolment';
import { changeWords } from './changeWords';
import { renewActions } from './signInWords';

interface Failure {
  readonly title: string;
  readonly problem: Problem;
  /** What is left in AWS, in a sentence. */
  readonly remains: string;
  readonly canRetry: boolean;
}

/** What the page shows when the work has come to nothing. */
export function failedView({ title, problem, remains, canRetry }: Failure): FailedView {
  const { what, todo } = changeWords(problem);
  const onlyConsole = problem.code === 'mfaSessionNeeded' && problem.operation === 'EnableMFADevice';
  const facts = [
    ...(problem.permission === undefined ? [] : [{ label: l10n.t('Missing permission'), value: problem.permission }]),
    // What was found out before anything was asked of AWS is no call's answer.
    ...(problem.status === undefined && isFoundHere(problem)
      ? []
      : [{ label: l10n.t('Call'), value: problem.operation }]),
    ...(problem.awsCode === undefined ? [] : [{ label: l10n.t('AWS code'), value: problem.awsCode }]),
    ...(problem.requestId === undefined ? [] : [{ label: l10n.t('Request id'), value: problem.requestId }]),
  ];
  return {
    kind: 'failed',
    title,
    notice: { tone: 'error', text: what, detail: todo },
    remains,
    facts,
    actions: [
      ...renewActions(problem),
      ...(canRetry && !onlyConsole && problem.code !== 'limitExceeded'
        ? [{ id: 'retry', label: l10n.t('Try Again') } as const]
        : []),
      ...(onlyConsole ? [{ id: 'openConsole', label: l10n.t('Open AWS Console') } as const] : []),
      { id: 'showLog', label: l10n.t('Show Log') },
      { id: 'close', label: l10n.t('Close') },
    ],
  };
}

/** @returns what is left in AWS, in a sentence */
export function remainsWords(remains: Remains): string {
  switch (remains.kind) {
    case 'nothing':
      return l10n.t('Nothing was left behind in AWS.');
    case 'device': {
      const { what } = changeWords(remains.problem);
      return isSignInLost(remains.problem)
        ? l10n.t(
            'The unfinished device {0} is still in AWS: {1} Once you have signed in, you can delete it under Unfinished devices; otherwise deleting it is tried when the editor starts next.',
            deviceName(remains.serial),
            what,
          )
        : l10n.t(
            'The unfinished device {0} is still in AWS: {1} Deleting it is tried again when the editor starts next.',
            deviceName(remains.serial),
            what,
          );
    }
    case 'unknown':
      return l10n.t(
        'What became of the device {0} is not known, since AWS’s answer was lost. Refresh to see whether it is there.',
        deviceName(remains.serial),
      );
  }
}

function isFoundHere({ code }: Problem): boolean {
  return code === 'mfaSessionNeeded' || code === 'limitExceeded';
}
