import { env, l10n, type QuickPickItem, window } from 'vscode';
import { sameSource, type AccountSource } from '../core/account';
import type { Accounts } from '../core/accounts';
import type { AccountSources } from '../core/connection';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Iam } from '../core/iam';
import type { Session } from '../core/session';
import type { CodeQuestion } from '../core/signIn';
import { pickAccount } from './accountPicker';
import { CodePrompt } from './codePrompt';
import { showPermissions } from './permissionsView';
import type { RememberedAccounts } from './rememberedAccounts';
import { accountLabel, sourceLabel } from './words';

export interface AccountActionsOptions {
  readonly accounts: Accounts;
  readonly sources: AccountSources;
  readonly remembered: RememberedAccounts;
}

interface IdentityItem extends QuickPickItem {
  /** Absent: another one than those that were tried. */
  readonly source?: AccountSource;
}

/** What can be done with accounts and the ways of signing in to them. */
export class AccountActions {
  readonly #prompt = new CodePrompt();

  constructor(private readonly options: AccountActionsOptions) {}

  /** See `SignInPrompts`. */
  askForCode(question: CodeQuestion): Promise<string | undefined> {
    return this.#prompt.askForCode(question);
  }

  /** Asks which way of signing in to use. */
  pick(): Promise<AccountSource | undefined> {
    const { accounts, sources, remembered } = this.options;
    return pickAccount({ sources, recent: remembered.recent, shown: accounts.sessions });
  }

  /** Moves an account up or down by one place, as far as there is one. */
  move(session: Session, by: -1 | 1): void {
    const { accounts } = this.options;
    const { sessions } = accounts;
    const index = sessions.indexOf(session);
    // The place before which it stands afterwards, counted with itself still in the list.
    const before = by < 0 ? sessions[Math.max(0, index - 1)] : sessions[index + 2];
    if (before !== session) {
      accounts.move(session, before);
    }
  }

  /** Asks as whom an account should be opened. */
  async pickIdentity(session: Session): Promise<AccountSource | undefined> {
    const { state, account, identities } = session;
    const current = state.kind === 'none' ? undefined : state.source;
    const items = identities.map((source): IdentityItem => {
      const isCurrent = current !== undefined && sameSource(source, current);
      const words = isCurrent ? [l10n.t('in use'), ...(account ? [account.caller.arn] : [])] : [];
      return { label: `$(account) ${sourceLabel(source)}`, description: words.join(' · '), source };
    });
    const another: IdentityItem = { label: `$(add) ${l10n.t('Another profile…')}` };
    const picked = await window.showQuickPick([...items, another], {
      title: account ? l10n.t('Identity for {0}', accountLabel(account)) : l10n.t('Choose Identity'),
      placeHolder: l10n.t('With whose credentials should this account be opened?'),
      matchOnDescription: true,
    });
    return picked && (picked.source ?? (await this.pick()));
  }

  /** Asks which of the accounts that are shown a command is about. */
  async pickShown(sessions: readonly Session[]): Promise<Session | undefined> {
    const items = sessions.flatMap((session) => {
      const { state, account, problem } = session;
      if (state.kind === 'none') {
        return [];
      }
      const source = sourceLabel(state.source);
      const words = [...(account ? [source] : []), ...(problem ? [l10n.t('could not be read')] : [])];
      return [{ label: account ? accountLabel(account) : source, description: words.join(' · '), session }];
    });
    const picked = await window.showQuickPick(items, {
      title: l10n.t('Choose Account'),
      placeHolder: l10n.t('Which account is this about?'),
      matchOnDescription: true,
    });
    return picked?.session;
  }

  /**
   * Runs the command that renews a sign-in, in a terminal.
   * @param session whose sign-in has run out, where that is known
   * @param argument `{ renewal }`: the words of the command, where a panel tells them
   */
  async renewSignIn(session: Session | undefined, argument: unknown): Promise<void> {
    const waiting = this.options.accounts.sessions.find(({ problem }) => problem?.renewal);
    const words = renewalOf(argument) ?? (session ?? waiting)?.problem?.renewal;
    const line = words && commandLine(words);
    if (words === undefined) {
      void window.showInformationMessage(l10n.t('No sign-in has run out that a command would renew.'));
    } else if (line === undefined) {
      // What one shell takes as a name is a command to another.
      await env.clipboard.writeText(words.join(' '));
      void window.showInformationMessage(
        l10n.t('Run this in a terminal; it is on the clipboard: {0}', words.join(' ')),
      );
    } else {
      const terminal = window.createTerminal({ name: words.slice(0, 3).join(' ') });
      terminal.show();
      terminal.sendText(line);
    }
  }

  showPermissions(iam: Iam, account: AccountSnapshot): Promise<void> {
    return showPermissions(iam, account);
  }
}

/** Other code hands over what it likes: a command of AWS's, or nothing. */
function renewalOf(argument: unknown): readonly string[] | undefined {
  if (typeof argument !== 'object' || argument === null || !('renewal' in argument)) {
    return undefined;
  }
  const { renewal } = argument;
  const isCommand = Array.isArray(renewal) && renewal[0] === 'aws' && renewal.every((word) => typeof word === 'string');
  return isCommand ? renewal : undefined;
}

/** @returns the words as every shell takes them; undefined where one of them would mean something else to some */
function commandLine(words: readonly string[]): string | undefined {
  const quoted = words.map((word) =>
    /^[\w.@:/+=,-]+$/.test(word) ? word : /^[\w.@:/+=, ()-]+$/.test(word) ? `"${word}"` : undefined,
  );
  return quoted.includes(undefined) ? undefined : quoted.join(' ');
}
