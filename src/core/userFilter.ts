import { deviceKind } from './device';
import type { DeviceDetails } from './accountSnapshot';
import type { UserEntry } from './users';

/** Words that narrow by what is known of a user, as they are written after an `@`. */
export const marks = [
  'noMfa',
  'hasMfa',
  'unchecked',
  'password',
  'noPassword',
  'virtual',
  'hardware',
  'passkey',
  'sms',
  'you',
] as const;
export type Mark = (typeof marks)[number];

/** Who is to be found: every word and every mark has to fit. */
export interface UserFilter {
  /** In lower case. */
  readonly words: readonly string[];
  readonly marks: readonly Mark[];
  /** Words that begin with `@` and are no mark, as they were typed: they narrow nothing. */
  readonly unknown: readonly string[];
}

/** Reads what a person typed: words between white space, in either case. */
export function parseFilter(text: string): UserFilter {
  const typed = text.split(/\s+/).filter((word) => word !== '');
  const markOf = (word: string) => marks.find((mark) => `@${mark}`.toLowerCase() === word.toLowerCase());
  const atWords = typed.filter((word) => word.startsWith('@'));
  return {
    words: typed.filter((word) => !word.startsWith('@')).map((word) => word.toLowerCase()),
    marks: atWords.flatMap((word) => markOf(word) ?? []),
    unknown: atWords.filter((word) => markOf(word) === undefined),
  };
}

/** Whether it narrows nothing. */
export function isEveryone({ words, marks: known }: UserFilter): boolean {
  return words.length === 0 && known.length === 0;
}

/** @param details by serial, as far as they were read: a device is found by its tags too */
export function matchesUser(
  filter: UserFilter,
  entry: UserEntry,
  details: ReadonlyMap<string, DeviceDetails>,
): boolean {
  return (
    filter.marks.every((mark) => isMarked(entry, mark)) &&
    (filter.words.length === 0 || allFound(filter.words, textOf(entry, details)))
  );
}

/** Whether a device that belongs to nobody is found by its name. Marks are about users: with one of them, it is not. */
export function matchesUnassigned(filter: UserFilter, serial: string): boolean {
  return filter.marks.length === 0 && allFound(filter.words, serial.toLowerCase());
}

/** @param text in lower case */
function allFound(words: readonly string[], text: string): boolean {
  return words.every((word) => text.includes(word));
}

/** What words are looked for in, in lower case. One text with line ends, which no word holds: that is quick for many users. */
function textOf({ user, mfa }: UserEntry, details: ReadonlyMap<string, DeviceDetails>): string {
  let text = `${user.name}\n${user.arn}\n${user.path}`;
  // A device's name is part of its serial.
  for (const { serial } of mfa.kind === 'has' ? mfa.devices : []) {
    text += `\n${serial}`;
    for (const [key, value] of details.get(serial)?.tags ?? []) {
      text += `\n${key}\n${value}`;
    }
  }
  return text.toLowerCase();
}

function isMarked({ isCaller, mfa, password }: UserEntry, mark: Mark): boolean {
  switch (mark) {
    case 'noMfa':
      return mfa.kind === 'none';
    case 'hasMfa':
      return mfa.kind === 'has';
    case 'unchecked':
      return mfa.kind === 'unknown' || mfa.kind === 'checking';
    case 'password':
      return password.kind === 'yes';
    case 'noPassword':
      return password.kind === 'no';
    case 'virtual':
    case 'hardware':
    case 'passkey':
    case 'sms':
      return mfa.kind === 'has' && mfa.devices.some(({ serial }) => deviceKind(serial) === mark);
    case 'you':
      return isCaller;
  }
}
