import type { FailedView, View } from '../../protocol/enrolment';
import { element, icon, setText } from './dom';
import { actionButtons, noticePlace, toneIcons } from './notice';
import { nothing, type PageContext, type ViewPart } from './part';

/** It did not work: why, what is left in AWS, and what can be done. */
export function failedView({ send }: PageContext): ViewPart {
  const symbol = element('span', { class: 'result-icon' });
  const title = element('h2', { class: 'result-title', tabindex: '-1' });
  const notice = noticePlace('notice', send);
  const remains = element('span');
  const facts = element('dl', { class: 'facts card' });
  const actions = element('div', { class: 'actions' });
  let factsShown = '';
  let actionsShown = '';

  const whole = element('div', { class: 'failed' }, [
    element('div', { class: 'result' }, [symbol, element('div', {}, [title, notice.element])]),
    element('p', { class: 'remains' }, [icon('cloud'), remains]),
    facts,
    actions,
  ]);

  function draw(view: FailedView): void {
    const { tone } = view.notice;
    if (symbol.dataset['tone'] !== tone) {
      symbol.dataset['tone'] = tone;
      symbol.replaceChildren(icon(toneIcons[tone]));
    }
    setText(title, view.title);
    notice.show(view.notice);
    setText(remains, view.remains);
    const factsNow = JSON.stringify(view.facts);
    if (factsNow !== factsShown) {
      factsShown = factsNow;
      facts.replaceChildren(
        ...view.facts.map(({ label, value }) =>
          element('div', {}, [element('dt', {}, [label]), element('dd', {}, [value])]),
        ),
      );
      facts.hidden = view.facts.length === 0;
    }
    const actionsNow = JSON.stringify(view.actions);
    if (actionsNow !== actionsShown) {
      actionsShown = actionsNow;
      actions.replaceChildren(...actionButtons(view.actions, send, 'primary'));
      actions.hidden = view.actions.length === 0;
    }
  }

  return {
    element: whole,
    update(view: View) {
      if (view.kind !== 'failed') {
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
