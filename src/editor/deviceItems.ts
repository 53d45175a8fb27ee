import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { deviceKind, deviceName } from '../core/device';
import { labelKeys } from '../core/deviceLabels';
import type { DeviceDetails } from '../core/accountSnapshot';
import { probableOwner } from '../core/leftovers';
import { rowTraits } from './manifest';
import { ago, dateLabel } from './times';
import type { DeviceNode, UnfinishedGroupNode, UnfinishedNode } from './treeNodes';
import { countWords, deviceIconName, deviceKindLabel } from './words';

const { Collapsed, None } = TreeItemCollapsibleState;

/**
 * The row of a device, or of those that are unfinished: the last rows of an account, and those below one that is closed at first.
 * @param now milliseconds since 1970, for ages
 */
export function deviceTreeItem(node: DeviceNode | UnfinishedNode | UnfinishedGroupNode, now: number): TreeItem {
  const item = itemOf(node, now);
  item.id = node.id;
  return item;
}

function itemOf(node: DeviceNode | UnfinishedNode | UnfinishedGroupNode, now: number): TreeItem {
  switch (node.kind) {
    case 'device':
      return deviceItem(node);
    case 'unfinished':
      return unfinishedItem(node, now);
    case 'unfinishedGroup':
      return unfinishedGroupItem(node);
  }
}

function unfinishedGroupItem({ devices, of }: UnfinishedGroupNode): TreeItem {
  const item = new TreeItem(l10n.t('Unfinished devices'), Collapsed);
  const count = countWords(devices.length, of);
  item.description = count;
  item.contextValue = rowTraits.unfinishedGroup;
  item.accessibilityInformation = { label: `${l10n.t('Unfinished devices')}, ${count}` };
  return item;
}

function deviceItem(node: DeviceNode): TreeItem {
  const { serial, enabledAt } = node.device;
  const item = new TreeItem(deviceName(serial), None);
  const words = [
    ...detailWords(node.details),
    deviceKindLabel(serial),
    ...(enabledAt ? [l10n.t('since {0}', dateLabel(enabledAt))] : []),
  ];
  item.description = words.join(' · ');
  item.iconPath = new ThemeIcon(deviceIconName(serial));
  item.contextValue = `${rowTraits.device} ${rowTraits[deviceKind(serial)]}`;
  item.accessibilityInformation = { label: [deviceName(serial), ...words].join(', ') };
  return item;
}

/** The name a person gave it, and what is certified of it. */
function detailWords(details: DeviceDetails | undefined): readonly string[] {
  const name = details?.tags?.get(labelKeys.name);
  const certified = [...(details?.certifications ?? [])].map(([key, value]) => `${key} ${value}`);
  return [...(name === undefined ? [] : [name]), ...(certified.length > 0 ? [certified.join(', ')] : [])];
}

function unfinishedItem({ device, parent }: UnfinishedNode, now: number): TreeItem {
  const item = new TreeItem(deviceName(device.serial), None);
  const owner = probableOwner(device.serial, parent.userNames);
  const words = [
    ...(owner === undefined ? [] : [l10n.t('probably {0}’s', owner)]),
    l10n.t('not in use'),
    l10n.t('seen first {0}', ago(device.firstSeenAt, now)),
  ];
  item.description = words.join(' · ');
  item.accessibilityInformation = { label: [deviceName(device.serial), ...words].join(', ') };
  item.iconPath = new ThemeIcon('device-mobile');
  item.contextValue = rowTraits.unfinished;
  return item;
}
