import assert from 'node:assert/strict';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, mfaArn, refusal, Stage, userArn } from './helpers';

describe('practice account: permissions', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  /** `allowed`, or the code of the refusal. */
  const outcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'allowed',
      (error: unknown) => (error as Error).name,
    );

  const create = (who: string, VirtualMFADeviceName: string) =>
    stage.iam(who).send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName }));
  const enable = async (who: string, UserName: string, device: string) =>
    stage
      .iam(who)
      .send(
        new EnableMFADeviceCommand({ UserName, SerialNumber: mfaArn(device), ...(await stage.pair(mfaArn(device))) }),
      );
  const remove = (who: string, device: string) =>
    stage.iam(who).send(new DeleteVirtualMFADeviceCommand({ SerialNumber: mfaArn(device) }));

  it('opens with five callers', () => {
    assert.deepEqual(
      stage.account.callers.map(({ name, arn, permissions }) => [name, arn, permissions]),
      [
        ['keeper', userArn('jordan'), 'everything'],
        ['self', userArn('maya'), 'selfService'],
        ['selfOld', userArn('theo'), 'selfServiceOld'],
        ['auditor', `arn:aws:sts::${ACCOUNT}:assumed-role/SecurityAudit/auditor`, 'readOnly'],
        ['admin-role', `arn:aws:sts::${ACCOUNT}:assumed-role/Administrator/admin`, 'everything'],
      ],
    );
  });

  it('says no in AWS’s sentence', async () => {
    assert.deepEqual(await refusal(stage.iam('self').send(new ListUsersCommand({}))), {
      code: 'AccessDenied',
      status: 403,
      message:
        `User: ${userArn('maya')} is not authorized to perform: iam:ListUsers on resource: ` +
        `arn:aws:iam::${ACCOUNT}:user/ because no identity-based policy allows the iam:ListUsers action`,
    });
  });

  it('lets self-service enrol its own user under any device name, see itself, and no more', async () => {
    const self = stage.iam('self');
    await create('self', 'maya-phone');
    await enable('self', 'maya', 'maya-phone');
    assert.equal((await self.send(new ListMFADevicesCommand({}))).MFADevices?.length, 1);
    await self.send(new GetUserCommand({}));
    await self.send(new ListVirtualMFADevicesCommand({}));
    for (const call of [
      () => remove('self', 'sam'),
      () => self.send(new ListMFADevicesCommand({ UserName: 'theo' })),
      () => enable('self', 'theo', 'sam'),
      () => self.send(new GetLoginProfileCommand({})),
      () => self.send(new GetAccountSummaryCommand({})),
      () => self.send(new DeactivateMFADeviceCommand({ SerialNumber: mfaArn('maya-phone') })),
    ]) {
      assert.equal(await outcome(call()), 'AccessDenied');
    }
  });

  it('lets old self-service make, delete and enable a device of the user’s own name only', async () => {
    assert.equal(await outcome(create('selfOld', 'theo-phone')), 'AccessDenied');
    await create('selfOld', 'theo');
    assert.equal(await outcome(remove('selfOld', 'sam')), 'AccessDenied');
    await remove('selfOld', 'theo');
    await create('selfOld', 'theo');
    await enable('selfOld', 'theo', 'theo');
  });

  it('gives self-service nothing to a user under a path, whose ARN the sample does not match', async () => {
    stage.account.addCaller({
      name: 'contractor',
      identity: { kind: 'user', userName: 'ines' },
      permissions: 'selfService',
    });
    assert.equal(await outcome(stage.iam('contractor').send(new ListMFADevicesCommand({}))), 'AccessDenied');
  });

  it('lets the auditor list and not write', async () => {
    const auditor = stage.iam('auditor');
    await auditor.send(new ListUsersCommand({}));
    await auditor.send(new GetAccountSummaryCommand({}));
    assert.equal(await outcome(create('auditor', 'x')), 'AccessDenied');
  });

  it('takes lists of actions, with and without the prefix', async () => {
    const identity = { kind: 'user', userName: 'jordan' } as const;
    stage.account.addCaller({ name: 'most', identity, permissions: { allExcept: ['iam:ListMFADevices'] } });
    stage.account.addCaller({ name: 'little', identity, permissions: { only: ['ListUsers'] } });
    const list = new ListMFADevicesCommand({ UserName: 'maya' });
    assert.equal(await outcome(stage.iam('most').send(new ListUsersCommand({}))), 'allowed');
    assert.equal(await outcome(stage.iam('most').send(list)), 'AccessDenied');
    assert.equal(await outcome(stage.iam('little').send(new ListUsersCommand({}))), 'allowed');
    assert.equal(await outcome(stage.iam('little').send(list)), 'AccessDenied');
    assert.equal(await outcome(stage.iam('keeper').send(list)), 'allowed', 'other keys of the user keep their rights');
  });

  it('asks for TagMFADevice too when a device is made with tags', async () => {
    stage.account.addCaller({
      name: 'no-tags',
      identity: { kind: 'user', userName: 'jordan' },
      permissions: { allExcept: ['TagMFADevice'] },
    });
    const tagged = { VirtualMFADeviceName: 'x', Tags: [{ Key: 'a', Value: 'b' }] };
    const refused = await refusal(stage.iam('no-tags').send(new CreateVirtualMFADeviceCommand(tagged)));
    assert.match(refused.message, /iam:TagMFADevice/);
    assert.equal(stage.account.seedOf(mfaArn('x')), undefined);
  });

  it('lets everyone ask who they are', async () => {
    stage.account.addCaller({
      name: 'nothing',
      identity: { kind: 'user', userName: 'jordan' },
      permissions: { only: [] },
    });
    stage.account.addCaller({ name: 'root', identity: { kind: 'root' }, permissions: 'everything' });
    const who = async (name: string) => (await stage.sts(name).send(new GetCallerIdentityCommand({}))).Arn;
    assert.equal(await who('nothing'), userArn('jordan'));
    assert.equal(await who('root'), `arn:aws:iam::${ACCOUNT}:root`);
    assert.equal(await who('auditor'), `arn:aws:sts::${ACCOUNT}:assumed-role/SecurityAudit/auditor`);
  });

  it('shows root its own device', async () => {
    stage.account.addCaller({ name: 'root', identity: { kind: 'root' }, permissions: 'everything' });
    const { MFADevices } = await stage.iam('root').send(new ListMFADevicesCommand({}));
    assert.deepEqual(
      MFADevices?.map((device) => device.SerialNumber),
      [mfaArn('root-account-mfa-device')],
    );
  });

  it('gives a user just made no rights', async () => {
    const admin = stage.iam('admin-role');
    await admin.send(new CreateUserCommand({ UserName: 'fresh' }));
    const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName: 'fresh' }));
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    const { Arn } = await stage.sts(keys).send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, userArn('fresh'));
    assert.equal(await outcome(stage.iam(keys).send(new GetUserCommand({}))), 'AccessDenied');
  });
});
