import assert from 'node:assert/strict';
import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetLoginProfileCommand,
  IAMClient,
  ListMFADevicesCommand,
  ListUsersCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import type { Fault } from '../../../src/practice/faults';
import { mfaArn, refusal, Stage } from './helpers';

describe('practice account: faults', () => {
  let stage: Stage;
  let iam: IAMClient;

  beforeEach(async () => {
    stage = await Stage.open();
    iam = stage.iam('admin-role');
  });
  afterEach(() => stage.close());

  const listUsers = () => iam.send(new ListUsersCommand({}));
  const listDevices = () => iam.send(new ListVirtualMFADevicesCommand({}));
  const create = () => iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'maya' }));

  const rows: { fault: Fault; code: string; status: number; message?: string }[] = [
    { fault: { kind: 'throttle' }, code: 'Throttling', status: 400, message: 'Rate exceeded' },
    { fault: { kind: 'serverError' }, code: 'InternalFailure', status: 500 },
    { fault: { kind: 'serverError', code: 'ServiceFailure' }, code: 'ServiceFailure', status: 500 },
    { fault: { kind: 'html503' }, code: 'Unknown', status: 503 },
    { fault: { kind: 'expiredToken' }, code: 'ExpiredToken', status: 403 },
    { fault: { kind: 'deny', operation: 'ListUsers' }, code: 'AccessDenied', status: 403 },
    { fault: { kind: 'clockSkew', ms: 20 * 60_000 }, code: 'SignatureDoesNotMatch', status: 403 },
    { fault: { kind: 'clockSkew', ms: -20 * 60_000 }, code: 'SignatureDoesNotMatch', status: 403 },
    {
      fault: { kind: 'clockSkew', ms: 20 * 60_000, code: 'RequestExpired' },
      code: 'RequestExpired',
      status: 400,
    },
    {
      fault: { kind: 'error', code: 'ConcurrentModification', status: 409, message: 'Try again.' },
      code: 'ConcurrentModification',
      status: 409,
      message: 'Try again.',
    },
  ];
  for (const { fault, code, status, message } of rows) {
    it(`${JSON.stringify(fault)} gives ${code}`, async () => {
      stage.account.faults.set(fault);
      const refused = await refusal(listUsers());
      assert.deepEqual([refused.code, refused.status], [code, status]);
      if (message !== undefined) {
        assert.equal(refused.message, message);
      }
      stage.account.faults.clear();
      // Another client: this one may have set its clock by the wrong Date header.
      await stage.iam('admin-role').send(new ListUsersCommand({}));
    });
  }

  it('hits one operation, so many times, and can be switched off by itself', async () => {
    const off = stage.account.faults.set({ kind: 'throttle', operation: 'ListUsers', times: 2 });
    await listDevices();
    assert.equal((await refusal(listUsers())).code, 'Throttling');
    assert.equal((await refusal(listUsers())).code, 'Throttling');
    await listUsers();
    assert.deepEqual(stage.account.faults.active, []);

    stage.account.faults.set({ kind: 'serverError', operation: 'ListUsers' });
    const offAgain = stage.account.faults.set({ kind: 'throttle' });
    off();
    offAgain();
    assert.equal((await refusal(listUsers())).code, 'InternalFailure');
    stage.account.faults.clear('serverError');
    await listUsers();
  });

  describe('a rate', () => {
    const inTurn = async (call: () => Promise<unknown>, times: number): Promise<string> => {
      const answers: string[] = [];
      for (let turn = 0; turn < times; turn++) {
        answers.push(
          await call().then(
            () => '+',
            async (error: unknown) => (await refusal(Promise.reject(error as Error))).code,
          ),
        );
      }
      return answers.join(' ');
    };

    it('lets so many calls through at once, and then so many a second by the account’s clock', async () => {
      stage.account.faults.set({ kind: 'rate', perSecond: 4 });
      assert.equal(await inTurn(listUsers, 6), '+ + + + Throttling Throttling');
      stage.advance(249);
      assert.equal(await inTurn(listUsers, 1), 'Throttling');
      stage.advance(1);
      assert.equal(await inTurn(listUsers, 2), '+ Throttling');
      stage.advance(60_000);
      assert.equal(await inTurn(listUsers, 5), '+ + + + Throttling', 'a long rest saves no more than that');
      assert.deepEqual(await refusal(listUsers()), { code: 'Throttling', status: 400, message: 'Rate exceeded' });
    });

    it('counts each operation by itself, and can be of one alone', async () => {
      const off = stage.account.faults.set({ kind: 'rate', perSecond: 2 });
      assert.equal(await inTurn(listUsers, 3), '+ + Throttling');
      assert.equal(await inTurn(listDevices, 3), '+ + Throttling');
      off();
      stage.account.faults.set({ kind: 'rate', perSecond: 1, operation: 'ListUsers' });
      assert.equal(await inTurn(listUsers, 2), '+ Throttling');
      assert.equal(await inTurn(listDevices, 3), '+ + +');
    });

    it('of less than one a second still lets one through, after a while', async () => {
      stage.account.faults.set({ kind: 'rate', perSecond: 0.5 });
      assert.equal(await inTurn(listUsers, 2), '+ Throttling');
      stage.advance(2000);
      assert.equal(await inTurn(listUsers, 2), '+ Throttling');
    });
  });

  it('lets the SDK get over throttling and a clock that is off', async () => {
    const patient = new IAMClient({
      endpoint: stage.account.endpoint,
      region: 'us-east-1',
      credentials: stage.account.caller('admin-role'),
      systemClockOffset: stage.now - Date.now(),
    });
    try {
      stage.account.faults.set({ kind: 'serverError', times: 1 });
      assert.equal((await patient.send(new ListUsersCommand({}))).$metadata.attempts, 2);
      stage.account.faults.set({ kind: 'clockSkew', ms: 3_600_000 });
      assert.equal((await patient.send(new ListUsersCommand({}))).$metadata.attempts, 2);
    } finally {
      patient.destroy();
    }
  });

  it('drops the answer after the work was done', async () => {
    stage.account.faults.set({ kind: 'dropAnswer', operation: 'CreateVirtualMFADevice', times: 1 });
    await assert.rejects(create(), (error: Error & { $response?: unknown }) => error.$response === undefined);
    assert.equal((await refusal(create())).code, 'EntityAlreadyExists');
    const { VirtualMFADevices = [] } = await listDevices();
    assert.ok(VirtualMFADevices.some((device) => device.SerialNumber === mfaArn('maya')));
    assert.equal(stage.account.calls[0]?.status, 0);
  });

  it('answers late', async () => {
    const latency = 60;
    stage.account.faults.set({ kind: 'latency', ms: latency });
    const start = performance.now();
    await listUsers();
    assert.ok(performance.now() - start >= latency - 2);
  });

  it('shows what was written only after a while, in the order it was written', async () => {
    await create();
    stage.account.faults.set({ kind: 'propagation', ms: 10_000 });
    const codes = await stage.pair(mfaArn('maya'));
    await iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('maya'), ...codes }));
    const devices = async () => (await iam.send(new ListMFADevicesCommand({ UserName: 'maya' }))).MFADevices?.length;
    assert.equal(await devices(), 0);
    stage.advance(5000);
    stage.account.faults.clear();
    await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'later' }));
    const serials = async () => (await listDevices()).VirtualMFADevices?.map((device) => device.SerialNumber) ?? [];
    assert.ok(!(await serials()).includes(mfaArn('later')));
    assert.equal(await devices(), 0);
    stage.advance(5000);
    assert.equal(await devices(), 1);
    assert.ok((await serials()).includes(mfaArn('later')));
    const again = new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('maya'), ...codes });
    assert.equal((await refusal(iam.send(again))).code, 'EntityAlreadyExists', 'writes know at once');
  });

  it('tells what was asked, without secrets', async () => {
    await create();
    const codes = await stage.pair(mfaArn('maya'));
    await iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('maya'), ...codes }));
    await refusal(iam.send(new GetLoginProfileCommand({ UserName: 'deploy-bot' })));
    assert.deepEqual(
      stage.account.calls.map(({ operation, caller, status }) => [operation, caller, status]),
      [
        ['CreateVirtualMFADevice', 'admin-role', 200],
        ['EnableMFADevice', 'admin-role', 200],
        ['GetLoginProfile', 'admin-role', 404],
      ],
    );
    const told = JSON.stringify(stage.account.calls);
    for (const secret of [codes.AuthenticationCode1, codes.AuthenticationCode2, stage.account.seedOf(mfaArn('maya'))]) {
      assert.ok(secret !== undefined && !told.includes(secret));
    }
  });
});
