import type { EnrolmentStrings, PageMessage, View } from '../../protocol/enrolment';

/** Sends a message to the editor. */
export type Send = (message: PageMessage) => void;

/** What every part of the page gets. */
export interface PageContext {
  readonly strings: EnrolmentStrings;
  readonly send: Send;
}

/** One kind of view on screen. */
export interface ViewPart {
  readonly element: HTMLElement;
  /**
   * Draws the view in place: what has the focus and what is being typed stays.
   * @returns false where the view is of another kind, so that another part has to draw it
   */
  update(view: View): boolean;
  /** Puts the focus where the work goes on. Called once, after the view came on screen. */
  focus(): void;
  /** Ends timers. */
  dispose(): void;
}

/** What a view says of itself to become a part of the page. */
export interface ViewDrawing<V extends View> {
  readonly element: HTMLElement;
  draw(view: V): void;
  focus?(): void;
  dispose?(): void;
}

/**
 * Makes a part of the page.
 * @param draws tells which views the drawing is for
 */
export function viewPart<V extends View>(draws: (view: View) => view is V, drawing: ViewDrawing<V>): ViewPart {
  return {
    element: drawing.element,
    update(view) {
      const mine = draws(view);
      if (mine) {
        drawing.draw(view);
      }
      return mine;
    },
    focus() {
      drawing.focus?.();
    },
    dispose() {
      drawing.dispose?.();
    },
  };
}
