/** Digits in a code: what AWS takes for a virtual device. */
export const codeLength = 6;

/** The digits of a text, in order. Full-width digits of an input method count as the plain ones. */
export function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[^0-9]/g, '');
}
