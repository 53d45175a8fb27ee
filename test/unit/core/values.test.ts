import assert from 'node:assert/strict';
import {
  formatAccountId,
  parseCallerArn,
  sourceFromText,
  sourceToText,
  type AccountSource,
} from '../../../src/core/account';
import {
  deviceKind,
  deviceName,
  isDeviceName,
  isTokenSerial,
  nextFreeName,
  virtualSerial,
} from '../../../src/core/device';
import {
  compareUsers,
  groupOf,
  tally,
  type MfaState,
  type PasswordState,
  type UserEntry,
} from '../../../src/core/users';

describe('accounts', () => {
  for (const [arn, expected] of [
    ['arn:aws:iam::123456789012:user/alice', { partition: 'aws', userName: 'alice' }],
    ['arn:aws:iam::123456789012:user/division/team/alice', { partition: 'aws', userName: 'alice' }],
    ['arn:aws-us-gov:iam::123456789012:user/bob', { partition: 'aws-us-gov', userName: 'bob' }],
    ['arn:aws-cn:sts::123456789012:assumed-role/Admin/user', { partition: 'aws-cn' }],
    ['arn:aws:sts::123456789012:assumed-role/user/alice', { partition: 'aws' }],
    ['arn:aws:sts::123456789012:federated-user/alice', { partition: 'aws' }],
    ['arn:aws:iam::123456789012:root', { partition: 'aws' }],
    ['alice', undefined],
    ['', undefined],
    ['arn:aws', undefined],
  ] as const) {
    it(`reads who “${arn}” is`, () => assert.deepEqual(parseCallerArn(arn), expected));
  }

  for (const source of [
    { kind: 'practice' },
    { kind: 'default' },
    { kind: 'profile', profile: 'default' },
    { kind: 'profile', profile: 'practice' },
    { kind: 'profile', profile: 'with: colon\nand line' },
  ] satisfies AccountSource[]) {
    it(`writes and reads back ${JSON.stringify(source)}`, () =>
      assert.deepEqual(sourceFromText(sourceToText(source)), source));
  }

  it('reads no source out of another text', () => {
    for (const text of ['', 'profile:', 'profile', 'Practice', 'x']) {
      assert.equal(sourceFromText(text), undefined, text);
    }
  });

  it('writes an account’s number in threes of four', () => {
    assert.equal(formatAccountId('123456789012'), '1234-5678-9012');
    assert.equal(formatAccountId('practice'), 'practice');
  });
});

