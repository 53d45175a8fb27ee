import { env, l10n } from 'vscode';
import type { AccountSource } from '../core/account';
import type { CodesVerdict, PhoneClock } from '../core/codes';
import { deviceName } from '../core/device';
import type { AccountSnapshot } from '../core/directory';
import type { Enrolment, EnrolmentState, NameReason, Remains, Setback } from '../core/enrolment';
import type { Problem } from '../core/problem';
import type {
  Action,
  EnrolmentStrings,
  FailedView,
  FieldState,
  Header,
  NextStep,
  Notice,
  ScanView,
  Snapshot,
  View,
} from '../protocol/enrolment';
import { accountLabel, deviceKindLabel, problemWords, sourceLabel } from './words';

/** What the panel knows beside the enrolment itself. */
export interface PanelFacts {
  readonly source: AccountSource;
  readonly endpoint?: string;
  readonly practice: boolean;
  readonly code1: string;
  readonly code2: string;
  readonly codesRevision: number;
  readonly phoneShown: boolean;
}

/** The whole picture that the page draws. */
export function enrolmentSnapshot(enrolment: Enrolment, facts: PanelFacts): Snapshot {
  return {
    strings: pageStrings(),
    locale: env.language,
    header: header(enrolment.userName, enrolment.account, facts),
    view: view(enrolment, facts),
  };
}

export function panelTitle(userName: string): string {
  return l10n.t('Enable MFA for {0}', userName);
}

function header(userName: string, account: AccountSnapshot, facts: PanelFacts): Header {
  return {
    title: panelTitle(userName),
    account: accountLabel(account),
    // The badge says already that this is the practice account.
    source: facts.practice ? l10n.t('signed in as {0}', callerName(account)) : sourceLabel(facts.source),
    badge: facts.practice
      ? {
          text: l10n.t('Practice account'),
          tone: 'practice',
          title: l10n.t('A made-up account on this computer. Nothing here reaches AWS.'),
        }
      : facts.endpoint === undefined
        ? { text: 'AWS', tone: 'aws', title: l10n.t('Calls go to AWS itself.') }
        : {
            text: l10n.t('Not AWS: {0}', host(facts.endpoint)),
            tone: 'endpoint',
            title: l10n.t('Calls go to {0}, which the profile or the environment names.', facts.endpoint),
          },
  };
}

function callerName({ caller }: AccountSnapshot): string {
  return caller.userName ?? caller.arn;
}

function host(url: string): string {
  return /^[a-z]+:\/\/([^/]+)/i.exec(url)?.[1] ?? url;
}

function view(enrolment: Enrolment, facts: PanelFacts): View {
  const { state, userName } = enrolment;
  switch (state.kind) {
    case 'making':
      return { kind: 'working', text: l10n.t('Asking AWS for a virtual MFA device named {0}…', state.name) };
    case 'naming':
      return { kind: 'name', notice: nameNotice(state.why), name: state.suggestion };
    case 'ready':
      return scanView(enrolment, state, facts);
    case 'done':
      return {
        kind: 'done',
        title: l10n.t('MFA is on for {0}', userName),
        text: state.confirmed
          ? l10n.t('Confirmed by AWS just now. The next sign-in to the console asks for a code.')
          : l10n.t(
              'AWS accepted the device. Its list does not show it yet, which can take a little while; refresh in a minute.',
            ),
        confirmed: state.confirmed,
        device: {
          name: state.device.name,
          kind: deviceKindLabel(state.device.serial),
          serial: state.device.serial,
        },
        next: nextSteps(userName, enrolment.account.caller.userName === userName),
        ...doneNotice(state.verdict),
      };
    case 'failed':
      return failedView(l10n.t('MFA is not on for {0}', userName), state.problem, state.remains, true);
    case 'cancelled':
      return state.remains.kind === 'device'
        ? failedView(l10n.t('Cancelled, but a device is left'), state.remains.problem, state.remains, false)
        : { kind: 'working', text: l10n.t('Cancelled.') };
  }
}

type ReadyState = Extract<EnrolmentState, { kind: 'ready' }>;

function scanView(enrolment: Enrolment, state: ReadyState, facts: PanelFacts): ScanView {
  const { device, verdict } = state;
  const { account } = enrolment;
  const notice = state.enabling
    ? undefined
    : state.setback
      ? setbackNotice(state.setback)
      : codesNotice(verdict, facts.code1, facts.code2);
  const code = facts.phoneShown ? enrolment.currentCode() : undefined;
  return {
    kind: 'scan',
    enrolment: device.count,
    otpauthUri: device.uri,
    secretKey: device.seed,
    appearsAs: `Amazon Web Services: ${device.name}@${account.alias ?? account.caller.accountId}`,
    deviceName: device.name,
    code1: facts.code1,
    code2: facts.code2,
    codesRevision: facts.codesRevision,
    field1: fieldState(1, facts.code1, verdict),
    field2: fieldState(2, facts.code2, verdict),
    ...(notice && { notice }),
    canSubmit: verdict.kind === 'right',
    busy: state.enabling,
    now: enrolment.now(),
    ...(facts.practice && { phone: code === undefined ? {} : { code } }),
  };
}

