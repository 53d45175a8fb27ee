import { button, differs, element } from './dom';
import { deviceNameField } from './deviceNameField';
import { noticePlace } from './notice';
import { type PageContext, viewPart, type ViewPart } from './part';

/** The name that was tried is not to be had: another one, or (by the notice's action) the leftover away. */
export function nameView({ strings, send }: PageContext): ViewPart {
  const notice = noticePlace('notice', send);
  const field = deviceNameField('name', strings, 'notice', use);
  const nameIsNew = differs();

  function use(): void {
    const name = field.check();
    if (name !== undefined) {
      send({ type: 'name', name });
    }
  }

  return viewPart((view) => view.kind === 'name', {
    element: element('div', { class: 'name' }, [
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
    ]),
    draw(view) {
      notice.show(view.notice);
      if (nameIsNew(view.name)) {
        field.set(view.name);
      }
    },
    focus() {
      field.input.focus();
      field.input.select();
    },
  });
}
