import type { Clock } from './clock';
import type { IamUser } from './iam';

/** What somebody looks at is asked for anew when so much time has passed, milliseconds. */
const askEvery = 250;

/**
 * The order in which AWS is asked about users one by one: whom somebody looks at comes first, also who comes into sight only while the
 * others are being asked about.
 * @param users in the order of the others; each is handed out once
 * @param lookedAt names of the users in sight, first things first; may hold others
 */
export function* lookedAtFirst(
  users: readonly IamUser[],
  lookedAt: () => Iterable<string>,
  clock: Clock,
): Generator<IamUser, void, undefined> {
  const left = new Map(users.map((user) => [user.name, user]));
  let inSight: Iterator<string> | undefined;
  let askedAt = -Infinity;
  const nextInSight = (): IamUser | undefined => {
    if (clock.now() - askedAt >= askEvery) {
      askedAt = clock.now();
      inSight = lookedAt()[Symbol.iterator]();
    }
    for (let name = inSight?.next(); name && !name.done; name = inSight?.next()) {
      const user = left.get(name.value);
      if (user) {
        return user;
      }
    }
    return undefined;
  };
  for (const user of users) {
    // Those in sight before the next of the others.
    for (let seen = nextInSight(); seen; seen = nextInSight()) {
      left.delete(seen.name);
      yield seen;
    }
    if (left.delete(user.name)) {
      yield user;
    }
  }
}
