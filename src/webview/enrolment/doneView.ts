import type { NextStep } from '../../protocol/enrolment';
import { actionButton } from './actions';
import { deviceFace } from './deviceFace';
import { differs, element, icon, setText } from './dom';
import { noticePlace } from './notice';
import { type PageContext, viewPart, type ViewPart } from './part';
import { result } from './result';

/** AWS has done what was asked: what is true now, and what to do next. */
export function doneView({ strings, send }: PageContext): ViewPart {
  const text = element('p', { class: 'muted' });
  const top = result(text);
  const notice = noticePlace('notice', send);
  const device = deviceFace(strings.serial);
  const nextTitle = element('h3', {}, [strings.next]);
  const nextList = element('ul', { class: 'next' });
  const nextIsNew = differs();

  function nextItem(step: NextStep, first: boolean): HTMLElement {
    return element('li', {}, [
      icon(step.icon),
      element('span', { class: 'next-text' }, [step.text]),
      ...(step.action ? [actionButton(step.action, send, first ? 'primary' : 'secondary')] : []),
    ]);
  }

  return viewPart((view) => view.kind === 'done', {
    element: element('div', { class: 'outcome' }, [
      top.element,
      notice.element,
      element('div', { class: 'card device' }, device.content),
      nextTitle,
      nextList,
    ]),
    draw(view) {
      top.draw(view.confirmed ? 'ok' : 'pending', view.title);
      setText(text, view.text);
      notice.show(view.notice);
      device.draw(view.device);
      if (nextIsNew(view.next)) {
        const firstWithAction = view.next.findIndex((step) => step.action !== undefined);
        nextList.replaceChildren(...view.next.map((step, index) => nextItem(step, index === firstWithAction)));
        nextTitle.hidden = view.next.length === 0;
      }
    },
    focus: top.focus,
  });
}
