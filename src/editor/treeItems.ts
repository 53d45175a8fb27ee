import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { formatAccountId } from '../core/account';
import type { AccountSnapshot } from '../core/accountSnapshot';
import { devicesPerUser } from '../core/device';
import type { ProblemCode } from '../core/problem';
import { groupOf, tally, type Group, type UserEntry } from '../core/users';
import { rowTraits } from './manifest';
import { ago } from './times';
import { accountNode, type AccountNode, type GroupNode, type UserNode } from './treeNodes';
import { countWords, groupLabel, hostOf, numberLabel, remoteLabel, sourceLabel } from './words';

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

/** Rows that are drawn at once; for the others see `otherItems` and `deviceItems`. */
export type FirstNode = AccountNode | GroupNode | UserNode;

/** @param now milliseconds since 1970, for ages */
export function treeItem(node: FirstNode, now: number): TreeItem {
  const item = itemOf(node, now);
  item.id = node.id;
  return item;
}

function itemOf(node: FirstNode, now: number): TreeItem {
  switch (node.kind) {
    case 'account':
      return accountItem(node, now);
    case 'group':
      return groupItem(node);
    case 'user':
      return userItem(node, now);
  }
}

function accountItem(node: AccountNode, now: number): TreeItem {
  const { account, state, problem } = node;
  const label = account ? (account.alias ?? formatAccountId(account.caller.accountId)) : sourceLabel(state.source);
  const item = new TreeItem(label, account || (problem && !node.alone) ? Expanded : None);
  item.contextValue = accountTraits(node);
  item.iconPath = accountIcon(node);
  const words = problem ? [problemWord(problem.code, account !== undefined)] : [];
  if (problem && account) {
    words.push(l10n.t('shown as read {0}', ago(account.readAt, now)));
  } else if (account) {
    // The share first: in a narrow side bar the end of a row is cut off.
    words.push(shareWords(account));
    words.push(...(account.alias === undefined ? [] : [formatAccountId(account.caller.accountId)]));
  } else if (!problem) {
    words.push(l10n.t('reading…'));
  }
  words.push(...whereWords(node));
  item.description = words.join(' · ');
  item.accessibilityInformation = { label: [label, ...words].join(', ') };
  return item;
}

/** Whose credentials, and of what: only where that is no matter of course. */
function whereWords({ account, alone, session, state }: AccountNode): readonly string[] {
  const endpoint = state.kind === 'open' && !state.connection.practice ? state.connection.endpoint : undefined;
  const partition = account?.caller.partition;
  const remote = state.source.kind === 'practice' ? undefined : remoteLabel();
  return [
    ...(endpoint === undefined ? [] : [l10n.t('not AWS: {0}', hostOf(endpoint))]),
    ...(partition === undefined || partition === 'aws' ? [] : [partition]),
    ...(account && (!alone || session.identities.length > 1) && state.source.kind !== 'practice'
      ? [sourceLabel(state.source)]
      : []),
    ...(remote === undefined ? [] : [remote]),
  ];
}

/** What is not allowed, what has run out and what went wrong are three things. */
function problemWord(code: ProblemCode, wasRead: boolean): string {
  switch (code) {
    case 'expiredCredentials':
      return l10n.t('sign-in has run out');
    case 'codeNeeded':
      return l10n.t('needs a code');
    case 'accessDenied':
      return wasRead ? l10n.t('could not be read again') : l10n.t('you may not look');
    case 'stopped':
      return l10n.t('reading was stopped');
    default:
      return wasRead ? l10n.t('could not be read again') : l10n.t('could not be read');
  }
}

function accountTraits({ problem, session }: AccountNode): string {
  return [
    rowTraits.account,
    ...(problem ? [rowTraits.failed] : []),
    ...(problem?.renewal ? [rowTraits.renewable] : []),
    ...(problem?.code === 'codeNeeded' ? [rowTraits.needsCode] : []),
    ...(session.identities.length > 1 ? [rowTraits.hasChoice] : []),
  ].join(' ');
}

/** Users who could not be checked are counted with neither the ones nor the others. */
function shareWords(account: AccountSnapshot): string {
  const counts = tally(account.users.values());
  if (account.isPartial) {
    return l10n.t('{0} users so far', numberLabel(counts.total));
  }
  if (counts.total === 0) {
    return l10n.t('no IAM users');
  }
  if (counts.checking > 0) {
    return l10n.t(
      '{0} without MFA so far, {1} of {2} checked',
      numberLabel(counts.withoutMfa),
      numberLabel(counts.total - counts.checking),
      numberLabel(counts.total),
    );
  }
  return counts.unchecked === 0
    ? l10n.t('{0} of {1} without MFA', numberLabel(counts.withoutMfa), numberLabel(counts.total))
    : l10n.t(
        '{0} of {1} without MFA, {2} not checked',
        numberLabel(counts.withoutMfa),
        numberLabel(counts.total),
        numberLabel(counts.unchecked),
      );
}

