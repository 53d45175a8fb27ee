import { l10n, type LogOutputChannel, ProgressLocation, ThemeIcon, window } from 'vscode';
import { deviceName, type Device } from '../core/device';
import { isRemoved } from '../core/deviceRemoval';
import type { MfaDemand } from '../core/mfaDemands';
import type { Problem } from '../core/problem';
import { isLast, Removal, type RemovalPlan, type RemovalResult, type RemovalState } from '../core/removal';
import type { UnfinishedStore } from '../core/unfinished';
import { codeLength, digitsOf } from '../protocol/codeText';
import { openUser } from './awsConsole';
import { changeLine, changeWords } from './changeWords';
import { pickDeviceAtHand } from './devicePicker';
import { noneAtHand } from './enrolmentView';
import type { PanelAccount } from './panelAccount';
import { removalWords } from './removalWords';
import { accountLabel, deviceKindLabel } from './words';

export interface RemovalRequest {
  readonly target: PanelAccount;
  readonly userName: string;
  readonly serials: readonly string[];
  readonly unfinished: UnfinishedStore;
  readonly log: LogOutputChannel;
  /** Sets the clock of one of the user's devices right, whose codes are refused. */
  readonly resync: (device: Device) => void;
}

type StateOf<K extends RemovalState['kind']> = Extract<RemovalState, { kind: K }>;

/**
 * Asks what a removal needs to know, and shows how it goes. The removal itself decides what comes next.
 * @returns what became of the devices; undefined where nothing was changed
 */
export async function removeWithDialog(request: RemovalRequest): Promise<StateOf<'ended'> | undefined> {
  const { target, userName, serials, unfinished, log } = request;
  const { source, directory, account } = target;
  const removal = new Removal({ source, directory, account, unfinished, userName, serials });
  try {
    await whileLooking(removal);
    let shown: Device | undefined;
    for (;;) {
      const { state } = removal;
      switch (state.kind) {
        case 'confirming': {
          const confirmed = await askToConfirm(request, state);
          if (confirmed === undefined) {
            removal.cancel();
          } else {
            await whileRemoving(removal, () => removal.confirm(confirmed));
          }
          break;
        }
        case 'proving': {
          const proof = await askForProof(request, state, shown);
          if (proof === undefined) {
            removal.cancel();
          } else {
            shown = proof.device;
            await whileRemoving(removal, () => removal.prove(proof.device.serial, proof.code));
          }
          break;
        }
        case 'ended':
          record(request, state.results);
          return state;
        case 'failed':
          tellFailed(log, changeLine(state.problem));
          return undefined;
        case 'gone':
          void window.showInformationMessage(
            l10n.t('{0} does not have this device any more. Nothing was changed.', userName),
          );
          return undefined;
        case 'onlyConsole':
          await tellOnlyConsole(target, userName);
          return undefined;
        case 'looking':
        case 'removing':
        case 'cancelled':
          return undefined;
      }
    }
  } finally {
    removal.dispose();
  }
}

/** Says how it ended. */
export function tellEnd(request: RemovalRequest, { results, untried, changed }: StateOf<'ended'>): void {
  const { userName, log } = request;
  const sentences = [
    ...results.map(({ device, removal }) => removalWords(userName, device, removal)),
    ...(changed ? [changedWords(userName)] : []),
    ...(untried.length > 0
      ? [l10n.t('Cancelled: still on for {0}: {1}.', userName, untried.map(nameOf).join(', '))]
      : []),
  ];
  if (untried.length === 0 && results.every(({ removal }) => isRemoved(removal))) {
    void window.showInformationMessage(sentences.join(' '));
  } else {
    tellFailed(log, sentences.join(' '));
  }
}

async function whileLooking(removal: Removal): Promise<void> {
  const title = l10n.t('Asking AWS which devices {0} has…', removal.userName);
  await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const cancelling = token.onCancellationRequested(() => removal.cancel());
      try {
        await removal.start();
      } finally {
        cancelling.dispose();
      }
    },
  );
}

