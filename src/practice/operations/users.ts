import { entityAlreadyExists, deleteConflict, limitExceeded, noSuchEntity, validationError } from '../failure';
import { randomId, randomKeys } from '../keys';
import { type Call, ownerOf, type Operations, userNameOf, userResource } from '../operation';
import { page } from '../paging';
import {
  type AccessKey,
  devicesOf,
  sortedUsers,
  type State,
  type User,
  userArn,
  withEntry,
  withoutEntry,
} from '../state';
import { optional, paging, required, shapes } from '../validation';
import type { Fields } from '../wire';
import { addTags, removeTags, tagFields } from './tags';

// User operations (iam-facts 1.4) and those that set the stage.

const USERS = 5000;
const KEYS_PER_USER = 2;

const namedUser = { UserName: required(shapes.existingUserName) };

export const userOperations: Operations = {
  ListUsers: {
    service: 'iam',
    effect: 'read',
    rules: { PathPrefix: optional(shapes.pathPrefix), ...paging },
    resource: (call) => `arn:aws:iam::${call.account.id}:user/`,
    run: (call) => {
      const prefix = call.parameters.text('PathPrefix') ?? '/';
      const { items, rest } = page(
        call,
        sortedUsers(call.state).filter(({ path }) => path.startsWith(prefix)),
      );
      return { Users: items.map(userFields), ...rest };
    },
  },
  GetUser: {
    service: 'iam',
    effect: 'read',
    rules: { UserName: optional(shapes.existingUserName) },
    resource: userResource,
    run: (call) => {
      const owner = ownerOf(call);
      if (owner.kind === 'root') {
        return { User: rootFields(call) };
      }
      const user = needUser(call, owner.userName);
      return { User: { ...userFields(user), Tags: user.tags.length > 0 ? user.tags.map(tagFields) : undefined } };
    },
  },
  CreateUser: {
    service: 'iam',
    effect: 'write',
    rules: { UserName: required(shapes.userName), Path: optional(shapes.path), Tags: optional(shapes.tags) },
    resource: newUserArn,
    alsoNeeds: (call) => (call.parameters.tags('Tags').length > 0 ? ['TagUser'] : []),
    run: createUser,
  },
  DeleteUser: { service: 'iam', effect: 'write', rules: namedUser, resource: userResource, run: deleteUser },
  GetLoginProfile: {
    service: 'iam',
    effect: 'read',
    rules: { UserName: optional(shapes.userName) },
    resource: userResource,
    run: (call) => ({ LoginProfile: loginProfileFields(needPassword(call)) }),
  },
  CreateLoginProfile: {
    service: 'iam',
    effect: 'write',
    rules: {
      UserName: optional(shapes.userName),
      Password: optional(shapes.password),
      PasswordResetRequired: optional(shapes.boolean),
    },
    resource: userResource,
    run: createLoginProfile,
  },
  UpdateLoginProfile: {
    service: 'iam',
    effect: 'write',
    rules: {
      UserName: required(shapes.userName),
      Password: optional(shapes.password),
      PasswordResetRequired: optional(shapes.boolean),
    },
    resource: userResource,
    run: updateLoginProfile,
  },
  DeleteLoginProfile: {
    service: 'iam',
    effect: 'write',
    rules: { UserName: optional(shapes.userName) },
    resource: userResource,
    run: (call) => {
      commitUser(call, { ...needPassword(call), password: undefined });
      return undefined;
    },
  },
  CreateAccessKey: {
    service: 'iam',
    effect: 'write',
    rules: { UserName: optional(shapes.existingUserName) },
    resource: userResource,
    run: createAccessKey,
  },
  DeleteAccessKey: {
    service: 'iam',
    effect: 'write',
    rules: { UserName: optional(shapes.existingUserName), AccessKeyId: required(shapes.accessKeyId) },
    resource: userResource,
    run: deleteAccessKey,
  },
  ListAccessKeys: {
    service: 'iam',
    effect: 'read',
    rules: { UserName: optional(shapes.existingUserName), ...paging },
    resource: userResource,
    run: (call) => {
      const user = needUser(call, userNameOf(call));
      const { items, rest } = page(call, keysOf(call.state, user.name));
      return { AccessKeyMetadata: items.map(keyFields), ...rest };
    },
  },
  TagUser: {
    service: 'iam',
    effect: 'write',
    rules: { ...namedUser, Tags: required(shapes.tags) },
    resource: userResource,
    run: (call) => {
      const user = needUser(call, userNameOf(call));
      commitUser(call, { ...user, tags: addTags(user.tags, call.parameters.tags('Tags')) });
      return undefined;
    },
  },
  UntagUser: {
    service: 'iam',
    effect: 'write',
    rules: { ...namedUser, TagKeys: required(shapes.tagKeys) },
    resource: userResource,
    run: (call) => {
      const user = needUser(call, userNameOf(call));
      commitUser(call, { ...user, tags: removeTags(user.tags, call.parameters.list('TagKeys')) });
      return undefined;
    },
  },
  ListUserTags: {
    service: 'iam',
    effect: 'read',
    rules: { ...namedUser, ...paging },
    resource: userResource,
    run: (call) => {
      const { items, rest } = page(call, needUser(call, userNameOf(call)).tags);
      return { Tags: items.map(tagFields), ...rest };
    },
  },
};

/** What lists say of a user: neither tags nor boundary (iam-facts 1.4). */
export function userFields(user: User): Fields {
  const lastUsedAt = user.password?.lastUsedAt;
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    PasswordLastUsed: lastUsedAt === undefined ? undefined : new Date(lastUsedAt),
  };
}

