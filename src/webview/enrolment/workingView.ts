import type { View } from '../../protocol/enrolment';
import { element, icon, setText } from './dom';
import { nothing, type ViewPart } from './part';

/** AWS has been asked: one line that says for what. The page's live region reads it out. */
export function workingView(): ViewPart {
  const text = element('span');
  const line = element('p', { class: 'working' }, [icon('loading', 'codicon-modifier-spin'), text]);
  return {
    element: line,
    update(view: View) {
      if (view.kind !== 'working') {
        return false;
      }
      setText(text, view.text);
      return true;
    },
    focus: nothing,
    dispose: nothing,
  };
}
