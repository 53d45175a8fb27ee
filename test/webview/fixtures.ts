import type {
  AskView,
  CodesView,
  DeviceCard,
  DeviceStep,
  DoneView,
  EnrolmentStrings,
  FailedView,
  Header,
  NameView,
  Notice,
  ProveView,
  ScanView,
  SerialStep,
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
  oneCode: 'Code',
  prove: 'Continue',
  proving: 'Asking AWS…',
  proofDevices: 'Device',
  countdown: 'Your app shows a new code in {0} s',
  submit: 'Enable MFA',
  submitting: 'Enabling MFA…',
  cancel: 'Cancel',
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
  cancelNote: 'Cancel leaves nothing behind in AWS.',
  code1: '',
  code2: '',
  codesRevision: 0,
  field1: 'empty',
  field2: 'empty',
  canSubmit: false,
  busy: false,
  now: seventeenSecondsLeft,
  others: [],
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

const signInRunOut: Notice = {
  tone: 'warning',
  text: 'Your sign-in has run out. Nothing was changed in AWS, and nothing here is lost.',
  detail: 'Renew it by “aws sso login --profile prod”. Then press Enable MFA again.',
  actions: [{ id: 'renewSignIn', label: 'Renew Sign-In' }],
};

/** The sign-in ran out while both codes were on their way. */
export const signInLost: ScanView = {
  ...bothRight,
  codesRevision: 5,
  cancelNote: 'Unless you have signed in again, Cancel leaves the new device unfinished in AWS.',
  signIn: signInRunOut,
};

/** The same, where no command renews it, and the codes have grown too old. */
export const signInLostTooOld: ScanView = {
  ...signInLost,
  field1: 'wrong',
  field2: 'wrong',
  canSubmit: false,
  notice: { tone: 'warning', text: 'These codes have grown too old.', detail: 'Type two new codes in a row.' },
  signIn: {
    tone: 'warning',
    text: 'No credentials were found for this choice. Nothing was changed in AWS, and nothing here is lost.',
    detail: 'Sign in again the way you usually do. Then press Enable MFA again.',
  },
};

export const phoneOffered: ScanView = { ...scanning, phone: {} };

export const phoneShown: ScanView = { ...scanning, phone: { code: '482913' } };

export const otherKinds: ScanView = {
  ...scanning,
  others: [
    { id: 'useToken', label: 'Use a hardware token instead' },
    { id: 'usePasskey', label: 'Use a passkey or security key instead' },
  ],
};

export const phoneDevice: DeviceCard = {
  name: 'alice',
  kind: 'virtual device',
  serial: 'arn:aws:iam::123456789012:mfa/alice',
  icon: 'device-mobile',
};

export const tokenDevice: DeviceCard = {
  name: 'GAHT12345678',
  kind: 'hardware token',
  serial: 'GAHT12345678',
  icon: 'circuit-board',
};

export const serialStep: SerialStep = {
  kind: 'serial',
  title: 'Type the token’s serial number',
  text: 'It is printed on the back of the token.',
  label: 'Serial number',
  serial: '',
  serialRevision: 0,
  hint: 'Such as GAHT12345678, exactly as it is printed.',
  wrong: false,
};

/** A hardware token to enable. */
export const tokenAsked: CodesView = {
  kind: 'codes',
  first: serialStep,
  enrolment: 1,
  codesText: 'Press the token’s button and type the code. Wait until it shows another one, and type that too.',
  code1: '',
  code2: '',
  codesRevision: 0,
  field1: 'empty',
  field2: 'empty',
  canSubmit: false,
  busy: false,
  now: seventeenSecondsLeft,
  others: [{ id: 'useApp', label: 'Use an authenticator app instead' }],
  submit: 'Enable Token',
  submitting: 'Enabling the token…',
  cancelNote: '',
};

export const tokenWrong: CodesView = {
  ...tokenAsked,
  first: {
    ...serialStep,
    serial: 'GAHT 1234',
    serialRevision: 1,
    hint: 'A serial number has no spaces.',
    wrong: true,
  },
};

export const tokenReady: CodesView = {
  ...tokenAsked,
  first: { ...serialStep, serial: 'GAHT12345678', serialRevision: 2 },
  code1: '482913',
  code2: '071554',
  codesRevision: 3,
  field1: 'partial',
  field2: 'partial',
  canSubmit: true,
};

export const tokenEnabling: CodesView = { ...tokenReady, codesRevision: 4, busy: true };

export const tokenPractice: CodesView = {
  ...tokenAsked,
  first: { ...serialStep, practice: { id: 'practiceToken', label: 'Use a Practice Token' } },
  phone: {},
};

export const tokenSignInLost: CodesView = { ...tokenReady, signIn: signInRunOut };

const resyncStep: DeviceStep = {
  kind: 'device',
  title: 'Take this device',
  text: 'Its clock and AWS’s are apart. Two codes in a row tell AWS by how much.',
  device: phoneDevice,
};

/** A device whose clock is to be set right. */
export const resyncing: CodesView = {
  ...tokenAsked,
  first: resyncStep,
  codesText: strings.codesText,
  others: [],
  submit: 'Resync',
  submitting: 'Asking AWS…',
  cancelNote: 'Cancel changes nothing in AWS.',
};

export const resyncWrong: CodesView = {
  ...resyncing,
  code1: '482913',
  code2: '482913',
  codesRevision: 2,
  field1: 'partial',
  field2: 'wrong',
  notice: { tone: 'error', text: 'Code 2 is the same as Code 1. Wait until your app shows the next code.' },
};

export const resyncSignInLost: CodesView = {
  ...resyncing,
  code1: '482913',
  code2: '071554',
  codesRevision: 3,
  field1: 'partial',
  field2: 'partial',
  canSubmit: true,
  signIn: signInRunOut,
};

export const resyncPractice: CodesView = { ...resyncing, phone: { code: '482913' } };

/** One code of one of two devices. */
export const proving: ProveView = {
  kind: 'prove',
  title: 'Show that it is you',
  text: 'This account lets you change MFA devices only after a code of one that you have.',
  devices: [phoneDevice, tokenDevice],
  serial: phoneDevice.serial,
  code: '',
  codeRevision: 0,
  busy: false,
  now: seventeenSecondsLeft,
  others: [{ id: 'resync', label: 'AWS refuses every code? Set the device’s clock right' }],
};

export const proofRefused: ProveView = {
  ...proving,
  serial: tokenDevice.serial,
  codeRevision: 1,
  notice: {
    tone: 'error',
    text: 'AWS did not take this code.',
    detail: 'Each code works once. Wait until the device shows the next one.',
  },
};

export const proofAsked: ProveView = { ...proving, code: '482913', codeRevision: 2, busy: true };

export const proofSignInLost: ProveView = { ...proving, notice: signInRunOut };

export const proofPractice: ProveView = {
  ...proving,
  devices: [phoneDevice],
  phone: { code: '482913' },
  others: [],
};

export const asking: AskView = {
  kind: 'ask',
  title: 'Remove the old device now?',
  notice: {
    tone: 'warning',
    text: 'The new device works. The old one, alice, can still be used to sign in.',
    detail: 'AWS takes away the sessions that were begun with it when they end.',
  },
  actions: [
    { id: 'removeOld', label: 'Remove the Old Device' },
    { id: 'cancel', label: 'Keep Both' },
  ],
};

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
  device: phoneDevice,
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

export const doneToken: DoneView = {
  ...done,
  device: tokenDevice,
  next: [
    {
      icon: 'trash',
      text: 'The old device still works. Remove it when you have used the new one once.',
      action: { id: 'removeOld', label: 'Remove' },
    },
  ],
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

/** No device could be made, for want of a sign-in. */
export const failedSignInLost: FailedView = {
  ...failed,
  notice: {
    tone: 'error',
    text: 'Your sign-in has run out.',
    detail: 'Renew it by “aws sso login --profile prod”. Then try again.',
  },
  actions: [
    { id: 'renewSignIn', label: 'Renew Sign-In' },
    { id: 'retry', label: 'Try Again' },
    { id: 'close', label: 'Close' },
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
  signInLost,
  signInLostTooOld,
  phoneOffered,
  phoneShown,
  otherKinds,
  tokenAsked,
  tokenWrong,
  tokenReady,
  tokenEnabling,
  tokenPractice,
  tokenSignInLost,
  resyncing,
  resyncWrong,
  resyncPractice,
  resyncSignInLost,
  proving,
  proofRefused,
  proofAsked,
  proofPractice,
  proofSignInLost,
  asking,
  done,
  doneUnconfirmed,
  doneToken,
  failed,
  failedSignInLost,
};

/** Where the calls go to a server that is not AWS's, of another partition, with a role. */
export const elsewhere: Header = {
  title: 'Enable MFA for alice',
  account: 'acme-prod · 1234-5678-9012 · aws-cn',
  source: 'profile prod · role Admin',
  badge: {
    text: 'Not AWS: localhost:4566',
    tone: 'endpoint',
    title: 'Calls go to http://localhost:4566, which the profile or the environment names.',
  },
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
