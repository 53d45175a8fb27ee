import { l10n } from 'vscode';
import { deviceName, type Device } from '../core/device';
import type { DeviceRemoval } from '../core/deviceRemoval';
import { changeWords } from './changeWords';

/** @returns what became of a device that was to be removed, in a sentence or two */
export function removalWords(userName: string, { serial }: Device, removal: DeviceRemoval): string {
  const name = deviceName(serial);
  switch (removal.kind) {
    case 'removed':
      return l10n.t('The device {0} was removed.', name);
    case 'gone':
      return l10n.t('The device {0} was gone already: someone else had removed it.', name);
    case 'moved':
      return l10n.t('The device {0} is somebody else’s by now, so it was left alone.', name);
    case 'deactivated':
      return l10n.t(
        'The device {0} was taken from {1}, but could not be deleted from AWS: {2} It is listed under Unfinished devices.',
        name,
        userName,
        changeWords(removal.problem).what,
      );
    case 'kept': {
      const { what, todo } = changeWords(removal.problem);
      return l10n.t('The device {0} is still on for {1}. {2} {3}', name, userName, what, todo);
    }
    case 'unknown':
      return l10n.t(
        'Whether the device {0} is still on for {1} is not known, since AWS’s answer was lost. Refresh to see.',
        name,
        userName,
      );
  }
}
