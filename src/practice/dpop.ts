import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';

/** What a proof of possession (RFC 9449) has to fit. */
export interface ProofOf {
  readonly method: string;
  /** `host:port` as the request names it. */
  readonly host: string;
  readonly path: string;
  /** The key that the token was given to. */
  readonly key: KeyObject;
}

/**
 * Whether a DPoP header proves that the request comes from the holder of the key. Its time and its id are not held
 * against those of other proofs: the account's clock is not the machine's.
 */
export function provesPossession(proof: string | undefined, of: ProofOf): boolean {
  const [header = '', payload = '', signature = '', ...more] = (proof ?? '').split('.');
  const { alg, typ, jwk } = fields(header);
  const { htm, htu, iat, jti } = fields(payload);
  if (alg !== 'ES256' || typ !== 'dpop+jwt' || typeof iat !== 'number' || typeof jti !== 'string' || more.length > 0) {
    return false;
  }
  return (
    htm === of.method &&
    isAddress(htu, of) &&
    isKey(jwk, of.key) &&
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: of.key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  );
}

function isAddress(htu: unknown, of: ProofOf): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) {
    return false;
  }
  const { host, pathname } = new URL(htu);
  return host === of.host && pathname === of.path;
}

function isKey(jwk: unknown, key: KeyObject): boolean {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).equals(key);
  } catch {
    return false;
  }
}

/** The fields of a part of a JWT; none when it is none. */
function fields(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
