import type { DeviceCard } from '../../protocol/enrolment';
import { deviceFace } from './deviceFace';
import { differs, element, setUsable } from './dom';

/** One device out of several. */
export interface DeviceChoice {
  readonly element: HTMLElement;
  /** Draws the devices. What is chosen stays, where it is still among them. */
  update(devices: readonly DeviceCard[], busy: boolean): void;
  choose(serial: string): void;
  chosen(): DeviceCard | undefined;
}

/**
 * Makes the choice: native radio buttons, so the keys do what they do everywhere; one device alone is just shown.
 * @param onChoose called when a person chose
 */
export function deviceChoice(label: string, onChoose: (serial: string) => void): DeviceChoice {
  const place = element('div');
  const areNew = differs();
  let shown: readonly DeviceCard[] = [];
  let radios: readonly HTMLInputElement[] = [];
  let wanted = '';
  let busyNow = false;

  function chosen(): DeviceCard | undefined {
    return shown.find(({ serial }) => serial === wanted) ?? shown[0];
  }

  function check(): void {
    const serial = chosen()?.serial;
    for (const radio of radios) {
      radio.checked = radio.value === serial;
    }
  }

  function faceOf(device: DeviceCard): readonly Node[] {
    const face = deviceFace();
    face.draw(device);
    return face.content;
  }

  function radioFor({ serial }: DeviceCard): HTMLInputElement {
    const radio = element('input', { type: 'radio', name: 'proof-device', value: serial, class: 'choice-input' });
    radio.addEventListener('change', () => {
      wanted = serial;
      onChoose(serial);
    });
    return radio;
  }

  function build(devices: readonly DeviceCard[]): void {
    const hadFocus = place.contains(document.activeElement);
    shown = devices;
    const [only] = devices;
    if (only && devices.length === 1) {
      radios = [];
      place.replaceChildren(element('div', { class: 'card device' }, faceOf(only)));
      return;
    }
    const choices = devices.map((device) => ({ device, radio: radioFor(device) }));
    radios = choices.map(({ radio }) => radio);
    place.replaceChildren(
      element('fieldset', { class: 'choices' }, [
        element('legend', { class: 'label' }, [label]),
        ...choices.map(({ device, radio }) =>
          element('label', { class: 'card device choice' }, [
            radio,
            element('span', { class: 'choice-mark' }),
            ...faceOf(device),
          ]),
        ),
      ]),
    );
    check();
    if (hadFocus) {
      radios.find((radio) => radio.checked)?.focus();
    }
  }

  // While AWS is asked nothing is chosen. `disabled` would take the focus away; an arrow key clicks too.
  place.addEventListener('click', (event) => {
    if (busyNow) {
      event.preventDefault();
    }
  });

  return {
    element: place,
    update(devices, busy) {
      busyNow = busy;
      if (areNew(devices)) {
        build(devices);
      }
      for (const radio of radios) {
        setUsable(radio, !busy);
      }
    },
    choose(serial) {
      wanted = serial;
      check();
    },
    chosen,
  };
}