async function whileRemoving(removal: Removal, work: () => Promise<void>): Promise<void> {
  await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Removing MFA devices of {0}', removal.userName),
      cancellable: true,
    },
    async (progress, token) => {
      const following = removal.onDidChange((state) => {
        if (state.kind === 'removing') {
          progress.report({ message: deviceName(state.device.serial), increment: 100 / state.of });
        }
      });
      // What has gone is gone; the rest stays.
      const cancelling = token.onCancellationRequested(() => removal.cancel());
      try {
        await work();
      } finally {
        following.dispose();
        cancelling.dispose();
      }
    },
  );
}

/** @returns what was typed (nothing where that was not asked for), or undefined where the person thought better of it */
async function askToConfirm(
  { target, userName }: RemovalRequest,
  { plan, changed, wrongName }: StateOf<'confirming'>,
): Promise<string | undefined> {
  const account = accountLabel(target.account);
  const names = plan.devices.map(nameOf).join(', ');
  const question =
    plan.devices.length === 1
      ? l10n.t('Remove the MFA device {0} from {1} in {2}?', names, userName, account)
      : l10n.t('Remove the {0} MFA devices {1} from {2} in {3}?', plan.devices.length, names, userName, account);
  if (!wrongName) {
    const remove = isLast(plan) ? l10n.t('Go On…') : l10n.t('Remove');
    const detail = consequences(userName, plan, changed).join('\n\n');
    const answer = await window.showWarningMessage(question, { modal: true, detail }, remove);
    if (answer !== remove) {
      return undefined;
    }
  }
  if (!isLast(plan)) {
    return '';
  }
  return window.showInputBox({
    title: question,
    prompt: l10n.t('Type {0} to take away the last MFA device.', userName),
    placeHolder: userName,
    ignoreFocusOut: true,
    validateInput: (typed) =>
      typed === '' || userName.startsWith(typed) ? undefined : l10n.t('That is not the user’s name.'),
  });
}

function changedWords(userName: string): string {
  return l10n.t('The devices of {0} have changed since you were asked: someone else is at work too.', userName);
}

function consequences(userName: string, plan: RemovalPlan, changed: boolean): readonly string[] {
  const words: string[] = [];
  if (changed) {
    words.push(changedWords(userName));
  }
  if (plan.own) {
    words.push(l10n.t('You are this user: you are changing your own MFA.'));
  }
  if (!isLast(plan)) {
    words.push(l10n.t('{0} still has: {1}.', userName, plan.remaining.map(nameAndKind).join(', ')));
    return words;
  }
  words.push(lastWords(userName, plan));
  words.push(...plan.demands.map((demand) => demandWords(userName, demand)));
  const [unread] = plan.demandsUnread;
  if (unread) {
    words.push(
      l10n.t(
        'Whether other policies demand MFA could not be found out: {0} was refused or failed.',
        unread.permission ?? unread.operation,
      ),
    );
  } else if (plan.demands.length === 0) {
    words.push(
      l10n.t(
        'No policy found on {0} or their groups demands MFA. Permissions boundaries and organization policies were not looked at.',
        userName,
      ),
    );
  }
  return words;
}

function lastWords(userName: string, { password }: RemovalPlan): string {
  switch (password) {
    case 'yes':
      return l10n.t('No device is left then: the password alone lets {0} in.', userName);
    case 'no':
      return l10n.t('No device is left then. {0} has no console password; access keys go on working.', userName);
    case 'unknown':
      return l10n.t('No device is left then: a password, if {0} has one, is enough to sign in.', userName);
  }
}

function demandWords(userName: string, { policy, group, reach }: MfaDemand): string {
  const name = group === undefined ? policy : l10n.t('{0} (through the group {1})', policy, group);
  switch (reach) {
    case 'nothing':
      return l10n.t(
        'The policy {0} demands MFA: {1} will be locked out, and cannot even set up MFA again without help.',
        name,
        userName,
      );
    case 'settingUp':
      return l10n.t(
        'The policy {0} demands MFA: {1} will be locked out of everything but setting up MFA.',
        name,
        userName,
      );
    case 'part':
      return l10n.t('The policy {0} demands MFA in part: {1} may be refused some actions.', name, userName);
  }
}

interface CodeOfDevice {
  readonly device: Device;
  readonly code: string;
}

