import { l10n } from 'vscode';
import { deviceKind, deviceName, type Device } from '../core/device';
import { isRemoved } from '../core/deviceRemoval';
import type { Enrolment, EnrolmentState, OldDevice, Setback } from '../core/enrolment';
import type { NameReason } from '../core/newDevice';
import type { Problem } from '../core/problem';
import { isSignInLost } from '../core/signInLost';
import { canBeSent } from '../core/twoCodes';
import type {
  Action,
  AskView,
  CodesView,
  DoneView,
  NextStep,
  Notice,
  ProveView,
  ScanView,
  TwoCodes,
  View,
} from '../protocol/enrolment';
import { changeWords } from './changeWords';
import { clockNotice, codesNotice, fieldState } from './codesWords';
import { failedView, remainsWords } from './failedView';
import { deviceCard, phone, proofSerial, type PanelFacts } from './panelFacts';
import { removalWords } from './removalWords';
import { renewActions, renewalWords, signInNotice, unaskedWords } from './signInWords';

/** What the page shows of an enrolment. */
export function enrolmentView(enrolment: Enrolment, facts: PanelFacts): View {
  const { state, userName } = enrolment;
  switch (state.kind) {
    case 'looking':
      return { kind: 'working', text: l10n.t('Asking AWS which devices {0} has…', userName) };
    case 'proving':
      return proveView(enrolment, state, facts);
    case 'full':
      return fullView(userName, state);
    case 'making':
      return { kind: 'working', text: l10n.t('Asking AWS for a virtual MFA device named {0}…', state.name) };
    case 'naming':
      return { kind: 'name', notice: nameNotice(state.why), name: state.suggestion };
    case 'ready':
      return scanView(enrolment, state, facts);
    case 'token':
      return tokenView(enrolment, state, facts);
    case 'removingOld':
      return { kind: 'working', text: l10n.t('Removing the old device {0}…', deviceName(state.old.serial)) };
    case 'done':
      return doneView(enrolment, state);
    case 'failed':
      return failedView({
        title: failedTitle(enrolment, state),
        problem: state.problem,
        remains: endWords(userName, state),
        canRetry: true,
      });
    case 'deleting':
      return { kind: 'working', text: l10n.t('Deleting the unfinished device {0}…', deviceName(state.serial)) };
    case 'cancelled':
      return state.remains.kind === 'device'
        ? failedView({
            title: l10n.t('Cancelled, but a device is left'),
            problem: state.remains.problem,
            remains: endWords(userName, state),
            canRetry: isSignInLost(state.remains.problem),
          })
        : { kind: 'working', text: l10n.t('Cancelled.') };
  }
}

type SetbackOf<K extends Setback['kind']> = Extract<Setback, { kind: K }>;
type StateOf<K extends EnrolmentState['kind']> = Extract<EnrolmentState, { kind: K }>;

/** "MFA is not on" is said only of someone who is known to have none. */
function failedTitle({ userName, replaces, mfa }: Enrolment, { problem, remains }: StateOf<'failed'>): string {
  if (remains.kind === 'unknown' && problem.operation === 'EnableMFADevice') {
    return l10n.t('Whether the new device is on for {0} is not known', userName);
  }
  if (mfa?.kind === 'none') {
    return l10n.t('MFA is not on for {0}', userName);
  }
  return replaces
    ? l10n.t('{0} was not replaced', deviceName(replaces.serial))
    : l10n.t('The device was not added for {0}', userName);
}

/** What is left in AWS, and what is gone already. */
function endWords(userName: string, { remains, old }: StateOf<'failed' | 'cancelled'>): string {
  return [...(old ? [oldWords(userName, old)] : []), remainsWords(remains)].join(' ');
}

/** @returns what became of an old device that had to go before a new one was on, in a sentence */
export function oldWords(userName: string, { device, removal }: OldDevice): string {
  // Waiting ones have not been touched, which only comes about once the new device is on.
  return removal.kind === 'waiting' || isRemoved(removal)
    ? oldIsGone(deviceName(device.serial))
    : removalWords(userName, device, removal);
}

