import type { EnrolmentState } from './enrolment';

/** What a person has done on the way to a device that works, as far as it can be told. */
export type Milestone =
  | 'choseAccount'
  | 'lookedAtUsers'
  | 'foundYourself'
  /** A code of the QR code that was scanned was typed. */
  | 'scanned'
  | 'enabled'
  /** AWS took a code of a device. */
  | 'usedCode'
  | 'addedSecond';

/**
 * @param before the state that the enrolment came from
 * @param isSecond whether the user had a device when the enrolment began
 * @returns what has been done with this step of it
 */
export function milestonesOf(before: EnrolmentState, state: EnrolmentState, isSecond: boolean): readonly Milestone[] {
  const isGivenUp = state.kind === 'failed' || state.kind === 'cancelled';
  if (before.kind === 'proving' && before.busy && state.kind !== 'proving' && !isGivenUp) {
    return ['usedCode'];
  }
  if (state.kind === 'ready' && (state.verdict.kind === 'half' || state.verdict.kind === 'right')) {
    return ['scanned'];
  }
  if (state.kind === 'done') {
    return isSecond ? ['enabled', 'addedSecond'] : ['enabled'];
  }
  return [];
}
