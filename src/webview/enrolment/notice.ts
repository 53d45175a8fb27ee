import type { Action, Notice } from '../../protocol/enrolment';
import { button, element, icon } from './dom';
import type { Send } from './part';

export const toneIcons: Readonly<Record<Notice['tone'], string>> = {
  info: 'info',
  ok: 'pass-filled',
  warning: 'warning',
  error: 'error',
};

/** Buttons for actions. The first is the one to press where `first` says so. */
export function actionButtons(
  actions: readonly Action[],
  send: Send,
  first: 'primary' | 'secondary',
): HTMLButtonElement[] {
  return actions.map((action, index) =>
    button(index === 0 ? first : 'secondary', [action.label], () => {
      send({ type: 'action', id: action.id });
    }),
  );
}

/**
 * The place where the page says what is the matter. Errors interrupt a screen reader, the rest waits for a pause. Both
 * live regions stand there from the start, and a notice that stays the same is not drawn, so not read, again.
 */
export function noticePlace(
  id: string,
  send: Send,
): { readonly element: HTMLElement; show(notice: Notice | undefined): void } {
  const polite = element('div', { role: 'status' });
  const urgent = element('div', { role: 'alert' });
  const words = element('div', { id }, [polite, urgent]);
  const actions = element('div', { class: 'actions', hidden: '' });
  let wordsShown = '';
  let actionsShown = '';

  return {
    element: element('div', { class: 'notice-place' }, [words, actions]),
    show(notice) {
      const wordsNow = JSON.stringify([notice?.tone, notice?.text, notice?.detail]);
      if (wordsNow !== wordsShown) {
        wordsShown = wordsNow;
        const region = notice?.tone === 'error' ? urgent : polite;
        (region === urgent ? polite : urgent).replaceChildren();
        region.replaceChildren(...(notice ? [noticeLine(notice)] : []));
      }
      const actionsNow = JSON.stringify(notice?.actions ?? []);
      if (actionsNow !== actionsShown) {
        actionsShown = actionsNow;
        actions.replaceChildren(...actionButtons(notice?.actions ?? [], send, 'secondary'));
        actions.hidden = actions.childElementCount === 0;
      }
    },
  };
}

function noticeLine(notice: Notice): HTMLElement {
  return element('div', { class: 'notice', 'data-tone': notice.tone }, [
    icon(toneIcons[notice.tone]),
    element('div', {}, [
      element('p', { class: 'notice-text' }, [notice.text]),
      ...(notice.detail ? [element('p', { class: 'notice-detail' }, [notice.detail])] : []),
    ]),
  ]);
}
