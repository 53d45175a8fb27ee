import { env, l10n, ProgressLocation, window } from 'vscode';
import { deviceKind, deviceName, type Device } from '../core/device';
import { isTagValue, labelDevice, labelKeys } from '../core/deviceLabels';
import { isRemoved } from '../core/deviceRemoval';
import { deleteLeftovers, probableOwner, type LeftoverResult } from '../core/leftovers';
import type { Problem } from '../core/problem';
import { showsCodes } from '../core/proof';
import type { UserEntry } from '../core/users';
import { openUser, registerPasskey } from './awsConsole';
import { changeLine, changeWords } from './changeWords';
import { pickDevice, pickDevices, pickLeftovers } from './devicePicker';
import { EnrolmentPanels, type PanelOptions, type PanelPurpose } from './enrolmentPanel';
import { commands, type ActionId } from './manifest';
import type { PanelAccount } from './panelAccount';
import { removeWithDialog, tellEnd, type RemovalRequest } from './removalDialog';
import { offerInstructions, resetInstructions } from './resetInstructions';
import { deviceOf, type Subject } from './subjects';
import { pickUser } from './userPicker';
import { problemLine } from './problemWords';
import { accountLabel } from './words';

/** How many pages of the console are opened without a question. */
const pagesAtOnce = 5;

/** What can be done with users and their devices. Each asks for what the place it was called from does not tell. */
export class DeviceActions {
  readonly #panels: EnrolmentPanels;

  constructor(private readonly options: PanelOptions) {
    this.#panels = new EnrolmentPanels(options);
  }

  /** @param subjects what the command is about, where that is known */
  async run(id: ActionId, target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    switch (id) {
      case commands.enableMfa:
      case commands.addDevice:
        return this.#open(target, subjects, { kind: 'enable', newKind: 'virtual' });
      case commands.enableToken:
        return this.#open(target, subjects, { kind: 'enable', newKind: 'token' });
      case commands.registerPasskey: {
        const userName = await this.#user(target, subjects, l10n.t('Register a Passkey'), anyone);
        return userName === undefined ? undefined : registerPasskey(target, userName);
      }
      case commands.replaceDevice:
        return this.#openFor(target, subjects, l10n.t('Replace MFA Device'), 'replace');
      case commands.resyncDevice:
        return this.#openFor(target, subjects, l10n.t('Resync MFA Device'), 'resync');
      case commands.removeDevice:
        return this.#remove(target, subjects);
      case commands.resetMfa:
        return this.#reset(target, subjects);
      case commands.deleteLeftovers:
        return this.#deleteLeftovers(target, subjects);
      case commands.labelDevice:
        return this.#label(target, subjects);
      case commands.copy:
        return this.#copy(target, subjects);
      case commands.openInConsole:
        return this.#openInConsole(target, subjects);
    }
  }

  /** Ends all that is on screen, and waits until what was half-made is deleted. */
  end(): Promise<void> {
    return this.#panels.end();
  }