/** Root as a "user". Known by its ARN; that it has no name and no path is assumed. */
export function rootFields(call: Call): Fields {
  const lastUsedAt = call.state.root.password?.lastUsedAt;
  return {
    UserId: call.account.id,
    Arn: `arn:aws:iam::${call.account.id}:root`,
    CreateDate: new Date(call.state.root.createdAt),
    PasswordLastUsed: lastUsedAt === undefined ? undefined : new Date(lastUsedAt),
  };
}

/** The user of this exact name. Throws NoSuchEntity (iam-facts 2.1). */
export function needUser(call: Call, name: string): User {
  const user = call.state.users.get(name);
  if (user === undefined) {
    throw noSuchEntity(`The user with name ${name} cannot be found.`);
  }
  return user;
}

function newUserArn(call: Call): string {
  return userArn(call.account.id, call.parameters.text('Path') ?? '/', call.parameters.needed('UserName'));
}

function createUser(call: Call): Fields {
  const name = call.parameters.needed('UserName');
  const path = call.parameters.text('Path') ?? '/';
  if (sortedUsers(call.state).some((other) => other.name.toLowerCase() === name.toLowerCase())) {
    throw entityAlreadyExists(`User with name ${name} already exists.`);
  }
  if (call.state.users.size >= USERS) {
    throw limitExceeded(`Cannot exceed quota for UsersPerAccount: ${USERS}`);
  }
  const user: User = {
    name,
    path,
    id: randomId('AIDA'),
    arn: newUserArn(call),
    createdAt: call.now,
    password: undefined,
    tags: addTags([], call.parameters.tags('Tags')),
    groups: [],
    inlinePolicies: [],
    attachedPolicies: [],
  };
  commitUser(call, user);
  return { User: { ...userFields(user), Tags: user.tags.length > 0 ? user.tags.map(tagFields) : undefined } };
}

function deleteUser(call: Call): undefined {
  const user = needUser(call, userNameOf(call));
  // The texts changed over time (iam-facts 2.1).
  if (user.password !== undefined) {
    throw deleteConflict('Cannot delete entity, must delete login profile first.');
  }
  if (keysOf(call.state, user.name).length > 0) {
    throw deleteConflict('Cannot delete entity, must delete access keys first.');
  }
  if (devicesOf(call.state, { kind: 'user', userName: user.name }).length > 0) {
    throw deleteConflict('Cannot delete entity, must delete MFA device first.');
  }
  if (user.inlinePolicies.length > 0) {
    throw deleteConflict('Cannot delete entity, must delete policies first.');
  }
  if (user.attachedPolicies.length > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  if (user.groups.length > 0) {
    throw deleteConflict('Cannot delete entity, must remove users from group first.');
  }
  call.commit({
    ...call.state,
    users: withoutEntry(call.state.users, user.name),
    deletedUsers: withEntry(call.state.deletedUsers, user.name.toLowerCase(), call.now),
  });
}

function needPassword(call: Call): User {
  const user = needUser(call, userNameOf(call));
  if (user.password === undefined) {
    throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
  }
  return user;
}

function loginProfileFields(user: User): Fields {
  return {
    UserName: user.name,
    CreateDate: user.password && new Date(user.password.createdAt),
    PasswordResetRequired: user.password?.resetRequired ?? false,
  };
}

// Passwords are not kept: nobody signs in to a console here.
function createLoginProfile(call: Call): Fields {
  const user = needUser(call, userNameOf(call));
  if (user.password !== undefined) {
    throw entityAlreadyExists(`Login Profile for user ${user.name} already exists.`);
  }
  if (call.parameters.text('Password') === undefined) {
    throw validationError('A password is required.');
  }
  const resetRequired = call.parameters.text('PasswordResetRequired') === 'true';
  const changed: User = { ...user, password: { createdAt: call.now, lastUsedAt: undefined, resetRequired } };
  commitUser(call, changed);
  return { LoginProfile: loginProfileFields(changed) };
}

function updateLoginProfile(call: Call): undefined {
  const user = needPassword(call);
  const resetRequired = call.parameters.text('PasswordResetRequired') === 'true';
  const createdAt = call.parameters.text('Password') === undefined ? (user.password?.createdAt ?? call.now) : call.now;
  commitUser(call, { ...user, password: { createdAt, lastUsedAt: user.password?.lastUsedAt, resetRequired } });
}

const keysOf = (state: State, userName: string): AccessKey[] =>
  [...state.accessKeys.values()].filter((key) => key.userName === userName);

const keyFields = (key: AccessKey): Fields => ({
  UserName: key.userName,
  AccessKeyId: key.id,
  Status: 'Active',
  CreateDate: new Date(key.createdAt),
});

function createAccessKey(call: Call): Fields {
  const user = needUser(call, userNameOf(call));
  if (keysOf(call.state, user.name).length >= KEYS_PER_USER) {
    throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`);
  }
  const { accessKeyId: id, secretAccessKey: secret } = randomKeys();
  const key: AccessKey = { id, secret, userName: user.name, createdAt: call.now, lastUsedAt: undefined };
  call.commit({ ...call.state, accessKeys: withEntry(call.state.accessKeys, id, key) });
  return { AccessKey: { ...keyFields(key), SecretAccessKey: secret } };
}

function deleteAccessKey(call: Call): undefined {
  const user = needUser(call, userNameOf(call));
  const id = call.parameters.needed('AccessKeyId');
  if (call.state.accessKeys.get(id)?.userName !== user.name) {
    throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  }
  call.commit({ ...call.state, accessKeys: withoutEntry(call.state.accessKeys, id) });
}

const commitUser = (call: Call, user: User): void =>
  call.commit({ ...call.state, users: withEntry(call.state.users, user.name, user) });
