import type { DeviceCard } from '../../protocol/enrolment';
import { element, icon, setIcon, setText } from './dom';

/** A device in words, for whatever holds it: a card, or one of several to choose from. */
export interface DeviceFace {
  readonly content: readonly Node[];
  draw(device: DeviceCard): void;
}

/**
 * Makes it: icon, name and kind.
 * @param serialWord what to call the serial number; without it the number is not shown
 */
export function deviceFace(serialWord?: string): DeviceFace {
  const symbol = icon('device-mobile');
  const name = element('span', { class: 'device-name' });
  const kind = element('span', { class: 'muted' });
  const serial = element('span');
  const serialLine = element('span', { class: 'device-serial', hidden: '' }, [
    element('span', { class: 'visually-hidden' }, [`${serialWord ?? ''} `]),
    serial,
  ]);

  return {
    content: [
      symbol,
      element('span', { class: 'device-words' }, [
        element('span', { class: 'device-line' }, [name, ' ', kind]),
        ...(serialWord === undefined ? [] : [serialLine]),
      ]),
    ],
    draw(device) {
      setIcon(symbol, device.icon);
      setText(name, device.name);
      setText(kind, device.kind);
      setText(serial, device.serial);
      // A hardware token goes by its serial number: once is enough.
      serialLine.hidden = device.serial === device.name;
    },
  };
}