  async #open(target: PanelAccount, subjects: readonly Subject[], purpose: PanelPurpose): Promise<void> {
    const userName = await this.#user(
      target,
      subjects,
      l10n.t('Enable MFA'),
      anyone,
      l10n.t('Who should get an MFA device?'),
    );
    if (userName !== undefined) {
      this.#panels.show(target, userName, purpose);
    }
  }

  async #openFor(
    target: PanelAccount,
    subjects: readonly Subject[],
    title: string,
    kind: 'replace' | 'resync',
  ): Promise<void> {
    const chosen = await this.#device(target, subjects, title, kind === 'resync' ? showsCodes : () => true);
    if (chosen && kind === 'resync' && !showsCodes(chosen.device.serial)) {
      void window.showInformationMessage(
        l10n.t('{0} shows no codes, so there is nothing to resync.', deviceName(chosen.device.serial)),
      );
    } else if (chosen) {
      this.#panels.show(target, chosen.userName, { kind, device: chosen.device });
    }
  }

  async #remove(target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    const chosen = await this.#device(target, subjects, l10n.t('Remove MFA Device'), () => true);
    if (!chosen) {
      return;
    }
    const request = this.#removal(target, chosen.userName, [chosen.device]);
    const end = await removeWithDialog(request);
    if (end) {
      tellEnd(request, end);
    }
  }

  async #reset(target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    const title = l10n.t('Reset MFA');
    const userName = await this.#user(target, subjects, title, hasDevice);
    const devices = userName === undefined ? [] : await this.#devicesOf(target, userName);
    if (userName === undefined || devices.length === 0) {
      return;
    }
    const lost = await pickDevices(devices, title, l10n.t('Which devices has {0} lost?', userName));
    if (lost.length === 0) {
      return;
    }
    const request = this.#removal(target, userName, lost);
    const end = await removeWithDialog(request);
    if (!end) {
      return;
    }
    const removed = end.results.filter(
      ({ removal }) => (isRemoved(removal) && removal.kind !== 'moved') || removal.kind === 'deactivated',
    );
    if (
      removed.length < end.results.length ||
      end.untried.length > 0 ||
      end.results.some(({ removal }) => !isRemoved(removal))
    ) {
      tellEnd(request, end);
    }
    if (removed.length === end.results.length && end.untried.length === 0) {
      const now = new Date(this.options.clock.now());
      const { account } = target;
      this.options.log.info(`${account.caller.arn} has reset the MFA of ${userName}`);
      const text = resetInstructions(account, {
        userName,
        removed: removed.map(({ device }) => device),
        left: end.now?.mfa.kind === 'has' ? end.now.mfa.devices : [],
        password: end.now?.password.kind ?? 'unknown',
        at: now,
      });
      await offerInstructions(userName, text);
    }
  }

  async #deleteLeftovers(target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    const { directory } = target;
    const account = directory.account ?? target.account;
    const known = new Set(account.unassigned.map(({ serial }) => serial));
    const named = subjects.flatMap(({ serial }) => (serial !== undefined && known.has(serial) ? [serial] : []));
    if (known.size === 0 && account.virtualDevicesRefused) {
      void window.showErrorMessage(problemLine(account.virtualDevicesRefused));
      return;
    }
    if (known.size === 0) {
      void window.showInformationMessage(l10n.t('There is no unfinished device in this account.'));
      return;
    }
    const serials = named.length > 0 ? named : await pickLeftovers(account, this.options.clock.now());
    if (serials.length === 0) {
      return;
    }
    const lines = serials.map((serial) => {
      const owner = probableOwner(serial, account.users.keys());
      return owner === undefined ? deviceName(serial) : l10n.t('{0}, probably {1}’s', deviceName(serial), owner);
    });
    const remove = l10n.t('Delete');
    const answer = await window.showWarningMessage(
      serials.length === 1
        ? l10n.t('Delete the unfinished device {0} in {1}?', lines[0] ?? '', accountLabel(account))
        : l10n.t('Delete {0} unfinished devices in {1}?', serials.length, accountLabel(account)),
      {
        modal: true,
        detail: [
          ...(serials.length > 1 ? [lines.join('\n')] : []),
          l10n.t(
            'They protect nobody. If a colleague is setting one up at this moment on another computer, the QR code on their screen stops working.',
          ),
        ].join('\n\n'),
      },
      remove,
    );
    if (answer === remove) {
      const results = await this.#deleteAll(target, serials);
      for (const { serial, removal } of results) {
        this.options.log.info(`${account.caller.arn} deletes the unassigned ${serial}: ${removal.kind}`);
      }
      tellLeftovers(results);
    }
  }

  async #deleteAll({ directory }: PanelAccount, serials: readonly string[]): Promise<readonly LeftoverResult[]> {
    const abort = new AbortController();
    const { unfinished } = this.options;
    return window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Deleting unfinished devices'), cancellable: true },
      async (_progress, token) => {
        const cancelling = token.onCancellationRequested(() => abort.abort());
        try {
          return await deleteLeftovers(directory, directory.iam, unfinished, serials, abort.signal);
        } finally {
          cancelling.dispose();
        }
      },
    );
  }

  async #label(target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    const title = l10n.t('Edit Name and Note');
    const chosen = await this.#device(target, subjects, title, isVirtual);
    if (!chosen) {
      return;
    }
    const { userName, device } = chosen;
    if (!isVirtual(device.serial)) {
      void window.showInformationMessage(l10n.t('AWS takes tags only for virtual devices.'));
      return;
    }
    const { directory } = target;
    await directory.readDetails(userName);
    const details = directory.account?.details.get(device.serial);
    const fields = [
      { label: l10n.t('Name'), key: labelKeys.name },
      { label: l10n.t('Note'), key: labelKeys.note },
    ].map((field) => ({ ...field, description: details?.tags?.get(field.key) ?? '' }));
    const field = await window.showQuickPick(fields, {
      title,
      placeHolder: l10n.t('Kept in AWS as a tag of {0}', deviceName(device.serial)),
      ignoreFocusOut: true,
    });
    if (field) {
      const unread = details?.tags
        ? undefined
        : (details?.problem ?? { code: 'other', operation: 'ListMFADeviceTags' });
      await this.#setLabel(target, userName, device, field, unread);
    }
  }

  /** Asks for the text until it is kept or the person thinks better of it: nothing that was typed is lost. */
  async #setLabel(
    { directory }: PanelAccount,
    userName: string,
    { serial }: Device,
    { label, key, description: before }: { readonly label: string; readonly key: string; readonly description: string },
    unread: Problem | undefined,
  ): Promise<void> {
    const rule = l10n.t('Empty takes it away. Everyone who may list this device’s tags can read it.');
    let prompt = unread
      ? l10n.t('What stands there now could not be read ({0}); what you type replaces it.', changeWords(unread).what)
      : rule;
    for (let value = before; ;) {
      const typed = await window.showInputBox({
        title: l10n.t('Device {0}: {1}', deviceName(serial), label),
        value,
        prompt,
        ignoreFocusOut: true,
        validateInput: (text) =>
          isTagValue(text.trim())
            ? undefined
            : l10n.t('AWS takes letters, digits, spaces and _ . : / = + - @ here, at most 256 of them.'),
      });
      if (typed === undefined || (!unread && typed.trim() === before)) {
        return;
      }
      value = typed.trim();
      const labelled = await labelDevice(directory.iam, serial, key, value);
      await directory.readDetails(userName);
      if (labelled.kind !== 'failed') {
        directory.wrote({ userName, virtualDevices: false });
      }
      if (labelled.kind === 'set') {
        return;
      }
      if (labelled.kind === 'unknown') {
        void window.showWarningMessage(
          l10n.t('Whether that was kept is not known, since AWS’s answer was lost. Open the user’s row to see.'),
        );
        return;
      }
      prompt = changeLine(labelled.problem);
    }
  }

  async #copy(target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    const named = subjects.length > 0 ? subjects : await this.#askWhatToCopy(target);
    const account = target.directory.account ?? target.account;
    const lines = named.flatMap(
      ({ userName = '', serial, arn }) => serial ?? arn ?? account.users.get(userName)?.user.arn ?? [],
    );
    if (lines.length > 0) {
      await env.clipboard.writeText(lines.join('\n'));
      void window.setStatusBarMessage(
        lines.length === 1 ? l10n.t('Copied {0}', lines[0] ?? '') : l10n.t('Copied {0} lines', lines.length),
        3000,
      );
    }
  }

  /** The user's ARN, or the serial number of one of their devices. */
  async #askWhatToCopy(target: PanelAccount): Promise<readonly Subject[]> {
    const title = l10n.t('Copy ARN or Serial Number');
    const userName = await this.#user(target, [], title, anyone);
    const entry = userName === undefined ? undefined : await target.directory.refreshUser(userName);
    if (userName === undefined || !entry) {
      return [];
    }
    const devices = entry.mfa.kind === 'has' ? entry.mfa.devices : [];
    const items = [
      { label: userName, description: entry.user.arn, subject: { userName } },
      ...devices.map(({ serial }) => ({
        label: deviceName(serial),
        description: serial,
        subject: { userName, serial },
      })),
    ];
    const picked = devices.length === 0 ? items[0] : await window.showQuickPick(items, { title });
    return picked ? [picked.subject] : [];
  }

  async #openInConsole(target: PanelAccount, subjects: readonly Subject[]): Promise<void> {
    const title = l10n.t('Open in AWS Console');
    const named = subjects.length > 0 ? subjects : await this.#askUser(target, title, anyone);
    const userNames = new Set(named.flatMap(({ userName }) => (userName === undefined ? [] : [userName])));
    if (userNames.size > pagesAtOnce) {
      const open = l10n.t('Open {0} Pages', userNames.size);
      const answer = await window.showWarningMessage(
        l10n.t('Open a page of the AWS console for each of {0} users?', userNames.size),
        { modal: true },
        open,
      );
      if (answer !== open) {
        return;
      }
    }
    for (const userName of userNames) {
      await openUser(target, userName);
    }
  }

  #removal(target: PanelAccount, userName: string, devices: readonly Device[]): RemovalRequest {
    const { unfinished, log } = this.options;
    return {
      target,
      userName,
      serials: devices.map(({ serial }) => serial),
      unfinished,
      log,
      resync: (device) => this.#panels.show(target, userName, { kind: 'resync', device }),
    };
  }

  async #askUser(
    target: PanelAccount,
    title: string,
    fits: (entry: UserEntry) => boolean,
  ): Promise<readonly Subject[]> {
    const userName = await this.#user(target, [], title, fits);
    return userName === undefined ? [] : [{ userName }];
  }

  /** @returns the user the command is about; asks where that is not known; undefined where the person thought better of it */
  async #user(
    { directory, account: opened }: PanelAccount,
    subjects: readonly Subject[],
    title: string,
    fits: (entry: UserEntry) => boolean,
    placeHolder = l10n.t('Whom is it about?'),
  ): Promise<string | undefined> {
    const account = directory.account ?? opened;
    const named = subjects.find(({ userName }) => userName !== undefined)?.userName;
    const userName =
      named ??
      (await pickUser(account, {
        title,
        placeHolder,
        nobody:
          fits === anyone
            ? l10n.t('There is no IAM user in this account.')
            : l10n.t('Nobody in this account has an MFA device.'),
        fits,
      }));
    if (userName !== undefined && !account.users.has(userName)) {
      void window.showErrorMessage(l10n.t('There is no user {0} in this account.', userName));
      return undefined;
    }
    return userName;
  }

  /** @returns the user and the device the command is about; asks for what is not known */
  async #device(
    target: PanelAccount,
    subjects: readonly Subject[],
    title: string,
    fits: (serial: string) => boolean,
  ): Promise<{ readonly userName: string; readonly device: Device } | undefined> {
    const named = subjects.find(({ userName }) => userName !== undefined);
    const userName = await this.#user(target, subjects, title, hasDevice);
    if (userName === undefined) {
      return undefined;
    }
    const { serial } = named ?? {};
    const known =
      serial === undefined ? undefined : deviceOf(target.directory.account ?? target.account, userName, serial);
    if (known) {
      return { userName, device: known };
    }
    const all = await this.#devicesOf(target, userName);
    if (all.length === 0) {
      // Why was said there.
      return undefined;
    }
    if (serial !== undefined) {
      const device = all.find((each) => each.serial === serial);
      if (!device) {
        void window.showInformationMessage(
          l10n.t('{0} does not have this device any more. Nothing was changed.', userName),
        );
      }
      return device && { userName, device };
    }
    const devices = all.filter((device) => fits(device.serial));
    const [only] = devices;
    if (!only) {
      void window.showInformationMessage(l10n.t('{0} has no device that this is for.', userName));
      return undefined;
    }
    const device =
      devices.length === 1 ? only : await pickDevice(devices, title, l10n.t('Which device of {0}?', userName));
    return device && { userName, device };
  }

  /** Every device the user has, asked of AWS now: the account's list of virtual devices leaves others out. */
  async #devicesOf({ directory }: PanelAccount, userName: string): Promise<readonly Device[]> {
    const entry = await directory.refreshUser(userName);
    switch (entry?.mfa.kind) {
      case 'has':
        return entry.mfa.devices;
      case 'unknown': {
        const { what, todo } = changeWords(entry.mfa.problem);
        void window.showErrorMessage(`${what} ${todo}`);
        return [];
      }
      default:
        void window.showInformationMessage(l10n.t('{0} has no MFA device.', userName));
        return [];
    }
  }
}

function tellLeftovers(results: readonly LeftoverResult[]): void {
  const removed = results.filter(({ removal }) => removal.kind === 'removed').length;
  const others = results.flatMap(({ serial, removal }) => {
    const name = deviceName(serial);
    switch (removal.kind) {
      case 'removed':
        return [];
      case 'inUse':
        return [l10n.t('{0} is in use by now and was left alone.', name)];
      case 'beingEnrolled':
        return [l10n.t('{0} is being enrolled in a window right now and was left alone.', name)];
      case 'left':
        return [l10n.t('{0} is still there: {1}', name, changeLine(removal.problem))];
    }
  });
  const done =
    removed === 1
      ? l10n.t('One unfinished device was deleted.')
      : l10n.t('{0} unfinished devices were deleted.', removed);
  if (others.length === 0) {
    void window.showInformationMessage(done);
  } else {
    void window.showWarningMessage([...(removed > 0 ? [done] : []), ...others].join(' '));
  }
}

function isVirtual(serial: string): boolean {
  return deviceKind(serial) === 'virtual';
}

function anyone(): boolean {
  return true;
}

/** Also users who could not be checked: they may have one. */
function hasDevice({ mfa }: UserEntry): boolean {
  return mfa.kind !== 'none';
}
