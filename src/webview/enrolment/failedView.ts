import { actionRow } from './actions';
import { differs, element, icon, setText } from './dom';
import { type PageContext, viewPart, type ViewPart } from './part';
import { noticeResult } from './result';

/** It did not work: why, what is left in AWS, and what can be done. */
export function failedView({ send }: PageContext): ViewPart {
  const top = noticeResult(send);
  const remains = element('span');
  const facts = element('dl', { class: 'facts card' });
  const actions = actionRow(send, 'primary');
  const factsAreNew = differs();

  return viewPart((view) => view.kind === 'failed', {
    element: element('div', { class: 'outcome' }, [
      top.element,
      element('p', { class: 'remains' }, [icon('cloud'), remains]),
      facts,
      actions.element,
    ]),
    draw(view) {
      top.draw(view);
      setText(remains, view.remains);
      if (factsAreNew(view.facts)) {
        facts.replaceChildren(
          ...view.facts.map(({ label, value }) =>
            element('div', {}, [element('dt', {}, [label]), element('dd', {}, [value])]),
          ),
        );
        facts.hidden = view.facts.length === 0;
      }
      actions.show(view.actions);
    },
    focus: top.focus,
  });
}
