import type { DoneView, NextStep, View } from '../../protocol/enrolment';
import { element, icon, setText } from './dom';
import { actionButtons, noticePlace } from './notice';
import { nothing, type PageContext, type ViewPart } from './part';

/** The device is on: what is true now, and what to do next. */
export function doneView({ strings, send }: PageContext): ViewPart {
  const symbol = element('span', { class: 'result-icon' });
  const title = element('h2', { class: 'result-title', tabindex: '-1' });
  const text = element('p', { class: 'muted' });
  const notice = noticePlace('notice', send);
  const name = element('span', { class: 'device-name' });
  const kind = element('span', { class: 'muted' });
  const serial = element('span', { class: 'serial' });
  const nextTitle = element('h3', {}, [strings.next]);
  const nextList = element('ul', { class: 'next' });
  let nextShown = '';

  const whole = element('div', { class: 'done' }, [
    element('div', { class: 'result' }, [symbol, element('div', {}, [title, text])]),
    notice.element,
    element('div', { class: 'card device' }, [
      icon('device-mobile'),
      element('div', {}, [
        element('p', { class: 'device-line' }, [name, kind]),
        element('p', { class: 'device-serial' }, [
          element('span', { class: 'visually-hidden' }, [`${strings.serial} `]),
          serial,
        ]),
      ]),
    ]),
    nextTitle,
    nextList,
  ]);

  function draw(view: DoneView): void {
    const tone = view.confirmed ? 'ok' : 'pending';
    if (symbol.dataset['tone'] !== tone) {
      symbol.dataset['tone'] = tone;
      symbol.replaceChildren(icon(view.confirmed ? 'pass-filled' : 'pass'));
    }
    setText(title, view.title);
    setText(text, view.text);
    notice.show(view.notice);
    setText(name, view.device.name);
    setText(kind, view.device.kind);
    setText(serial, view.device.serial);
    const nextNow = JSON.stringify(view.next);
    if (nextNow !== nextShown) {
      nextShown = nextNow;
      const firstWithAction = view.next.findIndex((step) => step.action !== undefined);
      nextList.replaceChildren(...view.next.map((step, index) => nextItem(step, index === firstWithAction)));
      nextTitle.hidden = view.next.length === 0;
    }
  }

  function nextItem(step: NextStep, first: boolean): HTMLElement {
    return element('li', {}, [
      icon(step.icon),
      element('span', { class: 'next-text' }, [step.text]),
      ...actionButtons(step.action ? [step.action] : [], send, first ? 'primary' : 'secondary'),
    ]);
  }

  return {
    element: whole,
    update(view: View) {
      if (view.kind !== 'done') {
        return false;
      }
      draw(view);
      return true;
    },
    focus() {
      title.focus();
    },
    dispose: nothing,
  };
}
