import { appIds, type ScanView, type View } from '../../protocol/enrolment';
import { type Codes, codeFields } from './codeFields';
import { codeLength } from './codeText';
import { countdown, everySecond, pageClock } from './countdown';
import { deviceName } from './deviceName';
import { button, element, fill, icon, setAttribute, setText, setUsable } from './dom';
import { noticePlace } from './notice';
import type { PageContext, ViewPart } from './part';
import { phoneCard } from './phoneCard';
import { qrImage } from './qrImage';
import { secretKey } from './secretKey';
import { step } from './step';

/** The main job: get an app, scan, type two codes. */
export function scanView(context: PageContext): ViewPart {
  const { strings, send } = context;
  const clock = pageClock();
  let shown: ScanView | undefined;

  // Step 1
  const apps = element(
    'ul',
    { class: 'apps' },
    appIds.map((id) =>
      element('li', {}, [
        button('link', [strings.appNames[id]], () => {
          send({ type: 'app', id });
        }),
      ]),
    ),
  );
  const getApp = step(1, strings.appTitle, strings, [element('p', { class: 'muted' }, [strings.appText]), apps]);

  // Step 2
  const qr = element('img', { class: 'qr' });
  const qrFrame = element('div', { class: 'qr-frame' }, [qr]);
  const appearsAs = element('dd');
  const name = deviceName(context);
  const key = secretKey(context);
  const phone = phoneCard(context, (code) => {
    fields.type(code);
  });
  const scan = step(2, strings.scanTitle, strings, [
    element('div', { class: 'scan' }, [
      qrFrame,
      element('div', { class: 'scan-side' }, [
        element('dl', { class: 'about' }, [
          element('div', {}, [element('dt', {}, [strings.appearsAs]), appearsAs]),
          element('div', {}, [element('dt', {}, [strings.deviceName]), element('dd', {}, [name.element])]),
        ]),
        key.element,
        element('p', { class: 'muted' }, [strings.onceNote]),
        phone.element,
      ]),
    ]),
  ]);

  // Step 3
  const notice = noticePlace('notice', send);
  const fields = codeFields(strings, 'notice', codesChanged, submit);
  const time = countdown(strings.countdown);
  const submitIcon = icon('loading', 'codicon-modifier-spin');
  const submitText = element('span');
  const submitButton = button('primary', [submitIcon, submitText], submit);
  const cancelButton = button('secondary', [strings.cancel], () => {
    send({ type: 'action', id: 'cancel' });
  });
  const enter = step(3, strings.codesTitle, strings, [
    element('p', { class: 'muted' }, [strings.codesText]),
    element('div', { class: 'codes-line' }, [fields.element, time.element]),
    notice.element,
    element('div', { class: 'actions' }, [
      submitButton,
      cancelButton,
      element('span', { class: 'muted' }, [strings.cancelNote]),
    ]),
  ]);
  fields.element.setAttribute('role', 'group');
  fields.element.setAttribute('aria-labelledby', enter.titleId);

  const whole = element('ol', { class: 'steps' }, [getApp.element, scan.element, enter.element]);
  const stopTicking = everySecond(clock, drawTime);

  function drawTime(now: number): void {
    time.draw(now);
    phone.countdown.draw(now);
  }

  /** The editor checks again, since its answer to the last digit may still be on the way. */
  function canSubmit(codes: Codes): boolean {
    return (
      shown !== undefined &&
      shown.canSubmit &&
      !shown.busy &&
      codes.code1.length === codeLength &&
      codes.code2.length === codeLength
    );
  }

  function submit(): void {
    const codes = fields.codes();
    if (shown && canSubmit(codes)) {
      send({ type: 'submit', enrolment: shown.enrolment, ...codes });
    }
  }

  function codesChanged(codes: Codes): void {
    if (shown) {
      send({ type: 'codes', enrolment: shown.enrolment, ...codes });
      drawWhatCodesAllow(shown);
    }
  }

  function drawWhatCodesAllow(view: ScanView): void {
    const codes = fields.codes();
    setUsable(submitButton, canSubmit(codes));
    phone.update(view, [codes.code1, codes.code2]);
    const scanned = view.field1 === 'right';
    const nothingTyped = codes.code1 === '' && codes.code2 === '';
    getApp.draw(scanned ? 'done' : nothingTyped ? 'current' : 'open');
    scan.draw(scanned ? 'done' : 'open');
    enter.draw(nothingTyped ? 'open' : 'current');
  }

  function draw(view: ScanView): void {
    const before = shown;
    shown = view;
    clock.set(view.now);
    if (before?.otpauthUri !== view.otpauthUri) {
      const { address, size } = qrImage(view.otpauthUri);
      qr.src = address;
      qr.width = qr.height = size;
      qrFrame.style.setProperty('--qr-size', `${size}px`);
    }
    qr.alt = fill(strings.qrLabel, view.appearsAs);
    setText(appearsAs, view.appearsAs);
    name.update(view.deviceName, view.busy);
    key.set(view.secretKey);
    fields.update(view);
    notice.show(view.notice);
    submitIcon.hidden = !view.busy;
    setAttribute(submitButton, 'aria-busy', view.busy ? 'true' : undefined);
    setText(submitText, view.busy ? strings.submitting : strings.submit);
    setUsable(cancelButton, !view.busy);
    drawWhatCodesAllow(view);
    drawTime(clock.now());
  }

  return {
    element: whole,
    update(view: View) {
      if (view.kind !== 'scan') {
        return false;
      }
      draw(view);
      return true;
    },
    focus() {
      fields.focus();
    },
    dispose() {
      stopTicking();
      key.dispose();
      qr.removeAttribute('src');
    },
  };
}