/** Trouble, the practice account and an endpoint that is not AWS are told apart at a glance. */
function accountIcon({ problem, state }: AccountNode): ThemeIcon {
  switch (problem?.code) {
    case undefined:
      break;
    case 'accessDenied':
      return new ThemeIcon('lock');
    case 'stopped':
      return new ThemeIcon('stop-circle');
    case 'codeNeeded':
    case 'expiredCredentials':
      return new ThemeIcon('key', new ThemeColor('list.warningForeground'));
    default:
      return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  }
  if (state.kind !== 'open') {
    return new ThemeIcon('cloud');
  }
  const { practice, endpoint } = state.connection;
  return new ThemeIcon(practice ? 'beaker' : endpoint === undefined ? 'cloud' : 'plug');
}

function groupItem(node: GroupNode): TreeItem {
  const { group, path = '', entries, open, of } = node;
  const label = group ? groupLabel(group) : path;
  const item = new TreeItem(label, open ? Expanded : Collapsed);
  const words = [
    countWords(entries.length, of),
    // A path tells nothing of MFA.
    ...(group ? [] : [l10n.t('{0} without MFA', tally(entries).withoutMfa)]),
  ];
  item.description = words.join(' · ');
  item.contextValue = rowTraits.group;
  item.accessibilityInformation = { label: [label, ...words].join(', ') };
  return item;
}

function userIcon(group: Group): ThemeIcon {
  switch (group) {
    case 'canSignIn':
      return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
    case 'passwordUnknown':
    case 'noPassword':
      return new ThemeIcon('circle-slash', new ThemeColor('list.warningForeground'));
    case 'unchecked':
      return new ThemeIcon('question');
    case 'checking':
      return new ThemeIcon('watch');
    case 'hasMfa':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
  }
}

/** The state in words: the icon and its colour only repeat it. */
function stateWords(entry: UserEntry, now: number): string {
  switch (entry.mfa.kind) {
    case 'has':
      return deviceCount(entry.mfa.devices.length, entry.mfa.complete);
    case 'unknown':
      return entry.mfa.problem.permission
        ? l10n.t('{0} refused', entry.mfa.problem.permission)
        : l10n.t('could not be checked');
    case 'checking':
      return l10n.t('being checked');
    case 'none': {
      const used = entry.user.passwordLastUsed;
      switch (entry.password.kind) {
        case 'yes':
          return used
            ? l10n.t('no MFA, password used {0}', ago(used.getTime(), now))
            : l10n.t('no MFA, password never used');
        case 'no':
          return l10n.t('no MFA, no password');
        case 'unknown':
          return l10n.t('no MFA, password not known');
      }
    }
  }
}

/** @param complete false while only virtual devices were listed: then no more is said than that */
function deviceCount(count: number, complete: boolean): string {
  if (complete) {
    return count === 1 ? l10n.t('MFA, 1 device') : l10n.t('MFA, {0} devices', count);
  }
  return count === 1 ? l10n.t('MFA, 1 virtual device') : l10n.t('MFA, {0} virtual devices', count);
}

function userItem(node: UserNode, now: number): TreeItem {
  const { entry } = node;
  const group = groupOf(entry);
  const item = new TreeItem(entry.user.name, entry.mfa.kind === 'has' ? Collapsed : None);
  const { mfa } = entry;
  const fact = accountNode(node).arrangement.fact?.(entry, now);
  const words = [
    ...(entry.isCaller ? [l10n.t('You')] : []),
    ...(fact === undefined ? [] : [fact]),
    // First, for a narrow side bar cuts off what comes late.
    ...(mfa.kind === 'none' && mfa.source ? [l10n.t('reported {0}', ago(mfa.at, now))] : []),
    stateWords(entry, now),
  ];
  item.description = words.join(' · ');
  item.iconPath = userIcon(group);
  item.contextValue = userTraits(entry);
  item.accessibilityInformation = { label: [entry.user.name, ...words].join(', ') };
  return item;
}

function userTraits({ mfa }: UserEntry): string {
  const devices = mfa.kind === 'has' ? mfa.devices.length : 0;
  return [
    ...(devices === 0 ? [rowTraits.canEnrol] : []),
    ...(devices > 0 && devices < devicesPerUser ? [rowTraits.canAdd] : []),
    ...(devices > 0 ? [rowTraits.hasDevice] : []),
    rowTraits.user,
  ].join(' ');
}
