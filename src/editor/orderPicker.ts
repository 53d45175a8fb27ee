import { l10n, type QuickPickItem, window } from 'vscode';
import { groupings, sortings, type GroupBy, type SortBy } from '../core/userOrder';

interface ChoiceItem<T> extends QuickPickItem {
  readonly value: T;
}

/** @returns what the person wants to sort by; undefined where they thought better of it */
export function pickSortBy(current: SortBy): Promise<SortBy | undefined> {
  const report = l10n.t('Read from AWS’s credential report, which may be four hours old.');
  return pick(sortings, current, l10n.t('Sort Users'), (value) => {
    switch (value) {
      case 'risk':
        return {
          label: l10n.t('Risk'),
          detail: l10n.t('Who can sign in without MFA comes first, latest sign-in on top.'),
        };
      case 'name':
        return { label: l10n.t('Name') };
      case 'passwordAge':
        return { label: l10n.t('Age of the password, oldest first'), detail: report };
      case 'lastActivity':
        return { label: l10n.t('Last activity of password or access keys, latest first'), detail: report };
    }
  });
}

/** @returns what the person wants to group by; undefined where they thought better of it */
export function pickGroupBy(current: GroupBy): Promise<GroupBy | undefined> {
  return pick(groupings, current, l10n.t('Group Users'), (value) => {
    switch (value) {
      case 'state':
        return { label: l10n.t('State'), detail: l10n.t('By what needs doing: without MFA, not checked, with MFA.') };
      case 'path':
        return { label: l10n.t('Path'), detail: l10n.t('By the path of the user in IAM, such as /contractors/.') };
      case 'nothing':
        return { label: l10n.t('Nothing'), detail: l10n.t('All users of an account in one list.') };
    }
  });
}

async function pick<T extends string>(
  values: readonly T[],
  current: T,
  title: string,
  words: (value: T) => { readonly label: string; readonly detail?: string },
): Promise<T | undefined> {
  const items = values.map((value): ChoiceItem<T> => ({
    ...words(value),
    ...(value === current && { description: l10n.t('in use') }),
    value,
  }));
  const picked = await window.showQuickPick(items, { title });
  return picked?.value;
}
