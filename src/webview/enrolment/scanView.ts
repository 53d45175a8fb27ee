import { appIds, type ScanView } from '../../protocol/enrolment';
import { deviceName } from './deviceName';
import { button, differs, element, fill, setText } from './dom';
import { type PageContext, viewPart, type ViewPart } from './part';
import { qrImage } from './qrImage';
import { secretKey } from './secretKey';
import { step } from './step';
import { twoCodes } from './twoCodes';

/** The main job: get an app, scan, type two codes. */
export function scanView(context: PageContext): ViewPart {
  const { strings, send } = context;
  let shown: ScanView | undefined;

  const codes = twoCodes(context, 3, drawSteps);
  const apps = element(
    'ul',
    { class: 'links' },
    appIds.map((id) =>
      element('li', {}, [
        button('link', [strings.appNames[id]], () => {
          send({ type: 'app', id });
        }),
      ]),
    ),
  );
  const getApp = step(1, strings.appTitle, strings, [
    element('p', { class: 'muted' }, [strings.appText]),
    apps,
    codes.others,
  ]);

  const qr = element('img', { class: 'qr' });
  const qrFrame = element('div', { class: 'qr-frame' }, [qr]);
  const qrIsNew = differs();
  const appearsAs = element('dd');
  const name = deviceName(context);
  const key = secretKey(context);
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
        codes.phone,
      ]),
    ]),
  ]);

  function drawSteps(): void {
    const scanned = shown?.field1 === 'right';
    const nothingTyped = codes.isEmpty();
    getApp.draw(scanned ? 'done' : nothingTyped ? 'current' : 'open');
    scan.draw(scanned ? 'done' : 'open');
    codes.step.draw(nothingTyped ? 'open' : 'current');
  }

  return viewPart((view) => view.kind === 'scan', {
    element: element('ol', { class: 'steps' }, [getApp.element, scan.element, codes.step.element]),
    draw(view) {
      shown = view;
      if (qrIsNew(view.otpauthUri)) {
        const { address, size } = qrImage(view.otpauthUri);
        qr.src = address;
        qr.width = qr.height = size;
        qrFrame.style.setProperty('--qr-size', `${size}px`);
      }
      qr.alt = fill(strings.qrLabel, view.appearsAs);
      setText(appearsAs, view.appearsAs);
      name.update(view.deviceName, view.busy);
      key.set(view.secretKey);
      codes.update(view, { ...strings, cancelNote: view.cancelNote }, view.appearsAs);
      drawSteps();
    },
    focus: codes.focus,
    dispose() {
      codes.dispose();
      key.dispose();
      qr.removeAttribute('src');
    },
  });
}
