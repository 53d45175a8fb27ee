import { env, l10n, Uri, window } from 'vscode';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { PanelAccount } from './panelAccount';

/** The consoles by partition (iam-facts 1.10), as far as their addresses are known for sure. */
const hosts: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-cn': 'console.amazonaws.cn',
};

/**
 * @returns the console's page with a user's devices; undefined for a partition whose console is not known here. Assumed: the
 * forms of these addresses are the console's own and stand in none of AWS's documents; a console that does not know one opens
 * on IAM's first page. People have a page for themselves, since they may not see the list of users.
 */
export function userAddress({ caller }: AccountSnapshot, userName: string): string | undefined {
  const host = hosts[caller.partition];
  const page =
    caller.userName === userName
      ? 'security_credentials'
      : `users/details/${encodeURIComponent(userName)}?section=security_credentials`;
  return host && `https://${host}/iam/home#/${page}`;
}

/** Opens a user's page in the browser; of the practice account there is none, which is said. */
export async function openUser({ account, connection }: PanelAccount, userName: string): Promise<void> {
  const address = userAddress(account, userName);
  if (address === undefined) {
    void window.showInformationMessage(
      l10n.t(
        'The address of the console of {0} is not known here. Open it as you always do.',
        account.caller.partition,
      ),
    );
    return;
  }
  if (connection.practice) {
    void window.showInformationMessage(
      l10n.t('The practice account has no console. For an account of AWS, this opens {0}', address),
    );
    return;
  }
  await env.openExternal(Uri.parse(address));
}

/** A passkey can be registered in the console alone (iam-facts 2.6): says what to press there and opens the page. */
export async function registerPasskey(target: PanelAccount, userName: string): Promise<void> {
  const open = l10n.t('Open AWS Console');
  const isCaller = target.account.caller.userName === userName;
  const answer = await window.showInformationMessage(
    l10n.t('Passkeys and security keys are registered in the AWS console: AWS has no call for it.'),
    {
      modal: true,
      detail: isCaller
        ? l10n.t(
            'The page that opens is yours. Sign in as {0}. Under Multi-factor authentication (MFA) press Assign MFA device, type a name, choose Passkey or security key, and follow the browser. Then refresh here.',
            userName,
          )
        : l10n.t(
            'The key has to be at hand, so {0} does this best themselves. On the page that opens, under Multi-factor authentication (MFA), press Assign MFA device, type a name, choose Passkey or security key, and follow the browser. Then refresh here.',
            userName,
          ),
    },
    open,
  );
  if (answer === open) {
    await openUser(target, userName);
  }
}
