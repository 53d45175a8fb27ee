/**
 * The messages between the editor and the page that takes two codes in a row: to enable a device, to replace one, to resync one.
 * The editor always sends the whole picture (`Snapshot`), never a change, so a page that was hidden and made anew
 * only has to say `ready`. Every text a person reads comes from the editor, already in the person's language.
 */

/** A message from the editor to the page. */
export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly snapshot: Snapshot;
}

/** All the page needs to draw itself. Holds the seed while a device is being enrolled: never store or log it. */
export interface Snapshot {
  readonly strings: EnrolmentStrings;
  /** BCP 47 tag for the page's `lang` attribute. */
  readonly locale: string;
  readonly header: Header;
  readonly view: View;
}

export interface Header {
  /** "Enable MFA for alice" */
  readonly title: string;
  /** Alias and account id, "acme-prod · 1234-5678-9012"; and the partition where it is not "aws". */
  readonly account: string;
  /** Where the credentials come from and who signs with them, "profile prod · role Admin". */
  readonly source: string;
  /** Where the calls go: AWS, the practice account, or another endpoint. `title` says it in a sentence. */
  readonly badge: { readonly text: string; readonly tone: 'aws' | 'practice' | 'endpoint'; readonly title: string };
}

export type View = WorkingView | NameView | ProveView | ScanView | CodesView | AskView | DoneView | FailedView;

/** AWS has been asked and has not answered yet. */
export interface WorkingView {
  readonly kind: 'working';
  readonly text: string;
}

/** The device cannot have the name that was tried: the person chooses. */
export interface NameView {
  readonly kind: 'name';
  /** Why the name cannot be used, and (where a leftover stands in the way) the action to delete it. */
  readonly notice: Notice;
  /** What the name field holds at first. */
  readonly name: string;
}

/** A device in words. */
export interface DeviceCard {
  readonly name: string;
  /** "virtual device", "hardware token", … */
  readonly kind: string;
  readonly serial: string;
  /** Name of a codicon. */
  readonly icon: 'device-mobile' | 'circuit-board' | 'key' | 'comment';
}

/**
 * AWS wants proof before this change: one code of a device that the person already has. The page takes `serial` and `code`
 * over when `codeRevision` is new to it, and only then.
 */
export interface ProveView {
  readonly kind: 'prove';
  readonly title: string;
  /** Why the code is asked for. */
  readonly text: string;
  /** The devices whose code will do, at least one. With one alone there is nothing to choose. */
  readonly devices: readonly DeviceCard[];
  readonly serial: string;
  readonly code: string;
  readonly codeRevision: number;
  readonly notice?: Notice;
  /** True while AWS is being asked; nothing can be changed then. */
  readonly busy: boolean;
  /** The best known true time, milliseconds since 1970, when this snapshot was made. */
  readonly now: number;
  /** See `TwoCodes`. */
  readonly phone?: { readonly code?: string };
  /** Other ways on, such as setting the device's clock right. */
  readonly others: readonly Action[];
}

/** What every view shares that asks for two codes in a row. */
export interface TwoCodes {
  /** Grows with every device and every question, so that a message about an earlier one is ignored. */
  readonly enrolment: number;
  /** What was typed so far. The page takes these over when `codesRevision` is new to it, and only then. */
  readonly code1: string;
  readonly code2: string;
  readonly codesRevision: number;
  readonly field1: FieldState;
  readonly field2: FieldState;
  /** What the codes typed so far mean. */
  readonly notice?: Notice;
  /** Why the last try came to nothing though the codes may be right: no sign-in, or no answer. What was typed stays. */
  readonly signIn?: Notice;
  /** True when both codes can work at AWS. */
  readonly canSubmit: boolean;
  /** True while AWS is being asked; nothing can be changed then. */
  readonly busy: boolean;
  /** The best known true time, milliseconds since 1970, when this snapshot was made. */
  readonly now: number;
  /** The practice account's phone: absent elsewhere; `code` absent while it is not shown. */
  readonly phone?: { readonly code?: string };
  /** Other kinds of device, or other ways on; shown as links in the first step. */
  readonly others: readonly Action[];
}

/** The device exists, unassigned: scan, then type two codes. */
export interface ScanView extends TwoCodes {
  readonly kind: 'scan';
  /** The address that the QR code holds. */
  readonly otpauthUri: string;
  /** The seed in base32, ungrouped. */
  readonly secretKey: string;
  /** What the authenticator app will show: "Amazon Web Services: alice@acme-prod". */
  readonly appearsAs: string;
  readonly deviceName: string;
  /** What Cancel does, in a sentence. */
  readonly cancelNote: string;
}

