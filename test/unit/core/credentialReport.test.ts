import assert from 'node:assert/strict';
import { parseCredentialReport } from '../../../src/core/credentialReport';

const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';

const generatedAt = new Date('2026-03-02T09:00:00Z');

/** A line of 22 columns. */
const line = (user: string, password: string, lastUsed: string, mfa: string, key1: string, key2: string): string =>
  [
    ...[user, `arn:aws:iam::123456789012:user/${user}`, '2025-01-01T00:00:00Z', password, lastUsed, 'N/A', 'N/A', mfa],
    ...[key1, 'N/A', 'N/A', 'N/A', 'N/A', key2, 'N/A', 'N/A', 'N/A', 'N/A', 'false', 'N/A', 'false', 'N/A'],
  ].join(',');

const parse = (...lines: string[]) => parseCredentialReport([columns, ...lines].join('\n'), generatedAt).rows;

describe('credential report (iam-facts 3)', () => {
  for (const [title, text, expected] of [
    [
      'a user as AWS writes them now',
      line('alice', 'true', '2026-03-01T10:11:12Z', 'false', 'true', 'true'),
      { passwordEnabled: true, mfaActive: false, passwordLastUsed: new Date('2026-03-01T10:11:12Z'), activeKeys: 2 },
    ],
    [
      'capitals and an offset, as the guide has them',
      line('alice', 'TRUE', '2026-03-01T12:11:12+02:00', 'TRUE', 'FALSE', 'TRUE'),
      { passwordEnabled: true, mfaActive: true, passwordLastUsed: new Date('2026-03-01T10:11:12Z'), activeKeys: 1 },
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
    it(`reads ${title}`, () => assert.deepEqual(parse(text).get('alice'), { user: 'alice', ...expected }));
  }

  it('reads all lines, root’s too, with AWS’s line ends or others, and none after the last', () => {
    const lines = [
      line('<root_account>', 'true', 'no_information', 'true', 'false', 'false'),
      line('alice', 'true', 'N/A', 'false', 'false', 'false'),
    ];
    for (const text of [[columns, ...lines].join('\n'), [columns, ...lines, ''].join('\r\n')]) {
      const report = parseCredentialReport(text, generatedAt);
      assert.deepEqual([...report.rows.keys()], ['<root_account>', 'alice']);
      assert.equal(report.rows.get('<root_account>')?.mfaActive, true);
      assert.equal(report.generatedAt, generatedAt);
    }
  });

  it('goes by the names in the header, however many columns there are and in whatever order', () => {
    const { rows } = parseCredentialReport(
      'mfa_active,additional_credentials_info,user,password_enabled\ntrue,"1 key, unused",alice,false',
      generatedAt,
    );
    assert.deepEqual(rows.get('alice'), { user: 'alice', passwordEnabled: false, mfaActive: true, activeKeys: 0 });
  });

  it('makes nothing out of what is no report', () => {
    for (const text of ['', '<html>Log in</html>', columns]) {
      assert.equal(parseCredentialReport(text, generatedAt).rows.size, 0, text);
    }
  });
});
