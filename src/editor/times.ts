import { env, l10n } from 'vscode';
import { once } from '../core/once';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

// Making a formatter costs more than a thousand uses of it.
const relative = once(() => new Intl.RelativeTimeFormat(env.language, { numeric: 'auto' }));
const dates = once(() => new Intl.DateTimeFormat(env.language, { dateStyle: 'medium' }));
const moments = once(() => new Intl.DateTimeFormat(env.language, { dateStyle: 'medium', timeStyle: 'short' }));

/** @returns how long ago that was: "just now", "5 minutes ago", "3 days ago"; a date where it is long ago */
export function ago(time: number, now: number): string {
  const age = now - time;
  if (age < minute) {
    return l10n.t('just now');
  }
  if (age < hour) {
    return relative().format(-Math.round(age / minute), 'minute');
  }
  if (age < day) {
    return relative().format(-Math.round(age / hour), 'hour');
  }
  return age < 60 * day ? relative().format(-Math.round(age / day), 'day') : dateLabel(new Date(time));
}

/** @returns "400 days ago", however long that is */
export function daysAgo(date: Date, now: number): string {
  return relative().format(-Math.max(0, Math.floor((now - date.getTime()) / day)), 'day');
}

/** @returns "12 Mar 2026", as the editor's language writes it */
export function dateLabel(date: Date): string {
  return dates().format(date);
}

/** @returns "12 Mar 2026, 14:05": for words that stay on screen while time goes on */
export function momentLabel(time: number): string {
  return moments().format(time);
}
