import assert from 'node:assert/strict';
import { comparison, lastActivity, needsReport, sortings, type SortBy } from '../../../src/core/userOrder';
import type { UserEntry } from '../../../src/core/users';

const at = Date.UTC(2026, 2, 1);
const day = (number: number) => new Date(Date.UTC(2026, 0, number));

function user(name: string, { used, ...more }: Partial<UserEntry> & { readonly used?: Date } = {}): UserEntry {
  return {
    user: { name, path: '/', arn: `arn:aws:iam::123456789012:user/${name}`, ...(used && { passwordLastUsed: used }) },
    isCaller: false,
    mfa: { kind: 'none', at },
    password: { kind: 'yes', source: 'live', at },
    ...more,
  };
}

const hasMfa = { mfa: { kind: 'has', devices: [{ serial: 'GAHT12345678' }], complete: true, at } } as const;
const noPassword = { password: { kind: 'no', source: 'live', at } } as const;

const sorted = (sortBy: SortBy, ...people: UserEntry[]): readonly string[] =>
  people.sort(comparison(sortBy)).map((entry) => entry.user.name);

describe('the order of users', () => {
  it('by risk: state first, then you, then who signed in last, then the name', () => {
    assert.deepEqual(
      sorted(
        'risk',
        user('safe', { ...hasMfa, used: day(30), isCaller: true }),
        user('machine', { ...noPassword }),
        user('zoe'),
        user('adam'),
        user('early', { used: day(1) }),
        user('late', { used: day(20) }),
        user('you', { isCaller: true }),
      ),
      ['you', 'late', 'early', 'adam', 'zoe', 'machine', 'safe'],
    );
  });

  it('by name: as people write it, not as computers do', () => {
    assert.deepEqual(sorted('name', user('Zoe'), user('adam', hasMfa), user('Bea')), ['adam', 'Bea', 'Zoe']);
  });

  it('by the password’s age: the oldest first, who has none or is not known last', () => {
    assert.deepEqual(
      sorted(
        'passwordAge',
        user('unknown'),
        user('none', { reported: {} }),
        user('new', { reported: { passwordChangedAt: day(20) } }),
        user('old', { reported: { passwordChangedAt: day(2) } }),
      ),
      ['old', 'new', 'none', 'unknown'],
    );
  });

  it('by activity: the latest first, by the report or by what is newer, not known last', () => {
    const live = user('live', { used: day(25), reported: { lastActiveAt: day(3) } });
    assert.deepEqual(lastActivity(live), day(25));
    assert.deepEqual(
      sorted(
        'lastActivity',
        user('unknown'),
        user('key', { reported: { lastActiveAt: day(20) } }),
        user('both', { used: day(10), reported: { lastActiveAt: day(22) } }),
        user('signed-in', { used: day(15) }),
        live,
      ),
      ['live', 'both', 'key', 'signed-in', 'unknown'],
    );
  });

  it('by a fact that several share: by name', () => {
    const reported = { passwordChangedAt: day(1), lastActiveAt: day(1) };
    for (const sortBy of ['passwordAge', 'lastActivity'] as const) {
      assert.deepEqual(sorted(sortBy, user('b', { reported }), user('a', { reported })), ['a', 'b']);
      assert.deepEqual(sorted(sortBy, user('b'), user('a')), ['a', 'b']);
    }
  });

  it('needs the report for what the lists do not tell', () => {
    assert.deepEqual(sortings.filter(needsReport), ['passwordAge', 'lastActivity']);
  });
});
