import { createHash, randomBytes } from 'node:crypto';
import { toBase32 } from './base32';

/** Keys of a caller of the practice account. Worth nothing anywhere else. */
export interface PracticeKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface PracticeSessionKeys extends PracticeKeys {
  readonly sessionToken: string;
}

// Keys are computed, never written down: scanners look for literal ones, and other processes can compute the same.
const SALT = 'practice account, loopback only';

const digest = (purpose: string, name: string): Buffer =>
  createHash('sha256').update(`${SALT}\n${purpose}\n${name}`).digest();

/** Long-term keys of a caller by its name. Pure: the same name gives the same keys in every process. */
export function practiceKeys(callerName: string): PracticeKeys {
  return {
    accessKeyId: `AKIA${toBase32(digest('id', callerName)).slice(0, 16)}`,
    secretAccessKey: digest('secret', callerName).subarray(0, 30).toString('base64'),
  };
}

/** Session keys (an assumed role) of a caller by its name. Pure, like practiceKeys. */
export function practiceSessionKeys(callerName: string): PracticeSessionKeys {
  return {
    accessKeyId: `ASIA${toBase32(digest('session id', callerName)).slice(0, 16)}`,
    secretAccessKey: digest('session secret', callerName).subarray(0, 30).toString('base64'),
    sessionToken: Buffer.concat([digest('token 1', callerName), digest('token 2', callerName)]).toString('base64'),
  };
}

/** Of a user, a role, a group, a managed policy. */
export type IdPrefix = 'AIDA' | 'AROA' | 'AGPA' | 'ANPA';

/** An IAM unique id such as a user's, by its name: the prefix and 17 characters of A-Z and 2-7. Pure. */
export function practiceId(prefix: IdPrefix, name: string): string {
  return `${prefix}${toBase32(digest(prefix, name)).slice(0, 17)}`;
}

/** The seed of a device that the company opens with: 64 base32 characters, 40 bytes (iam-facts 2.8). Pure. */
export function practiceSeed(serial: string): string {
  return toBase32(Buffer.concat([digest('seed 1', serial), digest('seed 2', serial)]).subarray(0, 40));
}

/** A fresh random seed: 64 base32 characters, 40 bytes. */
export function randomSeed(): string {
  return toBase32(randomBytes(40));
}

/** A fresh random unique id, such as that of a user just made. */
export function randomId(prefix: IdPrefix): string {
  return `${prefix}${toBase32(randomBytes(11)).slice(0, 17)}`;
}

/** Fresh random long-term keys. */
export function randomKeys(): PracticeKeys {
  return {
    accessKeyId: `AKIA${toBase32(randomBytes(10))}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
}

/** Fresh random session keys. */
export function randomSessionKeys(): PracticeSessionKeys {
  return {
    accessKeyId: `ASIA${toBase32(randomBytes(10))}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
  };
}
