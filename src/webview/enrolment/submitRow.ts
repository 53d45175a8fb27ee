import { button, element, icon, setAttribute, setText, setUsable } from './dom';
import type { PageContext } from './part';

/** The words of the row. */
export interface SubmitWords {
  readonly submit: string;
  /** In place of it while AWS is being asked. */
  readonly submitting: string;
  /** What Cancel does; empty where that goes without saying. */
  readonly cancelNote: string;
}

/** The button that asks AWS, and Cancel beside it. */
export interface SubmitRow {
  readonly element: HTMLElement;
  draw(words: SubmitWords, busy: boolean): void;
  /** Says whether the button can be pressed now. */
  allow(usable: boolean): void;
}

/** Makes the row. */
export function submitRow({ strings, send }: PageContext, submit: () => void): SubmitRow {
  const busyIcon = icon('loading', 'codicon-modifier-spin');
  const submitText = element('span');
  const submitButton = button('primary', [busyIcon, submitText], submit);
  const cancelButton = button('secondary', [strings.cancel], () => {
    send({ type: 'action', id: 'cancel' });
  });
  const note = element('span', { class: 'muted' });

  return {
    element: element('div', { class: 'actions' }, [submitButton, cancelButton, note]),
    draw(words, busy) {
      busyIcon.hidden = !busy;
      setAttribute(submitButton, 'aria-busy', busy ? 'true' : undefined);
      setText(submitText, busy ? words.submitting : words.submit);
      setUsable(cancelButton, !busy);
      setText(note, words.cancelNote);
      note.hidden = words.cancelNote === '';
    },
    allow(usable) {
      setUsable(submitButton, usable);
    },
  };
}
