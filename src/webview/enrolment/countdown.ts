import { element, fill, setAttribute, setText } from './dom';

/** Length of a time step in milliseconds: what AWS's virtual devices use (RFC 6238's own default). */
const stepLength = 30_000;
/** So little time is left that the code on the phone had better not be started. */
const soonSeconds = 5;
const radius = 9;
const svgSpace = 'http://www.w3.org/2000/svg';

/** What shows the time that is left: a ring, and where `words` is given a text. */
export interface Countdown {
  readonly element: HTMLElement;
  draw(now: number): void;
}

/**
 * Makes a countdown to the next code. A screen reader finds it as a timer when it goes there and is never told of a tick.
 * @param words text with `{0}` for whole seconds
 */
export function countdown(words: string): Countdown {
  const arc = circle('ring-arc');
  arc.setAttribute('pathLength', '1');
  const ring = document.createElementNS(svgSpace, 'svg');
  for (const [name, value] of Object.entries({ class: 'ring', viewBox: '0 0 24 24', 'aria-hidden': 'true' })) {
    ring.setAttribute(name, value);
  }
  ring.append(circle('ring-track'), arc);
  const text = element('span', { class: 'countdown-text', 'aria-hidden': 'true' });
  const whole = element('div', { class: 'countdown', role: 'timer', 'aria-live': 'off' }, [ring, text]);

  return {
    element: whole,
    draw(now) {
      const left = stepLength - (now % stepLength);
      const seconds = Math.ceil(left / 1000);
      arc.setAttribute('stroke-dashoffset', String(1 - (seconds * 1000) / stepLength));
      setText(text, fill(words, seconds));
      setAttribute(whole, 'aria-label', fill(words, seconds));
      setAttribute(whole, 'data-soon', seconds <= soonSeconds ? '' : undefined);
    },
  };
}

/** Keeps countdowns going. */
export interface RunningTime {
  /** Sets it by what the editor says the true time is. */
  set(now: number): void;
  readonly stop: () => void;
}

/**
 * Draws countdowns at once and whenever a second of the true time begins. The time runs by the page's own steady counter,
 * so a computer clock that is off or is moved does not matter.
 */
export function runCountdowns(countdowns: readonly Countdown[]): RunningTime {
  let offset = Date.now() - performance.now();
  let timer = 0;

  function draw(): number {
    const now = offset + performance.now();
    for (const each of countdowns) {
      each.draw(now);
    }
    return now;
  }

  function tick(): void {
    timer = window.setTimeout(tick, 1000 - (draw() % 1000) + 5);
  }
  tick();

  return {
    set(now) {
      offset = now - performance.now();
      draw();
    },
    stop() {
      window.clearTimeout(timer);
    },
  };
}

function circle(className: string): SVGCircleElement {
  const made = document.createElementNS(svgSpace, 'circle');
  for (const [name, value] of Object.entries({ class: className, cx: '12', cy: '12', r: String(radius) })) {
    made.setAttribute(name, value);
  }
  return made;
}
