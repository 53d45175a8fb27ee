import { randomBytes } from 'node:crypto';
import type { Call, Operations } from '../operation';
import { ownerOf, userNameOf, userResource } from '../operation';
import {
  accessDenied,
  deleteConflict,
  entityAlreadyExists,
  invalidAuthenticationCode,
  limitExceeded,
  noSuchEntity,
  temporarilyUnmodifiable,
  validationError,
} from '../failure';
import { randomSeed } from '../keys';
import { page } from '../paging';
import { blankPng } from '../png';
import {
  type Device,
  devicesOf,
  freshDevice,
  type Owner,
  sameOwner,
  virtualSerial,
  withEntry,
  withoutEntry,
} from '../state';
import { optional, paging, required, shapes } from '../validation';
import type { Fields } from '../wire';
import { addTags, removeTags, tagFields } from './tags';
import { needUser, rootFields, userFields } from './users';

// Device operations: iam-facts 1.3; what they say: 2.1; the MFA-session rule: 2.5.

/** Devices of one user or of root (iam-facts 4). */
export const DEVICES_PER_OWNER = 8;
/** Virtual devices of the account; the same number as its users (iam-facts 4). */
export const VIRTUAL_DEVICES = 5000;

// How long a user made again under a deleted name refuses device changes. AWS says minutes and no number.
const RECREATED_SETTLE_MS = 2 * 60_000;

const deviceCodes = {
  UserName: required(shapes.existingUserName),
  SerialNumber: required(shapes.serialNumber),
  AuthenticationCode1: required(shapes.code),
  AuthenticationCode2: required(shapes.code),
};

export const deviceOperations: Operations = {
  ListMFADevices: {
    service: 'iam',
    effect: 'read',
    rules: { UserName: optional(shapes.existingUserName), ...paging },
    resource: userResource,
    run: listMfaDevices,
  },
  ListVirtualMFADevices: {
    service: 'iam',
    effect: 'read',
    rules: {
      AssignmentStatus: optional({ kind: 'oneOf', values: ['Any', 'Unassigned', 'Assigned'] }),
      ...paging,
    },
    resource: (call) => `arn:aws:iam::${call.account.id}:mfa/`,
    run: listVirtualMfaDevices,
  },
  CreateVirtualMFADevice: {
    service: 'iam',
    effect: 'write',
    rules: {
      VirtualMFADeviceName: required(shapes.deviceName),
      Path: optional(shapes.path),
      Tags: optional(shapes.tags),
    },
    resource: newSerial,
    alsoNeeds: (call) => (call.parameters.tags('Tags').length > 0 ? ['TagMFADevice'] : []),
    run: createVirtualMfaDevice,
  },
  EnableMFADevice: { service: 'iam', effect: 'write', rules: deviceCodes, resource: userResource, run: enable },
  ResyncMFADevice: { service: 'iam', effect: 'write', rules: deviceCodes, resource: userResource, run: resync },
  DeactivateMFADevice: {
    service: 'iam',
    effect: 'write',
    rules: { SerialNumber: required(shapes.serialNumber), UserName: optional(shapes.existingUserName) },
    resource: userResource,
    run: deactivate,
  },
  DeleteVirtualMFADevice: {
    service: 'iam',
    effect: 'write',
    rules: { SerialNumber: required(shapes.serialNumber) },
    resource: serialResource,
    run: deleteVirtualMfaDevice,
  },
  GetMFADevice: {
    service: 'iam',
    effect: 'read',
    rules: { SerialNumber: required(shapes.serialNumber), UserName: optional(shapes.userName) },
    resource: userResource,
    run: getMfaDevice,
  },
  TagMFADevice: {
    service: 'iam',
    effect: 'write',
    rules: { SerialNumber: required(shapes.serialNumber), Tags: required(shapes.tags) },
    resource: serialResource,
    run: (call) => {
      const device = needVirtualDevice(call);
      commitDevice(call, { ...device, tags: addTags(device.tags, call.parameters.tags('Tags')) });
      return undefined;
    },
  },
  UntagMFADevice: {
    service: 'iam',
    effect: 'write',
    rules: { SerialNumber: required(shapes.serialNumber), TagKeys: required(shapes.tagKeys) },
    resource: serialResource,
    run: (call) => {
      const device = needVirtualDevice(call);
      commitDevice(call, { ...device, tags: removeTags(device.tags, call.parameters.list('TagKeys')) });
      return undefined;
    },
  },
  ListMFADeviceTags: {
    service: 'iam',
    effect: 'read',
    rules: { SerialNumber: required(shapes.serialNumber), ...paging },
    resource: serialResource,
    run: (call) => {
      const { items, rest } = page(call, needVirtualDevice(call).tags);
      return { Tags: items.map(tagFields), ...rest };
    },
  },
};

