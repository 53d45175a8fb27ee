import type { Device } from '../core/device';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Session } from '../core/session';
import { selectedRows } from './manifest';

/** What a command is about, as far as the place where it was called tells. */
export interface Subject {
  readonly userName?: string;
  /** Serial number of one of the user's devices, or of an unassigned one. */
  readonly serial?: string;
  /** The user's, where a row tells it: rows may be of several accounts. */
  readonly arn?: string;
}

/** @param rows as `rowsOf` gives them: only what is in its place counts */
export function subjectsOf(rows: readonly unknown[]): readonly Subject[] {
  return rows.flatMap((each) => subjectsOfOne(each));
}

/**
 * Reads what a menu, a link, a key binding or other code handed over. They hand over what they like.
 * @param argument a row of the tree, `{ userName, serial }`, or the word for the selected rows
 * @param rows the rows that are selected, as the editor hands them over beside the one that was clicked: they count where that
 *   is one of them
 * @param selection the rows that are selected in the tree
 * @returns the rows, or what stands for them, that a command is about
 */
export function rowsOf(argument: unknown, rows: unknown, selection: readonly unknown[]): readonly unknown[] {
  const others: readonly unknown[] =
    Array.isArray(rows) && rows.some((row) => isSameRow(row, argument))
      ? rows.filter((row) => !isSameRow(row, argument))
      : [];
  // The row that was clicked comes first: what acts on one row acts on that.
  return argument === selectedRows ? selection : [argument, ...others];
}

/**
 * @param argument a row of the tree, or `{ accountId }`
 * @returns the account that it tells, among those that are shown; `gone` where it tells one that is not; undefined where it tells
 *   none
 */
export function accountOf(argument: unknown, sessions: readonly Session[]): Session | 'gone' | undefined {
  let row = argument;
  while (isRecord(row) && 'parent' in row) {
    row = row['parent'];
  }
  if (!isRecord(row)) {
    return undefined;
  }
  const { session, account } = row;
  const caller = isRecord(account) && isRecord(account['caller']) ? account['caller'] : undefined;
  const accountId = row['accountId'] ?? caller?.['accountId'];
  const found = sessions.find((each) => each === session);
  if (found ?? accountId === undefined) {
    // A row of an account that nothing was read of, and that was taken out of sight since.
    return found ?? (session === undefined ? undefined : 'gone');
  }
  // Another server may use the same number: then it tells nothing.
  const [named, ...others] = sessions.filter((each) => each.account?.caller.accountId === accountId);
  return named ? (others.length > 0 ? undefined : named) : 'gone';
}

/** @returns the names of the users that a group's row stands for; undefined where it is none */
export function groupMembers(row: unknown): readonly string[] | undefined {
  return isRecord(row) && row['kind'] === 'group' && Array.isArray(row['entries'])
    ? row['entries'].flatMap((entry) => nameOf(entry) ?? [])
    : undefined;
}

/** Whether it is the row of an account. */
export function isAccountRow(row: unknown): boolean {
  return isRecord(row) && row['kind'] === 'account';
}

function subjectsOfOne(argument: unknown): readonly Subject[] {
  if (!isRecord(argument)) {
    return [];
  }
  switch (argument['kind']) {
    case 'user':
      return subject(nameOf(argument['entry']), undefined, factOf(argument['entry'], 'arn'));
    case 'device':
      return subject(
        isRecord(argument['parent']) ? nameOf(argument['parent']['entry']) : undefined,
        serialOf(argument['device']),
      );
    case 'unfinished':
      return subject(undefined, serialOf(argument['device']));
    case 'unfinishedGroup':
      return Array.isArray(argument['devices'])
        ? argument['devices'].flatMap((device) => subject(undefined, serialOf(device)))
        : [];
    default:
      return subject(text(argument['userName']), text(argument['serial']));
  }
}

/** Rows are made anew at every change, their ids are not. */
function isSameRow(a: unknown, b: unknown): boolean {
  return isRecord(a) && isRecord(b) && a['id'] !== undefined && a['id'] === b['id'];
}

function subject(userName: string | undefined, serial?: string, arn?: string): readonly Subject[] {
  return userName === undefined && serial === undefined
    ? []
    : [
        {
          ...(userName !== undefined && { userName }),
          ...(serial !== undefined && { serial }),
          ...(arn !== undefined && { arn }),
        },
      ];
}

/** @returns the device of that serial among those of the user, as they were read last */
export function deviceOf(account: AccountSnapshot, userName: string, serial: string): Device | undefined {
  const mfa = account.users.get(userName)?.mfa;
  return mfa?.kind === 'has' ? mfa.devices.find((device) => device.serial === serial) : undefined;
}

function nameOf(entry: unknown): string | undefined {
  return factOf(entry, 'name');
}

function factOf(entry: unknown, fact: 'name' | 'arn'): string | undefined {
  return isRecord(entry) && isRecord(entry['user']) ? text(entry['user'][fact]) : undefined;
}

function serialOf(device: unknown): string | undefined {
  return isRecord(device) ? text(device['serial']) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