/** @returns that both devices are on, where the panel was closed while the new one was being enabled; in sentences */
export function bothOnWords(userName: string, device: Device, old: OldDevice): string {
  return l10n.t(
    'The new device {0} was still enabled for {1} as the panel was closed. The old device {2} is on too.',
    deviceName(device.serial),
    userName,
    deviceName(old.device.serial),
  );
}

function oldIsGone(name: string): string {
  return l10n.t('The old device {0} is gone already.', name);
}

/** @returns what Cancel does, in a sentence */
export function cancelWords({ state, replaces }: Enrolment): string {
  const old = state.kind === 'ready' || state.kind === 'token' ? state.old : undefined;
  if (old && isRemoved(old.removal)) {
    return oldIsGone(deviceName(old.device.serial));
  }
  if (state.kind === 'ready' && state.setback?.kind === 'signIn') {
    return l10n.t(
      'Unless you have signed in again, Cancel leaves the new device unfinished in AWS; it is then deleted at a later start of the editor.',
    );
  }
  if (state.kind === 'ready' && state.setback?.kind === 'unasked') {
    // The device may be on, and AWS may be out of reach for Cancel too.
    return '';
  }
  return replaces
    ? l10n.t('Once the new device is on, {0} is removed. Cancel leaves all as it is.', deviceName(replaces.serial))
    : l10n.t('Cancel leaves nothing behind in AWS.');
}

function proveView(enrolment: Enrolment, state: StateOf<'proving'>, facts: PanelFacts): ProveView {
  const serial = proofSerial(state.devices, facts);
  const refused = state.problem && proofNotice(state.problem);
  return {
    kind: 'prove',
    title: l10n.t('First, a code of a device you have'),
    text: l10n.t(
      'You sign in with access keys and have MFA, so AWS lets you change your own devices only after one of them has shown a code. It is used for this change alone.',
    ),
    devices: state.devices.map(deviceCard),
    serial,
    code: '',
    codeRevision: facts.proofRevision,
    ...(refused && { notice: refused }),
    busy: state.busy,
    now: enrolment.now(),
    ...phone({ kind: 'enrol', enrolment }, facts),
    others: [
      { id: 'resync', label: l10n.t('Its codes are refused? Resync It') },
      { id: 'openConsole', label: noneAtHand() },
    ],
  };
}

function proofNotice(problem: Problem): Notice {
  const { what, todo } = changeWords(problem);
  return isSignInLost(problem)
    ? signInNotice(problem, l10n.t('Continue'))
    : { tone: 'error', text: what, detail: todo };
}

function fullView(userName: string, { old, others }: StateOf<'full'>): AskView {
  const name = deviceName(old.serial);
  return {
    kind: 'ask',
    title: l10n.t('{0} has eight devices, the most that AWS allows', userName),
    notice: {
      tone: 'warning',
      text: l10n.t('Usually the new device comes first and the old one goes then. Here {0} has to go first.', name),
      detail: l10n.t('{0} keeps the {1} other devices meanwhile, so MFA stays on.', userName, others),
    },
    actions: [
      { id: 'removeOld', label: l10n.t('Remove {0} and Go On', name) },
      { id: 'cancel', label: l10n.t('Cancel') },
    ],
  };
}

