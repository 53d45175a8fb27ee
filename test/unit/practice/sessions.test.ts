import assert from 'node:assert/strict';
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { ACCOUNT, type Keys, mfaArn, refusal, Stage } from './helpers';

const UNABLE =
  'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and ' +
  'associated with this user.';
const WRONG = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

describe('practice account: sessions', () => {
  const serial = mfaArn('jordan');
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
    const iam = stage.iam('keeper');
    await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'jordan' }));
    await iam.send(
      new EnableMFADeviceCommand({ UserName: 'jordan', SerialNumber: serial, ...(await stage.pair(serial)) }),
    );
  });
  afterEach(() => stage.close());

  const keysOf = (credentials: Credentials | undefined): Keys => ({
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  });
  const getSession = async (SerialNumber?: string, TokenCode?: string, DurationSeconds?: number) =>
    (await stage.sts('keeper').send(new GetSessionTokenCommand({ SerialNumber, TokenCode, DurationSeconds })))
      .Credentials;

  it('opens an MFA session that may change the user’s own devices', async () => {
    const session = keysOf(await getSession(serial, await stage.code(serial)));
    assert.match(session.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
    const iam = stage.iam(session);
    await iam.send(new DeactivateMFADeviceCommand({ SerialNumber: serial }));
    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }));
    assert.deepEqual((await iam.send(new ListMFADevicesCommand({}))).MFADevices, []);
  });

  it('lets self-service take its own device off in an MFA session, and not delete it', async () => {
    const own = mfaArn('maya');
    await stage.iam('self').send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'maya' }));
    const codes = await stage.pair(own);
    await stage.iam('self').send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: own, ...codes }));
    const take = new DeactivateMFADeviceCommand({ UserName: 'maya', SerialNumber: own });
    assert.match((await refusal(stage.iam('self').send(take))).message, /explicit deny/);
    const call = new GetSessionTokenCommand({ SerialNumber: own, TokenCode: await stage.code(own) });
    const iam = stage.iam(keysOf((await stage.sts('self').send(call)).Credentials));
    await iam.send(take);
    const remove = iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: own }));
    assert.equal((await refusal(remove)).code, 'AccessDenied');
  });

  it('opens a session without a code that IAM does not know', async () => {
    const session = keysOf(await getSession());
    const { Arn } = await stage.sts(session).send(new GetCallerIdentityCommand({}));
    assert.match(Arn ?? '', /user\/jordan$/);
    const refused = await refusal(stage.iam(session).send(new ListUsersCommand({})));
    assert.deepEqual(refused, {
      code: 'InvalidClientTokenId',
      status: 403,
      message: 'The security token included in the request is invalid.',
    });
  });

  it('takes each code once, and those two used to enable as well', async () => {
    await getSession(serial, await stage.code(serial, -1));
    await getSession(serial, await stage.code(serial));
    const again = await refusal(getSession(serial, await stage.code(serial)));
    assert.deepEqual(again, { code: 'AccessDenied', status: 403, message: WRONG });
  });

  it('takes codes within two steps of the device’s own time', async () => {
    for (const steps of [-2, 2]) {
      await getSession(serial, await stage.code(serial, steps));
    }
    for (const steps of [-3, 3]) {
      assert.equal((await refusal(getSession(serial, await stage.code(serial, steps)))).message, WRONG);
    }
  });

  it('remembers how far off a device was when it was enabled', async () => {
    const late = mfaArn('sam');
    const codes = await stage.pair(late, -20);
    await stage.iam('admin-role').send(new EnableMFADeviceCommand({ UserName: 'sam', SerialNumber: late, ...codes }));
    stage.account.addCaller({ name: 'sam', identity: { kind: 'user', userName: 'sam' }, permissions: 'selfService' });
    const open = async (steps: number) =>
      stage
        .sts('sam')
        .send(new GetSessionTokenCommand({ SerialNumber: late, TokenCode: await stage.code(late, steps) }));
    assert.equal((await refusal(open(0))).message, WRONG);
    await open(-20);
  });

  it('cannot validate serials of others, of nobody, nor passkeys, nor codes over the rate', async () => {
    for (const other of [mfaArn('marcus'), mfaArn('ghost')]) {
      assert.equal((await refusal(getSession(other, '123456'))).message, UNABLE);
    }
    stage.account.addCaller({ name: 'noah', identity: { kind: 'user', userName: 'noah' }, permissions: 'selfService' });
    const passkey = stage.account
      .devices()
      .find((device) => device.kind === 'passkey' && device.serial.includes('noah'));
    const call = new GetSessionTokenCommand({ SerialNumber: passkey?.serial, TokenCode: '123456' });
    assert.equal((await refusal(stage.sts('noah').send(call))).message, UNABLE);

    // One check went into enabling.
    for (let attempt = 2; attempt <= 9; attempt++) {
      assert.equal((await refusal(getSession(serial, '000000'))).message, WRONG);
    }
    assert.equal((await refusal(getSession(serial, await stage.code(serial)))).message, UNABLE);
  });

  it('refuses session keys', async () => {
    const refused = await refusal(stage.sts('auditor').send(new GetSessionTokenCommand({})));
    assert.equal(refused.message, 'Cannot call GetSessionToken with session credentials');
  });

  it('ends when its time is up', async () => {
    const credentials = await getSession(serial, await stage.code(serial), 900);
    assert.deepEqual(credentials?.Expiration, new Date(stage.now + 900_000));
    stage.advance(900_000);
    const refused = await refusal(stage.iam(keysOf(credentials)).send(new ListUsersCommand({})));
    assert.deepEqual([refused.code, refused.status], ['ExpiredToken', 403]);
  });

  it('sees a device only after the enabling has propagated', async () => {
    stage.account.faults.set({ kind: 'propagation', ms: 10_000, operation: 'EnableMFADevice' });
    const codes = await stage.pair(mfaArn('sam'));
    await stage
      .iam('admin-role')
      .send(new EnableMFADeviceCommand({ UserName: 'theo', SerialNumber: mfaArn('sam'), ...codes }));
    const open = async () =>
      stage
        .sts('selfOld')
        .send(new GetSessionTokenCommand({ SerialNumber: mfaArn('sam'), TokenCode: await stage.code(mfaArn('sam')) }));
    assert.equal((await refusal(open())).message, UNABLE);
    stage.advance(10_000);
    await open();
  });

  describe('of roles', () => {
    const assume = (who: string | Keys, role: string, more: object = {}) =>
      stage.sts(who).send(new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'work', ...more }));

    it('are opened for an hour', async () => {
      const { Credentials, AssumedRoleUser } = await assume('self', 'SecurityAudit');
      assert.equal(AssumedRoleUser?.Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/SecurityAudit/work`);
      assert.deepEqual(Credentials?.Expiration, new Date(stage.now + 3_600_000));
      const iam = stage.iam(keysOf(Credentials));
      assert.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 10);
      const write = iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'x' }));
      assert.equal((await refusal(write)).code, 'AccessDenied');
    });

    it('want a code, or an MFA session, where the role says so', async () => {
      const without = await refusal(assume('keeper', 'Administrator'));
      assert.deepEqual([without.code, without.status], ['AccessDenied', 403]);
      const TokenCode = await stage.code(serial);
      await assume('keeper', 'Administrator', { SerialNumber: serial, TokenCode });
      const again = assume('keeper', 'Administrator', { SerialNumber: serial, TokenCode });
      assert.equal((await refusal(again)).message, WRONG);
      const session = keysOf(await getSession(serial, await stage.code(serial, 1)));
      await assume(session, 'Administrator');
    });

    it('are refused when there is no such role', async () => {
      assert.equal((await refusal(assume('keeper', 'Ghost'))).code, 'AccessDenied');
    });
  });
});
