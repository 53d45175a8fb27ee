import type { Header } from '../../protocol/enrolment';
import { element, icon, setText } from './dom';

const badgeIcons: Readonly<Record<Header['badge']['tone'], string | undefined>> = {
  aws: undefined,
  practice: 'beaker',
  endpoint: 'plug',
};

/** The top of the page: for whom, in which account, and where the calls go. */
export function header(): {
  readonly element: HTMLElement;
  update(header: Header): void;
} {
  const title = element('h1');
  const account = element('span', { class: 'account' });
  const source = element('span', { class: 'source' });
  const badgeText = element('span');
  // A tooltip is for the pointer alone.
  const badgeSpoken = element('span', { class: 'visually-hidden' });
  const badge = element('span', { class: 'badge' });
  const whole = element('header', { class: 'header' }, [
    element('span', { class: 'header-icon' }, [icon('shield')]),
    element('div', { class: 'header-text' }, [
      title,
      element('p', { class: 'header-facts' }, [account, ' · ', source, ' ', badge]),
    ]),
  ]);

  return {
    element: whole,
    update(header) {
      setText(title, header.title);
      setText(account, header.account);
      setText(source, header.source);
      setText(badgeText, header.badge.text);
      setText(badgeSpoken, header.badge.title);
      badge.title = header.badge.title;
      if (badge.dataset['tone'] !== header.badge.tone) {
        badge.dataset['tone'] = header.badge.tone;
        const symbolName = badgeIcons[header.badge.tone];
        badge.replaceChildren(...(symbolName ? [icon(symbolName)] : []), badgeText, badgeSpoken);
      }
    },
  };
}