/** What the two views share that ask for two codes. */
function twoCodes(
  enrolment: Enrolment,
  state: StateOf<'ready' | 'token'>,
  facts: PanelFacts,
): Omit<TwoCodes, 'others'> {
  const { verdict, setback } = state;
  const notice = state.enabling
    ? undefined
    : setback && setback.kind !== 'signIn' && setback.kind !== 'unasked'
      ? setbackNotice(setback)
      : codesNotice(verdict, facts.code1, facts.code2);
  const untilNextTry = setback && untilNextTryNotice(setback, submitWords(enrolment));
  return {
    enrolment: state.count,
    code1: facts.code1,
    code2: facts.code2,
    codesRevision: facts.codesRevision,
    field1: fieldState(1, facts.code1, verdict),
    field2: fieldState(2, facts.code2, verdict),
    ...(notice && { notice }),
    ...(untilNextTry && { signIn: untilNextTry }),
    canSubmit: canBeSent(verdict) && (state.kind === 'ready' || state.form === 'good'),
    busy: state.enabling,
    now: enrolment.now(),
    ...phone({ kind: 'enrol', enrolment }, facts),
  };
}

function scanView(enrolment: Enrolment, state: StateOf<'ready'>, facts: PanelFacts): ScanView {
  const { device } = state;
  const { account } = enrolment;
  return {
    kind: 'scan',
    ...twoCodes(enrolment, state, facts),
    otpauthUri: device.uri,
    secretKey: device.seed,
    appearsAs: `Amazon Web Services: ${device.name}@${account.alias ?? account.caller.accountId}`,
    deviceName: device.name,
    cancelNote: cancelWords(enrolment),
    others: [
      { id: 'useToken', label: l10n.t('I have a hardware token') },
      { id: 'usePasskey', label: l10n.t('I have a passkey or security key') },
    ],
  };
}

function tokenView(enrolment: Enrolment, state: StateOf<'token'>, facts: PanelFacts): CodesView {
  const [spare] = facts.practice?.spareTokens() ?? [];
  const unknown = state.setback?.kind === 'unknownToken';
  return {
    kind: 'codes',
    ...twoCodes(enrolment, state, facts),
    first: {
      kind: 'serial',
      title: l10n.t('Type the token’s serial number'),
      text: l10n.t(
        'It is printed on the back of the token, often below a bar code. AWS takes tokens whose secret the maker has handed to AWS: those of Thales (formerly Gemalto), and in GovCloud those of Hypersecu.',
      ),
      label: l10n.t('Serial number'),
      serial: state.serial,
      serialRevision: facts.serialRevision,
      hint:
        state.form === 'wrong'
          ? l10n.t('A serial number has at least nine letters and digits, and no spaces: GAHT12345678.')
          : l10n.t('Four letters and eight digits on most tokens, such as GAHT12345678.'),
      wrong: state.form === 'wrong' || unknown,
      ...(facts.practice &&
        spare !== undefined && {
          practice: { id: 'practiceToken', label: l10n.t('Use the Practice Token {0}', spare) } as const,
        }),
    },
    codesText: l10n.t('Press the token’s button and type the code, wait for it to change, then type the next one.'),
    submit: submitWords(enrolment),
    submitting: l10n.t('Asking AWS…'),
    cancelNote: enrolment.replaces ? cancelWords(enrolment) : l10n.t('Cancel changes nothing in AWS.'),
    others: [{ id: 'useApp', label: l10n.t('I have an authenticator app') }],
  };
}

/** @returns the button that sends the codes */
export function submitWords({ replaces }: Enrolment): string {
  return replaces ? l10n.t('Enable and Replace') : l10n.t('Enable MFA');
}

