import assert from 'node:assert/strict';
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  GetAccountAuthorizationDetailsCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam';
import { refusal, Stage, userArn } from './helpers';

describe('practice account: users', () => {
  const UserName = 'newcomer';
  let stage: Stage;
  let iam: IAMClient;

  beforeEach(async () => {
    stage = await Stage.open();
    iam = stage.iam('admin-role');
    await iam.send(new CreateUserCommand({ UserName, Path: '/guests/', Tags: [{ Key: 'team', Value: 'web' }] }));
  });
  afterEach(() => stage.close());

  it('makes a user under a path, with tags, and takes it away again', async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    assert.equal(User?.Arn, userArn('guests/newcomer'));
    assert.match(User.UserId ?? '', /^AIDA[A-Z2-7]{17}$/);
    assert.deepEqual(User.CreateDate, new Date(stage.now));
    await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'desk', Value: '4' }] }));
    await iam.send(new UntagUserCommand({ UserName, TagKeys: ['team'] }));
    assert.deepEqual((await iam.send(new ListUserTagsCommand({ UserName }))).Tags, [{ Key: 'desk', Value: '4' }]);
    await iam.send(new DeleteUserCommand({ UserName }));
    assert.equal((await refusal(iam.send(new GetUserCommand({ UserName })))).code, 'NoSuchEntity');
    assert.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 10);
  });

  it('refuses a path of two slashes only', async () => {
    const call = iam.send(new CreateUserCommand({ UserName: 'x', Path: '//' }));
    assert.equal((await refusal(call)).code, 'ValidationError');
  });

  it('gives, changes and takes a console password, and tells it to nobody', async () => {
    const Password = 'correct horse';
    await iam.send(new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true }));
    const profile = async () => (await iam.send(new GetLoginProfileCommand({ UserName }))).LoginProfile;
    assert.deepEqual(await profile(), { UserName, CreateDate: new Date(stage.now), PasswordResetRequired: true });
    const twice = iam.send(new CreateLoginProfileCommand({ UserName, Password }));
    assert.equal((await refusal(twice)).code, 'EntityAlreadyExists');
    assert.equal((await refusal(iam.send(new DeleteUserCommand({ UserName })))).code, 'DeleteConflict');
    await iam.send(new UpdateLoginProfileCommand({ UserName, Password, PasswordResetRequired: false }));
    assert.equal((await profile())?.PasswordResetRequired, false);
    await iam.send(new DeleteLoginProfileCommand({ UserName }));
    assert.equal((await refusal(profile())).code, 'NoSuchEntity');
    assert.ok(!JSON.stringify(stage.account.calls).includes(Password));
  });

  it('gives two access keys and no third; a deleted one is worth nothing', async () => {
    const create = async () => (await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey;
    const key = await create();
    await create();
    assert.equal((await refusal(create())).code, 'LimitExceeded');
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    assert.equal(AccessKeyMetadata.length, 2);
    assert.ok(!JSON.stringify(AccessKeyMetadata).includes(key?.SecretAccessKey ?? ''));
    assert.equal((await refusal(iam.send(new DeleteUserCommand({ UserName })))).code, 'DeleteConflict');
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key?.AccessKeyId }));
    const keys = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
    const dead = stage.iam(keys).send(new ListUsersCommand({}));
    assert.equal((await refusal(dead)).code, 'InvalidClientTokenId');
  });

  it('tells tags of all users at once, and nothing about devices', async () => {
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
    const user = details.UserDetailList?.find((one) => one.UserName === UserName);
    assert.deepEqual(user?.Tags, [{ Key: 'team', Value: 'web' }]);
    for (const { serial } of stage.account.devices()) {
      assert.ok(!JSON.stringify(details).includes(serial), serial);
    }
  });
});
