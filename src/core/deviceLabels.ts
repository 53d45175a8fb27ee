import type { Iam } from './iam';
import { asProblem, outcomeUnknown, type Problem } from './problem';

/** The tags that a person gives a device here. Other tags are shown and left alone. */
export const labelKeys = { name: 'Name', note: 'Note' } as const;

/** The most a tag's value may hold (iam-facts 1.1). */
const longestValue = 256;

/** @returns whether IAM takes this as a tag's value (iam-facts 1.1: the same signs as in a key, and it may be empty) */
export function isTagValue(text: string): boolean {
  return text.length <= longestValue && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}

/** What came of a changed label. */
export type Labelled =
  | { readonly kind: 'set' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** The answer was lost, and the tags could not be read. */
  | { readonly kind: 'unknown'; readonly problem: Problem };

/**
 * Sets one tag of a virtual device, or takes it away where the value is empty. The write goes out once; where its answer
 * is lost, the tags are read.
 */
export async function labelDevice(iam: Iam, serial: string, key: string, value: string): Promise<Labelled> {
  const operation = value === '' ? 'UntagMFADevice' : 'TagMFADevice';
  let lost: Problem | undefined;
  try {
    await (value === '' ? iam.untagDevice(serial, [key]) : iam.tagDevice(serial, new Map([[key, value]])));
  } catch (error) {
    const problem = asProblem(error, operation);
    if (!outcomeUnknown(problem)) {
      return { kind: 'failed', problem };
    }
    lost = problem;
  }
  if (!lost) {
    return { kind: 'set' };
  }
  try {
    const tags = await iam.deviceTags(serial);
    return (tags.get(key) ?? '') === value ? { kind: 'set' } : { kind: 'failed', problem: lost };
  } catch {
    return { kind: 'unknown', problem: lost };
  }
}