function listMfaDevices(call: Call): Fields {
  const owner = ownerOf(call);
  if (owner.kind === 'user') {
    needUser(call, owner.userName);
  }
  const { items, rest } = page(call, devicesOf(call.state, owner));
  return {
    MFADevices: items.map((device) => ({
      // What AWS writes here for root was not seen.
      UserName: owner.kind === 'user' ? owner.userName : 'root',
      SerialNumber: device.serial,
      EnableDate: dateOf(device),
    })),
    ...rest,
  };
}

function listVirtualMfaDevices(call: Call): Fields {
  const status = call.parameters.text('AssignmentStatus') ?? 'Any';
  const devices = [...call.state.devices.values()]
    .filter(({ kind }) => kind === 'virtual')
    .filter(({ owner }) => status === 'Any' || (owner !== undefined) === (status === 'Assigned'))
    .sort((a, b) => (a.serial < b.serial ? -1 : 1));
  const { items, rest } = page(call, devices);
  return {
    // Neither seeds nor tags, though the shape has room for both (iam-facts 1.3).
    VirtualMFADevices: items.map((device) => ({
      SerialNumber: device.serial,
      User: device.owner && ownerFields(call, device.owner),
      EnableDate: device.owner && dateOf(device),
    })),
    ...rest,
  };
}

function ownerFields(call: Call, owner: Owner): Fields | undefined {
  if (owner.kind === 'root') {
    return rootFields(call);
  }
  const user = call.state.users.get(owner.userName);
  return user && userFields(user);
}

function createVirtualMfaDevice(call: Call): Fields {
  const serial = newSerial(call);
  if (serial.length > 256) {
    throw validationError('The serial number of the device would be longer than 256 characters.');
  }
  if (call.state.devices.has(serial)) {
    throw entityAlreadyExists('MFA device already exists.');
  }
  if ([...call.state.devices.values()].filter(({ kind }) => kind === 'virtual').length >= VIRTUAL_DEVICES) {
    // AWS's own text was not seen (iam-facts 9.1).
    throw limitExceeded(`Cannot exceed quota for VirtualMFADevicesPerAccount: ${VIRTUAL_DEVICES}`);
  }
  const tags = addTags([], call.parameters.tags('Tags'));
  const seed = randomSeed();
  const id = randomBytes(8).toString('hex');
  commitDevice(call, freshDevice({ id, kind: 'virtual', serial, seed, tags }));
  return {
    VirtualMFADevice: {
      SerialNumber: serial,
      Base32StringSeed: Buffer.from(seed, 'ascii'),
      QRCodePNG: blankPng(),
      Tags: tags.length > 0 ? tags.map(tagFields) : undefined,
    },
  };
}

function enable(call: Call): undefined {
  const userName = userNameOf(call);
  checkMfaSession(call, userName);
  needSettledUser(call, userName);
  const device = needDevice(call);
  const owner: Owner = { kind: 'user', userName };
  if (device.owner !== undefined) {
    throw entityAlreadyExists(
      sameOwner(device.owner, owner)
        ? `MFA Device for user ${userName} already exists.`
        : 'MFA Device is already in use.',
    );
  }
  if (devicesOf(call.state, owner).length >= DEVICES_PER_OWNER) {
    // AWS's own text was not seen (iam-facts 9.1). Assumed to come before the codes are looked at.
    throw limitExceeded(`Cannot exceed quota for MFADevicesPerUser: ${DEVICES_PER_OWNER}`);
  }
  checkCodes(call, device);
  const takenBySts = call.account.settings.clock() + call.account.settings.stsDelayMs;
  commitDevice(call, { ...device, owner, enabledAt: call.now, takenBySts });
}

function resync(call: Call): undefined {
  // The date of enabling stays (iam-facts 9.3), and there is nothing else to change: codes remember the drift.
  checkCodes(call, needDeviceOf(call, userNameOf(call)));
}

