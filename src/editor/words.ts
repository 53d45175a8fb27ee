import { env, l10n } from 'vscode';
import { formatAccountId, type AccountSource } from '../core/account';
import { deviceKind } from '../core/device';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Group } from '../core/users';

export function groupLabel(group: Group): string {
  switch (group) {
    case 'canSignIn':
      return l10n.t('Can sign in without MFA');
    case 'passwordUnknown':
      return l10n.t('No MFA, console password not known');
    case 'noPassword':
      return l10n.t('No MFA, no console password');
    case 'unchecked':
      return l10n.t('Could not be checked');
    case 'checking':
      return l10n.t('Being checked');
    case 'hasMfa':
      return l10n.t('Has MFA');
  }
}

export function deviceKindLabel(serial: string): string {
  switch (deviceKind(serial)) {
    case 'virtual':
      return l10n.t('virtual device');
    case 'hardware':
      return l10n.t('hardware token');
    case 'passkey':
      return l10n.t('passkey or security key');
    case 'sms':
      return l10n.t('SMS (no longer offered by AWS)');
  }
}

/** @returns the codicon of a device's kind */
export function deviceIconName(serial: string): 'device-mobile' | 'circuit-board' | 'key' | 'comment' {
  switch (deviceKind(serial)) {
    case 'virtual':
      return 'device-mobile';
    case 'hardware':
      return 'circuit-board';
    case 'passkey':
      return 'key';
    case 'sms':
      return 'comment';
  }
}

/** @returns "profile prod", "default credentials" or "practice account" */
export function sourceLabel(source: AccountSource): string {
  switch (source.kind) {
    case 'profile':
      return l10n.t('profile {0}', source.profile);
    case 'default':
      return l10n.t('default credentials');
    case 'practice':
      return l10n.t('practice account');
  }
}

/** @returns the host of an address, with its port; the address itself where it is none */
export function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}

/** @returns "acme-prod · 1234-5678-9012", or the id alone where there is no alias */
export function accountLabel(account: AccountSnapshot): string {
  const id = formatAccountId(account.caller.accountId);
  return account.alias === undefined ? id : `${account.alias} · ${id}`;
}

/**
 * The files are read where the extension runs, which is not always where the window is.
 * @param remoteName as the editor calls the way in which the window is connected; undefined where it is not
 * @returns whose files they are, in words that people use; undefined where the window is on the same computer, or how it is
 *   connected is not known
 */
export function remoteLabel(remoteName = env.remoteName): string | undefined {
  switch (remoteName) {
    case 'ssh-remote':
      return l10n.t('files of the SSH host');
    case 'wsl':
      return l10n.t('files of WSL');
    case 'dev-container':
    case 'attached-container':
      return l10n.t('files of the container');
    case 'codespaces':
      return l10n.t('files of the codespace');
    case 'tunnel':
      return l10n.t('files of the tunnel’s host');
    default:
      return undefined;
  }
}

/**
 * @param of how many there are without the filter; undefined where there is none
 * @returns "3" or "3 of 7"
 */
export function countWords(count: number, of: number | undefined): string {
  return of === undefined ? numberLabel(count) : l10n.t('{0} of {1}', numberLabel(count), numberLabel(of));
}

/** @returns "5,000", as the editor's language writes it */
export function numberLabel(count: number): string {
  return count.toLocaleString(env.language);
}