/** Two codes of a device that has no QR code to show: a hardware token to enable, or a device to resync. */
export interface CodesView extends TwoCodes {
  readonly kind: 'codes';
  readonly first: SerialStep | DeviceStep;
  /** How to get two codes in a row from this device. */
  readonly codesText: string;
  /** The button: "Enable MFA", "Resync". */
  readonly submit: string;
  readonly submitting: string;
  /** What Cancel does, in a sentence; empty where that goes without saying. */
  readonly cancelNote: string;
}

/** The first step of a token: its serial number is typed. */
export interface SerialStep {
  readonly kind: 'serial';
  readonly title: string;
  readonly text: string;
  /** Label of the field. */
  readonly label: string;
  /** The page takes this over when `serialRevision` is new to it, and only then. */
  readonly serial: string;
  readonly serialRevision: number;
  /** Said below the field: the form, or what is wrong with what was typed. */
  readonly hint: string;
  readonly wrong: boolean;
  /** Practice account only: fills in a token that AWS "knows". */
  readonly practice?: Action;
}

/** The first step of a resync: which device it is about. */
export interface DeviceStep {
  readonly kind: 'device';
  readonly title: string;
  readonly text: string;
  readonly device: DeviceCard;
}

/** Something has to be decided before the work can go on. */
export interface AskView {
  readonly kind: 'ask';
  readonly title: string;
  readonly notice: Notice;
  /** The first is the one to take; `cancel` among them. */
  readonly actions: readonly Action[];
}

export type FieldState = 'empty' | 'partial' | 'right' | 'wrong';

/** AWS has done what was asked. */
export interface DoneView {
  readonly kind: 'done';
  /** "MFA is on for alice" */
  readonly title: string;
  /** How that is known, and what changes for the user. */
  readonly text: string;
  /** False while AWS's own list does not show the device yet. */
  readonly confirmed: boolean;
  readonly device: DeviceCard;
  readonly next: readonly NextStep[];
  /** A warning that belongs to the result, such as a phone whose clock is off. */
  readonly notice?: Notice;
}

export interface NextStep {
  /** Name of a codicon. */
  readonly icon: 'key' | 'add' | 'cloud-upload' | 'sign-in' | 'info' | 'trash';
  readonly text: string;
  readonly action?: Action;
}

/** It did not work, and what is true in AWS now. */
export interface FailedView {
  readonly kind: 'failed';
  readonly title: string;
  readonly notice: Notice;
  /** What is left in AWS, in a sentence. */
  readonly remains: string;
  /** Rows such as "Missing permission" / "iam:CreateVirtualMFADevice" or "Request id" / "…". */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly actions: readonly Action[];
}

export interface Notice {
  readonly tone: 'info' | 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly detail?: string;
  readonly actions?: readonly Action[];
}

export interface Action {
  readonly id: ActionId;
  readonly label: string;
}

export const actionIds = [
  'cancel',
  'close',
  'copyKey',
  'deleteLeftover',
  'retry',
  'showLog',
  'addSecond',
  'openConsole',
  /** Enrol another kind of device instead. */
  'useToken',
  'useApp',
  'usePasskey',
  /** Fill in a serial number of the practice account's. */
  'practiceToken',
  /** Set the chosen device's clock right. */
  'resync',
  /** Replace: remove the old device now. */
  'removeOld',
  /** Run the command that renews the sign-in; which one that is the editor knows. */
  'renewSignIn',
] as const;
export type ActionId = (typeof actionIds)[number];

/** Authenticator apps the page links to; the editor knows the addresses. */
export const appIds = ['google', 'microsoft', 'onepassword', 'bitwarden', 'duo', 'others'] as const;
export type AppId = (typeof appIds)[number];