function deactivate(call: Call): undefined {
  const userName = userNameOf(call);
  checkMfaSession(call, userName);
  needSettledUser(call, userName);
  const device = needDeviceOf(call, userName);
  if (device.kind === 'passkey') {
    // Nothing is left of a passkey without its user (assumed: it cannot be assigned again).
    call.commit({ ...call.state, devices: withoutEntry(call.state.devices, device.serial) });
  } else {
    // An SMS device stays too, since there is a permission to delete it (iam-facts 1.8; assumed). It has no codes, so it
    // can never be enabled again.
    commitDevice(call, { ...device, owner: undefined, enabledAt: undefined, takenBySts: undefined });
  }
}

function deleteVirtualMfaDevice(call: Call): undefined {
  const device = needDeletableDevice(call);
  if (device.owner !== undefined) {
    throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.');
  }
  call.commit({ ...call.state, devices: withoutEntry(call.state.devices, device.serial) });
}

function getMfaDevice(call: Call): Fields {
  const serial = call.parameters.needed('SerialNumber');
  if (!serial.includes(':u2f/')) {
    // Only passkeys and security keys (iam-facts 1.3); the words are assumed.
    throw validationError('Only hardware FIDO security keys are supported by this operation.');
  }
  const device = needDeviceOf(call, userNameOf(call));
  return {
    UserName: userNameOf(call),
    SerialNumber: device.serial,
    EnableDate: dateOf(device),
    // That a device without any is told without the element is assumed.
    Certifications: device.certifications.size > 0 ? device.certifications : undefined,
  };
}

/** A user with a device needs an MFA session to change their own devices; before all other checks (iam-facts 2.5). */
function checkMfaSession(call: Call, userName: string): void {
  const { identity, credentials } = call.caller;
  if (
    identity.kind === 'user' &&
    identity.userName === userName &&
    credentials !== 'mfaSession' &&
    devicesOf(call.state, { kind: 'user', userName }).length > 0
  ) {
    throw accessDenied(
      'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.',
    );
  }
}

function needSettledUser(call: Call, userName: string): void {
  needUser(call, userName);
  const deletedAt = call.state.deletedUsers.get(userName.toLowerCase());
  if (deletedAt !== undefined && call.now - deletedAt < RECREATED_SETTLE_MS) {
    throw temporarilyUnmodifiable(
      `The user with name ${userName} was deleted and then recreated, and cannot be modified for some minutes.`,
    );
  }
}

function checkCodes(call: Call, device: Device): void {
  const first = call.parameters.needed('AuthenticationCode1');
  const second = call.parameters.needed('AuthenticationCode2');
  if (!call.account.codes.acceptPair(device, first, second, call.now)) {
    throw invalidAuthenticationCode();
  }
}

function needDevice(call: Call): Device {
  const serial = call.parameters.needed('SerialNumber');
  const device = call.state.devices.get(serial);
  if (device === undefined) {
    throw noSuchEntity(`MFA Device with serial number ${serial} does not exist.`);
  }
  return device;
}

/** The device if it exists and is this user's. */
function needDeviceOf(call: Call, userName: string): Device {
  needUser(call, userName);
  const device = needDevice(call);
  if (device.owner === undefined || !sameOwner(device.owner, { kind: 'user', userName })) {
    throw noSuchEntity('MFA Device invalid for user.');
  }
  return device;
}

/** A device that can be tagged: a virtual one alone (iam-facts 1.3). */
const needVirtualDevice = (call: Call): Device => needDeviceOfKind(call, ['virtual']);

/** A device that can be deleted: a virtual one or, going by the permission's resources, an SMS one (iam-facts 1.8). */
const needDeletableDevice = (call: Call): Device => needDeviceOfKind(call, ['virtual', 'sms']);

/** For other kinds AWS was seen to say NoSuchEntity; the words are assumed. */
function needDeviceOfKind(call: Call, kinds: readonly Device['kind'][]): Device {
  const serial = call.parameters.needed('SerialNumber');
  const device = call.state.devices.get(serial);
  if (device === undefined || !kinds.includes(device.kind)) {
    throw noSuchEntity(`VirtualMFADevice with serial number ${serial} doesn't exist.`);
  }
  return device;
}

const commitDevice = (call: Call, device: Device): void =>
  call.commit({ ...call.state, devices: withEntry(call.state.devices, device.serial, device) });

function newSerial(call: Call): string {
  const path = call.parameters.text('Path') ?? '/';
  return virtualSerial(call.account.id, path, call.parameters.needed('VirtualMFADeviceName'));
}

function serialResource(call: Call): string {
  return call.parameters.needed('SerialNumber');
}

const dateOf = (device: Device): Date => new Date(device.enabledAt ?? 0);
