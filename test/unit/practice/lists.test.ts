import assert from 'node:assert/strict';
import {
  CreateUserCommand,
  GetAccountSummaryCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  type IAMClient,
  ListAccountAliasesCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  ListVirtualMFADevicesCommand,
  paginateListUsers,
  paginateListVirtualMFADevices,
} from '@aws-sdk/client-iam';
import { largeCompany } from '../../../src/practice/company';
import { ACCOUNT, mfaArn, refusal, Stage, userArn } from './helpers';

describe('practice account: lists', () => {
  let stage: Stage;
  let iam: IAMClient;

  before(async () => {
    stage = await Stage.open();
    iam = stage.iam('admin-role');
  });
  after(() => stage.close());

  it('lists users by name, without tags, with the last use of a password where there was one', async () => {
    const { Users = [], IsTruncated } = await iam.send(new ListUsersCommand({}));
    assert.equal(IsTruncated, false);
    assert.deepEqual(
      Users.map((user) => user.UserName),
      ['deploy-bot', 'elena', 'ines', 'jordan', 'marcus', 'maya', 'noah', 'priya', 'sam', 'theo'],
    );
    assert.ok(Users.every((user) => user.Tags === undefined && user.PermissionsBoundary === undefined));
    const usedPassword = (name: string) => Users.find((user) => user.UserName === name)?.PasswordLastUsed;
    assert.equal(usedPassword('theo'), undefined, 'never used');
    assert.equal(usedPassword('deploy-bot'), undefined, 'no password');
    assert.ok((usedPassword('maya')?.getTime() ?? 0) > stage.now - 2 * 86_400_000, 'signed in lately');
  });

  it('lists users under a path only', async () => {
    const { Users } = await iam.send(new ListUsersCommand({ PathPrefix: '/contractors/' }));
    assert.deepEqual(
      Users?.map((user) => user.Arn),
      [userArn('contractors/ines')],
    );
  });

  it('tells tags where AWS does', async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName: 'maya' }));
    assert.deepEqual(User?.Tags, [{ Key: 'team', Value: 'web' }]);
    const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'maya' }));
    assert.deepEqual(Tags, [{ Key: 'team', Value: 'web' }]);
  });

  it('defaults to the user of the signing key', async () => {
    const self = stage.iam('self');
    assert.equal((await self.send(new GetUserCommand({}))).User?.UserName, 'maya');
    assert.deepEqual((await self.send(new ListMFADevicesCommand({}))).MFADevices, []);
  });

  it('lists virtual devices without seeds, pictures and tags, with root among them', async () => {
    const { VirtualMFADevices = [] } = await iam.send(new ListVirtualMFADevicesCommand({}));
    assert.deepEqual(
      VirtualMFADevices.map((device) => device.SerialNumber),
      ['contractors/ines', 'marcus', 'priya', 'priya-tablet', 'root-account-mfa-device', 'sam'].map(mfaArn),
    );
    for (const device of VirtualMFADevices) {
      assert.equal(device.Base32StringSeed, undefined);
      assert.equal(device.QRCodePNG, undefined);
      assert.equal(device.Tags, undefined);
    }
    const root = VirtualMFADevices.find((device) => device.User?.Arn?.endsWith(':root'));
    assert.equal(root?.User?.UserId, ACCOUNT);
    const leftover = VirtualMFADevices.find((device) => device.SerialNumber === mfaArn('sam'));
    assert.equal(leftover?.User, undefined);
    assert.equal(leftover?.EnableDate, undefined);
  });

  for (const [status, count] of [
    ['Any', 6],
    ['Assigned', 5],
    ['Unassigned', 1],
  ] as const) {
    it(`lists ${count} virtual devices that are ${status}`, async () => {
      const answer = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: status }));
      assert.equal(answer.VirtualMFADevices?.length, count);
    });
  }

  it('lists every kind of device of a user', async () => {
    const { MFADevices = [] } = await iam.send(new ListMFADevicesCommand({ UserName: 'priya' }));
    assert.deepEqual(
      MFADevices.map((device) => device.SerialNumber?.split(':')[5]?.split('/')[0]),
      ['mfa', 'mfa', 'u2f'],
    );
    const elena = await iam.send(new ListMFADevicesCommand({ UserName: 'elena' }));
    assert.equal(elena.MFADevices?.[0]?.SerialNumber, 'GAHT40718293');
  });

  it('tells console passwords from their absence and from the absence of the user', async () => {
    const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName: 'maya' }));
    assert.equal(LoginProfile?.PasswordResetRequired, false);
    const machine = await refusal(iam.send(new GetLoginProfileCommand({ UserName: 'deploy-bot' })));
    assert.deepEqual([machine.code, machine.status], ['NoSuchEntity', 404]);
    const nobody = await refusal(iam.send(new GetLoginProfileCommand({ UserName: 'nobody' })));
    assert.deepEqual([nobody.code, nobody.status], ['NoSuchEntity', 404]);
    assert.notEqual(nobody.message, machine.message);
  });

  it('tells the alias and the sums of the account', async () => {
    assert.deepEqual((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases, ['acme-practice']);
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    assert.equal(SummaryMap?.Users, 10);
    assert.equal(SummaryMap.AccountMFAEnabled, 1);
    assert.equal(SummaryMap.MFADevices, SummaryMap.MFADevicesInUse);
  });

  it('keeps user names unique whatever their case', async () => {
    const refused = await refusal(iam.send(new CreateUserCommand({ UserName: 'MAYA' })));
    assert.deepEqual([refused.code, refused.status], ['EntityAlreadyExists', 409]);
  });

  describe('in pages', () => {
    it('gives pages of the size asked for, and each user once', async () => {
      const sizes: number[] = [];
      const names = new Set<string>();
      for await (const page of paginateListUsers({ client: iam, pageSize: 4 }, {})) {
        sizes.push(page.Users?.length ?? 0);
        page.Users?.forEach((user) => names.add(user.UserName ?? ''));
      }
      assert.deepEqual(sizes, [4, 4, 2]);
      assert.equal(names.size, 10);
    });

    it('ends an exactly full page without a marker', async () => {
      const answer = await iam.send(new ListUsersCommand({ MaxItems: 10 }));
      assert.deepEqual([answer.IsTruncated, answer.Marker], [false, undefined]);
    });

    it('refuses markers it did not give out, or gave out for another list', async () => {
      const { Marker } = await iam.send(new ListUsersCommand({ MaxItems: 3 }));
      const calls = [
        () => iam.send(new ListUsersCommand({ Marker: 'made-up' })),
        () => iam.send(new ListVirtualMFADevicesCommand({ Marker })),
      ];
      for (const call of calls) {
        assert.deepEqual(await refusal(call()), { code: 'ValidationError', status: 400, message: 'Invalid Marker.' });
      }
    });

    it('gives 100 when nothing is asked, at most 1000, and all of a large company', async function () {
      this.timeout(20_000);
      const large = await Stage.open({ company: largeCompany(2300) });
      try {
        const client = large.iam('auditor');
        assert.equal((await client.send(new ListUsersCommand({}))).Users?.length, 100);
        const tooMany = await refusal(client.send(new ListUsersCommand({ MaxItems: 1001 })));
        assert.equal(tooMany.code, 'ValidationError');
        const sizes: number[] = [];
        for await (const page of paginateListUsers({ client, pageSize: 1000 }, {})) {
          sizes.push(page.Users?.length ?? 0);
        }
        assert.deepEqual(sizes, [1000, 1000, 300]);
      } finally {
        await large.close();
      }
    });

    it('can make pages shorter than asked, for those who stop at a short page', async () => {
      const short = await Stage.open({ shortPages: true });
      try {
        const client = short.iam('auditor');
        const first = await client.send(new ListUsersCommand({ MaxItems: 1000 }));
        assert.equal(first.IsTruncated, true);
        assert.ok((first.Users?.length ?? 0) < 10);
        const serials = new Set<string>();
        for await (const page of paginateListVirtualMFADevices({ client, pageSize: 1000 }, {})) {
          page.VirtualMFADevices?.forEach((device) => serials.add(device.SerialNumber ?? ''));
        }
        assert.equal(serials.size, 6);
      } finally {
        await short.close();
      }
    });
  });

  describe('with an empty page before each', () => {
    let sparse: Stage;
    let client: IAMClient;

    beforeEach(async () => {
      sparse = await Stage.open({ emptyPages: true });
      client = sparse.iam('admin-role');
    });
    afterEach(() => sparse.close());

    it('gives every user all the same, to those who go on until IsTruncated ends it', async () => {
      const sizes: number[] = [];
      const names = new Set<string>();
      for await (const page of paginateListUsers({ client, pageSize: 4 }, {})) {
        sizes.push(page.Users?.length ?? 0);
        page.Users?.forEach((user) => names.add(user.UserName ?? ''));
      }
      assert.deepEqual(sizes, [0, 4, 0, 4, 0, 2]);
      assert.equal(names.size, 10);
    });

    it('ends a list that holds nothing', async () => {
      const first = await client.send(new ListMFADevicesCommand({ UserName: 'maya' }));
      assert.deepEqual([first.MFADevices, first.IsTruncated], [[], true]);
      const second = await client.send(new ListMFADevicesCommand({ UserName: 'maya', Marker: first.Marker }));
      assert.deepEqual([second.MFADevices, second.IsTruncated, second.Marker], [[], false, undefined]);
    });

    it('gives the same page again for the same marker, and takes none that was changed', async () => {
      const { Marker = '' } = await client.send(new ListUsersCommand({ MaxItems: 4 }));
      const page = async (marker: string) => client.send(new ListUsersCommand({ MaxItems: 4, Marker: marker }));
      const [once, again] = [await page(Marker), await page(Marker)];
      assert.equal(once.Users?.length, 4);
      assert.deepEqual([again.Users, again.Marker], [once.Users, once.Marker]);
      // After the seal stands the place.
      for (const [given, place] of [
        [Marker, '0'],
        [once.Marker ?? '', 'E4'],
      ] as const) {
        const changed = given.slice(0, 22) + place;
        assert.notEqual(changed, given);
        assert.equal((await refusal(page(changed))).message, 'Invalid Marker.');
      }
    });
  });

  describe('parameters out of bounds (iam-facts 1.1)', () => {
    const rows: { what: string; call: () => Promise<unknown>; message: string }[] = [
      {
        what: 'MaxItems 0',
        call: () => iam.send(new ListUsersCommand({ MaxItems: 0 })),
        message:
          "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: " +
          'Member must have value greater than or equal to 1',
      },
      {
        what: 'MaxItems 1001',
        call: () => iam.send(new ListUsersCommand({ MaxItems: 1001 })),
        message:
          "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: " +
          'Member must have value less than or equal to 1000',
      },
      {
        what: 'a required one missing',
        call: () => iam.send(new ListUserTagsCommand({ UserName: undefined })),
        message:
          "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
      },
      {
        what: 'a status of no kind',
        call: () => iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Lost' as 'Any' })),
        message:
          "1 validation error detected: Value 'Lost' at 'assignmentStatus' failed to satisfy constraint: " +
          'Member must satisfy enum value set: [Any, Unassigned, Assigned]',
      },
      {
        what: 'a name with a space',
        call: () => iam.send(new GetLoginProfileCommand({ UserName: 'two words' })),
        message:
          "1 validation error detected: Value 'two words' at 'userName' failed to satisfy constraint: " +
          'Member must satisfy regular expression pattern: [\\w+=,.@-]+',
      },
      {
        what: 'a name of 65 characters for GetLoginProfile',
        call: () => iam.send(new GetLoginProfileCommand({ UserName: 'x'.repeat(65) })),
        message:
          `1 validation error detected: Value '${'x'.repeat(65)}' at 'userName' failed to satisfy constraint: ` +
          'Member must have length less than or equal to 64',
      },
    ];
    for (const { what, call, message } of rows) {
      it(`refuses ${what}`, async () => {
        assert.deepEqual(await refusal(call()), { code: 'ValidationError', status: 400, message });
      });
    }
  });
});
