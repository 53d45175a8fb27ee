import { l10n, LanguageModelTextPart, LanguageModelToolResult, type PreparedToolInvocation } from 'vscode';
import type { Accounts } from '../core/accounts';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Session } from '../core/session';
import { groupOf, tally, type Group, type UserEntry } from '../core/users';
import { chatTools, commands, type ChatToolName } from './manifest';
import { problemWords } from './problemWords';
import { userLines } from './treeTooltips';
import { toMarkdown, userTable } from './userTable';
import { accountLabel, groupLabel, sourceLabel } from './words';

/** So many users are named in one answer: a language model is no place for thousands. */
const mostUsers = 200;

/** Those of whom the answer is that they have no MFA, or that it is not known; the riskiest first. */
const listed: readonly Group[] = ['canSignIn', 'passwordUnknown', 'unchecked', 'checking', 'noPassword'];

/**
 * What the editor's chat may ask about the accounts that are shown. It reads, and what it tells is what the view shows: names, devices
 * and dates, never a key. The words are English: they are read by a language model, which answers in the person's language.
 */
export class ChatTools {
  constructor(private readonly accounts: Accounts) {}

  /** @returns what the person is asked before anything is handed to the chat: it names the account */
  prepare(name: ChatToolName, input: object): PreparedToolInvocation {
    const sessions = this.#meant(input);
    if (sessions.length === 0) {
      return {};
    }
    const labels = sessions.map(labelOf).join(', ');
    const user = textOf(input, 'user');
    return {
      invocationMessage: l10n.t('Reading users of {0}', labels),
      confirmationMessages:
        name === chatTools.explainMfaState
          ? {
              title: l10n.t('Tell the chat about the MFA of {0}?', user),
              message: l10n.t(
                'Devices, ARN and sign-in dates of {0} in {1} go to the chat’s language model. Nothing is changed in AWS.',
                user,
                labels,
              ),
            }
          : {
              title: l10n.t('Tell the chat who has no MFA?'),
              message: l10n.t(
                'Names, ARNs and sign-in dates of users of {0} go to the chat’s language model. Nothing is changed in AWS.',
                labels,
              ),
            },
    };
  }

  /** @returns the answer, as Markdown */
  async invoke(name: ChatToolName, input: object): Promise<LanguageModelToolResult> {
    const sessions = this.#meant(input);
    if (sessions.length === 0) {
      return result(this.#nothingMeant(input));
    }
    const answers = await Promise.all(
      sessions.map(async (session) => {
        await session.read();
        const { account, problem } = session;
        if (!account) {
          return `${labelOf(session)} could not be read: ${problem ? problemWords(problem).what : 'no answer yet'}`;
        }
        const answer =
          name === chatTools.listUsersWithoutMfa
            ? withoutMfa(account)
            : await explained(session, textOf(input, 'user'));
        return [answer, ...reservations(session)].join('\n\n');
      }),
    );
    return result(...answers);
  }

  /** The accounts that are asked about: the one that is named, or all that are shown. */
  #meant(input: object): readonly Session[] {
    const named = textOf(input, 'account').toLowerCase();
    const digits = named.replace(/[\s-]/g, '');
    const { sessions } = this.accounts;
    return named === ''
      ? sessions
      : sessions.filter(
          (session) =>
            session.account?.caller.accountId === digits ||
            [session.account?.alias, labelOf(session)].some((name) => name?.toLowerCase() === named),
        );
  }

  #nothingMeant(input: object): string {
    const { sessions } = this.accounts;
    return sessions.length === 0
      ? `No AWS account is shown. The person can add one with the command "AWS MFA: Add Account…" (${commands.addAccount}), or try "AWS MFA: Open Practice Account" (${commands.openPracticeAccount}).`
      : `No account ${JSON.stringify(textOf(input, 'account'))} is shown. There are: ${sessions.map(labelOf).join(', ')}.`;
  }
}

/** @returns a text of what a language model handed over, which may be anything; empty where it is none */
function textOf(input: object, name: string): string {
  const value = new Map<string, unknown>(Object.entries(input)).get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function labelOf({ account, state }: Session): string {
  if (account) {
    return accountLabel(account);
  }
  return state.kind === 'none' ? '' : sourceLabel(state.source);
}

function result(...texts: readonly string[]): LanguageModelToolResult {
  return new LanguageModelToolResult([new LanguageModelTextPart(texts.join('\n\n'))]);
}

function withoutMfa(account: AccountSnapshot): string {
  const groups = listed.map((group) => ({
    group,
    entries: [...account.users.values()].filter((entry) => groupOf(entry) === group),
  }));
  const users = groups.flatMap(({ entries }) => entries);
  const counts = groups.map(({ group, entries }) => `${groupLabel(group)}: ${entries.length}`);
  return [
    `# Account ${accountLabel(account)}, read ${new Date(account.readAt).toISOString()}`,
    [...counts, `${groupLabel('hasMfa')}: ${tally(account.users.values()).hasMfa}`].join('; '),
    toMarkdown(userTable(users.slice(0, mostUsers).map((entry) => ({ account, entry })))),
    ...(users.length > mostUsers ? [`${users.length - mostUsers} more are not named here.`] : []),
    ...(account.onlyYou
      ? ['Only the caller could be read: other users may be listed by somebody with iam:ListUsers.']
      : []),
    'A user whose MFA is "unknown" could not be checked: that is neither a yes nor a no.',
  ].join('\n\n');
}

/** What an answer leaves open: nobody is to take what was read before, or in part, for the account of now. */
function reservations({ account, problem }: Session): readonly string[] {
  return [
    ...(problem ? [`The last reading failed (${problemWords(problem).what}): the rest was read before that.`] : []),
    ...(account?.isPartial === true ? ['The account is still being read: there may be more users.'] : []),
  ];
}

/** A user, asked of AWS now. */
async function explained(session: Session, userName: string): Promise<string> {
  const { state } = session;
  if (state.kind === 'open' && session.account?.users.has(userName) === true) {
    await state.directory.refreshUser(userName);
  }
  const { account } = session;
  const entry = account?.users.get(userName);
  if (!account || !entry) {
    return `There is no user ${JSON.stringify(userName)} in ${labelOf(session)}, as far as its users could be listed.`;
  }
  return [
    `# ${userName} in account ${accountLabel(account)}`,
    `Stands under: ${groupLabel(groupOf(entry))}`,
    factsOf(entry),
    waysOut(entry),
  ].join('\n\n');
}

/** The tooltip's lines as plain text: what each version of the editor escapes in a tooltip is nothing for a reader of text. */
function factsOf(entry: UserEntry): string {
  const facts: string[] = [];
  userLines(entry, (name, value) => facts.push(`${name} ${value}`));
  return facts.join('\n');
}

function waysOut({ mfa }: UserEntry): string {
  switch (mfa.kind) {
    case 'none':
      return `The person can enable MFA for this user with the command "AWS MFA: Enable MFA…" (${commands.enableMfa}); this tool cannot.`;
    case 'has':
      return `A second device can be added with "AWS MFA: Add MFA Device…" (${commands.addDevice}); this tool cannot.`;
    case 'unknown':
    case 'checking':
      return `"AWS MFA: Refresh" (${commands.refresh}) asks AWS again.`;
  }
}
