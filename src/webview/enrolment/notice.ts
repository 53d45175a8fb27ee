import type { Notice } from '../../protocol/enrolment';
import { actionRow } from './actions';
import { differs, element, icon } from './dom';
import type { Send } from './part';

export const toneIcons: Readonly<Record<Notice['tone'], string>> = {
  info: 'info',
  ok: 'pass-filled',
  warning: 'warning',
  error: 'error',
};

/**
 * The place where the page says what is the matter. Errors interrupt a screen reader, the rest waits for a pause. Both
 * live regions stand there from the start, and a notice that stays the same is not drawn, so not read, again.
 * @param look a `card` takes no room while it is empty, and stands out where there is another notice beside it
 */
export function noticePlace(
  id: string,
  send: Send,
  look: 'plain' | 'card' = 'plain',
): { readonly element: HTMLElement; show(notice: Notice | undefined): void } {
  const polite = element('div', { role: 'status' });
  const urgent = element('div', { role: 'alert' });
  const words = element('div', { id }, [polite, urgent]);
  const actions = actionRow(send, 'secondary');
  const areNew = differs();

  return {
    element: element('div', { class: look === 'card' ? 'notice-card' : 'notice-place' }, [words, actions.element]),
    show(notice) {
      if (areNew([notice?.tone, notice?.text, notice?.detail])) {
        const region = notice?.tone === 'error' ? urgent : polite;
        (region === urgent ? polite : urgent).replaceChildren();
        region.replaceChildren(...(notice ? [noticeLine(notice)] : []));
      }
      actions.show(notice?.actions ?? []);
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
