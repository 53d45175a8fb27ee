import { commands, env, l10n, window, workspace } from 'vscode';
import { deviceName, type Device } from '../core/device';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { PasswordState } from '../core/users';
import { dateLabel } from './times';
import { accountLabel } from './words';

/** Where IAM users sign in, by partition (iam-facts 1.10 has the partitions; the addresses are those AWS's guide shows). */
function signInAddress({ caller, alias }: AccountSnapshot): string | undefined {
  const domains: Readonly<Record<string, string>> = {
    aws: 'signin.aws.amazon.com',
    'aws-us-gov': 'signin.amazonaws-us-gov.com',
    'aws-cn': 'signin.amazonaws.cn',
  };
  const domain = domains[caller.partition];
  return domain && `https://${alias ?? caller.accountId}.${domain}/console`;
}

export interface Reset {
  readonly userName: string;
  readonly removed: readonly Device[];
  /** What the user still has. */
  readonly left: readonly Device[];
  /** Whether the user can sign in to the console. */
  readonly password: PasswordState['kind'];
  readonly at: Date;
}

/** @returns what a person whose MFA was reset needs to know, ready to be sent. Holds no secret. */
export function resetInstructions(account: AccountSnapshot, { userName, removed, left, password, at }: Reset): string {
  const address = signInAddress(account);
  const console = [
    address === undefined
      ? l10n.t('1. Sign in to the AWS console as {0}, at the address you always use.', userName)
      : l10n.t('1. Sign in as {0} at {1}', userName, address),
    l10n.t('2. Open the menu under your name, upper right, and choose Security credentials.'),
    l10n.t(
      '3. Under Multi-factor authentication (MFA) press Assign MFA device, type a name, choose Authenticator app and press Next.',
    ),
    l10n.t(
      '4. Press Show QR code and scan it with an authenticator app on your phone. Type the code that the app shows, wait for the next one, type that too, and press Add MFA.',
    ),
    l10n.t('5. Do it once more with a second device: IAM has no recovery codes.'),
    '',
    l10n.t('Or, in VS Code with the extension MFA for AWS IAM: run AWS MFA: Enable MFA…'),
  ];
  const editor = [
    l10n.t('In VS Code with the extension MFA for AWS IAM and your access keys: run AWS MFA: Enable MFA…'),
  ];
  const lines = [
    l10n.t('Your MFA for the AWS account {0} was reset on {1}.', accountLabel(account), dateLabel(at)),
    l10n.t('Removed: {0}. Delete its entry in your authenticator app, if you still have it.', names(removed)),
    ...(left.length > 0 ? [l10n.t('You still have: {0}. Sign in with that.', names(left))] : []),
    '',
    l10n.t('Set up MFA again before you do anything else:'),
    ...(password === 'no' ? editor : console),
    '',
  ];
  return lines.join('\n');
}

/** Shows the instructions, to be sent or changed, and offers to copy them. */
export async function offerInstructions(userName: string, text: string): Promise<void> {
  const document = await workspace.openTextDocument({ language: 'plaintext', content: text });
  await window.showTextDocument(document);
  if (workspace.getConfiguration('editor', document).get('wordWrap') === 'off') {
    // A sentence is a line, and all of it is to be read. Of this editor alone.
    await commands.executeCommand('editor.action.toggleWordWrap');
  }
  const copy = l10n.t('Copy Instructions');
  const answer = await window.showInformationMessage(
    l10n.t('MFA was reset for {0}. Send them what to do now; the text holds no secret.', userName),
    copy,
  );
  if (answer === copy) {
    await env.clipboard.writeText(text);
  }
}

function names(devices: readonly Device[]): string {
  return devices.map(({ serial }) => deviceName(serial)).join(', ');
}
