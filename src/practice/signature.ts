import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Failure, invalidClientTokenId } from './failure';
import type { Service } from './wire';

/** A request as it came in. Header names are in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the account knows about an access key id. */
export interface KeyMaterial {
  readonly secretAccessKey: string;
  /** Session keys must come with this token, long-term keys with none. */
  readonly sessionToken: string | undefined;
}

export interface SignatureRules {
  readonly service: Service;
  /** The account's clock, ms. */
  readonly now: number;
  /** The code for a request whose time is too far off; AWS uses both. */
  readonly skewCode: 'SignatureDoesNotMatch' | 'RequestExpired';
  readonly keyOf: (accessKeyId: string) => KeyMaterial | undefined;
}

const MAX_SKEW_MS = 15 * 60_000;

/**
 * Verifies Signature Version 4 and returns the access key id that signed.
 * Throws Failure with the codes of iam-facts 1.7. Any region is taken: a client that points at an endpoint of its own
 * signs with whatever region it is set to.
 */
export function verifySignature(request: SignedRequest, rules: SignatureRules): string {
  const { accessKeyId, scope, signedHeaders, signature } = parseAuthorization(request.headers['authorization']);
  const keys = rules.keyOf(accessKeyId);
  if (keys === undefined || request.headers['x-amz-security-token'] !== keys.sessionToken) {
    throw invalidClientTokenId();
  }
  const [scopeDate = '', region = '', service = '', terminator = ''] = scope;
  if (service !== rules.service) {
    throw mismatch(`Credential should be scoped to correct service: '${rules.service}'. `);
  }
  if (terminator !== 'aws4_request') {
    throw mismatch(`Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`);
  }
  if (!signedHeaders.includes('host')) {
    throw mismatch("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const amzDate = request.headers['x-amz-date'] ?? '';
  checkTime(amzDate, rules);
  if (!amzDate.startsWith(scopeDate)) {
    throw mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ` +
        `'${scopeDate}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    );
  }

  const canonicalHash = createHash('sha256').update(canonicalRequest(request, signedHeaders)).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), canonicalHash].join('\n');
  const signingKey = [scopeDate, region, service, terminator].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${keys.secretAccessKey}`),
  );
  const expected = createHmac('sha256', signingKey).update(toSign).digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access ' +
        'Key and signing method. Consult the service documentation for details.',
    );
  }
  return accessKeyId;
}

/** The access key id that a request names, be it signed well or not; undefined when it names none. */
export const accessKeyIdOf = (request: SignedRequest): string | undefined =>
  /Credential=([^/,]+)\//.exec(request.headers['authorization'] ?? '')?.[1];

const mismatch = (message: string): Failure => new Failure('SignatureDoesNotMatch', 403, message);

interface Authorization {
  readonly accessKeyId: string;
  /** Date, region, service, terminator. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined) {
    throw new Failure('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  }
  const match = /^AWS4-HMAC-SHA256 +Credential=([^/,]+)\/([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(
    header,
  );
  const [, accessKeyId, scope, signedHeaders, signature] = match ?? [];
  if (
    accessKeyId === undefined ||
    scope === undefined ||
    signedHeaders === undefined ||
    signature === undefined ||
    scope.split('/').length !== 4
  ) {
    throw new Failure(
      'IncompleteSignature',
      400,
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.",
    );
  }
  return { accessKeyId, scope: scope.split('/'), signedHeaders: signedHeaders.split(';'), signature };
}

function checkTime(amzDate: string, rules: SignatureRules): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (parts === null) {
    throw new Failure('IncompleteSignature', 400, "Date must be in ISO-8601 'basic format'.");
  }
  const [, year, month, day, hour, minute, second] = parts;
  const sentAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const early = basic(rules.now - MAX_SKEW_MS);
  const late = basic(rules.now + MAX_SKEW_MS);
  const status = rules.skewCode === 'RequestExpired' ? 400 : 403;
  if (sentAt < rules.now - MAX_SKEW_MS) {
    throw new Failure(
      rules.skewCode,
      status,
      `Signature expired: ${amzDate} is now earlier than ${early} (${basic(rules.now)} - 15 min.)`,
    );
  }
  if (sentAt > rules.now + MAX_SKEW_MS) {
    throw new Failure(
      rules.skewCode,
      status,
      `Signature not yet current: ${amzDate} is still later than ${late} (${basic(rules.now)} + 15 min.)`,
    );
  }
}

const basic = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split('?');
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    request.method,
    path,
    query.split('&').sort().join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
}
