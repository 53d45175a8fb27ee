import type { FieldState } from '../../protocol/enrolment';
import { codeLength, digitsOf } from '../../protocol/codeText';
import { element, icon, onEnter, onTyped, setAttribute } from './dom';

/** A field for one code: it holds digits alone, at most six. */
export interface CodeField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  code(): string;
  /** Puts a code in. What is the same stays, with the caret. */
  put(code: string): void;
  readonly focusAtEnd: () => void;
  draw(state: FieldState, busy: boolean): void;
}

/** What happens in the field. */
export interface CodeFieldEvents {
  /** A text that was pasted, or filled in whole. @returns false where it is to be taken as if it were typed */
  takeWhole(text: string): boolean;
  /** Called after each other change that a person made. */
  onChange(): void;
  readonly onEnter: () => void;
}

const stateIcons: Readonly<Record<FieldState, string | undefined>> = {
  empty: undefined,
  partial: undefined,
  right: 'pass-filled',
  wrong: 'error',
};

/**
 * Makes a field.
 * @param id of the input; stands once on the page
 * @param describedBy ids of the texts that belong to it
 */
export function codeField(id: string, label: string, describedBy: string, events: CodeFieldEvents): CodeField {
  const input = element('input', {
    id,
    class: 'input code-input',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    // Room for both codes pasted with a separator; what is kept is six digits.
    maxlength: '24',
    spellcheck: 'false',
    'aria-describedby': describedBy,
  });
  const mark = element('span', { class: 'code-mark' });
  const box = element('div', { class: 'code-box' }, [input, mark]);

  function keepDigits(): void {
    const caret = input.selectionStart ?? input.value.length;
    const digits = digitsOf(input.value).slice(0, codeLength);
    if (digits !== input.value) {
      const caretNow = digitsOf(input.value.slice(0, caret)).length;
      input.value = digits;
      input.setSelectionRange(caretNow, caretNow);
    }
  }

  input.addEventListener('paste', (event) => {
    if (!input.readOnly && events.takeWhole(event.clipboardData?.getData('text/plain') ?? '')) {
      event.preventDefault();
    }
  });
  onTyped(input, () => {
    const digits = digitsOf(input.value);
    // Both codes at once, put in by something that makes no paste event, such as a password manager.
    if (digits.length !== 2 * codeLength || !events.takeWhole(digits)) {
      keepDigits();
      events.onChange();
    }
  });
  onEnter(input, events.onEnter);

  return {
    element: element('div', { class: 'code-field' }, [element('label', { class: 'label', for: id }, [label]), box]),
    input,
    code: () => digitsOf(input.value).slice(0, codeLength),
    put(code) {
      if (input.value !== code) {
        input.value = code;
      }
    },
    focusAtEnd() {
      input.focus();
      input.setSelectionRange(input.value.length, input.value.length);
    },
    draw(state, busy) {
      input.readOnly = busy;
      setAttribute(input, 'aria-invalid', state === 'wrong' ? 'true' : undefined);
      if (box.dataset['state'] !== state) {
        box.dataset['state'] = state;
        const name = stateIcons[state];
        mark.replaceChildren(...(name ? [icon(name)] : []));
      }
    },
  };
}
