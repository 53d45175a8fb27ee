import type { TwoCodes } from '../../protocol/enrolment';
import { type CodeField, codeField } from './codeField';
import { codeLength } from '../../protocol/codeText';
import { codesIn } from './codeText';
import { differs, element } from './dom';

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
  update(view: TwoCodes): void;
  /** Types a code as a person would: into the first field that is empty, else into the second. */
  readonly type: (code: string) => void;
  readonly focus: () => void;
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
  const first: CodeField = codeField('code1', labels.code1, noticeId, {
    takeWhole: (text) => takeWhole(text, first),
    onChange() {
      const { input } = first;
      if (input.value.length === codeLength && input.selectionStart === codeLength) {
        second.input.focus();
        second.input.select();
      }
      onChange(codes());
    },
    onEnter,
  });
  const second: CodeField = codeField('code2', labels.code2, noticeId, {
    takeWhole: (text) => takeWhole(text, second),
    onChange() {
      onChange(codes());
    },
    onEnter,
  });
  const areNew = differs();

  function codes(): Codes {
    return { code1: first.code(), code2: second.code() };
  }

  function focus(): void {
    (first.code().length === codeLength ? second : first).focusAtEnd();
  }

  function put(code1: string, code2: string): void {
    first.put(code1);
    second.put(code2);
    focus();
    onChange(codes());
  }

  /** Takes one code or both at once. @returns false where the text is neither */
  function takeWhole(text: string, into: CodeField): boolean {
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

  second.input.addEventListener('keydown', (event) => {
    if (event.key === 'Backspace' && second.input.value === '') {
      event.preventDefault();
      first.focusAtEnd();
    }
  });

  return {
    element: element('div', { class: 'code-fields' }, [first.element, second.element]),
    codes,
    update(view) {
      first.draw(view.field1, view.busy);
      second.draw(view.field2, view.busy);
      if (!areNew([view.enrolment, view.codesRevision])) {
        return;
      }
      first.put(view.code1);
      second.put(view.code2);
      // Both codes are to be typed anew: whoever was in the second field goes on in the first.
      if (view.code1 === '' && view.code2 === '' && document.hasFocus() && document.activeElement === second.input) {
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
    focus,
  };
}
