import type { Failure } from './failure';

export type Service = 'iam' | 'sts';

// The Query protocol: a form goes in, XML comes out.
const NAMESPACES: Readonly<Record<Service, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

const VERSIONS: ReadonlyMap<string, Service> = new Map([
  ['2010-05-08', 'iam'],
  ['2011-06-15', 'sts'],
]);

/** The service whose API version a form names. */
export const serviceOfVersion = (version: string | undefined): Service | undefined => VERSIONS.get(version ?? '');

/**
 * What an answer may hold. A list is written as `member` elements, a Map as `entry` elements of key and value,
 * bytes as base64, a Date as ISO 8601 without fractions; what is undefined is left out.
 */
export type Value =
  string | number | boolean | undefined | Date | Uint8Array | readonly Value[] | ReadonlyMap<string, Value> | Fields;

export interface Fields {
  readonly [name: string]: Value;
}

/** The XML of a good answer. An operation without output has no Result element. */
export function resultXml(service: Service, operation: string, requestId: string, fields: Fields | undefined): string {
  const result = fields === undefined ? '' : element(`${operation}Result`, fieldsXml(fields));
  const metadata = element('ResponseMetadata', element('RequestId', escape(requestId)));
  return document(service, `${operation}Response`, result + metadata);
}

/** The XML of a refusal. */
export function errorXml(service: Service, requestId: string, failure: Failure): string {
  const error = fieldsXml({
    Type: failure.status >= 500 ? 'Receiver' : 'Sender',
    Code: failure.code,
    Message: failure.message === '' ? undefined : failure.message,
  });
  return document(service, 'ErrorResponse', element('Error', error) + element('RequestId', escape(requestId)));
}

/** An instant in AWS's form: whole seconds, UTC. */
export const isoSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** Text as RFC 3986 encodes it, which is how policy documents are answered: all but letters, digits and `-._~`. */
export const urlEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const document = (service: Service, name: string, content: string): string =>
  `<${name} xmlns="${NAMESPACES[service]}">${content}</${name}>`;

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const escape = (text: string): string => text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);

const fieldsXml = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => (value === undefined ? '' : element(name, valueXml(value))))
    .join('');

function valueXml(value: Value): string {
  if (typeof value !== 'object') {
    return escape(String(value));
  }
  if (value instanceof Date) {
    return isoSeconds(value.getTime());
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('base64');
  }
  if (isList(value)) {
    return value.map((item) => element('member', valueXml(item))).join('');
  }
  if (isMap(value)) {
    return [...value].map(([key, item]) => element('entry', fieldsXml({ key, value: item }))).join('');
  }
  return fieldsXml(value);
}

// The built-in guards do not narrow readonly lists and maps.
const isList = (value: object): value is readonly Value[] => Array.isArray(value);
const isMap = (value: object): value is ReadonlyMap<string, Value> => value instanceof Map;