function doneView(enrolment: Enrolment, state: StateOf<'done'>): DoneView {
  const { userName, account } = enrolment;
  const left = state.remains.kind === 'nothing' ? undefined : remainsWords(state.remains);
  const unread = state.confirmed || enrolment.mfa?.kind !== 'unknown' ? undefined : enrolment.mfa.problem;
  const lost = unread && isSignInLost(unread) ? unread : undefined;
  const old = state.old && oldNotice(userName, state.old, state.confirmed, lost);
  const warning =
    (left === undefined ? clockNotice(state.verdict) : leftNotice(left)) ??
    lateNotice(state.late) ??
    (lost && unconfirmedNotice(lost));
  // That the old device is gone goes with any warning; that it is not is the warning.
  const notice = old?.tone === 'ok' && warning ? { ...warning, text: `${old.text} ${warning.text}` } : (old ?? warning);
  return {
    kind: 'done',
    title: l10n.t('MFA is on for {0}', userName),
    text: state.confirmed
      ? l10n.t('Confirmed by AWS just now. The next sign-in to the console asks for a code.')
      : lost
        ? l10n.t('AWS accepted the device. After that the sign-in was lost, so its list could not confirm it.')
        : unread
          ? unread.code === 'accessDenied'
            ? l10n.t(
                'AWS accepted the device. You have no permission to list devices, so it could not be looked up to confirm that.',
              )
            : l10n.t('AWS accepted the device, but devices could not be listed just now to confirm that.')
          : l10n.t(
              'AWS accepted the device. Its list does not show it yet, which can take a little while; refresh in a minute.',
            ),
    confirmed: state.confirmed,
    device: deviceCard(state.device),
    next: nextSteps(enrolment, account.caller.userName === userName, deviceKind(state.device.serial) === 'virtual'),
    ...(notice && { notice }),
  };
}

/** The sign-in has run out between the enabling and the look at AWS's list. */
function unconfirmedNotice(problem: Problem): Notice {
  return {
    tone: 'info',
    text: changeWords(problem).what,
    detail: l10n.t('Once you have signed in again, refresh: the list of users shows the device then.'),
    actions: renewActions(problem),
  };
}

function leftNotice(text: string): Notice {
  return { tone: 'warning', text };
}

/** Codes that were long on their way can leave a device out of step. */
function lateNotice(late: boolean): Notice | undefined {
  return late
    ? {
        tone: 'warning',
        text: l10n.t('AWS was long in answering, so it may believe this device’s clock to be slow.'),
        detail: l10n.t('If its codes are refused at sign-in, resync it: that takes two codes more.'),
        actions: [{ id: 'resync', label: l10n.t('Resync') }],
      }
    : undefined;
}

/**
 * What became of the device that was replaced.
 * @param confirmed whether AWS's list shows the new one
 * @param lost why AWS's list could not be asked about the new one, where that is for want of a sign-in
 */
function oldNotice(
  userName: string,
  { device, removal }: OldDevice,
  confirmed: boolean,
  lost: Problem | undefined,
): Notice {
  const name = deviceName(device.serial);
  const problem = 'problem' in removal ? removal.problem : lost;
  const actions: readonly Action[] = [
    ...(problem ? renewActions(problem) : []),
    { id: 'removeOld', label: l10n.t('Remove {0} Now', name) },
  ];
  if (removal.kind === 'waiting' && confirmed) {
    return { tone: 'warning', text: l10n.t('Cancelled: still on for {0}: {1}.', userName, name), actions };
  }
  if (removal.kind === 'waiting') {
    return {
      tone: 'warning',
      text: l10n.t('The old device {0} stays until AWS’s list shows the new one.', name),
      detail: l10n.t('Wait a minute and sign in with the new one, then remove the old one.'),
      actions,
    };
  }
  return removal.kind === 'removed'
    ? {
        tone: 'ok',
        text: l10n.t('The old device {0} was removed.', name),
        detail: l10n.t('Its entry in the old app is of no use any more and can be deleted.'),
      }
    : isRemoved(removal)
      ? { tone: 'ok', text: removalWords(userName, device, removal) }
      : { tone: 'warning', text: removalWords(userName, device, removal), actions };
}

/** @param submit the button that tries again */
function untilNextTryNotice(setback: Setback, submit: string): Notice | undefined {
  switch (setback.kind) {
    case 'signIn':
      return signInNotice(setback.problem, submit, setback.unanswered);
    case 'unasked': {
      const { what, todo } = changeWords(setback.problem);
      return {
        tone: 'warning',
        text: unaskedWords(what),
        detail: `${todo} ${l10n.t('Then press {0} again.', submit)}`,
      };
    }
    default:
      return undefined;
  }
}

