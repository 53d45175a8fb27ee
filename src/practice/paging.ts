import { createHmac } from 'node:crypto';
import { validationError } from './failure';
import type { Call } from './operation';
import type { Fields } from './wire';

const DEFAULT_PAGE = 100;
const MARKER = /^([A-Za-z0-9_-]{22})([a-z0-9]+)$/;

/** The page of a list that Marker and MaxItems ask for. Throws ValidationError on a marker not given out for it. */
export function page<T>(call: Call, all: readonly T[]): { items: readonly T[]; rest: Fields } {
  const start = startOf(call);
  const asked = call.parameters.number('MaxItems') ?? DEFAULT_PAGE;
  // AWS may give fewer than asked for; only IsTruncated ends a list (iam-facts 1.1).
  const size = call.account.settings.shortPages ? Math.max(1, Math.ceil(Math.min(asked, all.length) / 3)) : asked;
  const end = start + size;
  const more = end < all.length;
  return {
    items: all.slice(start, end),
    rest: { IsTruncated: more, Marker: more ? markerFor(call, end) : undefined },
  };
}

function startOf(call: Call): number {
  const marker = call.parameters.text('Marker');
  if (marker === undefined) {
    return 0;
  }
  const position = Number.parseInt(MARKER.exec(marker)?.[2] ?? '', 36);
  if (!(position >= 0) || marker !== markerFor(call, position)) {
    throw validationError('Invalid Marker.');
  }
  return position;
}

function markerFor(call: Call, position: number): string {
  const seal = createHmac('sha256', call.account.markerKey).update(`${call.operation} ${position}`).digest('base64url');
  return seal.slice(0, 22) + position.toString(36);
}