/**
 * Asks for a code of one of the person's own devices.
 * @param refused the device whose code was not taken, where one was not
 * @returns undefined where the person thought better of it, or goes another way
 */
async function askForProof(
  { target, userName, resync }: RemovalRequest,
  { devices, problem }: StateOf<'proving'>,
  refused: Device | undefined,
): Promise<CodeOfDevice | undefined> {
  if (problem && refused && !(await triesAgain(refused, problem, resync))) {
    return undefined;
  }
  const title = l10n.t('First, a code of a device you have');
  const [only] = devices;
  const device = devices.length === 1 && only ? only : await pickDeviceAtHand(devices, title, noneAtHand());
  const code = device === undefined || device === 'none' ? device : await askForCode(target, title, device, problem);
  if (code === 'none') {
    await openUser(target, userName);
  }
  return device === undefined || device === 'none' || code === undefined || code === 'none'
    ? undefined
    : { device, code };
}

/** Says why a code was not taken. @returns whether the person wants to type another */
async function triesAgain(device: Device, problem: Problem, resync: (device: Device) => void): Promise<boolean> {
  const another = l10n.t('Try Another Code');
  const setRight = l10n.t('Resync {0}…', nameOf(device));
  const { what, todo } = changeWords(problem);
  const answer = await window.showWarningMessage(
    what,
    { modal: true, detail: todo },
    another,
    ...(problem.code === 'invalidCode' ? [setRight] : []),
  );
  if (answer === setRight) {
    resync(device);
  }
  return answer === another;
}

/** @returns six digits; `none` where the person has no device at hand; undefined where they thought better of it */
async function askForCode(
  { connection }: PanelAccount,
  title: string,
  device: Device,
  problem: Problem | undefined,
): Promise<string | undefined> {
  const shown = connection.practice?.codeShownBy(device.serial);
  const none = { iconPath: new ThemeIcon('link-external'), tooltip: noneAtHand() };
  const box = window.createInputBox();
  box.title = title;
  box.prompt = problem
    ? changeLine(problem)
    : l10n.t('You sign in with access keys and have MFA, so AWS wants a code before you change your own devices.');
  box.placeholder =
    shown === undefined
      ? l10n.t('The six digits that {0} shows now', nameOf(device))
      : l10n.t('The practice device {0} shows {1} now', nameOf(device), shown);
  box.ignoreFocusOut = true;
  box.buttons = [none];
  try {
    return await new Promise((resolve) => {
      box.onDidChangeValue(() => (box.validationMessage = undefined));
      box.onDidTriggerButton(() => resolve('none'));
      box.onDidHide(() => resolve(undefined));
      box.onDidAccept(() => {
        const code = digitsOf(box.value);
        if (code.length === codeLength) {
          resolve(code);
        } else {
          box.validationMessage = l10n.t('A code has six digits.');
        }
      });
      box.show();
    });
  } finally {
    box.dispose();
  }
}

/** Who took what from whom, and when: the log's lines carry the time. */
function record({ target, userName, log }: RemovalRequest, results: readonly RemovalResult[]): void {
  for (const { device, removal } of results) {
    const problem = 'problem' in removal ? ` (${removal.problem.operation}: ${removal.problem.code})` : '';
    log.info(`${target.account.caller.arn} removes ${device.serial} from ${userName}: ${removal.kind}${problem}`);
  }
}

function tellFailed(log: LogOutputChannel, text: string): void {
  const showLog = l10n.t('Show Log');
  void window.showWarningMessage(text, showLog).then((answer) => {
    if (answer === showLog) {
      log.show();
    }
  });
}

async function tellOnlyConsole(target: PanelAccount, userName: string): Promise<void> {
  const open = l10n.t('Open AWS Console');
  const answer = await window.showWarningMessage(
    l10n.t(
      'You have only passkeys or security keys. With access keys, AWS wants a code before you change your own devices, and these show none. Sign in to the AWS console with one of them and remove the device there.',
    ),
    open,
  );
  if (answer === open) {
    await openUser(target, userName);
  }
}

function nameAndKind({ serial }: Device): string {
  return `${deviceName(serial)} (${deviceKindLabel(serial)})`;
}

function nameOf({ serial }: Device): string {
  return deviceName(serial);
}
