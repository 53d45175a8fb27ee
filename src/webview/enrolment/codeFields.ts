import type { FieldState, ScanView } from '../../protocol/enrolment';
import { codeLength, codesIn, digitsOf } from './codeText';
import { element, icon, setAttribute } from './dom';

/** Both codes, each up to six digits. */
export interface Codes {
  readonly code1: string;
  readonly code2: string;
}

/** The two code fields. */
export interface CodeFields {
  readonly element: HTMLElement;
  codes(): Codes;
  /** Draws the states. Takes the codes from the snapshot where the editor changed them, and only then. */
  update(view: ScanView): void;
  /** Types a code as a person would: into the first field that is empty, else into the second. */
  type(code: string): void;
  focus(): void;
}

const stateIcons: Readonly<Record<FieldState, string | undefined>> = {
  empty: undefined,
  partial: undefined,
  right: 'pass-filled',
  wrong: 'error',
};

interface Field {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  draw(state: FieldState, busy: boolean): void;
}

function field(id: string, label: string, noticeId: string): Field {
  const input = element('input', {
    id,
    class: 'input code-input',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    // Room for both codes pasted with a separator; what is kept is six digits.
    maxlength: '24',
    spellcheck: 'false',
    'aria-describedby': noticeId,
  });
  const mark = element('span', { class: 'code-mark' });
  const box = element('div', { class: 'code-box' }, [input, mark]);
  return {
    element: element('div', { class: 'code-field' }, [element('label', { class: 'label', for: id }, [label]), box]),
    input,
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

/**
 * Makes the fields.
 * @param noticeId id of the text that says what the codes mean
 * @param onChange called after each change that a person made
 * @param onEnter called when Enter is pressed in a field
 */
export function codeFields(
  labels: { readonly code1: string; readonly code2: string },
  noticeId: string,
  onChange: (codes: Codes) => void,
  onEnter: () => void,
): CodeFields {
  const first = field('code1', labels.code1, noticeId);
  const second = field('code2', labels.code2, noticeId);
  let taken: { readonly enrolment: number; readonly codesRevision: number } | undefined;

  function codes(): Codes {
    return {
      code1: digitsOf(first.input.value).slice(0, codeLength),
      code2: digitsOf(second.input.value).slice(0, codeLength),
    };
  }

  function focusAtEnd(input: HTMLInputElement): void {
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  function put(code1: string, code2: string): void {
    first.input.value = code1;
    second.input.value = code2;
    focusAtEnd(code1.length === codeLength ? second.input : first.input);
    onChange(codes());
  }

  /** Takes one code or both at once. @returns false where the text is neither */
  function takeWhole(text: string, into: Field): boolean {
    const found = codesIn(text);
    if (!found) {
      return false;
    }
    if (found.second !== undefined) {
      put(found.first, found.second);
    } else if (into === first) {
      put(found.first, second.input.value);
    } else {
      put(first.input.value, found.first);
    }
    return true;
  }

  function keepDigits(input: HTMLInputElement): void {
    const caret = input.selectionStart ?? input.value.length;
    const digits = digitsOf(input.value).slice(0, codeLength);
    if (digits !== input.value) {
      const caretNow = digitsOf(input.value.slice(0, caret)).length;
      input.value = digits;
      input.setSelectionRange(caretNow, caretNow);
    }
  }

  function changed(each: Field): void {
    const { input } = each;
    const digits = digitsOf(input.value);
    // Both codes at once, put in by something that makes no paste event, such as a password manager.
    if (digits.length === 2 * codeLength) {
      takeWhole(digits, each);
      return;
    }
    keepDigits(input);
    if (each === first && input.value.length === codeLength && input.selectionStart === codeLength) {
      second.input.focus();
      second.input.select();
    }
    onChange(codes());
  }

  for (const each of [first, second]) {
    const { input } = each;
    input.addEventListener('paste', (event) => {
      if (!input.readOnly && takeWhole(event.clipboardData?.getData('text/plain') ?? '', each)) {
        event.preventDefault();
      }
    });
    input.addEventListener('input', (event) => {
      // While an input method composes, changing the text would break it; compositionend follows.
      if (!(event instanceof InputEvent && event.isComposing)) {
        changed(each);
      }
    });
    input.addEventListener('compositionend', () => {
      changed(each);
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) {
        event.preventDefault();
        onEnter();
      } else if (event.key === 'Backspace' && each === second && input.value === '') {
        event.preventDefault();
        focusAtEnd(first.input);
      }
    });
  }

  return {
    element: element('div', { class: 'code-fields' }, [first.element, second.element]),
    codes,
    update(view) {
      first.draw(view.field1, view.busy);
      second.draw(view.field2, view.busy);
      if (taken?.enrolment === view.enrolment && taken.codesRevision === view.codesRevision) {
        return;
      }
      const again = taken !== undefined;
      taken = { enrolment: view.enrolment, codesRevision: view.codesRevision };
      for (const [{ input }, code] of [
        [first, view.code1],
        [second, view.code2],
      ] as const) {
        if (input.value !== code) {
          input.value = code;
        }
      }
      // Both codes are to be typed anew: whoever was in the second field goes on in the first.
      if (again && view.code1 === '' && view.code2 === '' && document.activeElement === second.input) {
        first.input.focus();
      }
    },
    type(code) {
      const now = codes();
      if (now.code1.length < codeLength) {
        put(code, now.code2);
      } else {
        put(now.code1, code);
      }
    },
    focus() {
      const { code1 } = codes();
      focusAtEnd(code1.length === codeLength ? second.input : first.input);
    },
  };
}