function setbackNotice(setback: Exclude<Setback, SetbackOf<'signIn' | 'unasked'>>): Notice {
  const { what, todo } = changeWords(setback.problem);
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
        actions: renewActions(setback.problem),
      };
    case 'unknownToken':
      return {
        tone: 'error',
        text: l10n.t('AWS knows no token of this serial number.'),
        detail: l10n.t(
          'Check it against the token. If it is right, AWS does not have this token’s secret: only tokens made for AWS work. A token that can be programmed can be loaded with the secret key of an authenticator app’s device instead.',
        ),
      };
    case 'alreadyTheirs':
      return {
        tone: 'warning',
        text: l10n.t('This token is on for this user already.'),
        detail: l10n.t('Close this panel, or use another token.'),
      };
    case 'alreadyInUse':
      return {
        tone: 'error',
        text: l10n.t('This token is in use already. Whose it is could not be found out.'),
        detail: l10n.t(
          'A device belongs to one user at a time. Use another token, or ask someone who may list devices.',
        ),
      };
    case 'alreadyAnothers':
      return {
        tone: 'error',
        text: l10n.t('This token is on for somebody else.'),
        detail: l10n.t('A device belongs to one user at a time. Remove it there first, or use another token.'),
      };
  }
}

function nameNotice(why: NameReason): Notice {
  switch (why.kind) {
    case 'leftover': {
      const refused = why.problem && changeWords(why.problem);
      const deletes = l10n.t('Delete {0} and Start Afresh', why.name);
      return {
        tone: refused ? 'error' : 'warning',
        text: refused
          ? l10n.t('The unfinished device {0} could not be deleted. {1}', why.name, refused.what)
          : l10n.t('An unfinished device named {0} is in the way.', why.name),
        detail: why.problem
          ? isSignInLost(why.problem)
            ? renewalWords(why.problem, deletes)
            : l10n.t('Use another name instead.')
          : l10n.t(
              'Someone began to set it up and never enabled it, so it protects nobody. Its QR code cannot be shown again. Delete it and start afresh, or use another name.',
            ),
        actions: [...(why.problem ? renewActions(why.problem) : []), { id: 'deleteLeftover', label: deletes }],
      };
    }
    case 'nameTaken':
      return {
        tone: 'warning',
        text: l10n.t('AWS already has a virtual device named {0}.', why.name),
        detail: l10n.t(
          'Devices could not be listed (you probably lack the permission), so whose it is cannot be told. It may be in use: use another name.',
        ),
      };
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

function nextSteps({ userName, mfa }: Enrolment, isCaller: boolean, isApp: boolean): readonly NextStep[] {
  const devices = mfa?.kind === 'has' ? mfa.devices.length : 1;
  return [
    {
      icon: 'sign-in',
      text: isCaller
        ? l10n.t('Sign in to the console with a code from now on: user name, password, then the code your app shows.')
        : l10n.t('{0} signs in with a code from now on: user name, password, then the code the app shows.', userName),
    },
    ...(isApp
      ? [
          {
            icon: 'cloud-upload' as const,
            text: l10n.t('Switch on your app’s backup, so that a lost phone does not lose the codes.'),
          },
        ]
      : []),
    ...(devices === 1
      ? [
          {
            icon: 'add' as const,
            text: l10n.t('IAM has no recovery codes. A second device is the way back in.'),
            action: { id: 'addSecond' as const, label: l10n.t('Add Another Device') },
          },
        ]
      : []),
    {
      icon: 'key',
      text: l10n.t('Access keys go on working without a code until a policy demands one.'),
    },
  ];
}

/** @returns the words for a way on without a code */
export function noneAtHand(): string {
  return l10n.t('I have none of these at hand');
}

/** @returns what a device's name may be */
export function nameRule(): string {
  return l10n.t('A name has 1 to 128 letters, digits and the signs + = , . @ _ and -');
}
