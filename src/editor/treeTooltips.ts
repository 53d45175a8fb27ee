import { env, l10n, MarkdownString } from 'vscode';
import { deviceKind, deviceName } from '../core/device';
import { sameSource } from '../core/account';
import type { AccountSnapshot } from '../core/accountSnapshot';
import { passwordAskedBefore, tally, type Group, type UserEntry } from '../core/users';
import { appendWords } from './markdownText';
import { dateLabel, momentLabel } from './times';
import type { AccountNode, DeviceNode, TreeNode, UnfinishedNode } from './treeNodes';
import { problemWords } from './problemWords';
import { accountLabel, deviceKindLabel, groupLabel, sourceLabel } from './words';

/** The long story of a row, made when a person asks for it. */
export function tooltip(node: TreeNode): MarkdownString | string | undefined {
  switch (node.kind) {
    case 'account':
      return accountTooltip(node);
    case 'user':
      return userTooltip(node.entry);
    case 'group':
      return node.group && groupTooltip(node.group);
    case 'unfinishedGroup':
      return l10n.t(
        'Virtual MFA devices that belong to nobody: made and never enabled, or taken from their user and not deleted.',
      );
    case 'device':
      return deviceTooltip(node);
    case 'unfinished':
      return unfinishedTooltip(node);
    default:
      return undefined;
  }
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
    case 'checking':
      return l10n.t('AWS’s answers about these users are not there yet.');
    case 'hasMfa':
      return l10n.t('These users have at least one MFA device.');
  }
}

/** @returns an empty tooltip, and what adds a line to it: a name in bold and a value that is always taken as text */
function lines(): { readonly text: MarkdownString; readonly line: (name: string, value: string) => void } {
  const text = new MarkdownString(undefined, true);
  return {
    text,
    line: (name, value) => {
      text.appendMarkdown('**');
      appendWords(text, name);
      text.appendMarkdown('** ');
      appendWords(text, value);
      text.appendMarkdown('  \n');
    },
  };
}

function deviceTooltip({ device, details }: DeviceNode): MarkdownString {
  const { text, line } = lines();
  line(deviceKindLabel(device.serial), device.serial);
  for (const [key, value] of [...(details?.tags ?? []), ...(details?.certifications ?? [])]) {
    line(`${key}:`, value);
  }
  if (details?.problem) {
    line(l10n.t('Not read:'), problemWords(details.problem).what);
  }
  switch (deviceKind(device.serial)) {
    case 'passkey':
      line(
        l10n.t('Good to know:'),
        l10n.t('It signs in to the console, but shows no codes: access keys cannot use it.'),
      );
      break;
    case 'sms':
      line(l10n.t('Good to know:'), l10n.t('AWS has given up SMS. Replace it with an authenticator app.'));
      break;
    case 'virtual':
    case 'hardware':
      break;
  }
  return text;
}

function unfinishedTooltip({ device }: UnfinishedNode): MarkdownString {
  const { text, line } = lines();
  line(l10n.t('Virtual device:'), device.serial);
  line(
    l10n.t('Good to know:'),
    l10n.t(
      'It belongs to nobody and protects nobody. AWS does not tell who made it, or when; its QR code cannot be shown again.',
    ),
  );
  return text;
}

function accountTooltip(node: AccountNode): MarkdownString {
  const { text, line } = lines();
  const { account, session, state, problem } = node;
  line(l10n.t('Signed in with:'), sourceLabel(state.source));
  const others = session.identities.filter((source) => !sameSource(source, state.source));
  if (others.length > 0) {
    line(l10n.t('Also:'), others.map(sourceLabel).join(', '));
  }
  if (env.remoteName !== undefined && state.source.kind !== 'practice') {
    line(l10n.t('Files read on:'), env.remoteName);
  }
  if (state.kind === 'open' && state.connection.endpoint !== undefined) {
    line(
      l10n.t('Endpoint:'),
      state.connection.practice ? state.connection.endpoint : l10n.t('{0} (not AWS’s own)', state.connection.endpoint),
    );
  }
  if (problem) {
    const { what, todo } = problemWords(problem);
    line(l10n.t('What happened:'), what);
    line(l10n.t('What to do:'), todo);
  }
  if (account) {
    accountLines(account, line);
  }
  return text;
}

function accountLines(account: AccountSnapshot, line: (name: string, value: string) => void): void {
  const counts = tally(account.users.values());
  line(l10n.t('Account:'), `${accountLabel(account)} (${account.caller.partition})`);
  line(l10n.t('You are:'), account.caller.arn);
  line(l10n.t('Read:'), momentLabel(account.readAt));
  line(`${groupLabel('canSignIn')}:`, String(counts.canSignIn));
  line(`${groupLabel('noPassword')}:`, String(counts.noPassword));
  line(`${groupLabel('unchecked')}:`, String(counts.unchecked));
  if (counts.checking > 0) {
    line(`${groupLabel('checking')}:`, String(counts.checking));
  }
  line(`${groupLabel('hasMfa')}:`, String(counts.hasMfa));
  if (account.rootHasMfa !== undefined) {
    line(
      l10n.t('Root user:'),
      account.rootHasMfa
        ? l10n.t('has MFA')
        : l10n.t('has no MFA, or no credentials at all; MFA for it is enabled in the AWS console'),
    );
  }
  if (account.onlyYou) {
    line(l10n.t('You can see only yourself:'), problemWords(account.onlyYou).what);
  }
  if (account.virtualDevicesRefused) {
    line(l10n.t('Unfinished devices are not shown:'), problemWords(account.virtualDevicesRefused).what);
  }
}

function userTooltip(entry: UserEntry): MarkdownString {
  const { text, line } = lines();
  userLines(entry, line);
  return text;
}

/** Tells what is known of a user, of when and from where, line by line. */
export function userLines(entry: UserEntry, line: (name: string, value: string) => void): void {
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
      } else if (entry.mfa.devices.length === 1) {
        line(
          l10n.t('Note:'),
          l10n.t(
            'Only one device: whoever loses it cannot sign in to the console until someone resets their MFA, since AWS has no recovery codes.',
          ),
        );
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
    case 'checking':
      line(l10n.t('MFA:'), l10n.t('being checked'));
      break;
  }
  if (entry.mfa.kind === 'none' && entry.mfa.source) {
    line(l10n.t('By AWS’s credential report, made:'), momentLabel(entry.mfa.at));
    line(l10n.t('Note:'), l10n.t('AWS itself is asked as soon as you select the row or act on it.'));
  } else {
    line(l10n.t('Asked of AWS:'), momentLabel(entry.mfa.at));
  }
  line(l10n.t('Console password:'), passwordWords(entry));
  if (entry.user.passwordLastUsed) {
    line(l10n.t('Password last used:'), momentLabel(entry.user.passwordLastUsed.getTime()));
  }
  if (entry.user.createdAt) {
    line(l10n.t('Created:'), dateLabel(entry.user.createdAt));
  }
}

function passwordWords(entry: UserEntry): string {
  const { password } = entry;
  switch (password.kind) {
    case 'yes':
    case 'no': {
      const answer = password.kind === 'yes' ? l10n.t('yes') : l10n.t('no');
      if (password.source === 'report') {
        return l10n.t('{0}, by the credential report made {1}', answer, momentLabel(password.at));
      }
      const before = passwordAskedBefore(entry);
      return before === undefined ? answer : l10n.t('{0}, asked of AWS {1}', answer, momentLabel(before));
    }
    case 'unknown':
      return password.problem ? problemWords(password.problem).what : l10n.t('not asked');
  }
}
