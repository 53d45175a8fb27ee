import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { formatAccountId } from '../core/account';
import { deviceKind, deviceName } from '../core/device';
import type { AccountSnapshot } from '../core/directory';
import { groupOf, tally, type Group, type PasswordState, type Tally, type UserEntry } from '../core/users';
import { rowTraits } from './manifest';
import { ago, dateLabel } from './times';
import type { AccountNode, DeviceNode, GroupNode, TreeNode, UnfinishedNode, UserNode } from './treeNodes';
import { deviceKindLabel, groupLabel, problemWords, sourceLabel } from './words';

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

/** @param now milliseconds since 1970, for ages */
export function treeItem(node: TreeNode, now: number): TreeItem {
  const item = itemOf(node, now);
  item.id = node.id;
  return item;
}

function itemOf(node: TreeNode, now: number): TreeItem {
  switch (node.kind) {
    case 'account':
      return accountItem(node, now);
    case 'group':
      return groupItem(node);
    case 'user':
      return userItem(node, now);
    case 'device':
      return deviceItem(node);
    case 'unfinishedGroup': {
      const item = new TreeItem(l10n.t('Unfinished devices'), Collapsed);
      item.description = String(node.devices.length);
      item.tooltip = l10n.t('Virtual MFA devices that were made and never enabled. They belong to nobody.');
      item.accessibilityInformation = { label: `${l10n.t('Unfinished devices')}, ${node.devices.length}` };
      return item;
    }
    case 'unfinished':
      return unfinishedItem(node);
    case 'empty': {
      const item = new TreeItem(l10n.t('This account has no IAM users'), None);
      item.iconPath = new ThemeIcon('info');
      return item;
    }
  }
}

function accountItem(node: AccountNode, now: number): TreeItem {
  const { account, session } = node;
  const label = account ? (account.alias ?? formatAccountId(account.caller.accountId)) : sourceLabel(session.source);
  const item = new TreeItem(label, account ? Expanded : None);
  const failed = problemOfSession(node);
  item.contextValue = failed ? `${rowTraits.account} ${rowTraits.failed}` : rowTraits.account;
  if (failed) {
    // What is not allowed and what went wrong are two things.
    const refused = failed.code === 'accessDenied';
    item.iconPath = refused ? new ThemeIcon('lock') : new ThemeIcon('error', new ThemeColor('list.errorForeground'));
    item.description = account
      ? l10n.t('could not be read again · shown as read {0}', ago(account.readAt, now))
      : refused
        ? l10n.t('you may not look')
        : l10n.t('could not be read');
    return item;
  }
  item.iconPath = accountIcon(session);
  if (!account) {
    item.description = readingLabel(node);
    return item;
  }
  const counts = tally(account.users.values());
  const share = shareWords(counts);
  const id = account.alias === undefined ? [] : [formatAccountId(account.caller.accountId)];
  const age = isReading(node) ? readingLabel(node) : ago(account.readAt, now);
  // The share first: in a narrow side bar the end of a row is cut off.
  const words = [share, ...id, age];
  item.description = words.join(' · ');
  item.accessibilityInformation = { label: [label, ...words].join(', ') };
  return item;
}

/** Users who could not be checked are counted with neither the ones nor the others. */
function shareWords(counts: Tally): string {
  if (counts.total === 0) {
    return l10n.t('no IAM users');
  }
  return counts.unchecked === 0
    ? l10n.t('{0} of {1} without MFA', counts.withoutMfa, counts.total)
    : l10n.t('{0} of {1} without MFA, {2} not checked', counts.withoutMfa, counts.total, counts.unchecked);
}

/** The practice account and an endpoint that is not AWS are told apart at a glance. */
function accountIcon(session: AccountNode['session']): ThemeIcon {
  if (session.kind !== 'open') {
    return new ThemeIcon('cloud');
  }
  const { practice, endpoint } = session.connection;
  return new ThemeIcon(practice ? 'beaker' : endpoint === undefined ? 'cloud' : 'plug');
}

