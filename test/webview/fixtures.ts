import type {
  DoneView,
  EnrolmentStrings,
  FailedView,
  NameView,
  ScanView,
  Snapshot,
  View,
} from '../../src/protocol/enrolment';

export const strings: EnrolmentStrings = {
  appTitle: 'Open an authenticator app on your phone',
  appText: 'Any app that shows time-based codes will do. In it, add an account and choose to scan a QR code.',
  appNames: {
    google: 'Google Authenticator',
    microsoft: 'Microsoft Authenticator',
    onepassword: '1Password',
    bitwarden: 'Bitwarden',
    duo: 'Duo Mobile',
    others: 'Others…',
  },
  scanTitle: 'Scan this QR code',
  qrLabel: 'QR code for {0}',
  appearsAs: 'Appears as',
  deviceName: 'Device name',
  changeName: 'Change…',
  changeNameHint: 'A new QR code will be made, and the one on screen stops working.',
  useName: 'Use This Name',
  keepName: 'Keep',
  nameRule: 'Use up to 128 letters, digits and + = , . @ _ - without spaces.',
  showKey: 'Show secret key',
  hideKey: 'Hide secret key',
  keyHint: 'to type it instead of scanning',
  secretKey: 'Secret key',
  copyKey: 'Copy',
  copied: 'Copied',
  onceNote: 'AWS shows this once. It stays in memory and is gone when you finish.',
  codesTitle: 'Enter two codes in a row',
  codesText: 'Type the code you see, wait for it to change, then type the next one.',
  code1: 'Code 1',
  code2: 'Code 2',
  countdown: 'Your app shows a new code in {0} s',
  submit: 'Enable MFA',
  submitting: 'Enabling MFA…',
  cancel: 'Cancel',
  cancelNote: 'Cancel leaves nothing behind in AWS.',
  phoneTitle: 'No phone at hand?',
  phoneShow: 'Show a practice phone',
  phoneHide: 'Hide the practice phone',
  phoneText: 'The practice account has one that has scanned this code.',
  phoneFill: 'Type This Code',
  next: 'What now',
  serial: 'Serial number',
  stepDone: 'done',
  stepCurrent: 'current step',
};

export const secretKey = 'QWERTYUIOPASDFGHJKLZXCVBNM234567QWERTYUIOPASDFGHJKLZXCVBNM234567';

/** The true time of a snapshot that has 17 seconds to go to the next code. */
export const seventeenSecondsLeft = 1_773_500_023_000;

export const scanning: ScanView = {
  kind: 'scan',
  enrolment: 1,
  otpauthUri: `otpauth://totp/Amazon%20Web%20Services:alice@acme-prod?secret=${secretKey}&issuer=Amazon%20Web%20Services`,
  secretKey,
  appearsAs: 'Amazon Web Services: alice@acme-prod',
  deviceName: 'alice',
  code1: '',
  code2: '',
  codesRevision: 0,
  field1: 'empty',
  field2: 'empty',
  canSubmit: false,
  busy: false,
  now: seventeenSecondsLeft,
};

export const firstCodeRight: ScanView = {
  ...scanning,
  code1: '482913',
  code2: '07',
  codesRevision: 1,
  field1: 'right',
  field2: 'partial',
  notice: { tone: 'ok', text: 'Code 1 is right. Your phone’s clock is 2 seconds behind, which is fine.' },
};

export const codeWrong: ScanView = {
  ...scanning,
  code1: '482913',
  code2: '482913',
  codesRevision: 2,
  field1: 'right',
  field2: 'wrong',
  notice: { tone: 'error', text: 'Code 2 is the same as Code 1. Wait until your app shows the next code.' },
};

export const bothRight: ScanView = {
  ...scanning,
  code1: '482913',
  code2: '071554',
  codesRevision: 3,
  field1: 'right',
  field2: 'right',
  canSubmit: true,
  notice: { tone: 'ok', text: 'Both codes are right.' },
};

export const enabling: ScanView = { ...bothRight, codesRevision: 4, busy: true };

export const phoneOffered: ScanView = { ...scanning, phone: {} };

export const phoneShown: ScanView = { ...scanning, phone: { code: '482913' } };

export const naming: NameView = {
  kind: 'name',
  name: 'alice-2',
  notice: {
    tone: 'warning',
    text: 'A device named alice was left unfinished in this account.',
    detail:
      'arn:aws:iam::123456789012:mfa/alice. Its secret key cannot be shown again: delete it, or choose another name.',
    actions: [{ id: 'deleteLeftover', label: 'Delete the Unfinished Device' }],
  },
};

export const done: DoneView = {
  kind: 'done',
  title: 'MFA is on for alice',
  text: 'Confirmed by AWS just now. The next sign-in asks for a code.',
  confirmed: true,
  device: { name: 'alice', kind: 'virtual device', serial: 'arn:aws:iam::123456789012:mfa/alice' },
  next: [
    {
      icon: 'add',
      text: 'Add a second device. IAM has no recovery codes; a second device is your way back in.',
      action: { id: 'addSecond', label: 'Add Device' },
    },
    {
      icon: 'sign-in',
      text: 'Sign in to the console with a code.',
      action: { id: 'openConsole', label: 'Open Console' },
    },
    { icon: 'info', text: 'Command-line tools ask for a code only where a policy or an MFA session requires one.' },
  ],
};

export const doneUnconfirmed: DoneView = {
  ...done,
  text: 'AWS accepted the device. Its list does not show it yet, which can take some seconds.',
  confirmed: false,
  notice: {
    tone: 'warning',
    text: 'Your phone’s clock is 52 seconds behind. Set it to automatic time, or a later code may be refused.',
  },
};

export const failed: FailedView = {
  kind: 'failed',
  title: 'MFA could not be enabled for alice',
  notice: {
    tone: 'error',
    text: 'Your credentials may not create a virtual MFA device.',
    detail: 'Ask whoever looks after the account for the permission below, then try again.',
  },
  remains: 'Nothing was made in AWS.',
  facts: [
    { label: 'Missing permission', value: 'iam:CreateVirtualMFADevice' },
    { label: 'On', value: 'arn:aws:iam::123456789012:mfa/alice' },
    { label: 'Request id', value: '7a62c49f-347e-4fc4-9331-6e8eEXAMPLE' },
  ],
  actions: [
    { id: 'retry', label: 'Try Again' },
    { id: 'openConsole', label: 'Open AWS Console' },
    { id: 'showLog', label: 'Show Log' },
  ],
};

/** Every view a person can meet, by name. */
export const views: Readonly<Record<string, View>> = {
  working: { kind: 'working', text: 'Creating a virtual MFA device for alice…' },
  naming,
  scanning,
  firstCodeRight,
  codeWrong,
  bothRight,
  enabling,
  phoneOffered,
  phoneShown,
  done,
  doneUnconfirmed,
  failed,
};

export function snapshot(view: View, more: Partial<Snapshot> = {}): Snapshot {
  return {
    strings,
    locale: 'en',
    header: {
      title: 'Enable MFA for alice',
      account: 'acme-prod · 1234-5678-9012',
      source: 'profile prod',
      badge:
        'phone' in view
          ? { text: 'Practice', tone: 'practice', title: 'Calls stay on this computer.' }
          : { text: 'AWS', tone: 'aws', title: 'Calls go to AWS.' },
    },
    view,
    ...more,
  };
}
