import type { Device } from '../core/device';
import type { AccountSnapshot, DeviceDetails, Leftover } from '../core/accountSnapshot';
import type { Problem } from '../core/problem';
import { sourceToText } from '../core/account';
import type { Session, SessionState } from '../core/session';
import type { Group, UserEntry } from '../core/users';
import { byState, remembered, type Arrangement, type Section } from './arrangement';
import { RowLimits } from './rowLimits';

/** What a row of the tree stands for. Ids are paths, the same from one reading to the next. */
export type TreeNode =
  | AccountNode
  | NoteNode
  | GroupNode
  | UserNode
  | DeviceNode
  | UnfinishedGroupNode
  | UnfinishedNode
  | EmptyNode
  | MoreNode;

export interface AccountNode {
  readonly kind: 'account';
  readonly id: string;
  readonly session: Session;
  /** What is shown of the session, which may have gone on by now. */
  readonly state: ShownState;
  /** Absent while nothing has been read yet. */
  readonly account?: AccountSnapshot;
  /** Why it could not be read. */
  readonly problem?: Problem;
  /** Whether it is the only account: what concerns it is then said above the rows. */
  readonly alone: boolean;
  readonly arrangement: Arrangement;
  readonly limits: RowLimits;
}

export type ShownState = Exclude<SessionState, { kind: 'none' }>;

/** What needs whole sentences, below its account. */
export interface NoteNode {
  readonly kind: 'note';
  readonly id: string;
  readonly parent: AccountNode;
}

export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly parent: AccountNode;
  /** What its users have in common: one of the two. */
  readonly group?: Group;
  readonly path?: string;
  readonly entries: readonly UserEntry[];
  readonly open: boolean;
  /** How many there are without the filter; absent where there is none. */
  readonly of?: number;
}

export interface UserNode {
  readonly kind: 'user';
  readonly id: string;
  readonly parent: GroupNode | AccountNode;
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
  /** How many there are without the filter; absent where there is none. */
  readonly of?: number;
  readonly userNames: readonly string[];
}

export interface UnfinishedNode {
  readonly kind: 'unfinished';
  readonly id: string;
  readonly parent: UnfinishedGroupNode;
  readonly device: Leftover;
}

/** The account was read and has no users, or the filter leaves none. */
export interface EmptyNode {
  readonly kind: 'empty';
  readonly id: string;
  readonly parent: AccountNode;
  /** What is said of the filter; absent where the account has no users. */
  readonly filtered?: string;
}

/** The users of a place that are not shown yet. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: GroupNode | AccountNode;
  /** As `RowLimits` names it. */
  readonly place: string;
  readonly shown: number;
  readonly of: number;
}

/** What is shown of an account. */
export interface Shown {
  readonly session: Session;
  readonly state: ShownState;
  readonly key?: string;
  readonly account?: AccountSnapshot;
  readonly problem?: Problem;
}

/** @returns what there is to show of an account now; undefined where it was not opened yet */
export function shownOf(session: Session): Shown | undefined {
  const { state, key, account, problem } = session;
  return state.kind === 'none'
    ? undefined
    : {
        session,
        state,
        ...(key !== undefined && { key }),
        ...(account && { account }),
        ...(problem && { problem }),
      };
}

/**
 * @param shown what is shown of each account, which may be older than what the sessions hold by now
 * @param arrangement how the users stand below them
 * @param limits how many of them
 * @returns the tree's roots
 */
export function rootNodes(
  shown: readonly Shown[],
  arrangement: Arrangement = remembered(byState),
  limits = new RowLimits(),
): readonly AccountNode[] {
  return shown.map(({ session, state, key, account, problem }) => ({
    kind: 'account',
    // A row that could not be read is another one than the row that is being read: it opens with what is to be said of it.
    id: key ?? `${problem ? 'failed' : 'reading'} ${sourceToText(state.source)}`,
    session,
    state,
    alone: shown.length === 1,
    arrangement,
    limits,
    ...(account && { account }),
    ...(problem && { problem }),
  }));
}

export function childNodes(node: TreeNode): readonly TreeNode[] {
  switch (node.kind) {
    case 'account':
      return [...notes(node), ...(node.account ? accountChildren(node, node.account) : [])];
    case 'group':
      return userNodes(node, node.id, node.entries);
    case 'user':
      return node.entry.mfa.kind === 'has' ? node.entry.mfa.devices.map((device) => deviceNode(node, device)) : [];
    case 'unfinishedGroup':
      return node.devices.map((device) => ({
        kind: 'unfinished',
        id: `${node.id}/${device.serial}`,
        parent: node,
        device,
      }));
    case 'note':
    case 'device':
    case 'unfinished':
    case 'empty':
    case 'more':
      return [];
  }
}

/** Among several accounts, what is to be said of one stands below it. */
function notes(node: AccountNode): readonly NoteNode[] {
  const hasNote = !node.alone && (node.problem !== undefined || node.account?.onlyYou !== undefined);
  return hasNote ? [{ kind: 'note', id: `${node.id}/note`, parent: node }] : [];
}

function deviceNode(parent: UserNode, device: Device): DeviceNode {
  const details = accountNode(parent).account?.details.get(device.serial);
  return { kind: 'device', id: `${parent.id}/${device.serial}`, parent, device, ...(details && { details }) };
}

function accountChildren(node: AccountNode, account: AccountSnapshot): readonly TreeNode[] {
  if (account.users.size === 0) {
    return [{ kind: 'empty', id: `${node.id}/empty`, parent: node }];
  }
  const { sections, unassigned, unassignedOf, nobody } = node.arrangement.of(account);
  return [
    ...sections.flatMap((section) => sectionNodes(node, section)),
    ...(nobody === undefined
      ? []
      : [{ kind: 'empty', id: `${node.id}/empty`, parent: node, filtered: nobody } satisfies EmptyNode]),
    ...(unassigned.length === 0
      ? []
      : [
          {
            kind: 'unfinishedGroup',
            id: `${node.id}/unfinished`,
            parent: node,
            devices: unassigned,
            ...(unassignedOf !== undefined && { of: unassignedOf }),
            userNames: [...account.users.keys()],
          } satisfies UnfinishedGroupNode,
        ]),
  ];
}

function sectionNodes(parent: AccountNode, { key, ...section }: Section): readonly TreeNode[] {
  const id = `${parent.id}/${key}`;
  return section.group === undefined && section.path === undefined
    ? userNodes(parent, id, section.entries)
    : [{ kind: 'group', id, parent, ...section }];
}

function userNodes(
  parent: GroupNode | AccountNode,
  place: string,
  entries: readonly UserEntry[],
): readonly (UserNode | MoreNode)[] {
  const { limits } = accountNode(parent);
  const shown = entries
    .slice(0, limits.of(place))
    .map((entry): UserNode => ({ kind: 'user', id: `${place}/${entry.user.name}`, parent, entry }));
  const of = entries.length;
  return shown.length === of
    ? shown
    : // No user's name holds a slash.
      [...shown, { kind: 'more', id: `${place}//more`, parent, place, shown: shown.length, of }];
}

export function parentNode(node: TreeNode): TreeNode | undefined {
  return node.kind === 'account' ? undefined : node.parent;
}

/** @returns the account that a row belongs to */
export function accountNode(node: TreeNode): AccountNode {
  let row = node;
  while (row.kind !== 'account') {
    row = row.parent;
  }
  return row;
}
