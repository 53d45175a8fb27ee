import type { View } from '../../protocol/enrolment';
import { button, element } from './dom';
import { deviceNameField } from './deviceNameField';
import { noticePlace } from './notice';
import { nothing, type PageContext, type ViewPart } from './part';

/** The name that was tried is not to be had: another one, or (by the notice's action) the leftover away. */
export function nameView({ strings, send }: PageContext): ViewPart {
  const notice = noticePlace('notice', send);
  const field = deviceNameField('name', strings, 'notice', use);
  let nameGiven: string | undefined;

  function use(): void {
    const name = field.check();
    if (name !== undefined) {
      send({ type: 'name', name });
    }
  }

  const whole = element('div', { class: 'name' }, [
    notice.element,
    element('label', { class: 'label', for: field.input.id }, [strings.deviceName]),
    field.input,
    field.rule,
    element('div', { class: 'actions' }, [
      button('primary', [strings.useName], use),
      button('secondary', [strings.cancel], () => {
        send({ type: 'action', id: 'cancel' });
      }),
    ]),
  ]);

  return {
    element: whole,
    update(view: View) {
      if (view.kind !== 'name') {
        return false;
      }
      notice.show(view.notice);
      if (view.name !== nameGiven) {
        nameGiven = view.name;
        field.set(view.name);
      }
      return true;
    },
    focus() {
      field.input.focus();
      field.input.select();
    },
    dispose: nothing,
  };
}
