import { button, element, setText, setUsable } from './dom';
import { deviceNameField } from './deviceNameField';
import type { PageContext } from './part';

/** The device's name, and the way to another one. */
export function deviceName({ strings, send }: PageContext): {
  readonly element: HTMLElement;
  update(name: string, busy: boolean): void;
} {
  const field = deviceNameField('device-name', strings, 'device-name-hint', use);
  const name = element('span', { class: 'device-name-text' });
  const change = button('link', [strings.changeName], open);
  const shown = element('div', { class: 'device-name-shown' }, [name, change]);
  const form = element(
    'div',
    { class: 'device-name-form', role: 'group', 'aria-label': strings.changeName, hidden: '' },
    [
      element('label', { class: 'visually-hidden', for: field.input.id }, [strings.deviceName]),
      field.input,
      field.rule,
      element('p', { class: 'muted', id: 'device-name-hint' }, [strings.changeNameHint]),
      element('div', { class: 'actions' }, [
        button('primary', [strings.useName], use),
        button('secondary', [strings.keepName], keep),
      ]),
    ],
  );

  function open(): void {
    field.set(name.textContent);
    shown.hidden = true;
    form.hidden = false;
    field.input.focus();
    field.input.select();
  }

  function keep(): void {
    shown.hidden = false;
    form.hidden = true;
    change.focus();
  }

  function use(): void {
    const wanted = field.check();
    if (wanted === undefined) {
      return;
    }
    keep();
    // The same name needs no new device.
    if (wanted !== name.textContent) {
      send({ type: 'name', name: wanted });
    }
  }

  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      keep();
    }
  });

  return {
    element: element('div', {}, [shown, form]),
    update(nameNow, busy) {
      setText(name, nameNow);
      setUsable(change, !busy);
      if (busy && !form.hidden) {
        keep();
      }
    },
  };
}
