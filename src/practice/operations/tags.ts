import { invalidInput, limitExceeded } from '../failure';
import type { Tag } from '../state';
import type { Fields } from '../wire';

const MOST_TAGS = 50;

export const tagFields = (tag: Tag): Fields => ({ Key: tag.key, Value: tag.value });

/**
 * Tags with more of them; a key that is there gets the new value. Keys differ only by more than case (assumed, as for
 * IAM users). Throws InvalidInput for the same key twice, LimitExceeded for more than 50 (iam-facts 1.1).
 */
export function addTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const keys = added.map(({ key }) => key.toLowerCase());
  if (new Set(keys).size !== keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const result = [...tags.filter(({ key }) => !keys.includes(key.toLowerCase())), ...added];
  if (result.length > MOST_TAGS) {
    throw limitExceeded(`The number of tags has reached the maximum limit of ${MOST_TAGS}.`);
  }
  return result;
}

/** Tags without those of the given keys; keys that are not there do no harm. */
export function removeTags(tags: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  const gone = keys.map((key) => key.toLowerCase());
  return tags.filter(({ key }) => !gone.includes(key.toLowerCase()));
}
