import assert from 'node:assert/strict';
import { Directory } from '../../../src/core/directory';
import { LazySources } from '../../../src/sources';
import { SteeredClock } from '../doubles';
import { problem, serialOf, Setup, until } from '../practiceSetup';
import { AwsFolder } from './awsFolder';

const hour = 3_600_000;

describe('connection', () => {
  let setup: Setup;

  beforeEach(async () => {
    setup = await Setup.open();
  });
  afterEach(() => setup.close());

  it('asks nobody before the first call', async () => {
    const connection = await setup.connect();
    assert.equal(connection.endpoint, setup.relay.endpoint);
    assert.deepEqual(setup.relay.arrived, []);
  });

  it('knows long-term keys from a session’s', async () => {
    assert.deepEqual(await (await setup.iam('keeper')).callerIdentity(), {
      arn: 'arn:aws:iam::210987654321:user/jordan',
      accountId: '210987654321',
      partition: 'aws',
      userName: 'jordan',
      longTermKeys: true,
    });
    assert.deepEqual(await (await setup.iam('auditor')).callerIdentity(), {
      arn: 'arn:aws:sts::210987654321:assumed-role/SecurityAudit/auditor',
      accountId: '210987654321',
      partition: 'aws',
      longTermKeys: false,
    });
  });

  describe('tells the log', () => {
    it('of each call once: what, how it went, how long, and the request id', async () => {
      const iam = await setup.iam();
      await iam.accountAlias();
      const [record] = setup.records;
      assert.ok(record && setup.records.length === 1, 'told once');
      assert.match(record.requestId ?? '', /^[0-9a-f-]{36}$/);
      assert.ok(Number.isInteger(record.milliseconds) && record.milliseconds >= 0, String(record.milliseconds));
      assert.deepEqual(
        [record.operation, record.status, record.attempts, record.error],
        ['ListAccountAliases', 200, 1, undefined],
      );
    });

    it('of a call that was refused, with AWS’s code', async () => {
      const iam = await setup.iam('self');
      await problem(iam.accountAlias());
      const [record] = setup.records;
      assert.deepEqual([record?.status, record?.error], [403, 'AccessDenied']);
      assert.match(record?.requestId ?? '', /^[0-9a-f-]{36}$/);
    });

    it('of a call that was asked again, how often', async () => {
      setup.practice.faults.set({ kind: 'serverError', operation: 'ListAccountAliases', times: 2 });
      const iam = await setup.iam();
      assert.equal(await iam.accountAlias(), 'acme-practice');
      assert.deepEqual(
        setup.records.map(({ attempts, status }) => [attempts, status]),
        [[3, 200]],
      );
    });

    it('of a connection that broke, what Node calls it', async () => {
      setup.relay.spoil('DeleteVirtualMFADevice', { kind: 'lost' });
      const iam = await setup.iam();
      await problem(iam.deleteVirtualMfaDevice(serialOf('sam')));
      assert.deepEqual(
        setup.records.map(({ error, status }) => [error, status]),
        [['ECONNRESET', undefined]],
      );
    });

    it('nothing of keys, seeds or codes', async () => {
      const iam = await setup.iam();
      const { seed, serial } = await iam.createVirtualMfaDevice('maya');
      const codes = await Promise.all([-30_000, 0].map((past) => setup.code(seed, setup.clock.now() + past)));
      await iam.enableMfaDevice('maya', serial, codes[0] ?? '', codes[1] ?? '');
      await problem(iam.enableMfaDevice('maya', serial, codes[0] ?? '', codes[1] ?? ''));
      const told = JSON.stringify(setup.records);
      const { accessKeyId, secretAccessKey } = setup.practice.caller('keeper');
      assert.equal(setup.records.length, 3);
      for (const secret of [seed, serial, ...codes, accessKeyId, secretAccessKey]) {
        assert.ok(!told.includes(secret), 'the log holds a secret');
      }
    });
  });

  it('sends reads again, and writes once', async () => {
    const iam = await setup.iam();
    for (const operation of ['ListMFADevices', 'CreateVirtualMFADevice', 'EnableMFADevice', 'DeleteVirtualMFADevice']) {
      setup.practice.faults.set({ kind: 'serverError', operation });
    }
    await problem(iam.listMfaDevices('maya'));
    await problem(iam.createVirtualMfaDevice('maya'));
    await problem(iam.enableMfaDevice('maya', serialOf('sam'), '123456', '654321'));
    await problem(iam.deleteVirtualMfaDevice(serialOf('sam')));
    assert.deepEqual(
      ['ListMFADevices', 'CreateVirtualMFADevice', 'EnableMFADevice', 'DeleteVirtualMFADevice'].map((operation) =>
        setup.count(operation),
      ),
      [3, 1, 1, 1],
    );
  });

  for (const [title, ahead] of [
    ['behind', hour],
    ['ahead', -hour],
  ] as const) {
    it(`finds the right time where this computer’s clock is an hour ${title}, for writes too`, async () => {
      await setup.close();
      setup = await Setup.open({ ahead });
      const iam = await setup.iam();
      // A reading comes before every enrolment, and learns the difference.
      await iam.accountAlias();
      const { awsClockAhead } = await iam.createVirtualMfaDevice('maya');
      assert.ok(Math.abs(awsClockAhead - ahead) < 2000, `${awsClockAhead}`);
      assert.equal(setup.count('CreateVirtualMFADevice'), 1);
    });
  }

  it('takes less than two seconds for no difference', async () => {
    await setup.close();
    setup = await Setup.open({ ahead: 900 });
    const { awsClockAhead } = await (await setup.iam()).createVirtualMfaDevice('maya');
    assert.equal(awsClockAhead, 0);
  });

  it('stops a call when told to, with the reason', async () => {
    const iam = await setup.iam();
    const gate = setup.relay.hold('ListMFADevices');
    const controller = new AbortController();
    const call = iam.listMfaDevices('maya', controller.signal);
    await gate.reached;
    controller.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
  });

  it('reads the credential report, once AWS has made it', async () => {
    const report = await (await setup.iam()).credentialReport();
    assert.equal(report.rows.get('priya')?.mfaActive, true);
    assert.equal(report.rows.get('maya')?.mfaActive, false);
    assert.equal(report.rows.get('deploy-bot')?.passwordEnabled, false);
    assert.equal(report.rows.size, 11, 'ten users and root');
    assert.equal(report.generatedAt.getTime(), Math.floor(setup.clock.now() / 1000) * 1000);
  });
});

