import type { Device } from '../core/device';
import type { AccountSnapshot, DeviceDetails, Leftover } from '../core/directory';
import type { Problem } from '../core/problem';
import type { SessionState } from '../core/session';
import { compareUsers, groupOf, groups, type Group, type UserEntry } from '../core/users';

/** What a row of the tree stands for. Ids are paths, the same from one reading to the next. */
export type TreeNode =
  AccountNode | GroupNode | UserNode | DeviceNode | UnfinishedGroupNode | UnfinishedNode | EmptyNode;

export interface AccountNode {
  readonly kind: 'account';
  readonly id: string;
  readonly session: Exclude<SessionState, { kind: 'none' }>;
  /** Absent while nothing has been read yet. */
  readonly account?: AccountSnapshot;
}

export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly parent: AccountNode;
  readonly group: Group;
  readonly entries: readonly UserEntry[];
}

export interface UserNode {
  readonly kind: 'user';
  readonly id: string;
  readonly parent: GroupNode;
  readonly entry: UserEntry;
}

export interface DeviceNode {
  readonly kind: 'device';
  readonly id: string;
  readonly parent: UserNode;
  readonly device: Device;
  readonly details?: DeviceDetails;
}

export interface UnfinishedGroupNode {
  readonly kind: 'unfinishedGroup';
  readonly id: string;
  readonly parent: AccountNode;
  readonly devices: readonly Leftover[];
  readonly userNames: readonly string[];
}

export interface UnfinishedNode {
  readonly kind: 'unfinished';
  readonly id: string;
  readonly parent: UnfinishedGroupNode;
  readonly device: Leftover;
}

/** The account was read and has no users. */
export interface EmptyNode {
  readonly kind: 'empty';
  readonly id: string;
  readonly parent: AccountNode;
}

/**
 * @param account what is shown of it, which may be older than what the session holds by now
 * @returns the tree's roots
 */
export function rootNodes(session: SessionState, account: AccountSnapshot | undefined): readonly TreeNode[] {
  if (session.kind === 'none') {
    return [];
  }
  const id = account ? `${account.caller.partition}:${account.caller.accountId}` : 'account';
  return [{ kind: 'account', id, session, ...(account && { account }) }];
}

export function childNodes(node: TreeNode): readonly TreeNode[] {
  switch (node.kind) {
    case 'account':
      return node.account ? accountChildren(node, node.account) : [];
    case 'group':
      return node.entries.map((entry) => ({ kind: 'user', id: `${node.id}/${entry.user.name}`, parent: node, entry }));
    case 'user':
      return node.entry.mfa.kind === 'has' ? node.entry.mfa.devices.map((device) => deviceNode(node, device)) : [];
    case 'unfinishedGroup':
      return node.devices.map((device) => ({
        kind: 'unfinished',
        id: `${node.id}/${device.serial}`,
        parent: node,
        device,
      }));
    case 'device':
    case 'unfinished':
    case 'empty':
      return [];
  }
}

function deviceNode(parent: UserNode, device: Device): DeviceNode {
  const details = parent.parent.parent.account?.details.get(device.serial);
  return { kind: 'device', id: `${parent.id}/${device.serial}`, parent, device, ...(details && { details }) };
}

function accountChildren(node: AccountNode, account: AccountSnapshot): readonly TreeNode[] {
  if (account.users.size === 0) {
    return [{ kind: 'empty', id: `${node.id}/empty`, parent: node }];
  }
  const entries = [...account.users.values()].sort(compareUsers);
  const filled = groups.flatMap((group): readonly GroupNode[] => {
    const members = entries.filter((entry) => groupOf(entry) === group);
    return members.length > 0
      ? [{ kind: 'group', id: `${node.id}/${group}`, parent: node, group, entries: members }]
      : [];
  });
  return account.unassigned.length > 0
    ? [
        ...filled,
        {
          kind: 'unfinishedGroup',
          id: `${node.id}/unfinished`,
          parent: node,
          devices: account.unassigned,
          userNames: [...account.users.keys()],
        },
      ]
    : filled;
}

export function parentNode(node: TreeNode): TreeNode | undefined {
  return node.kind === 'account' ? undefined : node.parent;
}

/** @returns why the account could not be read; undefined where it could */
export function problemOfSession(node: AccountNode): Problem | undefined {
  const { session } = node;
  if (session.kind === 'failed') {
    return session.problem;
  }
  return session.kind === 'open' && session.directory.state.kind === 'failed'
    ? session.directory.state.problem
    : undefined;
}
