/** What an element may hold: nodes, or text that is always taken as text. */
export type Child = Node | string;

/**
 * Makes an element. Attributes are set one by one and strings become text nodes, so nothing that is passed in is ever
 * read as markup.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A codicon. It is decoration: what it says is always said in words too. */
export function icon(name: string, extraClass = ''): HTMLSpanElement {
  return element('span', { class: `codicon codicon-${name} ${extraClass}`.trim(), 'aria-hidden': 'true' });
}

/** Makes a codicon another one. */
export function setIcon(shown: HTMLSpanElement, name: string): void {
  setAttribute(shown, 'class', `codicon codicon-${name}`);
}

/** How a button looks: the one thing to do, another thing to do, or a link in running text. */
export type ButtonLook = 'primary' | 'secondary' | 'link';

/**
 * Makes a button. While it is `aria-disabled` it keeps the focus but a press does nothing.
 */
export function button(look: ButtonLook, content: readonly Child[], onPress: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: `button ${look}` }, content);
  made.addEventListener('click', () => {
    if (made.getAttribute('aria-disabled') !== 'true') {
      onPress();
    }
  });
  return made;
}

/** Switches a control off without taking the focus from it, as `disabled` would. */
export function setUsable(control: HTMLElement, usable: boolean): void {
  setAttribute(control, 'aria-disabled', usable ? undefined : 'true');
}

/** Changes a text only where it differs, so that a selection in it and a screen reader are left in peace. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets an attribute, or takes it away where the value is undefined. */
export function setAttribute(node: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

/**
 * Remembers what it was last asked about, for what is drawn, or taken over, only when it is new.
 * @returns a function that says whether a value differs from the one before
 */
export function differs(): (value: unknown) => boolean {
  let before: string | undefined;
  return (value) => {
    const now = JSON.stringify(value);
    const isNew = now !== before;
    before = now;
    return isNew;
  };
}

/** Calls `changed` after each change that a person made in a field. */
export function onTyped(input: HTMLInputElement, changed: () => void): void {
  input.addEventListener('input', (event) => {
    // While an input method composes, changing the text would break it; compositionend follows.
    if (!(event instanceof InputEvent && event.isComposing)) {
      changed();
    }
  });
  input.addEventListener('compositionend', changed);
}

/** Calls `pressed` when Enter is pressed in a field, but not the Enter that ends an input method's composition. */
export function onEnter(input: HTMLInputElement, pressed: () => void): void {
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      pressed();
    }
  });
}

/** Puts a value in place of `{0}`. */
export function fill(text: string, value: string | number): string {
  return text.replaceAll('{0}', () => String(value));
}
