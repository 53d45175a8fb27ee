import { actionRow } from './actions';
import { element } from './dom';
import { type PageContext, viewPart, type ViewPart } from './part';
import { noticeResult } from './result';

/** Something to decide before the work can go on. */
export function askView({ send }: PageContext): ViewPart {
  const top = noticeResult(send);
  const actions = actionRow(send, 'primary');

  return viewPart((view) => view.kind === 'ask', {
    element: element('div', { class: 'outcome' }, [top.element, actions.element]),
    draw(view) {
      top.draw(view);
      actions.show(view.actions);
    },
    focus: top.focus,
  });
}
