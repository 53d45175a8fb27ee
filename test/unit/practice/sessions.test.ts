import assert from 'node:assert/strict';
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  ResyncMFADeviceCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { smallCompany } from '../../../src/practice/company';
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
    // STS has heard of the device, and it is the same time step still.
    stage.advance(10_000);
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
    stage.advance(10_000);
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
    stage.advance(10_000);
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

  it('cannot validate a text-message device', async () => {
    stage.account.addCaller({ name: 'ines', identity: { kind: 'user', userName: 'ines' }, permissions: 'selfService' });
    const SerialNumber = `arn:aws:iam::${ACCOUNT}:sms-mfa/ines`;
    const call = new GetSessionTokenCommand({ SerialNumber, TokenCode: '123456' });
    assert.equal((await refusal(stage.sts('ines').send(call))).message, UNABLE);
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

  describe('with a device enabled just now (iam-facts 2.2)', () => {
    const fresh = mfaArn('sam');
    const enableFresh = async (on: Stage) =>
      on
        .iam('admin-role')
        .send(new EnableMFADeviceCommand({ UserName: 'theo', SerialNumber: fresh, ...(await on.pair(fresh)) }));
    const open = async (on: Stage, code?: string) =>
      on
        .sts('selfOld')
        .send(new GetSessionTokenCommand({ SerialNumber: fresh, TokenCode: code ?? (await on.code(fresh)) }));

    it('are refused for ten seconds, though lists show it at once', async () => {
      await enableFresh(stage);
      const { MFADevices } = await stage.iam('admin-role').send(new ListMFADevicesCommand({ UserName: 'theo' }));
      assert.equal(MFADevices?.length, 1);
      stage.advance(9_999);
      const code = await stage.code(fresh);
      assert.deepEqual(await refusal(open(stage, code)), { code: 'AccessDenied', status: 403, message: UNABLE });
      stage.advance(1);
      await open(stage, code);
    });

    it('are refused in the same words to who assumes a role', async () => {
      await enableFresh(stage);
      const call = new AssumeRoleCommand({
        RoleArn: roleArn('Administrator'),
        RoleSessionName: 'work',
        SerialNumber: fresh,
        TokenCode: await stage.code(fresh),
      });
      assert.equal((await refusal(stage.sts('selfOld').send(call))).message, UNABLE);
      stage.advance(10_000);
      await stage.sts('selfOld').send(call);
    });

    it('count for the rate even while they are refused', async () => {
      await enableFresh(stage);
      // One check went into enabling.
      for (let attempt = 2; attempt <= 9; attempt++) {
        assert.equal((await refusal(open(stage))).message, UNABLE);
      }
      stage.advance(10_000);
      assert.equal((await refusal(open(stage))).message, UNABLE, 'STS knows the device, and has had nine attempts');
      stage.advance(3 * 60_000);
      await open(stage);
    });

    it('wait anew when the device was deactivated and enabled again', async () => {
      await enableFresh(stage);
      stage.advance(60_000);
      const iam = stage.iam('admin-role');
      await iam.send(new DeactivateMFADeviceCommand({ UserName: 'theo', SerialNumber: fresh }));
      await enableFresh(stage);
      assert.equal((await refusal(open(stage))).message, UNABLE);
      stage.advance(10_000);
      await open(stage);
    });

    it('can be made to wait longer, or not at all', async () => {
      for (const stsDelayMs of [0, 15_000]) {
        const other = await Stage.open({ stsDelayMs });
        try {
          await enableFresh(other);
          if (stsDelayMs > 0) {
            other.advance(stsDelayMs - 1);
            assert.equal((await refusal(open(other))).message, UNABLE);
            other.advance(1);
          }
          await open(other);
        } finally {
          await other.close();
        }
      }
    });
  });

  describe('with devices the company opens with', () => {
    const sessionOf = async (userName: string, SerialNumber: string, TokenCode: string | undefined) => {
      if (!stage.account.callers.some(({ name }) => name === userName)) {
        stage.account.addCaller({ name: userName, identity: { kind: 'user', userName }, permissions: 'everything' });
      }
      return stage.sts(userName).send(new GetSessionTokenCommand({ SerialNumber, TokenCode }));
    };

    it('are opened at once', async () => {
      for (const [userName, device] of [
        ['priya', mfaArn('priya')],
        ['elena', 'GAHT40718293'],
        ['ines', mfaArn('contractors/ines')],
      ] as const) {
        await sessionOf(userName, device, stage.account.codeShownBy(device));
      }
    });

    it('are opened at once even where one was enabled the moment the account opened', async () => {
      const company = smallCompany();
      const devices = [{ kind: 'virtual', name: 'maya', enabledDaysAgo: 0 }] as const;
      const users = company.users.map((user) => (user.name === 'maya' ? { ...user, devices } : user));
      const other = await Stage.open({ company: { ...company, users } });
      try {
        const call = { SerialNumber: mfaArn('maya'), TokenCode: await other.code(mfaArn('maya')) };
        await other.sts('self').send(new GetSessionTokenCommand(call));
      } finally {
        await other.close();
      }
    });

    it('are refused to a phone that has lost the time, until it is resynced', async () => {
      const phone = mfaArn('marcus');
      const shown = () => stage.account.codeShownBy(phone);
      const iam = stage.iam('admin-role');
      const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: 'marcus' }));
      assert.equal((await refusal(sessionOf('marcus', phone, shown()))).message, WRONG);
      const AuthenticationCode1 = shown();
      stage.advance(30_000);
      const AuthenticationCode2 = shown();
      // With long-term keys of the user: the MFA-session rule does not apply (iam-facts 2.5).
      await stage.iam('marcus').send(
        new ResyncMFADeviceCommand({
          UserName: 'marcus',
          SerialNumber: phone,
          AuthenticationCode1,
          AuthenticationCode2,
        }),
      );
      await sessionOf('marcus', phone, shown());
      stage.advance(30_000);
      await sessionOf('marcus', phone, shown());
      assert.equal((await refusal(sessionOf('marcus', phone, await stage.code(phone)))).message, WRONG);
      const after = await iam.send(new ListMFADevicesCommand({ UserName: 'marcus' }));
      assert.deepEqual(after.MFADevices, MFADevices, 'the date of enabling stays');
    });

    it('are opened by codes of the right time of that phone’s device, before it is resynced', async () => {
      await sessionOf('marcus', mfaArn('marcus'), await stage.code(mfaArn('marcus')));
    });
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
