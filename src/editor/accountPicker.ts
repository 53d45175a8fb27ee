import { l10n, Position, type QuickPickItem, QuickPickItemKind, Selection, Uri, window } from 'vscode';
import { formatAccountId, sameSource, type AccountSource } from '../core/account';
import type { AccountSources, BadLine, Profile, ProfileList } from '../core/connection';
import type { Session } from '../core/session';
import type { SignInWay } from '../core/signIn';

export interface AccountChoice {
  readonly sources: AccountSources;
  /** What was chosen lately, latest first. */
  readonly recent: readonly AccountSource[];
  readonly shown: readonly Session[];
}

interface SourceItem extends QuickPickItem {
  readonly source?: AccountSource;
  /** A place in a file to go to. */
  readonly place?: { readonly file: string; readonly line?: number };
}

/**
 * Asks which way of signing in to use. A line of the person's files is opened where they choose that instead.
 * @returns undefined where the person thought better of it
 */
export async function pickAccount(choice: AccountChoice): Promise<AccountSource | undefined> {
  const picked = await window.showQuickPick(accountItems(choice), {
    title: l10n.t('Add Account'),
    placeHolder: l10n.t('Choose the AWS profile that signs in to the account, or the practice account'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.place) {
    await openFile(picked.place);
  }
  return picked?.source;
}

async function openFile({ file, line }: { readonly file: string; readonly line?: number }): Promise<void> {
  const position = new Position((line ?? 1) - 1, 0);
  try {
    await window.showTextDocument(Uri.file(file), { selection: new Selection(position, position) });
  } catch {
    void window.showInformationMessage(
      l10n.t('There is no file {0} yet. “aws configure” writes it, or you can create it by hand.', file),
    );
  }
}

async function accountItems({ sources, recent, shown }: AccountChoice): Promise<SourceItem[]> {
  const list = await sources.profiles();
  const isShown = (source: AccountSource) =>
    shown.some(({ identities }) => identities.some((each) => sameSource(each, source)));
  const mark = (source: AccountSource) => (isShown(source) ? [l10n.t('in the list')] : []);
  const profiles = list.profiles.map((profile) => profileItem(profile, list, mark));
  const others = otherItems(list, mark);
  const all = [...profiles, ...others];
  const isRecent = ({ source }: SourceItem) => source && recent.some((each) => sameSource(each, source));
  const recentItems = recent.flatMap(
    (source) => all.find((item) => item.source && sameSource(item.source, source)) ?? [],
  );
  return [
    ...group(l10n.t('Recent'), recentItems),
    ...group(
      l10n.t('Profiles'),
      profiles.filter((item) => !isRecent(item)),
    ),
    ...group(
      l10n.t('Other'),
      others.filter((item) => !isRecent(item)),
    ),
    ...group(l10n.t('Files'), list.files.map(fileItem)),
    ...group(l10n.t('Lines to look at'), list.badLines.map(badLineItem)),
  ];
}

function group(label: string, items: readonly SourceItem[]): readonly SourceItem[] {
  return items.length > 0 ? [{ label, kind: QuickPickItemKind.Separator }, ...items] : [];
}

function profileItem(
  profile: Profile,
  list: ProfileList,
  mark: (source: AccountSource) => readonly string[],
): SourceItem {
  const source: AccountSource = { kind: 'profile', profile: profile.name };
  const facts = [
    ...mark(source),
    wayLabel(profile.way),
    ...(profile.accountId === undefined ? [] : [formatAccountId(profile.accountId)]),
    ...(profile.region === undefined ? [] : [profile.region]),
    ...(profile.endpointUrl === undefined ? [] : [profile.endpointUrl]),
    ...(profile.mfaSerial === undefined ? [] : [l10n.t('asks for a code')]),
    ...(profile.name === list.environmentProfile ? ['AWS_PROFILE'] : []),
  ];
  return { label: `$(account) ${profile.name}`, description: facts.join(' · '), source };
}

function wayLabel(way: SignInWay): string {
  switch (way) {
    case 'keys':
      return l10n.t('access keys');
    case 'sessionKeys':
      return l10n.t('access keys of a session');
    case 'role':
      return l10n.t('role');
    case 'process':
      return 'credential_process';
    case 'sso':
      return 'IAM Identity Center';
    case 'login':
      return 'aws login';
    case 'webIdentity':
      return l10n.t('web identity');
    case 'container':
      return l10n.t('container');
    case 'instance':
      return l10n.t('instance');
    case 'environment':
      return l10n.t('environment');
    case 'none':
      return l10n.t('signs nobody in');
  }
}

function otherItems(list: ProfileList, mark: (source: AccountSource) => readonly string[]): readonly SourceItem[] {
  const fallback: AccountSource = { kind: 'default' };
  const practice: AccountSource = { kind: 'practice' };
  return [
    {
      label: `$(terminal) ${l10n.t('Default credentials')}`,
      description: [...mark(fallback), l10n.t('environment, default profile, container or instance')].join(' · '),
      ...(list.profiles.length === 0 && { detail: l10n.t('No profiles were found in {0}', list.files.join(', ')) }),
      source: fallback,
    },
    {
      label: `$(beaker) ${l10n.t('Practice account')}`,
      description: [...mark(practice), l10n.t('a made-up company on this computer, nothing to set up')].join(' · '),
      source: practice,
    },
  ];
}

function fileItem(file: string): SourceItem {
  return { label: `$(go-to-file) ${l10n.t('Open {0}', file)}`, place: { file } };
}

function badLineItem({ file, line, read }: BadLine): SourceItem {
  return {
    label: `$(warning) ${l10n.t('Line {0} of {1}', line, file)}`,
    description: badLineWords(read),
    place: { file, line },
  };
}

function badLineWords(read: BadLine['read']): string {
  switch (read) {
    case undefined:
      return l10n.t('is passed over');
    case 'byteOrderMark':
      return l10n.t('begins with a byte order mark, which the AWS CLI does not take; read all the same');
    case 'upperCase':
      return l10n.t('has a name in upper case, which the SDK does not take; read all the same');
  }
}