function problemOfSession(node: AccountNode) {
  const { session } = node;
  if (session.kind === 'failed') {
    return session.problem;
  }
  return session.kind === 'open' && session.directory.state.kind === 'failed'
    ? session.directory.state.problem
    : undefined;
}

function isReading(node: AccountNode): boolean {
  return (
    node.session.kind === 'connecting' ||
    (node.session.kind === 'open' && node.session.directory.state.kind === 'loading')
  );
}

function readingLabel(node: AccountNode): string {
  const state = node.session.kind === 'open' ? node.session.directory.state : undefined;
  return state?.kind === 'loading' && state.total > 0
    ? l10n.t('reading, {0} of {1}', state.checked, state.total)
    : l10n.t('reading…');
}

function groupItem(node: GroupNode): TreeItem {
  const item = new TreeItem(groupLabel(node.group), node.group === 'hasMfa' ? Collapsed : Expanded);
  item.description = String(node.entries.length);
  item.tooltip = groupTooltip(node.group);
  item.accessibilityInformation = { label: `${groupLabel(node.group)}, ${node.entries.length}` };
  return item;
}

function groupTooltip(group: Group): string {
  switch (group) {
    case 'canSignIn':
      return l10n.t('These users have a console password and no MFA device: a password alone lets anyone in.');
    case 'passwordUnknown':
      return l10n.t('These users have no MFA device. Whether they have a console password could not be found out.');
    case 'noPassword':
      return l10n.t('These users have no console password and no MFA device. They may hold access keys.');
    case 'unchecked':
      return l10n.t('Whether these users have MFA could not be found out. Open a row’s tooltip for the reason.');
    case 'hasMfa':
      return l10n.t('These users have at least one MFA device.');
  }
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
  const words = [...(entry.isCaller ? [l10n.t('You')] : []), stateWords(entry, now)];
  item.description = words.join(' · ');
  item.iconPath = userIcon(group);
  item.contextValue = `${rowTraits.canEnrol} ${rowTraits.user}`;
  item.accessibilityInformation = { label: [entry.user.name, ...words].join(', ') };
  return item;
}

function deviceItem(node: DeviceNode): TreeItem {
  const { serial, enabledAt } = node.device;
  const item = new TreeItem(deviceName(serial), None);
  const words = [deviceKindLabel(serial), ...(enabledAt ? [l10n.t('since {0}', dateLabel(enabledAt))] : [])];
  item.description = words.join(' · ');
  item.iconPath = deviceIcon(serial);
  item.contextValue = rowTraits.device;
  item.accessibilityInformation = { label: [deviceName(serial), ...words].join(', ') };
  return item;
}

function deviceIcon(serial: string): ThemeIcon {
  switch (deviceKind(serial)) {
    case 'virtual':
      return new ThemeIcon('device-mobile');
    case 'hardware':
      return new ThemeIcon('circuit-board');
    case 'passkey':
      return new ThemeIcon('key');
    case 'sms':
      return new ThemeIcon('comment');
  }
}

function unfinishedItem(node: UnfinishedNode): TreeItem {
  const item = new TreeItem(deviceName(node.device.serial), None);
  const words = [l10n.t('virtual device'), l10n.t('never enabled')];
  item.description = words.join(' · ');
  item.accessibilityInformation = { label: [deviceName(node.device.serial), ...words].join(', ') };
  item.iconPath = new ThemeIcon('device-mobile');
  item.contextValue = rowTraits.unfinished;
  return item;
}

/** The long story of a row, made when a person asks for it. */
export function tooltip(node: TreeNode, now: number): MarkdownString | undefined {
  switch (node.kind) {
    case 'account':
      return accountTooltip(node, now);
    case 'user':
      return userTooltip(node.entry, now);
    case 'device':
    case 'unfinished': {
      const text = new MarkdownString();
      text.appendText(node.device.serial);
      return text;
    }
    default:
      return undefined;
  }
}

