import { createHmac } from 'node:crypto';
import { validationError } from './failure';
import type { Call } from './operation';
import type { Fields } from './wire';

const DEFAULT_PAGE = 100;
// The seal, whether the empty page that goes before the next one was given, and where that one begins.
const MARKER = /^[A-Za-z0-9_-]{22}(E?)([a-z0-9]+)$/;

interface Place {
  readonly position: number;
  /** Where empty pages come in between: that of this place was given. */
  readonly afterEmpty: boolean;
}

/** The page of a list that Marker and MaxItems ask for. Throws ValidationError on a marker not given out for it. */
export function page<T>(call: Call, all: readonly T[]): { items: readonly T[]; rest: Fields } {
  const { shortPages, emptyPages } = call.account.settings;
  const { position: start, afterEmpty } = placeOf(call);
  if (emptyPages && !afterEmpty) {
    const Marker = markerFor(call, { position: start, afterEmpty: true });
    return { items: [], rest: { IsTruncated: true, Marker } };
  }
  const asked = call.parameters.number('MaxItems') ?? DEFAULT_PAGE;
  // AWS may give fewer than asked for; only IsTruncated ends a list (iam-facts 1.1).
  const size = shortPages ? Math.max(1, Math.ceil(Math.min(asked, all.length) / 3)) : asked;
  const end = start + size;
  const more = end < all.length;
  const Marker = more ? markerFor(call, { position: end, afterEmpty: false }) : undefined;
  return { items: all.slice(start, end), rest: { IsTruncated: more, Marker } };
}

function placeOf(call: Call): Place {
  const marker = call.parameters.text('Marker');
  if (marker === undefined) {
    return { position: 0, afterEmpty: false };
  }
  const [, empty, position = ''] = MARKER.exec(marker) ?? [];
  const place: Place = { position: Number.parseInt(position, 36), afterEmpty: empty === 'E' };
  if (!(place.position >= 0) || marker !== markerFor(call, place)) {
    throw validationError('Invalid Marker.');
  }
  return place;
}

function markerFor(call: Call, { position, afterEmpty }: Place): string {
  const place = `${afterEmpty ? 'E' : ''}${position.toString(36)}`;
  const seal = createHmac('sha256', call.account.markerKey).update(`${call.operation} ${place}`).digest('base64url');
  return seal.slice(0, 22) + place;
}
