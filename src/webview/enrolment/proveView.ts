import type { ProveView } from '../../protocol/enrolment';
import { actionRow } from './actions';
import { codeField, type CodeField } from './codeField';
import { codeLength } from '../../protocol/codeText';
import { codesIn } from './codeText';
import { countdown, runCountdowns } from './countdown';
import { deviceChoice } from './deviceChoice';
import { differs, element, setText } from './dom';
import { noticePlace } from './notice';
import { type PageContext, viewPart, type ViewPart } from './part';
import { phoneCard } from './phoneCard';
import { submitRow } from './submitRow';

/** AWS wants proof first: one code of a device that is there already. It is sent when the person says so. */
export function proveView(context: PageContext): ViewPart {
  const { strings, send } = context;
  let shown: ProveView | undefined;

  const title = element('h2', { class: 'result-title' });
  const text = element('p', { class: 'muted', id: 'prove-text' });
  const devices = deviceChoice(strings.proofDevices, (serial) => {
    send({ type: 'proofDevice', serial });
    drawWhatCodeAllows();
  });
  const field: CodeField = codeField('code', strings.oneCode, 'prove-text notice', {
    takeWhole(pasted) {
      const found = codesIn(pasted);
      if (found) {
        typeCode(found.first);
      }
      return found !== undefined;
    },
    onChange: drawWhatCodeAllows,
    onEnter: prove,
  });
  const phone = phoneCard(context, typeCode);
  const time = countdown(strings.countdown);
  const notice = noticePlace('notice', send);
  const row = submitRow(context, prove);
  const words = { submit: strings.prove, submitting: strings.proving, cancelNote: '' };
  const others = actionRow(send, 'link');
  const running = runCountdowns([time, phone.countdown]);
  const codeIsNew = differs();

  function typeCode(code: string): void {
    field.put(code);
    field.focusAtEnd();
    drawWhatCodeAllows();
  }

  function canProve(): boolean {
    return shown?.busy === false && field.code().length === codeLength;
  }

  function prove(): void {
    const device = devices.chosen();
    if (device && canProve()) {
      send({ type: 'prove', serial: device.serial, code: field.code() });
    }
  }

  function drawWhatCodeAllows(): void {
    row.allow(canProve());
    phone.update(shown?.phone, {
      appearsAs: devices.chosen()?.name ?? '',
      typed: [field.code()],
      busy: shown?.busy === true,
    });
  }

  return viewPart((view) => view.kind === 'prove', {
    element: element('div', { class: 'prove' }, [
      element('div', {}, [title, text]),
      devices.element,
      phone.element,
      element('div', {}, [
        element('div', { class: 'codes-line' }, [field.element, time.element]),
        notice.element,
        row.element,
        others.element,
      ]),
    ]),
    draw(view) {
      shown = view;
      running.set(view.now);
      setText(title, view.title);
      setText(text, view.text);
      devices.update(view.devices, view.busy);
      if (codeIsNew(view.codeRevision)) {
        devices.choose(view.serial);
        field.put(view.code);
      }
      field.draw('empty', view.busy);
      notice.show(view.notice);
      row.draw(words, view.busy);
      others.show(view.others, !view.busy);
      drawWhatCodeAllows();
    },
    focus: field.focusAtEnd,
    dispose: running.stop,
  });
}