function accountTooltip(node: AccountNode, now: number): MarkdownString {
  const text = new MarkdownString(undefined, true);
  const line = (name: string, value: string) => {
    text.appendMarkdown(`**${name}** `);
    text.appendText(value);
    text.appendMarkdown('  \n');
  };
  const { account, session } = node;
  line(l10n.t('Signed in with:'), sourceLabel(session.source));
  if (session.kind === 'open' && session.connection.endpoint !== undefined) {
    line(l10n.t('Endpoint:'), session.connection.endpoint);
  }
  const problem = problemOfSession(node);
  if (problem) {
    const { what, todo } = problemWords(problem);
    line(l10n.t('What happened:'), what);
    line(l10n.t('What to do:'), todo);
  }
  if (account) {
    accountLines(account, now, line);
  }
  return text;
}

function accountLines(account: AccountSnapshot, now: number, line: (name: string, value: string) => void): void {
  const counts = tally(account.users.values());
  line(l10n.t('You are:'), account.caller.arn);
  line(l10n.t('Read:'), ago(account.readAt, now));
  line(`${groupLabel('canSignIn')}:`, String(counts.canSignIn));
  line(`${groupLabel('noPassword')}:`, String(counts.noPassword));
  line(`${groupLabel('unchecked')}:`, String(counts.unchecked));
  line(`${groupLabel('hasMfa')}:`, String(counts.hasMfa));
  if (account.rootHasMfa !== undefined) {
    line(
      l10n.t('Root user:'),
      account.rootHasMfa ? l10n.t('has MFA') : l10n.t('has no MFA; only the console can enable it'),
    );
  }
  if (account.onlyYou) {
    line(l10n.t('You can see only yourself:'), problemWords(account.onlyYou).what);
  }
  if (account.virtualDevicesRefused) {
    line(l10n.t('Unfinished devices are not shown:'), problemWords(account.virtualDevicesRefused).what);
  }
}

function userTooltip(entry: UserEntry, now: number): MarkdownString {
  const text = new MarkdownString(undefined, true);
  const line = (name: string, value: string) => {
    text.appendMarkdown(`**${name}** `);
    text.appendText(value);
    text.appendMarkdown('  \n');
  };
  line(l10n.t('User:'), entry.user.arn);
  switch (entry.mfa.kind) {
    case 'has':
      line(
        l10n.t('MFA:'),
        entry.mfa.devices
          .map((device) => `${deviceName(device.serial)} (${deviceKindLabel(device.serial)})`)
          .join(', '),
      );
      if (!entry.mfa.complete) {
        line(l10n.t('Note:'), l10n.t('Only virtual devices are listed so far. Open the row to list every kind.'));
      }
      break;
    case 'none':
      line(l10n.t('MFA:'), l10n.t('none'));
      break;
    case 'unknown': {
      const { what, todo } = problemWords(entry.mfa.problem);
      line(l10n.t('MFA:'), l10n.t('could not be checked'));
      line(l10n.t('What happened:'), what);
      line(l10n.t('What to do:'), todo);
      break;
    }
  }
  line(l10n.t('Asked of AWS:'), ago(entry.mfa.at, now));
  line(l10n.t('Console password:'), passwordWords(entry.password, now));
  if (entry.user.passwordLastUsed) {
    line(l10n.t('Password last used:'), ago(entry.user.passwordLastUsed.getTime(), now));
  }
  if (entry.user.createdAt) {
    line(l10n.t('Created:'), dateLabel(entry.user.createdAt));
  }
  return text;
}

function passwordWords(password: PasswordState, now: number): string {
  switch (password.kind) {
    case 'yes':
    case 'no': {
      const answer = password.kind === 'yes' ? l10n.t('yes') : l10n.t('no');
      return password.source === 'report'
        ? l10n.t('{0}, by the credential report made {1}', answer, ago(password.at, now))
        : answer;
    }
    case 'unknown':
      return password.problem ? problemWords(password.problem).what : l10n.t('not asked');
  }
}
