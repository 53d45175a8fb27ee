import type { SerialStep } from '../../protocol/enrolment';
import { actionRow } from './actions';
import { differs, element, onEnter, onTyped, setAttribute, setText } from './dom';
import type { Send } from './part';

/** The field for the serial number of a token, with what is said about it. */
export interface SerialField {
  readonly element: HTMLElement;
  /** Draws it. Takes the number from the snapshot where the editor changed it, and only then. */
  update(step: SerialStep, enrolment: number, busy: boolean): void;
  /** True where it is empty or what is in it is wrong. */
  readonly isToFill: () => boolean;
  /** True once it is filled in, has nothing wrong and was left. */
  readonly isDone: () => boolean;
  readonly focus: () => void;
}

/**
 * Makes the field.
 * @param onChange called after each change that a person made, with what is in the field
 * @param onStep called when the field was entered or left
 * @param goOn called when Enter is pressed
 */
export function serialField(
  send: Send,
  onChange: (serial: string) => void,
  onStep: () => void,
  goOn: () => void,
): SerialField {
  const label = element('label', { class: 'label', for: 'serial' });
  const input = element('input', {
    id: 'serial',
    class: 'input serial-input',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    // No serial number of AWS's is longer.
    maxlength: '256',
    'aria-describedby': 'serial-hint',
  });
  const hint = element('p', { id: 'serial-hint', role: 'status' });
  const practice = actionRow(send, 'secondary');
  const isNew = differs();
  let wrong = false;

  function isToFill(): boolean {
    return wrong || input.value.trim() === '';
  }

  onTyped(input, () => {
    onChange(input.value);
  });
  onEnter(input, goOn);
  input.addEventListener('focus', onStep);
  input.addEventListener('blur', onStep);

  return {
    element: element('div', { class: 'serial' }, [label, input, hint, practice.element]),
    update(step, enrolment, busy) {
      wrong = step.wrong;
      setText(label, step.label);
      if (isNew([enrolment, step.serialRevision]) && input.value !== step.serial) {
        input.value = step.serial;
      }
      input.readOnly = busy;
      setAttribute(input, 'aria-invalid', wrong ? 'true' : undefined);
      setAttribute(hint, 'class', wrong ? 'field-error' : 'field-hint');
      setText(hint, step.hint);
      practice.show(step.practice ? [step.practice] : [], !busy);
    },
    isToFill,
    isDone: () => !isToFill() && document.activeElement !== input,
    focus() {
      input.focus();
    },
  };
}
