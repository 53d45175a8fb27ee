import type { EnrolmentStrings } from '../../protocol/enrolment';
import { element, onEnter, setAttribute, setText } from './dom';

/** Names that IAM takes for a virtual device: `VirtualMFADeviceName` of CreateVirtualMFADevice. */
const nameIamTakes = /^[\w+=,.@-]{1,128}$/;

/** The field for a device name, with its rule. */
export interface DeviceNameField {
  readonly input: HTMLInputElement;
  /** Where the rule is said once it is broken. It keeps its line, so nothing moves. */
  readonly rule: HTMLElement;
  /** Puts a name in, with no complaint about it. */
  set(name: string): void;
  /** The name where IAM takes it; else undefined, and the rule is said. */
  check(): string | undefined;
}

/**
 * Makes the field.
 * @param prefix begins the ids, which stand once on the page
 * @param describedBy id of a text that belongs to the field besides the rule
 * @param use called when Enter is pressed
 */
export function deviceNameField(
  prefix: string,
  strings: EnrolmentStrings,
  describedBy: string | undefined,
  use: () => void,
): DeviceNameField {
  const rule = element('p', { class: 'field-error', id: `${prefix}-rule`, role: 'alert' });
  const input = element('input', {
    id: `${prefix}-input`,
    class: 'input',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': [describedBy, rule.id].filter((id) => id !== undefined).join(' '),
  });

  function say(broken: boolean): void {
    setText(rule, broken ? strings.nameRule : '');
    setAttribute(input, 'aria-invalid', broken ? 'true' : undefined);
  }

  input.addEventListener('input', () => {
    // An empty field is about to be filled: that is told only when the name is to be used.
    say(input.value !== '' && !nameIamTakes.test(input.value));
  });
  onEnter(input, use);

  return {
    input,
    rule,
    set(name) {
      input.value = name;
      say(false);
    },
    check() {
      const taken = nameIamTakes.test(input.value);
      say(!taken);
      if (!taken) {
        input.focus();
      }
      return taken ? input.value : undefined;
    },
  };
}
