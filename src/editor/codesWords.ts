import { l10n } from 'vscode';
import type { CodesVerdict, PhoneClock } from '../core/codes';
import type { FieldState, Notice } from '../protocol/enrolment';

/** @returns what the look of one of the two fields says of its code */
export function fieldState(which: 1 | 2, code: string, verdict: CodesVerdict): FieldState {
  if (code.length < 6) {
    return code === '' ? 'empty' : 'partial';
  }
  switch (verdict.kind) {
    case 'nothing':
    case 'halfUnjudged':
    case 'unjudged':
      return 'partial';
    case 'half':
      return verdict.which === which ? 'right' : 'partial';
    case 'unknown':
      return verdict.which === 'both' || verdict.which === which ? 'wrong' : 'right';
    case 'same':
      return which === 1 ? 'partial' : 'wrong';
    case 'notAdjacent':
      return which === 1 ? 'right' : 'wrong';
    case 'reversed':
    case 'tooOld':
      return 'wrong';
    case 'right':
      return 'right';
  }
}

/** @returns what the codes typed so far mean, in a sentence */
export function codesNotice(verdict: CodesVerdict, code1: string, code2: string): Notice | undefined {
  switch (verdict.kind) {
    case 'nothing':
      return undefined;
    case 'half': {
      const clock = clockWords(verdict.clock);
      return verdict.which === 1
        ? {
            tone: 'ok',
            text: l10n.t('Code 1 is right. Wait until your app shows the next one.'),
            ...(clock && { detail: clock }),
          }
        : {
            tone: 'info',
            text: l10n.t('Code 2 is right. Type the code before it as code 1.'),
            ...(clock && { detail: clock }),
          };
    }
    case 'halfUnjudged':
      return {
        tone: 'info',
        text:
          verdict.which === 1
            ? l10n.t('Now wait until the device shows its next code, and type that as code 2.')
            : l10n.t('Type the code before it as code 1.'),
      };
    case 'unknown':
      return {
        tone: 'error',
        text:
          verdict.which === 'both'
            ? l10n.t('Neither code belongs to this QR code.')
            : verdict.which === 1
              ? l10n.t('Code 1 does not belong to this QR code.')
              : l10n.t('Code 2 does not belong to this QR code.'),
        detail: l10n.t(
          'Look for a typing mistake, and check that you read the entry that was made by scanning this QR code.',
        ),
      };
    case 'same':
      return {
        tone: 'warning',
        text: l10n.t('You typed the same code twice.'),
        detail: l10n.t('Wait until your app shows a new one, then type that as code 2.'),
      };
    case 'reversed':
      return {
        tone: 'error',
        text: l10n.t('The codes are in the wrong order.'),
        detail: l10n.t('The older one, {0}, belongs in code 1 and {1} in code 2.', code2, code1),
      };
    case 'notAdjacent':
      return {
        tone: 'error',
        text:
          verdict.between === 1
            ? l10n.t('These codes do not follow each other: one code lies between them.')
            : l10n.t('These codes do not follow each other: {0} codes lie between them.', verdict.between),
        detail: l10n.t('Type two codes that your app shows one right after the other.'),
      };
    case 'tooOld':
      return {
        tone: 'warning',
        text: l10n.t('These codes have grown too old.'),
        detail: l10n.t('With these, AWS would conclude that your phone’s clock is slow. Type two new codes in a row.'),
      };
    case 'right': {
      const clock = clockWords(verdict.clock);
      return clock
        ? { tone: 'warning', text: l10n.t('Both codes are right.'), detail: clock }
        : { tone: 'ok', text: l10n.t('Both codes are right.') };
    }
    case 'unjudged':
      return {
        tone: 'info',
        text: l10n.t('Only AWS can tell whether these codes are right.'),
        detail: l10n.t('The older one belongs in code 1, and the one that follows right after it in code 2.'),
      };
  }
}

/** @returns a warning about a phone whose clock is off; nothing where it is not, or cannot be told */
export function clockNotice(verdict: CodesVerdict): Notice | undefined {
  const clock = verdict.kind === 'right' ? clockWords(verdict.clock) : undefined;
  return clock === undefined ? undefined : { tone: 'warning', text: clock };
}

function clockWords(clock: PhoneClock): string | undefined {
  switch (clock.kind) {
    case 'fine':
      return undefined;
    case 'fast':
      return l10n.t(
        'Your phone’s clock is about {0} seconds fast. AWS copes with that, but set the phone to network time.',
        clock.seconds,
      );
    case 'slow':
      return l10n.t(
        'Your phone’s clock is about {0} seconds slow. AWS copes with that, but set the phone to network time.',
        clock.seconds,
      );
  }
}
