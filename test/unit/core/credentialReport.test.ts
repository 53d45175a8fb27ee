import assert from 'node:assert/strict';
import { parseCredentialReport } from '../../../src/core/credentialReport';

const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';

const generatedAt = new Date('2026-03-02T09:00:00Z');

interface Dates {
  readonly changed?: string;
  readonly key1?: string;
  readonly key2?: string;
}

/** A line of 22 columns. */
function line(
  ...[user, password, lastUsed, mfa, key1, key2, dates = {}]: [string, string, string, string, string, string, Dates?]
): string {
  const changed = dates.changed ?? 'N/A';
  const arn = `arn:aws:iam::123456789012:user/${user}`;
  return [
    ...[user, arn, '2025-01-01T00:00:00Z', password, lastUsed, changed, 'N/A', mfa],
    ...[key1, 'N/A', dates.key1 ?? 'N/A', 'N/A', 'N/A', key2, 'N/A', dates.key2 ?? 'N/A', 'N/A', 'N/A'],
    ...['false', 'N/A', 'false', 'N/A'],
  ].join(',');
}

const createdAt = new Date('2025-01-01T00:00:00Z');
const read = (text: string) => parseCredentialReport(text, generatedAt, () => Promise.resolve());
const parse = async (...lines: string[]) => (await read([columns, ...lines].join('\n'))).rows;

describe('credential report (iam-facts 3)', () => {
  for (const [title, text, expected] of [
    [
      'a user as AWS writes them now',
      line('alice', 'true', '2026-03-01T10:11:12Z', 'false', 'true', 'true'),
      {
        passwordEnabled: true,
        mfaActive: false,
        passwordLastUsed: new Date('2026-03-01T10:11:12Z'),
        lastActiveAt: new Date('2026-03-01T10:11:12Z'),
        activeKeys: 2,
      },
    ],
    [
      'capitals and an offset, as the guide has them',
      line('alice', 'TRUE', '2026-03-01T12:11:12+02:00', 'TRUE', 'FALSE', 'TRUE'),
      {
        passwordEnabled: true,
        mfaActive: true,
        passwordLastUsed: new Date('2026-03-01T10:11:12Z'),
        lastActiveAt: new Date('2026-03-01T10:11:12Z'),
        activeKeys: 1,
      },
    ],
    [
      'when the password was changed, and a key that was used after it',
      line('alice', 'true', '2026-02-01T00:00:00Z', 'true', 'true', 'true', {
        changed: '2025-12-24T00:00:00+00:00',
        key1: '2026-01-01T00:00:00Z',
        key2: '2026-02-28T00:00:00Z',
      }),
      {
        passwordEnabled: true,
        mfaActive: true,
        passwordLastUsed: new Date('2026-02-01T00:00:00Z'),
        passwordChangedAt: new Date('2025-12-24T00:00:00Z'),
        lastActiveAt: new Date('2026-02-28T00:00:00Z'),
        activeKeys: 2,
      },
    ],
    [
      'a key alone that was ever used, and is not active any more',
      line('alice', 'false', 'N/A', 'false', 'false', 'false', { key1: '2026-01-01T00:00:00Z' }),
      {
        passwordEnabled: false,
        mfaActive: false,
        lastActiveAt: new Date('2026-01-01T00:00:00Z'),
        activeKeys: 0,
      },
    ],
    [
      'no password',
      line('alice', 'false', 'N/A', 'false', 'false', 'false'),
      { passwordEnabled: false, mfaActive: false, activeKeys: 0 },
    ],
    [
      'a password never used',
      line('alice', 'true', 'no_information', 'true', 'false', 'false'),
      { passwordEnabled: true, mfaActive: true, activeKeys: 0 },
    ],
    [
      'fields that do not apply: neither yes nor no',
      line('alice', 'not_supported', 'not_supported', 'N/A', 'N/A', ''),
      { activeKeys: 0 },
    ],
  ] as const) {
    it(`reads ${title}`, async () =>
      assert.deepEqual((await parse(text)).get('alice'), { user: 'alice', createdAt, ...expected }));
  }

  it('takes what is no time for none', async () => {
    const text = line('alice', 'true', '2026-99-99T00:00:00Z', 'false', 'false', 'false');
    const row = (await parse(text.replace('2025-01-01T00:00:00Z', '2025-something'))).get('alice');
    assert.deepEqual(row, { user: 'alice', passwordEnabled: true, mfaActive: false, activeKeys: 0 });
  });

  it('reads all lines, root’s too, with AWS’s line ends or others, and none after the last', async () => {
    const lines = [
      line('<root_account>', 'true', 'no_information', 'true', 'false', 'false'),
      line('alice', 'true', 'N/A', 'false', 'false', 'false'),
    ];
    for (const text of [[columns, ...lines].join('\n'), [columns, ...lines, ''].join('\r\n')]) {
      const report = await read(text);
      assert.deepEqual([...report.rows.keys()], ['<root_account>', 'alice']);
      assert.equal(report.rows.get('<root_account>')?.mfaActive, true);
      assert.equal(report.generatedAt, generatedAt);
    }
  });

  it('goes by the names in the header, however many columns there are and in whatever order', async () => {
    const { rows } = await read(
      'mfa_active,additional_credentials_info,user,password_enabled\ntrue,"1 key, unused",alice,false',
    );
    assert.deepEqual(rows.get('alice'), { user: 'alice', passwordEnabled: false, mfaActive: true, activeKeys: 0 });
  });

  it('makes nothing out of what is no report', async () => {
    for (const text of ['', '<html>Log in</html>', columns]) {
      assert.equal((await read(text)).rows.size, 0, text);
    }
  });

  it('lets others have a turn between the parts of a long one, and loses no line', async () => {
    let turns = 0;
    const names = Array.from({ length: 5000 }, (_, index) => `person-${index}`);
    const text = [columns, ...names.map((name) => line(name, 'true', 'N/A', 'false', 'false', 'false'))].join('\n');
    const { rows } = await parseCredentialReport(text, generatedAt, () => {
      turns++;
      return Promise.resolve();
    });
    assert.deepEqual([...rows.keys()], names);
    assert.ok(turns >= 5, `${turns} turns`);
  });
});
