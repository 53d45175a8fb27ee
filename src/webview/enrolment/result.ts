import type { Notice } from '../../protocol/enrolment';
import { element, icon, setText } from './dom';
import { noticePlace, toneIcons } from './notice';
import type { Send } from './part';

/** `pending`: it worked, but not every list of AWS's shows it yet. */
export type ResultTone = Notice['tone'] | 'pending';

/** How something stands: an icon, a title, and words below it. */
export interface Result {
  readonly element: HTMLElement;
  draw(tone: ResultTone, title: string): void;
  /** Puts the focus on the title, so that a screen reader begins there. */
  readonly focus: () => void;
}

/** Makes it, with these words below the title. */
export function result(words: HTMLElement): Result {
  const symbol = element('span', { class: 'result-icon' });
  const titleLine = element('h2', { class: 'result-title', tabindex: '-1' });

  return {
    element: element('div', { class: 'result' }, [symbol, element('div', {}, [titleLine, words])]),
    draw(tone, title) {
      if (symbol.dataset['tone'] !== tone) {
        symbol.dataset['tone'] = tone;
        symbol.replaceChildren(icon(tone === 'pending' ? 'pass' : toneIcons[tone]));
      }
      setText(titleLine, title);
    },
    focus() {
      titleLine.focus();
    },
  };
}

/** A result whose words are a notice, which sets the tone. */
export function noticeResult(send: Send): {
  readonly element: HTMLElement;
  draw(view: { readonly title: string; readonly notice: Notice }): void;
  readonly focus: () => void;
} {
  const notice = noticePlace('notice', send);
  const top = result(notice.element);
  return {
    element: top.element,
    draw(view) {
      top.draw(view.notice.tone, view.title);
      notice.show(view.notice);
    },
    focus: top.focus,
  };
}
