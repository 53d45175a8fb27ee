import type { AccountSource } from '../core/account';
import type { PracticeHelp } from '../core/connection';
import { deviceName, type Device } from '../core/device';
import type { Enrolment } from '../core/enrolment';
import type { Problem } from '../core/problem';
import type { Resync } from '../core/resync';
import type { DeviceCard, TwoCodes } from '../protocol/enrolment';
import { deviceIconName, deviceKindLabel } from './words';

/** The work that a panel is about. */
export type PanelWork =
  { readonly kind: 'enrol'; readonly enrolment: Enrolment } | { readonly kind: 'resync'; readonly resync: Resync };

/** What the panel knows beside the work itself. */
export interface PanelFacts {
  readonly title: string;
  readonly source: AccountSource;
  readonly endpoint?: string;
  readonly practice?: PracticeHelp;
  readonly code1: string;
  readonly code2: string;
  readonly codesRevision: number;
  /** Grows when the serial number of a token is put in for the person. */
  readonly serialRevision: number;
  /** The device chosen to prove, where one was. */
  readonly proofSerial?: string;
  readonly proofRevision: number;
  readonly phoneShown: boolean;
}

/** @returns what the phone or token shows now; for the practice account, where it is shown at all */
export function practiceCode(work: PanelWork, facts: PanelFacts): string | undefined {
  if (!facts.phoneShown) {
    return undefined;
  }
  if (work.kind === 'resync') {
    return facts.practice?.codeShownBy(work.resync.device.serial);
  }
  const { state } = work.enrolment;
  switch (state.kind) {
    case 'ready':
      return work.enrolment.currentCode();
    case 'token':
      return facts.practice?.codeShownBy(state.serial);
    case 'proving':
      return facts.practice?.codeShownBy(proofSerial(state.devices, facts));
    default:
      return undefined;
  }
}

/** @returns the practice phone as the page is told of it */
export function phone(work: PanelWork, facts: PanelFacts): Pick<TwoCodes, 'phone'> {
  const code = practiceCode(work, facts);
  return facts.practice ? { phone: code === undefined ? {} : { code } } : {};
}

/** @returns the words of the command that renews the sign-in; undefined where what is on screen is not for want of one */
export function renewalOf(work: PanelWork): readonly string[] | undefined {
  return problemsOf(work).find((problem) => problem?.renewal)?.renewal;
}

/** Whatever may be on screen as the reason why it does not go on. */
function problemsOf(work: PanelWork): readonly (Problem | undefined)[] {
  if (work.kind === 'resync') {
    const { state } = work.resync;
    return state.kind === 'ready' ? [state.setback?.problem] : [];
  }
  const { state, mfa } = work.enrolment;
  switch (state.kind) {
    case 'proving':
    case 'failed':
      return [state.problem];
    case 'naming':
      return ['problem' in state.why ? state.why.problem : undefined];
    case 'ready':
    case 'token':
      return [state.setback?.problem];
    case 'cancelled':
      return ['problem' in state.remains ? state.remains.problem : undefined];
    case 'done':
      return [
        state.old && 'problem' in state.old.removal ? state.old.removal.problem : undefined,
        mfa?.kind === 'unknown' ? mfa.problem : undefined,
      ];
    default:
      return [];
  }
}

/** @returns a device as the page shows it */
export function deviceCard({ serial }: Device): DeviceCard {
  return { name: deviceName(serial), kind: deviceKindLabel(serial), serial, icon: deviceIconName(serial) };
}

/** @returns the device that proves: the one chosen, or else the first */
export function proofSerial(devices: readonly Device[], { proofSerial: chosen }: PanelFacts): string {
  return (devices.find(({ serial }) => serial === chosen) ?? devices[0])?.serial ?? '';
}
