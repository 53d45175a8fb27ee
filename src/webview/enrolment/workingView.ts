import { element, icon, setText } from './dom';
import { viewPart, type ViewPart } from './part';

/** AWS has been asked: one line that says for what. The page's live region reads it out. */
export function workingView(): ViewPart {
  const text = element('span');
  return viewPart((view) => view.kind === 'working', {
    element: element('p', { class: 'working' }, [icon('loading', 'codicon-modifier-spin'), text]),
    draw(view) {
      setText(text, view.text);
    },
  });
}
