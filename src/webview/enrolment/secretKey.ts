import { groups } from './codeText';
import { button, element, icon, setIcon, setText } from './dom';
import type { PageContext } from './part';

/** How long "Copied" stays, in milliseconds. */
const copiedFor = 5_000;

/** The secret key for whoever cannot scan. It is in the document only while it is shown. */
export function secretKey({ strings, send }: PageContext): {
  readonly element: HTMLElement;
  /** Takes over the key of a device. Another device's key is hidden again. */
  set(key: string): void;
  dispose(): void;
} {
  const toggleText = element('span');
  const toggleIcon = icon('eye');
  const toggle = button('link', [toggleIcon, toggleText], () => {
    show(box.hasAttribute('hidden'));
  });
  const hint = element('span', { class: 'muted' }, [strings.keyHint]);
  const text = element('code', { class: 'key', id: 'secret-key' });
  const copied = element('span', { class: 'copied', role: 'status' });
  const copy = button('link', [icon('copy'), strings.copyKey], () => {
    send({ type: 'action', id: 'copyKey' });
    setText(copied, strings.copied);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      setText(copied, '');
    }, copiedFor);
  });
  const box = element('div', { class: 'key-box card', role: 'group', 'aria-label': strings.secretKey, hidden: '' }, [
    text,
    element('div', { class: 'key-actions' }, [copy, copied]),
  ]);
  let key: string | undefined;
  let timer = 0;

  function show(shown: boolean): void {
    box.hidden = !shown;
    hint.hidden = shown;
    setIcon(toggleIcon, shown ? 'eye-closed' : 'eye');
    setText(toggleText, shown ? strings.hideKey : strings.showKey);
    setText(copied, '');
    const spans = shown ? groups(key ?? '', 4).flatMap((group) => [element('span', {}, [group]), ' ']) : [];
    text.replaceChildren(...spans.slice(0, -1));
  }
  show(false);

  return {
    element: element('div', { class: 'key-row' }, [element('div', { class: 'key-toggle' }, [toggle, hint]), box]),
    set(keyNow) {
      if (keyNow !== key) {
        key = keyNow;
        show(false);
      }
    },
    dispose() {
      window.clearTimeout(timer);
      key = undefined;
      show(false);
    },
  };
}
