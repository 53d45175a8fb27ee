import type { EnrolmentStrings, Snapshot, SnapshotMessage, View } from '../../protocol/enrolment';
import { askView } from './askView';
import { codesView } from './codesView';
import { doneView } from './doneView';
import { element, setText } from './dom';
import { failedView } from './failedView';
import { header } from './header';
import { nameView } from './nameView';
import type { Send, ViewPart } from './part';
import { proveView } from './proveView';
import { scanView } from './scanView';
import { workingView } from './workingView';

/** What VS Code gives a page. Its `setState` is left out on purpose: it writes to disk, and a snapshot holds a seed. */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

function start(root: HTMLElement, send: Send): void {
  const top = header();
  const place = element('div', { class: 'view' });
  // Stands on the page from the start, since a live region that arrives together with its text is often not read.
  const announcer = element('div', { class: 'visually-hidden', role: 'status' });
  let shown: ViewPart | undefined;

  function draw(snapshot: Snapshot): void {
    document.documentElement.lang = snapshot.locale;
    if (!top.element.isConnected) {
      root.replaceChildren(top.element, place, announcer);
    }
    top.update(snapshot.header);
    setText(announcer, snapshot.view.kind === 'working' ? snapshot.view.text : '');
    if (shown?.update(snapshot.view)) {
      return;
    }
    shown?.dispose();
    shown = partFor(snapshot.view, snapshot.strings, send);
    shown.update(snapshot.view);
    const attended = document.hasFocus();
    place.replaceChildren(shown.element);
    // A person who is at something else is left there: focusing an element would bring the whole page the focus.
    if (attended) {
      shown.focus();
    }
  }

  window.addEventListener('focus', () => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) {
      shown?.focus();
    }
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isSnapshotMessage(event.data)) {
      draw(event.data.snapshot);
    }
  });
  send({ type: 'ready' });
}

function partFor(view: View, strings: EnrolmentStrings, send: Send): ViewPart {
  const context = { strings, send };
  switch (view.kind) {
    case 'working':
      return workingView();
    case 'name':
      return nameView(context);
    case 'prove':
      return proveView(context);
    case 'scan':
      return scanView(context);
    case 'codes':
      return codesView(context, view.first.kind);
    case 'ask':
      return askView(context);
    case 'done':
      return doneView(context);
    case 'failed':
      return failedView(context);
  }
}

function isSnapshotMessage(data: unknown): data is SnapshotMessage {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'snapshot' && 'snapshot' in data;
}

const root = document.getElementById('page');
if (root) {
  const api = acquireVsCodeApi();
  start(root, (message) => {
    api.postMessage(message);
  });
}
