import assert from 'node:assert/strict';
import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetMFADeviceCommand,
  type IAMClient,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListVirtualMFADevicesCommand,
  ResyncMFADeviceCommand,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { smallCompany } from '../../../src/practice/company';
import { ACCOUNT, mfaArn, refusal, Stage } from './helpers';

const CODES = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
const INVALID_CODE = 'InvalidAuthenticationCode';
const SESSION_RULE =
  'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.';

describe('practice account: devices', () => {
  let stage: Stage;
  let iam: IAMClient;

  beforeEach(async () => {
    stage = await Stage.open();
    iam = stage.iam('admin-role');
  });
  afterEach(() => stage.close());

  const create = async (name: string): Promise<string> => {
    const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
    return VirtualMFADevice?.SerialNumber ?? '';
  };
  const enable = async (UserName: string, SerialNumber: string, steps = 0) =>
    iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...(await stage.pair(SerialNumber, steps)) }));
  const devicesOf = async (UserName: string): Promise<(string | undefined)[]> =>
    ((await iam.send(new ListMFADevicesCommand({ UserName }))).MFADevices ?? []).map((device) => device.SerialNumber);

  it('takes a device through its whole life', async () => {
    const made = await iam.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'maya', Tags: [{ Key: 'by', Value: 'test' }] }),
    );
    const device = made.VirtualMFADevice;
    assert.equal(device?.SerialNumber, mfaArn('maya'));
    assert.deepEqual(device.Tags, [{ Key: 'by', Value: 'test' }]);
    assert.equal(device.User, undefined);
    assert.equal(device.EnableDate, undefined);
    const seed = Buffer.from(device.Base32StringSeed ?? []).toString('ascii');
    assert.match(seed, /^[A-Z2-7]{64}$/);
    assert.equal(seed, stage.account.seedOf(mfaArn('maya')));
    assert.equal(
      Buffer.from(device.QRCodePNG ?? [])
        .subarray(1, 4)
        .toString('ascii'),
      'PNG',
    );

    await enable('maya', mfaArn('maya'));
    const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: 'maya' }));
    assert.deepEqual(MFADevices, [{ UserName: 'maya', SerialNumber: mfaArn('maya'), EnableDate: new Date(stage.now) }]);

    await iam.send(new DeactivateMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('maya') }));
    assert.deepEqual(await devicesOf('maya'), []);
    const unassigned = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }));
    assert.deepEqual(
      unassigned.VirtualMFADevices?.map((one) => one.SerialNumber),
      [mfaArn('maya'), mfaArn('sam')],
    );
    const { Tags } = await iam.send(new ListMFADeviceTagsCommand({ SerialNumber: mfaArn('maya') }));
    assert.deepEqual(Tags, [{ Key: 'by', Value: 'test' }], 'tags stay when the device is deactivated');

    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: mfaArn('maya') }));
    assert.equal(stage.account.seedOf(mfaArn('maya')), undefined);
  });

  // iam-facts 2.1, row by row.
  const refusals: {
    what: string;
    call: () => Promise<unknown>;
    code: string;
    status: number;
    message: string | RegExp;
  }[] = [
    {
      what: 'Enable: same device already on this user',
      call: () =>
        iam.send(new EnableMFADeviceCommand({ UserName: 'marcus', SerialNumber: mfaArn('marcus'), ...CODES })),
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'MFA Device for user marcus already exists.',
    },
    {
      what: 'Enable: device on another user',
      call: () => iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('marcus'), ...CODES })),
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'MFA Device is already in use.',
    },
    {
      what: 'Enable: user unknown',
      call: () => iam.send(new EnableMFADeviceCommand({ UserName: 'nobody', SerialNumber: mfaArn('sam'), ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'The user with name nobody cannot be found.',
    },
    {
      what: 'Enable: hardware serial that AWS does not know',
      call: () => iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: 'GAHT99999999', ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'MFA Device with serial number GAHT99999999 does not exist.',
    },
    {
      what: 'Enable: serial unknown',
      call: () => iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('ghost'), ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: `MFA Device with serial number ${mfaArn('ghost')} does not exist.`,
    },
    {
      what: 'Resync: serial unknown',
      call: () => iam.send(new ResyncMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('ghost'), ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: `MFA Device with serial number ${mfaArn('ghost')} does not exist.`,
    },
    {
      what: 'Deactivate: serial unknown',
      call: () => iam.send(new DeactivateMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('ghost') })),
      code: 'NoSuchEntity',
      status: 404,
      message: `MFA Device with serial number ${mfaArn('ghost')} does not exist.`,
    },
    {
      what: 'Deactivate: device free',
      call: () => iam.send(new DeactivateMFADeviceCommand({ UserName: 'sam', SerialNumber: mfaArn('sam') })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'MFA Device invalid for user.',
    },
    {
      what: 'Deactivate: device on another user',
      call: () => iam.send(new DeactivateMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('marcus') })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'MFA Device invalid for user.',
    },
    {
      what: 'Resync: device on another user',
      call: () => iam.send(new ResyncMFADeviceCommand({ UserName: 'maya', SerialNumber: mfaArn('marcus'), ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'MFA Device invalid for user.',
    },
    {
      what: 'Resync: device free',
      call: () => iam.send(new ResyncMFADeviceCommand({ UserName: 'sam', SerialNumber: mfaArn('sam'), ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'MFA Device invalid for user.',
    },
    {
      what: 'Resync: hardware serial that AWS does not know',
      call: () => iam.send(new ResyncMFADeviceCommand({ UserName: 'elena', SerialNumber: 'GAHT99999999', ...CODES })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'MFA Device with serial number GAHT99999999 does not exist.',
    },
    {
      what: 'Resync: wrong codes',
      call: () =>
        iam.send(new ResyncMFADeviceCommand({ UserName: 'marcus', SerialNumber: mfaArn('marcus'), ...CODES })),
      code: 'InvalidAuthenticationCode',
      status: 403,
      message: 'Authentication code for device is not valid.',
    },
    {
      what: 'Enable: wrong codes of a token',
      call: () => iam.send(new EnableMFADeviceCommand({ UserName: 'maya', SerialNumber: 'GAHT40718294', ...CODES })),
      code: 'InvalidAuthenticationCode',
      status: 403,
      message: 'Authentication code for device is not valid.',
    },
    {
      what: 'Enable: a code of seven digits',
      call: () =>
        iam.send(
          new EnableMFADeviceCommand({
            UserName: 'maya',
            SerialNumber: mfaArn('sam'),
            AuthenticationCode1: '1234567',
            AuthenticationCode2: '654321',
          }),
        ),
      code: 'ValidationError',
      status: 400,
      message: /at 'authenticationCode1' failed to satisfy constraint/,
    },
    {
      what: 'Create: a serial of more than 256 characters',
      call: () => create('x'.repeat(227)),
      code: 'ValidationError',
      status: 400,
      message: /256/,
    },
    {
      what: 'Create: same path and name',
      call: () => create('sam'),
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'MFA device already exists.',
    },
    {
      what: 'Create: path without both slashes',
      call: () => iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'x', Path: '/a' })),
      code: 'ValidationError',
      status: 400,
      message: /must begin and end with \//,
    },
    {
      what: 'Delete: still assigned',
      call: () => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: mfaArn('marcus') })),
      code: 'DeleteConflict',
      status: 409,
      message: 'MFA VirtualDevice in use. Must deactivate first.',
    },
    {
      what: 'Delete: hardware serial',
      call: () => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: 'GAHT40718293' })),
      code: 'NoSuchEntity',
      status: 404,
      message: /GAHT40718293/,
    },
    {
      what: 'GetMFADevice: virtual device',
      call: () => iam.send(new GetMFADeviceCommand({ UserName: 'marcus', SerialNumber: mfaArn('marcus') })),
      code: 'ValidationError',
      status: 400,
      message: /FIDO/,
    },
    {
      what: 'ListMFADevices: user unknown',
      call: () => iam.send(new ListMFADevicesCommand({ UserName: 'nobody' })),
      code: 'NoSuchEntity',
      status: 404,
      message: 'The user with name nobody cannot be found.',
    },
    {
      what: 'ListMFADevices: no user named by a role session',
      call: () => iam.send(new ListMFADevicesCommand({})),
      code: 'ValidationError',
      status: 400,
      message: 'Must specify userName when calling with non-User credentials',
    },
  ];
  for (const { what, call, code, status, message } of refusals) {
    it(`refuses: ${what}`, async () => {
      const refused = await refusal(call());
      assert.deepEqual({ code: refused.code, status: refused.status }, { code, status });
      if (typeof message === 'string') {
        assert.equal(refused.message, message);
      } else {
        assert.match(refused.message, message);
      }
    });
  }

  it('accepts a doubled slash in a path, and the same name under another path', async () => {
    const made = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'sam', Path: '/a//b/' }));
    assert.equal(made.VirtualMFADevice?.SerialNumber, mfaArn('a//b/sam'));
  });

  it('gives a user eight devices and no ninth', async function () {
    this.timeout(20_000);
    for (let count = 1; count <= 8; count++) {
      await enable('maya', await create(`maya-${count}`));
    }
    const ninth = await create('maya-9');
    const refused = await refusal(enable('maya', ninth));
    assert.deepEqual({ code: refused.code, status: refused.status }, { code: 'LimitExceeded', status: 409 });
    assert.equal((await devicesOf('maya')).length, 8);
  });

  it('makes no more virtual devices than there may be users', async function () {
    this.timeout(20_000);
    const company = smallCompany();
    const unassigned = Array.from({ length: 5000 }, (_, index) => ({ name: `d${index}`, createdDaysAgo: 1 }));
    const full = await Stage.open({ company: { ...company, unassigned } });
    try {
      const call = full.iam('admin-role').send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'more' }));
      assert.equal((await refusal(call)).code, 'LimitExceeded');
    } finally {
      await full.close();
    }
  });

  it('enrols a hardware token by its printed serial, once', async () => {
    await enable('maya', 'GAHT40718294');
    assert.deepEqual(await devicesOf('maya'), ['GAHT40718294']);
    assert.equal((await refusal(enable('theo', 'GAHT40718294'))).message, 'MFA Device is already in use.');
  });

  it('lets passkeys be read and deactivated, not enrolled', async () => {
    const serial = (await devicesOf('noah'))[0] ?? '';
    assert.match(serial, /^arn:aws:iam::210987654321:u2f\/user\/noah\//);
    const read = await iam.send(new GetMFADeviceCommand({ UserName: 'noah', SerialNumber: serial }));
    assert.equal(read.UserName, 'noah');
    assert.equal(read.Certifications, undefined, 'nothing is certified of this one');
    await iam.send(new DeactivateMFADeviceCommand({ UserName: 'noah', SerialNumber: serial }));
    assert.deepEqual(await devicesOf('noah'), []);
    const again = iam.send(new EnableMFADeviceCommand({ UserName: 'noah', SerialNumber: serial, ...CODES }));
    assert.equal((await refusal(again)).code, 'NoSuchEntity');
  });

  it('tells what is certified of a security key', async () => {
    const serial = (await devicesOf('priya')).find((one) => one?.includes(':u2f/'));
    const read = await iam.send(new GetMFADeviceCommand({ UserName: 'priya', SerialNumber: serial }));
    assert.deepEqual(read.Certifications, { FIDO: 'L2', 'FIPS-140-2': 'L2' });
  });

  it('keeps a text-message device listed until it is deactivated, deletes it, and never enables one', async () => {
    const SerialNumber = `arn:aws:iam::${ACCOUNT}:sms-mfa/ines`;
    const ines = { UserName: 'ines', SerialNumber };
    const remove = () => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
    assert.deepEqual((await devicesOf('ines')).sort(), [mfaArn('contractors/ines'), SerialNumber]);
    assert.equal((await refusal(iam.send(new GetMFADeviceCommand(ines)))).code, 'ValidationError');
    assert.equal((await refusal(iam.send(new ListMFADeviceTagsCommand({ SerialNumber })))).code, 'NoSuchEntity');
    assert.equal((await refusal(iam.send(new ResyncMFADeviceCommand({ ...ines, ...CODES })))).code, INVALID_CODE);
    assert.equal((await refusal(remove())).code, 'DeleteConflict');

    await iam.send(new DeactivateMFADeviceCommand(ines));
    assert.deepEqual(await devicesOf('ines'), [mfaArn('contractors/ines')]);
    const { VirtualMFADevices = [] } = await iam.send(new ListVirtualMFADevicesCommand({}));
    assert.ok(!VirtualMFADevices.some((device) => device.SerialNumber === SerialNumber), 'it is no virtual device');
    assert.equal((await refusal(iam.send(new EnableMFADeviceCommand({ ...ines, ...CODES })))).code, INVALID_CODE);
    await remove();
    assert.equal((await refusal(remove())).code, 'NoSuchEntity');
    assert.equal((await refusal(iam.send(new EnableMFADeviceCommand({ ...ines, ...CODES })))).code, 'NoSuchEntity');
  });

  it('asks for the permission to delete a text-message device by its own ARN', async () => {
    const SerialNumber = `arn:aws:iam::${ACCOUNT}:sms-mfa/ines`;
    const remove = stage.iam('auditor').send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
    const refused = await refusal(remove);
    assert.equal(refused.code, 'AccessDenied');
    assert.match(refused.message, new RegExp(`on resource: ${SerialNumber} `));
  });

  it('knows which tokens are spare, and leaves one that is deactivated free to be enabled again', async () => {
    const spare = () => [...stage.account.spareTokens].sort();
    const serial = 'GAHT40718294';
    assert.deepEqual(spare(), [serial, 'GAKT10236547']);
    await enable('maya', serial);
    assert.deepEqual(spare(), ['GAKT10236547']);
    await iam.send(new DeactivateMFADeviceCommand({ UserName: 'maya', SerialNumber: serial }));
    assert.deepEqual(spare(), [serial, 'GAKT10236547']);
    const remove = iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }));
    assert.equal((await refusal(remove)).code, 'NoSuchEntity', 'a token cannot be deleted');
    const sameCodes = await refusal(enable('theo', serial));
    assert.equal(sameCodes.code, INVALID_CODE, 'the codes were used by the one before');
    stage.advance(60_000);
    await enable('theo', serial);
    assert.deepEqual(await devicesOf('theo'), [serial]);
  });

  describe('what a device shows', () => {
    it('is the code of now, for virtual devices and for tokens, spare ones too', async () => {
      for (const serial of [mfaArn('priya'), mfaArn('sam'), 'GAHT40718293', 'GAKT10236547']) {
        assert.equal(stage.account.codeShownBy(serial), await stage.code(serial), serial);
      }
      const before = stage.account.codeShownBy('GAHT40718293');
      stage.advance(30_000);
      assert.notEqual(stage.account.codeShownBy('GAHT40718293'), before);
    });

    it('is late by what its clock is slow', async () => {
      assert.equal(stage.account.codeShownBy(mfaArn('marcus')), await stage.code(mfaArn('marcus'), -40));
    });

    it('is the code of a device made here, until it is deleted', async () => {
      const serial = await create('maya');
      assert.equal(stage.account.codeShownBy(serial), await stage.code(serial));
      await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }));
      assert.equal(stage.account.codeShownBy(serial), undefined);
    });

    it('is nothing where there is nothing to be read', async () => {
      const passkey = (await devicesOf('noah'))[0] ?? '';
      for (const serial of [passkey, `arn:aws:iam::${ACCOUNT}:sms-mfa/ines`, mfaArn('ghost'), 'GAHT99999999']) {
        assert.equal(stage.account.codeShownBy(serial), undefined, serial);
      }
    });
  });

  it('tags virtual devices', async () => {
    const SerialNumber = mfaArn('sam');
    await iam.send(
      new TagMFADeviceCommand({
        SerialNumber,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    await iam.send(new TagMFADeviceCommand({ SerialNumber, Tags: [{ Key: 'a', Value: '2' }] }));
    await iam.send(new UntagMFADeviceCommand({ SerialNumber, TagKeys: ['b'] }));
    const { Tags } = await iam.send(new ListMFADeviceTagsCommand({ SerialNumber }));
    assert.deepEqual(Tags, [{ Key: 'a', Value: '2' }]);
    const twice = [
      { Key: 'k', Value: '1' },
      { Key: 'K', Value: '2' },
    ];
    assert.equal(
      (await refusal(iam.send(new TagMFADeviceCommand({ SerialNumber, Tags: twice })))).code,
      'InvalidInput',
    );
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    assert.equal(
      (await refusal(iam.send(new TagMFADeviceCommand({ SerialNumber, Tags: many })))).code,
      'LimitExceeded',
    );
    const hardware = new TagMFADeviceCommand({ SerialNumber: 'GAHT40718293', Tags: [{ Key: 'a', Value: '1' }] });
    assert.equal((await refusal(iam.send(hardware))).code, 'NoSuchEntity');
  });

  describe('the MFA-session rule (iam-facts 2.5)', () => {
    let own: IAMClient;
    beforeEach(async () => {
      own = stage.iam('keeper');
      await create('jordan');
      await own.send(
        new EnableMFADeviceCommand({
          UserName: 'jordan',
          SerialNumber: mfaArn('jordan'),
          ...(await stage.pair(mfaArn('jordan'))),
        }),
      );
    });

    it('lets long-term keys enrol a first device, and no second', async () => {
      await create('jordan-2');
      const codes = await stage.pair(mfaArn('jordan-2'));
      const second = { UserName: 'jordan', SerialNumber: mfaArn('jordan-2'), ...codes };
      const refused = await refusal(own.send(new EnableMFADeviceCommand(second)));
      assert.deepEqual(refused, { code: 'AccessDenied', status: 403, message: SESSION_RULE });
      await stage.iam('admin-role').send(new EnableMFADeviceCommand(second));
    });

    it('comes before the checks for unknown and duplicate devices', async () => {
      for (const SerialNumber of [mfaArn('jordan'), mfaArn('ghost')]) {
        const refused = await refusal(own.send(new DeactivateMFADeviceCommand({ SerialNumber })));
        assert.equal(refused.message, SESSION_RULE);
        const twice = new EnableMFADeviceCommand({ UserName: 'jordan', SerialNumber, ...CODES });
        assert.equal((await refusal(own.send(twice))).message, SESSION_RULE);
      }
    });

    it('does not touch Resync, nor work on other users', async () => {
      stage.advance(60_000);
      const codes = await stage.pair(mfaArn('jordan'));
      await own.send(new ResyncMFADeviceCommand({ UserName: 'jordan', SerialNumber: mfaArn('jordan'), ...codes }));
      await own.send(new DeactivateMFADeviceCommand({ UserName: 'marcus', SerialNumber: mfaArn('marcus') }));
      assert.deepEqual(await devicesOf('marcus'), []);
      await own.send(
        new EnableMFADeviceCommand({
          UserName: 'maya',
          SerialNumber: mfaArn('sam'),
          ...(await stage.pair(mfaArn('sam'))),
        }),
      );
      assert.deepEqual(await devicesOf('maya'), [mfaArn('sam')]);
    });

    it('holds for a user whose only device is a passkey, who cannot get a session', async () => {
      stage.account.addCaller({
        name: 'noah',
        identity: { kind: 'user', userName: 'noah' },
        permissions: 'everything',
      });
      const SerialNumber = (await devicesOf('noah'))[0];
      const refused = await refusal(stage.iam('noah').send(new DeactivateMFADeviceCommand({ SerialNumber })));
      assert.equal(refused.message, SESSION_RULE);
    });

    it('does not bind root and role sessions', async () => {
      stage.account.addCaller({ name: 'root', identity: { kind: 'root' }, permissions: 'everything' });
      const jordan = { UserName: 'jordan', SerialNumber: mfaArn('jordan') };
      await stage.iam('root').send(new DeactivateMFADeviceCommand(jordan));
      assert.deepEqual(await devicesOf('jordan'), []);
    });
  });

  it('keeps a user with devices from being deleted, and one made again from device changes for a while', async () => {
    const AccessKeyId = stage.account.caller('self').accessKeyId;
    await enable('maya', await create('maya'));
    const user = { UserName: 'maya' };
    await iam.send(new DeleteLoginProfileCommand(user));
    await iam.send(new DeleteAccessKeyCommand({ ...user, AccessKeyId }));
    assert.equal((await refusal(iam.send(new DeleteUserCommand(user)))).code, 'DeleteConflict');
    await iam.send(new DeactivateMFADeviceCommand({ ...user, SerialNumber: mfaArn('maya') }));
    await iam.send(new DeleteUserCommand(user));

    await iam.send(new CreateUserCommand(user));
    stage.advance(60_000);
    const early = await refusal(enable('maya', mfaArn('maya')));
    assert.deepEqual([early.code, early.status], ['EntityTemporarilyUnmodifiable', 409]);
    stage.advance(120_000);
    await enable('maya', mfaArn('maya'));
    assert.deepEqual(await devicesOf('maya'), [mfaArn('maya')]);
  });
});
