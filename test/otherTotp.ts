import { TOTP } from 'totp-generator';

/**
 * The code of a seed at a time, by an implementation that is not the extension's.
 * @param seed base32
 * @param at milliseconds since 1970
 */
export async function otherTotp(seed: string, at: number): Promise<string> {
  // Left to itself, it drops zeros at the front of one number in twenty thousand; a code has six digits (RFC 4226, section 5.3).
  return (await TOTP.generate(seed, { timestamp: at, explicitZeroPad: true })).otp;
}
