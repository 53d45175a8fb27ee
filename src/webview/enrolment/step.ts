import type { EnrolmentStrings } from '../../protocol/enrolment';
import { type Child, element, icon, setAttribute, setText } from './dom';

export type StepState = 'done' | 'current' | 'open';

/** A numbered step on the vertical line. */
export interface Step {
  readonly element: HTMLLIElement;
  readonly titleId: string;
  setTitle(title: string): void;
  draw(state: StepState): void;
}

/** Makes a step. */
export function step(number: number, title: string, strings: EnrolmentStrings, content: readonly Child[]): Step {
  const titleId = `step-${number}`;
  const marker = element('span', { class: 'step-marker', 'aria-hidden': 'true' });
  const titleText = document.createTextNode(title);
  const spoken = element('span', { class: 'visually-hidden' });
  const whole = element('li', { class: 'step' }, [
    marker,
    element('div', { class: 'step-body' }, [
      element('h2', { class: 'step-title', id: titleId }, [titleText, spoken]),
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
    setTitle(titleNow) {
      setText(titleText, titleNow);
    },
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