describe('the practice account, as the extension opens it', () => {
  it('is one for as long as the window lives, and the log tells its calls without keys', async () => {
    const lines: string[] = [];
    const note = (line: string) => void lines.push(line);
    const sources = new LazySources({ info: note, warn: note });
    try {
      const first = await sources.connect({ kind: 'practice' });
      const second = await sources.connect({ kind: 'practice' });
      assert.equal(first.endpoint, second.endpoint);
      assert.match(first.practice?.codeShownBy(serialOf('priya')) ?? '', /^\d{6}$/);
      assert.deepEqual(second.practice?.spareTokens(), ['GAHT40718294', 'GAKT10236547']);
      const directory = new Directory(first.iam, new SteeredClock());
      await directory.load();
      assert.equal(directory.account?.users.size, 10);
      assert.ok(
        lines.some((line) => /^ListUsers: status 200, \d+ ms, request [0-9a-f-]{36}$/.test(line)),
        lines.join('\n'),
      );
      assert.ok(!lines.some((line) => /AKIA|secret/i.test(line)), 'the log holds a key');
      first.dispose();
      second.dispose();
    } finally {
      await sources.end();
    }
  });
});

describe('AWS files that the person names while a window is open', () => {
  it('count at once, and are watched', async () => {
    const setup = await Setup.open();
    const folder = await AwsFolder.open();
    const { accessKeyId, secretAccessKey } = setup.practice.caller('keeper');
    const right = [
      '[profile mine]',
      `endpoint_url = ${setup.practice.endpoint}`,
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
    ].join('\n');
    let config = await folder.put('wrong', '[profile another]\n');
    const quiet = () => undefined;
    const sources = new LazySources({ info: quiet, warn: quiet }, { files: () => ({ config }) });
    try {
      const source = { kind: 'profile', profile: 'mine' } as const;
      const before = await sources.connect(source);
      await assert.rejects(before.iam.callerIdentity());
      let told = 0;
      sources.onDidChangeFiles(() => told++);
      config = await folder.put('right', right);
      await sources.filesChosen();
      assert.equal(told, 1);
      assert.ok(before.outdated);
      before.dispose();
      const connection = await sources.connect(source);
      assert.equal((await connection.iam.callerIdentity()).accountId, setup.practice.accountId);
      await folder.put('right', `${right}\nregion = eu-west-1\n`);
      await until(() => told === 2);
      connection.dispose();
    } finally {
      await sources.end();
      await folder.close();
      await setup.close();
    }
  });
});
