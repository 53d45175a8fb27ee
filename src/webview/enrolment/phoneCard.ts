import type { ScanView } from '../../protocol/enrolment';
import { codeLength, groups } from './codeText';
import { type Countdown, countdown } from './countdown';
import { button, element, icon, setText, setUsable } from './dom';
import type { PageContext } from './part';

/** The practice account's own phone, for trying the page with no phone at hand. */
export function phoneCard(
  { strings, send }: PageContext,
  typeCode: (code: string) => void,
): {
  readonly element: HTMLElement;
  readonly countdown: Countdown;
  /** Draws it. `codesTyped` are the codes in the two fields: the same code twice is of no use. */
  update(view: ScanView, codesTyped: readonly string[]): void;
} {
  const time = countdown(strings.countdown);
  const appearsAs = element('p', { class: 'phone-account muted' });
  const code = element('p', { class: 'phone-code' });
  const fill = button('secondary', [strings.phoneFill], () => {
    if (codeNow !== undefined) {
      typeCode(codeNow);
    }
  });
  const screen = element('div', { class: 'phone-screen', hidden: '' }, [
    element('span', { class: 'phone-speaker', 'aria-hidden': 'true' }),
    appearsAs,
    element('div', { class: 'phone-line' }, [code, time.element]),
    fill,
  ]);
  const toggleText = element('span', {}, [strings.phoneShow]);
  const toggle = button('link', [icon('device-mobile'), toggleText], () => {
    send({ type: 'phone', shown: codeNow === undefined });
  });
  let codeNow: string | undefined;

  return {
    element: element('section', { class: 'phone', 'aria-label': strings.phoneTitle, hidden: '' }, [
      screen,
      element('div', { class: 'phone-intro' }, [
        element('p', { class: 'phone-title' }, [strings.phoneTitle]),
        element('p', { class: 'muted' }, [strings.phoneText]),
        toggle,
      ]),
    ]),
    countdown: time,
    update(view, codesTyped) {
      codeNow = view.phone?.code;
      this.element.hidden = view.phone === undefined;
      screen.hidden = codeNow === undefined;
      setText(toggleText, codeNow === undefined ? strings.phoneShow : strings.phoneHide);
      setText(appearsAs, view.appearsAs);
      setText(code, groups(codeNow ?? '', codeLength / 2).join(' '));
      setUsable(fill, !view.busy && codeNow !== undefined && !codesTyped.includes(codeNow));
    },
  };
}
