import { env, l10n } from 'vscode';
import type { Caller } from '../core/account';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { EnrolmentStrings, Header, Snapshot } from '../protocol/enrolment';
import { enrolmentView, nameRule, submitWords } from './enrolmentView';
import type { PanelFacts, PanelWork } from './panelFacts';
import { resyncView } from './resyncView';
import { accountLabel, hostOf, sourceLabel } from './words';

/** The whole picture that the page draws. */
export function panelSnapshot(work: PanelWork, facts: PanelFacts): Snapshot {
  const account = work.kind === 'enrol' ? work.enrolment.account : work.resync.account;
  return {
    strings: pageStrings(work),
    locale: env.language,
    header: header(account, facts),
    view: work.kind === 'enrol' ? enrolmentView(work.enrolment, facts) : resyncView(work.resync, facts),
  };
}

function header(account: AccountSnapshot, facts: PanelFacts): Header {
  const { partition } = account.caller;
  return {
    title: facts.title,
    account: partition === 'aws' ? accountLabel(account) : `${accountLabel(account)} · ${partition}`,
    // The badge says already that this is the practice account.
    source: facts.practice
      ? l10n.t('signed in as {0}', account.caller.userName ?? account.caller.arn)
      : `${sourceLabel(facts.source)} · ${actsAs(account.caller)}`,
    badge: facts.practice
      ? {
          text: l10n.t('Practice account'),
          tone: 'practice',
          title: l10n.t('A made-up account on this computer. Nothing here reaches AWS.'),
        }
      : facts.endpoint === undefined
        ? { text: 'AWS', tone: 'aws', title: l10n.t('Calls go to AWS itself.') }
        : {
            text: l10n.t('Not AWS: {0}', hostOf(facts.endpoint)),
            tone: 'endpoint',
            title: l10n.t('Calls go to {0}, which the profile or the environment names.', facts.endpoint),
          },
  };
}

/** @returns who signs the calls: "user alice", "role Admin", or the ARN where it is neither */
function actsAs({ arn, userName }: Caller): string {
  // arn:aws:sts::123456789012:assumed-role/Admin/session
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return userName !== undefined
    ? l10n.t('user {0}', userName)
    : role !== undefined
      ? l10n.t('role {0}', role)
      : arn.endsWith(':root')
        ? l10n.t('root user')
        : arn;
}

function pageStrings(work: PanelWork): EnrolmentStrings {
  return {
    appTitle: l10n.t('Get an authenticator app'),
    appText: l10n.t('Any app that shows time-based codes will do. In it, press + and choose to scan a QR code.'),
    appNames: {
      google: 'Google Authenticator',
      microsoft: 'Microsoft Authenticator',
      onepassword: '1Password',
      bitwarden: 'Bitwarden',
      duo: 'Duo Mobile',
      others: l10n.t('What AWS lists…'),
    },
    scanTitle: l10n.t('Scan this QR code'),
    qrLabel: l10n.t('QR code for {0}. Show the secret key to type it instead.', '{0}'),
    appearsAs: l10n.t('Appears as'),
    deviceName: l10n.t('Device name'),
    changeName: l10n.t('Change…'),
    changeNameHint: l10n.t('A new device and a new QR code are made; the one on screen is deleted.'),
    useName: l10n.t('Use This Name'),
    keepName: l10n.t('Keep the Name'),
    nameRule: nameRule(),
    showKey: l10n.t('Show secret key'),
    hideKey: l10n.t('Hide secret key'),
    keyHint: l10n.t('to type it instead of scanning'),
    secretKey: l10n.t('Secret key'),
    copyKey: l10n.t('Copy'),
    copied: l10n.t('Copied. It is taken off the clipboard again in a minute.'),
    onceNote: l10n.t('AWS shows this once. It stays in memory and is gone when you finish.'),
    codesTitle: l10n.t('Enter two codes in a row'),
    codesText: l10n.t('Type the code you see, wait for it to change, then type the next one.'),
    code1: l10n.t('Code 1'),
    code2: l10n.t('Code 2'),
    countdown: changesOnTime(work) ? l10n.t('New code in {0} s', '{0}') : '',
    oneCode: l10n.t('Code'),
    prove: l10n.t('Continue'),
    proving: l10n.t('Asking AWS…'),
    proofDevices: l10n.t('Your device'),
    submit: work.kind === 'enrol' ? submitWords(work.enrolment) : l10n.t('Resync'),
    submitting: l10n.t('Asking AWS…'),
    cancel: l10n.t('Cancel'),
    ...practiceStrings(work),
    phoneFill: l10n.t('Type This Code'),
    next: l10n.t('What now'),
    serial: l10n.t('Serial number'),
    stepDone: l10n.t('done'),
    stepCurrent: l10n.t('now'),
  };
}

/** Whether the codes that are asked for change at the full half minute, as an app's do. */
function changesOnTime(work: PanelWork): boolean {
  return work.kind === 'enrol' && work.enrolment.state.kind !== 'token';
}

/** Of the phone, or the token, that the practice account shows on the page. */
function practiceStrings(
  work: PanelWork,
): Pick<EnrolmentStrings, 'phoneTitle' | 'phoneShow' | 'phoneHide' | 'phoneText'> {
  return work.kind === 'enrol' && work.enrolment.state.kind === 'token'
    ? {
        phoneTitle: l10n.t('No token at hand?'),
        phoneShow: l10n.t('Show a Practice Token'),
        phoneHide: l10n.t('Hide the Token'),
        phoneText: l10n.t('The practice account has one that shows its codes here.'),
      }
    : {
        phoneTitle: l10n.t('No phone at hand?'),
        phoneShow: l10n.t('Show a Practice Phone'),
        phoneHide: l10n.t('Hide the Phone'),
        phoneText: l10n.t('The practice account has one that shows what an authenticator app would show.'),
      };
}
