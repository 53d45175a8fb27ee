import { l10n } from 'vscode';
import { deviceName } from '../core/device';
import type { AccountSnapshot } from '../core/accountSnapshot';
import { passwordAskedBefore, type MfaState, type UserEntry } from '../core/users';
import { problemWords } from './problemWords';
import { accountLabel, deviceKindLabel } from './words';

/** A user, and the account that it is of. */
export interface TableUser {
  readonly account: AccountSnapshot;
  readonly entry: UserEntry;
}

/** Texts as they are, a line for each user below the heading. */
export type Table = readonly (readonly string[])[];

/** What is known of users, for others to read: what is not known is said to be so, with the reason. */
export function userTable(users: readonly TableUser[]): Table {
  const withAccount = new Set(users.map(({ account }) => account)).size > 1;
  const heading = [
    l10n.t('User'),
    l10n.t('MFA'),
    l10n.t('Devices'),
    l10n.t('Console password'),
    l10n.t('Password last used'),
    l10n.t('As of'),
    l10n.t('Source'),
    l10n.t('ARN'),
  ];
  return [
    [...(withAccount ? [l10n.t('Account')] : []), ...heading],
    ...users.map(({ account, entry }) => [
      ...(withAccount ? [accountLabel(account)] : []),
      entry.user.name,
      mfaCell(entry.mfa),
      devicesCell(entry.mfa),
      passwordCell(entry),
      lastUsedCell(entry),
      new Date(entry.mfa.at).toISOString(),
      entry.mfa.kind === 'none' && entry.mfa.source ? l10n.t('credential report') : l10n.t('live'),
      entry.user.arn,
    ]),
  ];
}

/** By RFC 4180. A cell that a spreadsheet would take for a formula is made a text. */
export function toCsv(table: Table): string {
  const cell = (text: string) => {
    const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return table.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A table as GitHub and others read it: cells mean what they say and no more. */
export function toMarkdown([heading = [], ...rows]: Table): string {
  const cell = (text: string) => text.replace(/[\\|`*_<[\]]/g, '\\$&').replace(/\s*[\r\n]+\s*/g, ' ');
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |\n`;
  return [line(heading), `|${heading.map(() => ' --- |').join('')}\n`, ...rows.map(line)].join('');
}

function unknown(reason: string): string {
  return l10n.t('unknown: {0}', reason);
}

function mfaCell(mfa: MfaState): string {
  switch (mfa.kind) {
    case 'has':
      return l10n.t('yes');
    case 'none':
      return l10n.t('no');
    case 'unknown':
      return unknown(problemWords(mfa.problem).what);
    case 'checking':
      return unknown(l10n.t('being checked'));
  }
}

function devicesCell(mfa: MfaState): string {
  switch (mfa.kind) {
    case 'has': {
      const devices = mfa.devices.map(({ serial }) => `${deviceName(serial)} (${deviceKindLabel(serial)})`);
      return [...devices, ...(mfa.complete ? [] : [l10n.t('other kinds not listed')])].join(', ');
    }
    case 'none':
      return '';
    case 'unknown':
    case 'checking':
      return l10n.t('unknown');
  }
}

function passwordCell(entry: UserEntry): string {
  const { password } = entry;
  switch (password.kind) {
    case 'yes':
    case 'no': {
      const answer = password.kind === 'yes' ? l10n.t('yes') : l10n.t('no');
      if (password.source === 'report') {
        return l10n.t('{0}, by the credential report of {1}', answer, new Date(password.at).toISOString());
      }
      const before = passwordAskedBefore(entry);
      return before === undefined ? answer : l10n.t('{0}, asked of AWS {1}', answer, new Date(before).toISOString());
    }
    case 'unknown':
      return unknown(password.problem ? problemWords(password.problem).what : l10n.t('not asked'));
  }
}

function lastUsedCell({ user, password }: UserEntry): string {
  if (user.passwordLastUsed) {
    return user.passwordLastUsed.toISOString();
  }
  if (password.kind === 'no') {
    return '';
  }
  // Of a user of whom AWS told no more than the name, it was not told either.
  return password.kind === 'yes' && user.createdAt ? l10n.t('never') : l10n.t('unknown');
}
