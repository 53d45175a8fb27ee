import { env, l10n } from 'vscode';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

// Made once: that takes fifty times as long as to use them, and there may be thousands of rows.
const relative = new Intl.RelativeTimeFormat(env.language, { numeric: 'auto' });
const medium = new Intl.DateTimeFormat(env.language, { dateStyle: 'medium' });

/** @returns how long ago that was: "just now", "5 minutes ago", "3 days ago"; a date where it is long ago */
export function ago(time: number, now: number): string {
  const age = now - time;
  if (age < minute) {
    return l10n.t('just now');
  }
  if (age < hour) {
    return relative.format(-Math.round(age / minute), 'minute');
  }
  if (age < day) {
    return relative.format(-Math.round(age / hour), 'hour');
  }
  return age < 60 * day ? relative.format(-Math.round(age / day), 'day') : dateLabel(new Date(time));
}

/** @returns "400 days ago", however long that is */
export function daysAgo(date: Date, now: number): string {
  return relative.format(-Math.max(0, Math.floor((now - date.getTime()) / day)), 'day');
}

/** @returns "12 Mar 2026", as the editor's language writes it */
export function dateLabel(date: Date): string {
  return medium.format(date);
}
