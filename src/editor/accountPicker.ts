import { l10n, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { AccountSource } from '../core/account';
import type { AccountSources } from '../core/connection';

interface SourceItem extends QuickPickItem {
  readonly source?: AccountSource;
}

/**
 * Asks which account to open.
 * @param current the one that is open now
 * @returns undefined where the person thought better of it
 */
export async function pickAccount(
  sources: AccountSources,
  current: AccountSource | undefined,
): Promise<AccountSource | undefined> {
  const picked = await window.showQuickPick(accountItems(sources, current), {
    title: l10n.t('Choose Account'),
    placeHolder: l10n.t('Whose credentials should be used?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.source;
}

async function accountItems(sources: AccountSources, current: AccountSource | undefined): Promise<SourceItem[]> {
  const list = await sources.profiles();
  const isCurrent = (source: AccountSource) =>
    current?.kind === source.kind &&
    (source.kind !== 'profile' || (current.kind === 'profile' && current.profile === source.profile));
  const mark = (source: AccountSource) => (isCurrent(source) ? [l10n.t('open now')] : []);
  const items: SourceItem[] = [];
  items.push({ label: l10n.t('Profiles'), kind: QuickPickItemKind.Separator });
  for (const profile of list.profiles) {
    const source: AccountSource = { kind: 'profile', profile: profile.name };
    const facts = [
      ...mark(source),
      ...(profile.region === undefined ? [] : [profile.region]),
      ...(profile.endpointUrl === undefined ? [] : [profile.endpointUrl]),
      ...(profile.name === list.environmentProfile ? ['AWS_PROFILE'] : []),
    ];
    items.push({ label: `$(account) ${profile.name}`, description: facts.join(' · '), source });
  }
  const nothing =
    list.profiles.length === 0 ? l10n.t('No profiles were found in {0}', list.files.join(', ')) : undefined;
  items.push({ label: l10n.t('Other'), kind: QuickPickItemKind.Separator });
  const fallback: AccountSource = { kind: 'default' };
  items.push({
    label: `$(terminal) ${l10n.t('Default credentials')}`,
    description: [...mark(fallback), l10n.t('environment, default profile, container or instance')].join(' · '),
    ...(nothing !== undefined && { detail: nothing }),
    source: fallback,
  });
  const practice: AccountSource = { kind: 'practice' };
  items.push({
    label: `$(beaker) ${l10n.t('Practice account')}`,
    description: [...mark(practice), l10n.t('a made-up company on this computer, nothing to set up')].join(' · '),
    source: practice,
  });
  if (list.badLines.length > 0) {
    items.push({ label: l10n.t('Lines that cannot be read'), kind: QuickPickItemKind.Separator });
    for (const { file, line } of list.badLines) {
      items.push({
        label: `$(warning) ${l10n.t('Line {0} of {1}', line, file)}`,
        description: l10n.t('is passed over'),
      });
    }
  }
  return items;
}
