import type { CodesView, View } from '../../protocol/enrolment';
import { deviceFace } from './deviceFace';
import { element, setText } from './dom';
import { type PageContext, viewPart, type ViewPart } from './part';
import { serialField } from './serialField';
import { step } from './step';
import { twoCodes } from './twoCodes';

/** What is asked, or told, about the device before its codes. */
interface FirstStep {
  readonly element: HTMLElement;
  update(view: CodesView): void;
  isDone(): boolean;
  /** True where the work begins here. */
  isToFill(): boolean;
  focus(): void;
}

/**
 * Two codes of a device without a QR code: a token whose serial number is typed first, or a device that AWS knows.
 * @param firstKind what the first step is about
 */
export function codesView(context: PageContext, firstKind: CodesView['first']['kind']): ViewPart {
  const { strings, send } = context;
  let enrolment = 0;

  const codes = twoCodes(context, 2, drawSteps);
  const text = element('p', { class: 'muted' });
  const inside = firstKind === 'serial' ? serialStep() : deviceStep();
  const first = step(1, '', strings, [
    text,
    element('div', { class: 'step-content' }, [inside.element, codes.others, codes.phone]),
  ]);

  function serialStep(): FirstStep {
    const field = serialField(
      send,
      (serial) => {
        send({ type: 'serial', enrolment, serial });
      },
      drawSteps,
      codes.focus,
    );
    return {
      element: field.element,
      update(view) {
        if (view.first.kind === 'serial') {
          field.update(view.first, view.enrolment, view.busy);
        }
      },
      isDone: field.isDone,
      isToFill: field.isToFill,
      focus: field.focus,
    };
  }

  function deviceStep(): FirstStep {
    const face = deviceFace(strings.serial);
    return {
      element: element('div', { class: 'card device' }, face.content),
      update(view) {
        if (view.first.kind === 'device') {
          face.draw(view.first.device);
        }
      },
      isDone: () => true,
      isToFill: () => false,
      focus: codes.focus,
    };
  }

  function drawSteps(): void {
    const done = inside.isDone();
    first.draw(done ? 'done' : 'current');
    codes.step.draw(done ? 'current' : 'open');
  }

  const draws = (view: View): view is CodesView => view.kind === 'codes' && view.first.kind === firstKind;
  return viewPart(draws, {
    element: element('ol', { class: 'steps' }, [first.element, codes.step.element]),
    draw(view) {
      ({ enrolment } = view);
      first.setTitle(view.first.title);
      setText(text, view.first.text);
      inside.update(view);
      codes.update(view, view, view.first.kind === 'device' ? view.first.device.name : '');
      drawSteps();
    },
    focus() {
      (inside.isToFill() ? inside : codes).focus();
    },
    dispose: codes.dispose,
  });
}