function fieldState(which: 1 | 2, code: string, verdict: CodesVerdict): FieldState {
  if (code.length < 6) {
    return code === '' ? 'empty' : 'partial';
  }
  switch (verdict.kind) {
    case 'nothing':
      return 'partial';
    case 'half':
      return verdict.which === which ? 'right' : 'partial';
    case 'unknown':
      return verdict.which === 'both' || verdict.which === which ? 'wrong' : 'right';
    case 'same':
    case 'notAdjacent':
      return which === 1 ? 'right' : 'wrong';
    case 'reversed':
    case 'tooOld':
      return 'wrong';
    case 'right':
      return 'right';
  }
}

function codesNotice(verdict: CodesVerdict, code1: string, code2: string): Notice | undefined {
  switch (verdict.kind) {
    case 'nothing':
      return undefined;
    case 'half': {
      const clock = clockWords(verdict.clock);
      return verdict.which === 1
        ? {
            tone: 'ok',
            text: l10n.t('Code 1 is right. Wait until your app shows the next one.'),
            ...(clock && { detail: clock }),
          }
        : {
            tone: 'info',
            text: l10n.t('Code 2 is right. Type the code before it as code 1.'),
            ...(clock && { detail: clock }),
          };
    }
    case 'unknown':
      return {
        tone: 'error',
        text:
          verdict.which === 'both'
            ? l10n.t('Neither code belongs to this QR code.')
            : verdict.which === 1
              ? l10n.t('Code 1 does not belong to this QR code.')
              : l10n.t('Code 2 does not belong to this QR code.'),
        detail: l10n.t(
          'Look for a typing mistake, and check that you read the entry that was made by scanning this QR code.',
        ),
      };
    case 'same':
      return {
        tone: 'warning',
        text: l10n.t('You typed the same code twice.'),
        detail: l10n.t('Wait until your app shows a new one, then type that as code 2.'),
      };
    case 'reversed':
      return {
        tone: 'error',
        text: l10n.t('The codes are in the wrong order.'),
        detail: l10n.t('The older one, {0}, belongs in code 1 and {1} in code 2.', code2, code1),
      };
    case 'notAdjacent':
      return {
        tone: 'error',
        text:
          verdict.between === 1
            ? l10n.t('These codes do not follow each other: one code lies between them.')
            : l10n.t('These codes do not follow each other: {0} codes lie between them.', verdict.between),
        detail: l10n.t('Type two codes that your app shows one right after the other.'),
      };
    case 'tooOld':
      return {
        tone: 'warning',
        text: l10n.t('These codes have grown too old.'),
        detail: l10n.t('AWS would take your phone’s clock to be slow. Type two new codes in a row.'),
      };
    case 'right': {
      const clock = clockWords(verdict.clock);
      return clock
        ? { tone: 'warning', text: l10n.t('Both codes are right.'), detail: clock }
        : { tone: 'ok', text: l10n.t('Both codes are right.') };
    }
  }
}

function clockWords(clock: PhoneClock): string | undefined {
  switch (clock.kind) {
    case 'fine':
      return undefined;
    case 'fast':
      return l10n.t(
        'Your phone’s clock is about {0} seconds fast. AWS copes with that, but set the phone to network time.',
        clock.seconds,
      );
    case 'slow':
      return l10n.t(
        'Your phone’s clock is about {0} seconds slow. AWS copes with that, but set the phone to network time.',
        clock.seconds,
      );
  }
}

function setbackNotice(setback: Setback): Notice {
  const { what, todo } = problemWords(setback.problem);
  switch (setback.kind) {
    case 'refused':
      return { tone: 'error', text: what, detail: todo };
    case 'notEnabled':
      return {
        tone: 'error',
        text: l10n.t('{0} AWS’s list says that the device is not on.', what),
        detail: l10n.t('Nothing has changed. Type two new codes in a row.'),
      };
    case 'nameKept':
      return {
        tone: 'warning',
        text: l10n.t('The name stays as it is. {0}', what),
        detail: l10n.t('This QR code is still good.'),
      };
  }
}

