import { env, l10n, window, workspace } from 'vscode';
import { deviceName, type Device } from '../core/device';
import type { AccountSnapshot } from '../core/directory';
import { dateLabel } from './times';
import { accountLabel } from './words';

/** Where IAM users sign in, by partition (iam-facts 1.10 has the partitions; the addresses are those AWS's guide shows). */
function signInAddress({ caller, alias }: AccountSnapshot): string {
  const domain = { 'aws-us-gov': 'signin.amazonaws-us-gov.com', 'aws-cn': 'signin.amazonaws.cn' }[caller.partition];
  return `https://${alias ?? caller.accountId}.${domain ?? 'signin.aws.amazon.com'}/console`;
}

/** @returns what a person whose MFA was reset needs to know, ready to be sent. Holds no secret. */
export function resetInstructions(
  account: AccountSnapshot,
  userName: string,
  removed: readonly Device[],
  at: Date,
): string {
  const lines = [
    l10n.t('Your MFA for the AWS account {0} was reset on {1}.', accountLabel(account), dateLabel(at)),
    l10n.t(
      'Removed: {0}. Delete its entry in your authenticator app, if you still have it.',
      removed.map(({ serial }) => deviceName(serial)).join(', '),
    ),
    '',
    l10n.t('Set up MFA again before you do anything else:'),
    l10n.t('1. Sign in as {0} at {1}', userName, signInAddress(account)),
    l10n.t('2. Open the menu under your name, upper right, and choose Security credentials.'),
    l10n.t('3. Under Multi-factor authentication (MFA) press Assign MFA device and choose Authenticator app.'),
    l10n.t('4. Scan the QR code and type two codes, one after the other.'),
    l10n.t('5. Do it once more with a second device: IAM has no recovery codes.'),
    '',
    l10n.t('Or, in VS Code with the extension MFA for AWS IAM: run AWS MFA: Enable MFA…'),
    '',
  ];
  return lines.join('\n');
}

/** Says that the reset is done, and hands over the instructions. */
export async function offerInstructions(userName: string, text: string): Promise<void> {
  const copy = l10n.t('Copy Instructions');
  const show = l10n.t('Show Instructions');
  const answer = await window.showInformationMessage(
    l10n.t('MFA was reset for {0}. Send them what to do now; the text holds no secret.', userName),
    copy,
    show,
  );
  if (answer === copy) {
    await env.clipboard.writeText(text);
  } else if (answer === show) {
    await window.showTextDocument(await workspace.openTextDocument({ language: 'plaintext', content: text }));
  }
}
