import type { EnrolmentStrings } from '../../protocol/enrolment';
import { type Child, element, icon, setAttribute, setText } from './dom';

export type StepState = 'done' | 'current' | 'open';

/** A numbered step on the vertical line. */
export function step(
  number: number,
  title: string,
  strings: EnrolmentStrings,
  content: readonly Child[],
): { readonly element: HTMLLIElement; readonly titleId: string; draw(state: StepState): void } {
  const titleId = `step-${number}`;
  const marker = element('span', { class: 'step-marker', 'aria-hidden': 'true' });
  const spoken = element('span', { class: 'visually-hidden' });
  const whole = element('li', { class: 'step' }, [
    marker,
    element('div', { class: 'step-body' }, [
      element('h2', { class: 'step-title', id: titleId }, [title, spoken]),
      ...content,
    ]),
  ]);
  const words: Readonly<Record<StepState, string>> = {
    done: ` (${strings.stepDone})`,
    current: ` (${strings.stepCurrent})`,
    open: '',
  };

  return {
    element: whole,
    titleId,
    draw(state) {
      if (whole.dataset['state'] === state) {
        return;
      }
      whole.dataset['state'] = state;
      marker.replaceChildren(state === 'done' ? icon('check') : String(number));
      setText(spoken, words[state]);
      setAttribute(whole, 'aria-current', state === 'current' ? 'step' : undefined);
    },
  };
}