function nameNotice(why: NameReason): Notice {
  switch (why.kind) {
    case 'leftover': {
      const refused = why.problem && problemWords(why.problem);
      return {
        tone: refused ? 'error' : 'warning',
        text: refused
          ? l10n.t('The unfinished device {0} could not be deleted. {1}', why.name, refused.what)
          : l10n.t('An unfinished device named {0} is in the way.', why.name),
        detail: refused
          ? l10n.t('Use another name instead.')
          : l10n.t(
              'Someone began to set it up and never enabled it, so it protects nobody. Its QR code cannot be shown again. Delete it and start afresh, or use another name.',
            ),
        actions: [{ id: 'deleteLeftover', label: l10n.t('Delete {0} and Start Afresh', why.name) }],
      };
    }
    case 'notAName':
      return { tone: 'error', text: l10n.t('{0} cannot be the name of a device.', why.name), detail: nameRule() };
    case 'refused':
      return {
        tone: 'error',
        text: l10n.t('You may not make a device named {0}.', why.name),
        detail: l10n.t('The permissions in this account may allow only a device named after the user. Try that name.'),
      };
  }
}

function doneNotice(verdict: CodesVerdict): { readonly notice?: Notice } {
  const clock = verdict.kind === 'right' ? clockWords(verdict.clock) : undefined;
  return clock === undefined ? {} : { notice: { tone: 'warning', text: clock } };
}

function nextSteps(userName: string, isCaller: boolean): readonly NextStep[] {
  return [
    {
      icon: 'sign-in',
      text: isCaller
        ? l10n.t('Sign in to the console with a code from now on: user name, password, then the code your app shows.')
        : l10n.t('{0} signs in with a code from now on: user name, password, then the code the app shows.', userName),
    },
    {
      icon: 'cloud-upload',
      text: l10n.t('Switch on your app’s backup, so that a lost phone does not lose the codes.'),
    },
    {
      icon: 'add',
      text: l10n.t('IAM has no recovery codes. A second device is the way back in.'),
      // One's own second device needs a session with a code: not offered where it would be refused (iam-facts 2.5).
      ...(!isCaller && { action: { id: 'addSecond', label: l10n.t('Add Another Device') } satisfies Action }),
    },
    {
      icon: 'key',
      text: l10n.t('Access keys go on working without a code until a policy demands one.'),
    },
  ];
}

function failedView(title: string, problem: Problem, remains: Remains, canRetry: boolean): FailedView {
  const { what, todo } = problemWords(problem);
  const facts = [
    ...(problem.permission === undefined ? [] : [{ label: l10n.t('Missing permission'), value: problem.permission }]),
    { label: l10n.t('Call'), value: problem.operation },
    ...(problem.awsCode === undefined ? [] : [{ label: l10n.t('AWS code'), value: problem.awsCode }]),
    ...(problem.requestId === undefined ? [] : [{ label: l10n.t('Request id'), value: problem.requestId }]),
  ];
  return {
    kind: 'failed',
    title,
    notice: { tone: 'error', text: what, detail: todo },
    remains: remainsWords(remains),
    facts,
    actions: [
      ...(canRetry && problem.code !== 'mfaSessionNeeded' && problem.code !== 'limitExceeded'
        ? [{ id: 'retry', label: l10n.t('Try Again') } as const]
        : []),
      ...(problem.code === 'mfaSessionNeeded'
        ? [{ id: 'openConsole', label: l10n.t('Open AWS Console') } as const]
        : []),
      { id: 'showLog', label: l10n.t('Show Log') },
      { id: 'close', label: l10n.t('Close') },
    ],
  };
}

/** @returns what is left in AWS, in a sentence */
export function remainsWords(remains: Remains): string {
  switch (remains.kind) {
    case 'nothing':
      return l10n.t('Nothing was left behind in AWS.');
    case 'device':
      return l10n.t(
        'The unassigned device {0} is still in AWS: {1} It will be tried again at the next start.',
        deviceName(remains.serial),
        problemWords(remains.problem).what,
      );
    case 'unknown':
      return l10n.t(
        'What became of the device {0} is not known, since AWS’s answer was lost. Refresh to see whether it is there.',
        deviceName(remains.serial),
      );
  }
}

function nameRule(): string {
  return l10n.t('A name has 1 to 128 letters, digits and the signs + = , . @ _ and -');
}

function pageStrings(): EnrolmentStrings {
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
    countdown: l10n.t('Your app shows a new code in {0} s', '{0}'),
    submit: l10n.t('Enable MFA'),
    submitting: l10n.t('Asking AWS…'),
    cancel: l10n.t('Cancel'),
    cancelNote: l10n.t('Cancel leaves nothing behind in AWS.'),
    phoneTitle: l10n.t('No phone at hand?'),
    phoneShow: l10n.t('Show a Practice Phone'),
    phoneHide: l10n.t('Hide the Phone'),
    phoneText: l10n.t('The practice account has one that shows what an authenticator app would show.'),
    phoneFill: l10n.t('Type This Code'),
    next: l10n.t('What now'),
    serial: l10n.t('Serial number'),
    stepDone: l10n.t('done'),
    stepCurrent: l10n.t('now'),
  };
}
