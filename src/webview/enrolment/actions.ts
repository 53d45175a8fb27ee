import type { Action } from '../../protocol/enrolment';
import { button, type ButtonLook, differs, element, setUsable } from './dom';
import type { Send } from './part';

/** A row of buttons for actions. It is hidden while there are none. */
export interface ActionRow {
  readonly element: HTMLElement;
  /** Draws the buttons. Those that stay the same stay as they are, with the focus. */
  show(actions: readonly Action[], usable?: boolean): void;
}

/**
 * Makes a row.
 * @param first how the first button looks. Links stay among themselves; the other buttons are secondary
 */
export function actionRow(send: Send, first: ButtonLook): ActionRow {
  const row = element('div', { class: first === 'link' ? 'links' : 'actions', hidden: '' });
  const isNew = differs();
  let buttons: readonly HTMLButtonElement[] = [];

  return {
    element: row,
    show(actions, usable = true) {
      if (isNew(actions)) {
        buttons = actions.map((action, index) =>
          actionButton(action, send, index === 0 || first === 'link' ? first : 'secondary'),
        );
        row.replaceChildren(...buttons);
        row.hidden = buttons.length === 0;
      }
      for (const each of buttons) {
        setUsable(each, usable);
      }
    },
  };
}

/** A button for one action. */
export function actionButton(action: Action, send: Send, look: ButtonLook): HTMLButtonElement {
  return button(look, [action.label], () => {
    send({ type: 'action', id: action.id });
  });
}
