import assert from 'node:assert/strict';
import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
} from '@aws-sdk/client-iam';
import { mfaArn, refusal, Stage, userArn } from './helpers';

const HOUR = 3_600_000;

describe('practice account: credential report (iam-facts 3)', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  // A new client each time: the clock moves by hours, and a client keeps the difference it started with.
  const generate = async () => (await stage.iam('admin-role').send(new GenerateCredentialReportCommand({}))).State;
  const get = () => stage.iam('admin-role').send(new GetCredentialReportCommand({}));
  const rows = async (): Promise<Map<string, Record<string, string>>> => {
    const [header = '', ...lines] = Buffer.from((await get()).Content ?? [])
      .toString('utf8')
      .split('\n');
    const columns = header.split(',');
    return new Map(
      lines.map((line) => {
        const cells = line.split(',');
        assert.equal(cells.length, columns.length);
        return [cells[0] ?? '', Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))];
      }),
    );
  };

  it('goes through its states', async () => {
    const none = await refusal(get());
    assert.deepEqual([none.code, none.status], ['ReportNotPresent', 410]);
    assert.equal(await generate(), 'STARTED');
    const early = await refusal(get());
    assert.deepEqual([early.code, early.status], ['ReportInProgress', 404]);
    assert.equal(await generate(), 'INPROGRESS');
    stage.advance(2000);
    assert.equal(await generate(), 'COMPLETE');
    const report = await get();
    assert.equal(report.ReportFormat, 'text/csv');
    assert.deepEqual(report.GeneratedTime, new Date(stage.now - 2000));
    stage.advance(4 * HOUR);
    const old = await refusal(get());
    assert.deepEqual([old.code, old.status], ['ReportExpired', 410]);
    assert.equal(await generate(), 'STARTED');
  });

  it('stays as it is for four hours, whatever happens meanwhile', async () => {
    await generate();
    stage.advance(2000);
    const iam = stage.iam('admin-role');
    await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'maya' }));
    const codes = await stage.pair(mfaArn('maya'));
    await iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('maya'), ...codes }));
    stage.advance(4 * HOUR - 3000);
    assert.equal(await generate(), 'COMPLETE');
    assert.equal((await rows()).get('maya')?.['mfa_active'], 'false');
    stage.advance(2000);
    await generate();
    stage.advance(2000);
    assert.equal((await rows()).get('maya')?.['mfa_active'], 'true');
  });

  it('has 22 columns, root first, then users by name, and no line end after the last', async () => {
    await generate();
    stage.advance(2000);
    const text = Buffer.from((await get()).Content ?? []).toString('utf8');
    const lines = text.split('\n');
    assert.equal(
      lines[0],
      'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
        'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,' +
        'access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,' +
        'access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,' +
        'cert_1_last_rotated,cert_2_active,cert_2_last_rotated',
    );
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(',')[0]),
      ['<root_account>', 'deploy-bot', 'elena', 'ines', 'jordan', 'marcus', 'maya', 'noah', 'priya', 'sam', 'theo'],
    );
    assert.ok(!text.includes('\r'));
  });

  it('says of each what AWS says', async () => {
    await generate();
    stage.advance(2000);
    const table = await rows();
    const cell = (user: string, column: string) => table.get(user)?.[column];
    const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

    assert.match(cell('<root_account>', 'arn') ?? '', /:root$/);
    assert.equal(cell('<root_account>', 'mfa_active'), 'true');
    assert.equal(cell('<root_account>', 'password_enabled'), 'true');
    assert.equal(cell('<root_account>', 'password_next_rotation'), 'not_supported');

    assert.equal(cell('ines', 'arn'), userArn('contractors/ines'));
    assert.match(cell('maya', 'user_creation_time') ?? '', date);
    assert.match(cell('maya', 'password_last_used') ?? '', date);
    assert.equal(cell('theo', 'password_enabled'), 'true');
    assert.equal(cell('theo', 'password_last_used'), 'no_information');
    assert.equal(cell('deploy-bot', 'password_enabled'), 'false');
    assert.equal(cell('deploy-bot', 'password_last_used'), 'N/A');
    assert.equal(cell('deploy-bot', 'password_last_changed'), 'N/A');
    assert.equal(cell('deploy-bot', 'access_key_1_active'), 'true');
    assert.match(cell('deploy-bot', 'access_key_1_last_used_date') ?? '', date);
    assert.equal(cell('deploy-bot', 'access_key_2_active'), 'false');
    // Every kind of device counts.
    for (const user of ['priya', 'marcus', 'elena', 'noah', 'ines']) {
      assert.equal(cell(user, 'mfa_active'), 'true', user);
    }
    for (const user of ['jordan', 'maya', 'theo', 'sam', 'deploy-bot']) {
      assert.equal(cell(user, 'mfa_active'), 'false', user);
    }
  });
});
