import assert from 'node:assert/strict';
import type { DeviceDetails } from '../../../src/core/accountSnapshot';
import {
  isEveryone,
  marks,
  matchesUnassigned,
  matchesUser,
  parseFilter,
  type Mark,
} from '../../../src/core/userFilter';
import type { UserEntry } from '../../../src/core/users';

const at = Date.UTC(2026, 2, 1);
const account = '123456789012';
const phone = `arn:aws:iam::${account}:mfa/Old-Phone`;
const key = `arn:aws:iam::${account}:u2f/user/maya/work-key-ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const sms = `arn:aws:iam::${account}:sms-mfa/noah-ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const denied = { code: 'accessDenied', operation: 'ListMFADevices' } as const;

function user(name: string, more: Partial<UserEntry> = {}, path = '/'): UserEntry {
  return {
    user: { name, path, arn: `arn:aws:iam::${account}:user${path}${name}` },
    isCaller: false,
    mfa: { kind: 'none', at },
    password: { kind: 'unknown' },
    ...more,
  };
}

const has = (...serials: string[]): Pick<UserEntry, 'mfa'> => ({
  mfa: { kind: 'has', devices: serials.map((serial) => ({ serial })), complete: true, at },
});

const people: readonly UserEntry[] = [
  user('Maya', { ...has(phone, key), password: { kind: 'yes', source: 'live', at } }, '/ops/emea/'),
  user('theo', { isCaller: true, password: { kind: 'no', source: 'report', at } }),
  user('ines', has('GAHT12345678'), '/contractors/'),
  user('noah', has(sms)),
  user('sam', { mfa: { kind: 'unknown', problem: denied, at } }),
  user('lena', { mfa: { kind: 'checking', at } }),
];

const details = new Map<string, DeviceDetails>([[phone, { tags: new Map([['Note', 'Lent to the Front Desk']]) }]]);

const found = (text: string): readonly string[] =>
  people.filter((entry) => matchesUser(parseFilter(text), entry, details)).map((entry) => entry.user.name);

describe('the filter of users', () => {
  for (const [title, text, names] of [
    ['nothing typed: everyone', ' \t ', ['Maya', 'theo', 'ines', 'noah', 'sam', 'lena']],
    ['a part of the name, in either case', 'AY', ['Maya']],
    ['a part of the path', '/contr', ['ines']],
    ['the ARN, as it was copied', `arn:aws:iam::${account}:user/ops/emea/Maya`, ['Maya']],
    ['a virtual device’s name', 'old-phone', ['Maya']],
    ['a token’s serial number', 'gaht1234', ['ines']],
    ['a device’s tag, by its value', 'desk', ['Maya']],
    ['a device’s tag, by its key', 'note', ['Maya']],
    ['words that all match, wherever each does', 'front ops  phone', ['Maya']],
    ['words of which one does not match', 'maya theo', []],
    ['no one of that name', 'zoe', []],
  ] as const) {
    it(`finds by ${title}`, () => assert.deepEqual(found(text), names));
  }

  const marked: Readonly<Record<Mark, readonly string[]>> = {
    noMfa: ['theo'],
    hasMfa: ['Maya', 'ines', 'noah'],
    unchecked: ['sam', 'lena'],
    password: ['Maya'],
    noPassword: ['theo'],
    virtual: ['Maya'],
    hardware: ['ines'],
    passkey: ['Maya'],
    sms: ['noah'],
    you: ['theo'],
  };
  for (const mark of marks) {
    it(`narrows by @${mark}, in either case`, () => {
      assert.deepEqual(found(`@${mark}`), marked[mark]);
      assert.deepEqual(found(`@${mark.toUpperCase()}`), marked[mark]);
    });
  }

  it('takes a user of whom a thing is not known for neither the one nor the other', () => {
    for (const mark of ['noMfa', 'hasMfa', 'password', 'noPassword']) {
      assert.ok(!found(`@${mark}`).includes('sam'), mark);
    }
  });

  it('takes marks and words together', () => {
    assert.deepEqual(found('@hasMfa in'), ['ines']);
    assert.deepEqual(found('@virtual @passkey'), ['Maya']);
    assert.deepEqual(found('@virtual @hardware'), []);
  });

  it('names a word it does not know, and goes on without it', () => {
    const filter = parseFilter('maya @hasmfa @nobody @');
    assert.deepEqual(filter.unknown, ['@nobody', '@']);
    assert.deepEqual(filter.marks, ['hasMfa']);
    assert.deepEqual(found('maya @nobody'), ['Maya']);
    assert.ok(isEveryone(parseFilter('@nobody')));
  });

  it('takes an @ within a word for a part of it', () => {
    const mail = user('maya@example.com');
    assert.ok(matchesUser(parseFilter('a@example'), mail, details));
    assert.deepEqual(parseFilter('a@example').unknown, []);
  });

  it('finds a device that belongs to nobody by its name, and by no mark', () => {
    assert.ok(matchesUnassigned(parseFilter('phone'), phone));
    assert.ok(!matchesUnassigned(parseFilter('tablet'), phone));
    assert.ok(!matchesUnassigned(parseFilter('phone @virtual'), phone));
  });

  it('is done with five thousand users between two keystrokes', () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      user(`person-${index}`, has(`arn:aws:iam::${account}:mfa/person-${index}`), '/staff/'),
    );
    const started = performance.now();
    const rounds = 10;
    for (let round = 0; round < rounds; round++) {
      const filter = parseFilter(`person staff 49${round} @virtual`);
      assert.ok(many.filter((entry) => matchesUser(filter, entry, details)).length > 0);
    }
    const each = (performance.now() - started) / rounds;
    // A few milliseconds here; more only where something grows with the square of the users.
    assert.ok(each < 100, `${each} ms`);
  });
});
