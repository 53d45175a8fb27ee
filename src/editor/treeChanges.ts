import type { AccountSnapshot } from '../core/accountSnapshot';
import { groupOf } from '../core/users';

/**
 * Tells what has to be drawn anew. Drawing the whole tree loses clicks that come meanwhile, so it is done only where rows have
 * come, gone or moved.
 * @returns the names of the users whose rows, or rows below, are all that changed; undefined where more did
 */
export function changedUsers(before: AccountSnapshot, after: AccountSnapshot): readonly string[] | undefined {
  const sameLeftovers =
    before.unassigned.length === after.unassigned.length &&
    before.unassigned.every(({ serial }, index) => serial === after.unassigned[index]?.serial);
  if (before.readAt !== after.readAt || before.users.size !== after.users.size || !sameLeftovers) {
    return undefined;
  }
  const changed: string[] = [];
  for (const [name, entry] of after.users) {
    const earlier = before.users.get(name);
    if (!earlier || groupOf(earlier) !== groupOf(entry)) {
      return undefined;
    }
    const devices = entry.mfa.kind === 'has' ? entry.mfa.devices : [];
    if (earlier !== entry || devices.some(({ serial }) => before.details.get(serial) !== after.details.get(serial))) {
      changed.push(name);
    }
  }
  return changed;
}