describe('devices (iam-facts 2.6)', () => {
  for (const [serial, kind, name] of [
    ['arn:aws:iam::123456789012:mfa/alice', 'virtual', 'alice'],
    ['arn:aws:iam::123456789012:mfa/contractors/alice', 'virtual', 'alice'],
    ['arn:aws-us-gov:iam::123456789012:mfa/u2f', 'virtual', 'u2f'],
    ['arn:aws:iam::123456789012:mfa/u2f/alice', 'virtual', 'alice'],
    ['arn:aws:iam::123456789012:mfa/root-account-mfa-device', 'virtual', 'root-account-mfa-device'],
    ['GAHT12345678', 'hardware', 'GAHT12345678'],
    ['arn:aws:iam::123456789012:u2f/user/alice/work-key-ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'passkey', 'work-key'],
    ['arn:aws:iam::123456789012:u2f/root-account/key-ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'passkey', 'key'],
    ['arn:aws:iam::123456789012:sms-mfa/alice-ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'sms', 'alice-ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ] as const) {
    it(`${serial} is of kind ${kind}, named ${name}`, () => {
      assert.equal(deviceKind(serial), kind);
      assert.equal(deviceName(serial), name);
    });
  }

  it('knows the serial that a name will have', () => {
    const serial = virtualSerial('aws-cn', '123456789012', 'alice');
    assert.equal(serial, 'arn:aws-cn:iam::123456789012:mfa/alice');
    assert.equal(deviceName(serial), 'alice');
  });

  for (const [name, good] of [
    ['alice', true],
    ['a+b=c,d.e@f_g-h', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['', false],
    ['my phone', false],
    ['a/b', false],
    ['müller', false],
    ['alice\n', false],
  ] as const) {
    it(`${good ? 'takes' : 'does not take'} “${name.slice(0, 20)}” (${name.length}) as a name`, () =>
      assert.equal(isDeviceName(name), good));
  }

  for (const [serial, good] of [
    ['GAHT12345678', true],
    ['GAKT12345678', true],
    ['123456789', true],
    ['12345678', false],
    ['x'.repeat(256), true],
    ['x'.repeat(257), false],
    ['a+b=c/d:e,f.g@h-i_j', true],
    ['GAHT 12345678', false],
    ['GAHT12345678\n', false],
    ['GÄHT12345678', false],
    ['', false],
    // A virtual device has such a one, a token never.
    ['arn:aws:iam::123456789012:mfa/alice', false],
  ] as const) {
    it(`${good ? 'takes' : 'does not take'} “${serial.slice(0, 20)}” (${serial.length}) as a token’s serial`, () =>
      assert.equal(isTokenSerial(serial), good));
  }

  for (const [wanted, taken, expected] of [
    ['alice', [], 'alice'],
    ['alice', ['alice'], 'alice-2'],
    ['Alice', ['alice'], 'Alice-2'],
    ['alice', ['ALICE', 'alice-2', 'Alice-3'], 'alice-4'],
    ['alice', ['alice-2'], 'alice'],
    ['x'.repeat(128), ['x'.repeat(128)], `${'x'.repeat(126)}-2`],
  ] as const) {
    it(`after ${JSON.stringify(taken).slice(0, 40)} the next name for ${wanted.slice(0, 10)} is free and a name`, () => {
      assert.equal(nextFreeName(wanted, taken), expected);
      assert.ok(isDeviceName(expected), expected);
    });
  }
});

describe('users', () => {
  const problem = { code: 'accessDenied', operation: 'ListMFADevices' } as const;
  const has: MfaState = { kind: 'has', devices: [], complete: true, at: 0 };
  const none: MfaState = { kind: 'none', at: 0 };
  const unknown: MfaState = { kind: 'unknown', problem, at: 0 };
  const password = (kind: 'yes' | 'no'): PasswordState => ({ kind, source: 'live', at: 0 });
  const entry = (
    name: string,
    mfa: MfaState,
    itsPassword: PasswordState,
    more: Partial<UserEntry> = {},
  ): UserEntry => ({
    user: { name, arn: '', path: '/' },
    isCaller: false,
    mfa,
    password: itsPassword,
    ...more,
  });

  for (const [mfa, itsPassword, group] of [
    [none, password('yes'), 'canSignIn'],
    [none, password('no'), 'noPassword'],
    [none, { kind: 'unknown' }, 'passwordUnknown'],
    [unknown, password('yes'), 'unchecked'],
    [unknown, password('no'), 'unchecked'],
    [has, password('yes'), 'hasMfa'],
    [has, { kind: 'unknown' }, 'hasMfa'],
  ] as const) {
    it(`MFA ${mfa.kind}, password ${itsPassword.kind}: ${group}`, () =>
      assert.equal(groupOf(entry('alice', mfa, itsPassword)), group));
  }

  it('are counted, those that could not be checked not among those without', () => {
    assert.deepEqual(
      tally([
        entry('a', none, password('yes')),
        entry('b', none, password('no')),
        entry('c', none, { kind: 'unknown' }),
        entry('d', unknown, password('yes')),
        entry('e', has, password('yes')),
        entry('f', { kind: 'checking', at: 0 }, password('yes')),
      ]),
      {
        canSignIn: 1,
        noPassword: 1,
        passwordUnknown: 1,
        unchecked: 1,
        checking: 1,
        hasMfa: 1,
        total: 6,
        withoutMfa: 3,
      },
    );
  });

  it('stand in order: you, who signed in last, then by name', () => {
    const used = (name: string, at: number) => ({ user: { name, arn: '', path: '/', passwordLastUsed: new Date(at) } });
    const sorted = [
      entry('zoe', none, password('yes')),
      entry('adam', none, password('yes')),
      entry('old', none, password('yes'), used('old', 1)),
      entry('late', none, password('yes'), used('late', 2)),
      entry('you', none, password('yes'), { isCaller: true }),
    ].sort(compareUsers);
    assert.deepEqual(
      sorted.map(({ user }) => user.name),
      ['you', 'late', 'old', 'adam', 'zoe'],
    );
  });
});
