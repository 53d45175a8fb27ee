import { l10n, type QuickPickItem, ThemeIcon, window } from 'vscode';
import { probableOwner } from '../core/leftovers';
import { deviceName, type Device } from '../core/device';
import type { AccountSnapshot, Leftover } from '../core/accountSnapshot';
import { ago, dateLabel } from './times';
import { deviceIconName, deviceKindLabel } from './words';

interface DeviceItem<D extends Device> extends QuickPickItem {
  readonly device: D;
}

/** @returns the device that the person chose; undefined where they thought better of it */
export async function pickDevice(
  devices: readonly Device[],
  title: string,
  placeHolder: string,
): Promise<Device | undefined> {
  const picked = await window.showQuickPick(devices.map(deviceItem), {
    title,
    placeHolder,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked?.device;
}

/** @returns the device that the person has at hand, or `none`; undefined where they thought better of it */
export async function pickDeviceAtHand(
  devices: readonly Device[],
  title: string,
  none: string,
): Promise<Device | 'none' | undefined> {
  const noneItem: QuickPickItem = { label: none, iconPath: new ThemeIcon('link-external') };
  const items = devices.map(deviceItem);
  const picked = await window.showQuickPick<QuickPickItem>([...items, noneItem], {
    title,
    placeHolder: l10n.t('Which device do you have at hand?'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked === noneItem ? 'none' : items.find((item) => item === picked)?.device;
}

/** @returns those of the devices that the person chose, none where they thought better of it; all are chosen at first */
export async function pickDevices(
  devices: readonly Device[],
  title: string,
  placeHolder: string,
): Promise<readonly Device[]> {
  const items = devices.map((device) => ({ ...deviceItem(device), picked: true }));
  const picked = await window.showQuickPick(items, { title, placeHolder, canPickMany: true, ignoreFocusOut: true });
  return picked?.map(({ device }) => device) ?? [];
}

/** @returns the serials of the leftovers that the person chose */
export async function pickLeftovers(account: AccountSnapshot, now: number): Promise<readonly string[]> {
  const items = account.unassigned.map((device): DeviceItem<Leftover> => {
    const owner = probableOwner(device.serial, account.users.keys());
    const words = [
      ...(owner === undefined ? [] : [l10n.t('probably {0}’s', owner)]),
      l10n.t('seen first {0}', ago(device.firstSeenAt, now)),
    ];
    return { ...deviceItem(device), description: words.join(' · '), device };
  });
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Delete Unfinished Devices'),
    placeHolder: l10n.t('Which of these does nobody need?'),
    canPickMany: true,
  });
  return picked?.map(({ device }) => device.serial) ?? [];
}

function deviceItem(device: Device): DeviceItem<Device> {
  const words = [
    deviceKindLabel(device.serial),
    ...(device.enabledAt ? [l10n.t('since {0}', dateLabel(device.enabledAt))] : []),
  ];
  return {
    label: deviceName(device.serial),
    description: words.join(' · '),
    iconPath: new ThemeIcon(deviceIconName(device.serial)),
    device,
  };
}
