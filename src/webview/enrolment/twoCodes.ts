import type { TwoCodes } from '../../protocol/enrolment';
import { actionRow } from './actions';
import { type Codes, codeFields } from './codeFields';
import { codeLength } from '../../protocol/codeText';
import { countdown, runCountdowns } from './countdown';
import { element, setText } from './dom';
import { noticePlace } from './notice';
import type { PageContext } from './part';
import { phoneCard } from './phoneCard';
import { type Step, step } from './step';
import { submitRow, type SubmitWords } from './submitRow';

/** The words of the last step. */
export interface TwoCodesWords extends SubmitWords {
  /** How to get two codes in a row. */
  readonly codesText: string;
}

/** What every view has that asks for two codes in a row. */
export interface TwoCodesPart {
  /** The last step. Its state is the view's to draw, which knows the steps before it. */
  readonly step: Step;
  /** The practice account's phone, and the other ways on: for the steps before. */
  readonly phone: HTMLElement;
  readonly others: HTMLElement;
  /**
   * Draws all three.
   * @param appearsAs what the practice phone shows above its code
   */
  update(view: TwoCodes, words: TwoCodesWords, appearsAs: string): void;
  /** True while no digit is typed. */
  isEmpty(): boolean;
  readonly focus: () => void;
  readonly dispose: () => void;
}

/**
 * Makes it.
 * @param number of the last step
 * @param onTyped called after each change of the codes that a person made
 */
export function twoCodes(context: PageContext, number: number, onTyped: () => void): TwoCodesPart {
  const { strings, send } = context;
  let shown: TwoCodes | undefined;
  let appearsAsNow = '';
  let saysSignIn = false;

  const notice = noticePlace('notice', send);
  const signIn = noticePlace('sign-in', send, 'card');
  const fields = codeFields(strings, 'notice', codesChanged, submit);
  const phone = phoneCard(context, fields.type);
  const others = actionRow(send, 'link');
  const text = element('p', { class: 'muted' });
  const time = countdown(strings.countdown);
  // A token or a phone that has drifted does not change its code at the full half minute.
  time.element.hidden = strings.countdown === '';
  const row = submitRow(context, submit);
  const enter = step(number, strings.codesTitle, strings, [
    text,
    element('div', { class: 'codes-line' }, [fields.element, time.element]),
    notice.element,
    signIn.element,
    row.element,
  ]);
  fields.element.setAttribute('role', 'group');
  fields.element.setAttribute('aria-labelledby', enter.titleId);
  const running = runCountdowns([time, phone.countdown]);

  /** The editor checks again, since its answer to the last digit may still be on the way. */
  function canSubmit(view: TwoCodes, { code1, code2 }: Codes): boolean {
    return view.canSubmit && !view.busy && code1.length === codeLength && code2.length === codeLength;
  }

  function submit(): void {
    const codes = fields.codes();
    if (shown && canSubmit(shown, codes)) {
      send({ type: 'submit', enrolment: shown.enrolment, ...codes });
    }
  }

  function codesChanged(codes: Codes): void {
    if (shown) {
      send({ type: 'codes', enrolment: shown.enrolment, ...codes });
      drawWhatCodesAllow(shown);
      onTyped();
    }
  }

  function drawWhatCodesAllow(view: TwoCodes): void {
    const codes = fields.codes();
    row.allow(canSubmit(view, codes));
    phone.update(view.phone, { appearsAs: appearsAsNow, typed: [codes.code1, codes.code2], busy: view.busy });
  }

  return {
    step: enter,
    phone: phone.element,
    others: others.element,
    update(view, words, appearsAs) {
      shown = view;
      appearsAsNow = appearsAs;
      running.set(view.now);
      setText(text, words.codesText);
      fields.update(view);
      notice.show(view.notice);
      signIn.show(view.signIn);
      row.draw(words, view.busy);
      // The focus stays where it was; what came in between is not to push the buttons out of sight.
      if (view.signIn && !saysSignIn) {
        row.element.scrollIntoView({ block: 'nearest' });
      }
      saysSignIn = view.signIn !== undefined;
      others.show(view.others, !view.busy);
      drawWhatCodesAllow(view);
    },
    isEmpty() {
      const { code1, code2 } = fields.codes();
      return code1 === '' && code2 === '';
    },
    focus: fields.focus,
    dispose: running.stop,
  };
}