/** A message from the page to the editor. */
export type PageMessage =
  | { readonly type: 'ready' }
  /** Sent at every change of a code field; each code is up to six digits. */
  | { readonly type: 'codes'; readonly enrolment: number; readonly code1: string; readonly code2: string }
  | { readonly type: 'submit'; readonly enrolment: number; readonly code1: string; readonly code2: string }
  /** Sent at every change of the serial number of a token. */
  | { readonly type: 'serial'; readonly enrolment: number; readonly serial: string }
  /** The device chosen in `ProveView`, at a change of the choice. */
  | { readonly type: 'proofDevice'; readonly serial: string }
  /** The code is whole and sent: of the device chosen in `ProveView`. */
  | { readonly type: 'prove'; readonly serial: string; readonly code: string }
  /** Make the device with this name (in place of the one on screen, if any). */
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'app'; readonly id: AppId }
  | { readonly type: 'phone'; readonly shown: boolean }
  | { readonly type: 'action'; readonly id: ActionId };

/** Fixed texts of the page. `{0}` stands for a value that the page fills in. */
export interface EnrolmentStrings {
  readonly appTitle: string;
  readonly appText: string;
  readonly appNames: Readonly<Record<AppId, string>>;
  readonly scanTitle: string;
  /** Accessible name of the QR image; begins with "QR code". `{0}`: what the app will show. */
  readonly qrLabel: string;
  readonly appearsAs: string;
  readonly deviceName: string;
  readonly changeName: string;
  /** Says that a new QR code will be made and the one on screen stops working. */
  readonly changeNameHint: string;
  readonly useName: string;
  readonly keepName: string;
  /** Said when the typed name is not one IAM takes. */
  readonly nameRule: string;
  readonly showKey: string;
  readonly hideKey: string;
  readonly keyHint: string;
  readonly secretKey: string;
  readonly copyKey: string;
  readonly copied: string;
  readonly onceNote: string;
  readonly codesTitle: string;
  readonly codesText: string;
  readonly code1: string;
  readonly code2: string;
  /** Label of the one code of `ProveView`. */
  readonly oneCode: string;
  readonly prove: string;
  readonly proving: string;
  /** Label of the choice of devices in `ProveView`. */
  readonly proofDevices: string;
  /** `{0}`: whole seconds. Empty where nobody knows when the device shows its next code. */
  readonly countdown: string;
  readonly submit: string;
  readonly submitting: string;
  readonly cancel: string;
  readonly phoneTitle: string;
  readonly phoneShow: string;
  readonly phoneHide: string;
  readonly phoneText: string;
  readonly phoneFill: string;
  readonly next: string;
  readonly serial: string;
  /** State of a step, for a screen reader. */
  readonly stepDone: string;
  readonly stepCurrent: string;
}

const sixDigitsAtMost = /^\d{0,6}$/;

/** No serial number of AWS's is longer (iam-facts 1.1). */
const longestSerial = 256;

function isSerialText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestSerial;
}

/**
 * Checks what the page sent. A page can be made to send anything, so nothing is taken on trust.
 * @returns the message, or undefined where it is not one
 */
export function parsePageMessage(value: unknown): PageMessage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) {
    return undefined;
  }
  const message = value as Readonly<Record<string, unknown>>;
  switch (message['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'codes':
    case 'submit': {
      const { type, enrolment, code1, code2 } = message;
      const wellFormed =
        Number.isSafeInteger(enrolment) &&
        typeof code1 === 'string' &&
        sixDigitsAtMost.test(code1) &&
        typeof code2 === 'string' &&
        sixDigitsAtMost.test(code2);
      return wellFormed ? { type, enrolment: enrolment as number, code1, code2 } : undefined;
    }
    case 'serial': {
      const { enrolment, serial } = message;
      return Number.isSafeInteger(enrolment) && isSerialText(serial)
        ? { type: 'serial', enrolment: enrolment as number, serial }
        : undefined;
    }
    case 'proofDevice': {
      const serial = message['serial'];
      return isSerialText(serial) ? { type: 'proofDevice', serial } : undefined;
    }
    case 'prove': {
      const { serial, code } = message;
      return isSerialText(serial) && typeof code === 'string' && /^\d{6}$/.test(code)
        ? { type: 'prove', serial, code }
        : undefined;
    }
    case 'name': {
      const name = message['name'];
      return typeof name === 'string' && name.length <= 512 ? { type: 'name', name } : undefined;
    }
    case 'app': {
      const id = appIds.find((known) => known === message['id']);
      return id && { type: 'app', id };
    }
    case 'phone': {
      const shown = message['shown'];
      return typeof shown === 'boolean' ? { type: 'phone', shown } : undefined;
    }
    case 'action': {
      const id = actionIds.find((known) => known === message['id']);
      return id && { type: 'action', id };
    }
    default:
      return undefined;
  }
}
