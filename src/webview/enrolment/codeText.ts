import { codeLength, digitsOf } from '../../protocol/codeText';

/** What a text that was pasted or filled in stands for: both codes, one code, or undefined where it is neither. */
export function codesIn(text: string): { readonly first: string; readonly second?: string } | undefined {
  const digits = digitsOf(text);
  if (digits.length === 2 * codeLength) {
    return { first: digits.slice(0, codeLength), second: digits.slice(codeLength) };
  }
  return digits.length === codeLength ? { first: digits } : undefined;
}

/** A code, or a secret key, in groups that the eye can hold. */
export function groups(text: string, size: number): string[] {
  return text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
}
