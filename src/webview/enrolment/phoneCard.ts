import type { TwoCodes } from '../../protocol/enrolment';
import { codeLength } from '../../protocol/codeText';
import { groups } from './codeText';
import { type Countdown, countdown } from './countdown';
import { button, element, icon, setText, setUsable } from './dom';
import type { PageContext } from './part';

/** What the phone is told besides its code. */
export interface PhoneUse {
  /** What its app shows above the code; empty where there is nothing to tell. */
  readonly appearsAs: string;
  /** What is in the code fields: the same code twice is of no use. */
  readonly typed: readonly string[];
  readonly busy: boolean;
}

/**
 * The practice account's own phone, for trying the page with no phone at hand.
 * @param typeCode types its code, at one press
 */
export function phoneCard(
  { strings, send }: PageContext,
  typeCode: (code: string) => void,
): {
  readonly element: HTMLElement;
  readonly countdown: Countdown;
  update(phone: TwoCodes['phone'], use: PhoneUse): void;
} {
  const time = countdown(strings.countdown);
  const account = element('p', { class: 'phone-account muted' });
  const code = element('p', { class: 'phone-code' });
  const fill = button('secondary', [strings.phoneFill], () => {
    if (codeNow !== undefined) {
      typeCode(codeNow);
    }
  });
  const screen = element('div', { class: 'phone-screen', hidden: '' }, [
    element('span', { class: 'phone-speaker', 'aria-hidden': 'true' }),
    account,
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
    update(phone, { appearsAs, typed, busy }) {
      codeNow = phone?.code;
      this.element.hidden = phone === undefined;
      screen.hidden = codeNow === undefined;
      setText(toggleText, codeNow === undefined ? strings.phoneShow : strings.phoneHide);
      setText(account, appearsAs);
      account.hidden = appearsAs === '';
      setText(code, groups(codeNow ?? '', codeLength / 2).join(' '));
      setUsable(fill, !busy && codeNow !== undefined && !typed.includes(codeNow));
    },
  };
}
