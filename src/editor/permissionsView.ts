import {
  Disposable,
  env,
  l10n,
  type QuickInputButton,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode';
import type { Caller } from '../core/account';
import type { AccountSnapshot } from '../core/accountSnapshot';
import type { Iam } from '../core/iam';
import {
  askPermissions,
  type Area,
  type Capability,
  type CapabilityId,
  type Missing,
  type Need,
  type Permissions,
  type Source,
} from '../core/permissions';
import {
  allowingStatement,
  canBeAllowed,
  smallestKeeperPolicy,
  smallestSelfServicePolicy,
} from '../core/smallestPolicies';
import { problemLine } from './problemWords';
import { accountLabel } from './words';

/** How long the status bar says what was copied, in milliseconds. */
const toldFor = 5000;

interface PermissionItem extends QuickPickItem {
  /** What choosing the row copies; a row without it only tells. */
  readonly copies?: Copy;
  /** What the row's button copies. */
  readonly statement?: Copy;
}

interface Copy {
  readonly text: string;
  /** Said once it was copied. */
  readonly told: string;
}

/**
 * Shows what the identity that an account is open with may do, and offers policies that would allow it. AWS is asked while the list is
 * open; closing it gives that up.
 * @returns once the list was closed
 */
export async function showPermissions(iam: Iam, account: AccountSnapshot): Promise<void> {
  const asking = new AbortController();
  const pick = window.createQuickPick<PermissionItem>();
  pick.title = l10n.t('Permissions of {0} in {1}', callerLabel(account.caller), accountLabel(account));
  pick.placeholder = l10n.t('Asking AWS what you may do…');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  const copy = async ({ text, told }: Copy) => {
    await env.clipboard.writeText(text);
    window.setStatusBarMessage(`$(clippy) ${told}`, toldFor);
  };
  const listeners = [
    pick.onDidAccept(async () => {
      const [item] = pick.selectedItems;
      if (item?.copies) {
        await copy(item.copies);
        pick.hide();
      }
    }),
    pick.onDidTriggerItemButton(async ({ item }) => {
      if (item.statement) {
        await copy(item.statement);
      }
    }),
  ];
  const hidden = new Promise<void>((resolve) => {
    listeners.push(pick.onDidHide(resolve));
  });
  pick.show();
  const shown = askPermissions(iam, account, asking.signal).then(
    (permissions) => {
      if (!asking.signal.aborted) {
        pick.placeholder = placeholder(permissions);
        pick.items = items(permissions, account.caller);
        pick.busy = false;
      }
    },
    (error: unknown) => {
      // Closed before AWS had answered.
      if (!asking.signal.aborted) {
        throw error;
      }
    },
  );
  try {
    await Promise.race([hidden, shown.then(() => hidden)]);
  } finally {
    asking.abort();
    Disposable.from(...listeners).dispose();
    pick.dispose();
  }
}

/** @returns "alice", "Administrator/alice" for a role's session, or "the root user" */
function callerLabel({ arn, userName }: Caller): string {
  if (userName !== undefined) {
    return userName;
  }
  if (arn.endsWith(':root')) {
    return l10n.t('the root user');
  }
  return arn.slice(arn.indexOf('/') + 1);
}

function placeholder({ problem }: Permissions): string {
  if (!problem) {
    return l10n.t('What works with these credentials, and what does not');
  }
  return problem.code === 'accessDenied'
    ? l10n.t('You have no permission to ask AWS’s policy simulator, so only what was seen in this account is known')
    : l10n.t('AWS’s policy simulator could not be asked to the end. {0}', problemLine(problem));
}

function items({ capabilities }: Permissions, caller: Caller): PermissionItem[] {
  const areas: readonly Area[] = ['self', 'others', 'account'];
  const rows = areas.flatMap((area) => {
    const ofArea = capabilities.filter((capability) => capability.area === area);
    return ofArea.length === 0
      ? []
      : [
          { label: areaLabel(area), kind: QuickPickItemKind.Separator },
          ...ofArea.map((capability) => row(capability, caller)),
        ];
  });
  return [
    ...rows,
    { label: l10n.t('Policies'), kind: QuickPickItemKind.Separator },
    {
      label: `$(clippy) ${l10n.t('Copy the smallest policy for self-service')}`,
      detail: l10n.t('For users who look after their own MFA'),
      copies: {
        text: smallestSelfServicePolicy(caller),
        told: l10n.t('The smallest policy for self-service was copied'),
      },
    },
    {
      label: `$(clippy) ${l10n.t('Copy the smallest policy for looking after others')}`,
      detail: l10n.t('For those who look after the MFA of others'),
      copies: {
        text: smallestKeeperPolicy(caller),
        told: l10n.t('The smallest policy for looking after others was copied'),
      },
    },
  ];
}

function row(capability: Capability, caller: Caller): PermissionItem {
  const { id, state } = capability;
  const label = capabilityLabel(id);
  const lines = details(capability, caller);
  const item: PermissionItem = {
    label: `$(${icon(capability)}) ${label}`,
    description: [stateLabel(capability, caller), ...sourceWords(capability)].join(' · '),
    ...(lines.length > 0 && { detail: lines.join(' ') }),
  };
  if (state.kind !== 'refused' || !state.missing.every(canBeAllowed)) {
    return item;
  }
  const button: QuickInputButton = {
    iconPath: new ThemeIcon('clippy'),
    tooltip: l10n.t('Copy the Statement that Would Allow It'),
  };
  return {
    ...item,
    buttons: [button],
    statement: {
      text: allowingStatement(id, state.missing),
      told: l10n.t('The statement that would allow “{0}” was copied', label),
    },
  };
}

function areaLabel(area: Area): string {
  switch (area) {
    case 'self':
      return l10n.t('For yourself');
    case 'others':
      return l10n.t('For others');
    case 'account':
      return l10n.t('The account');
  }
}

function capabilityLabel(id: CapabilityId): string {
  switch (id) {
    case 'ownDevices':
      return l10n.t('See your own devices');
    case 'ownEnrol':
      return l10n.t('Enable MFA for yourself');
    case 'ownResync':
      return l10n.t('Resync your own device');
    case 'ownDeactivate':
      return l10n.t('Deactivate your own device');
    case 'ownDelete':
      return l10n.t('Delete your own virtual device');
    case 'enrol':
      return l10n.t('Enable MFA for others');
    case 'resync':
      return l10n.t('Resync devices of others');
    case 'deactivate':
      return l10n.t('Deactivate devices of others');
    case 'users':
      return l10n.t('List users and devices');
    case 'passwords':
      return l10n.t('See who has a console password');
    case 'delete':
      return l10n.t('Delete any virtual device');
    case 'report':
      return l10n.t('Read the credential report');
    case 'policies':
      return l10n.t('Read the policies of users');
    case 'simulator':
      return l10n.t('Ask AWS’s policy simulator about yourself');
  }
}

function icon({ state, codeRule }: Capability): 'pass' | 'key' | 'error' | 'question' {
  switch (state.kind) {
    case 'works':
      return codeRule === 'codeNeeded' ? 'key' : 'pass';
    case 'withCode':
      return 'key';
    case 'refused':
      return 'error';
    case 'unknown':
      return 'question';
  }
}

function stateLabel({ state }: Capability, { longTermKeys }: Caller): string {
  switch (state.kind) {
    case 'works':
      return l10n.t('works');
    case 'withCode':
      return longTermKeys ? l10n.t('works once you have given a code') : l10n.t('works if you signed in with a code');
    case 'refused':
      return l10n.t('will not work');
    case 'unknown':
      return l10n.t('not known');
  }
}

function sourceWords({ state }: Capability): readonly string[] {
  return state.kind === 'unknown' ? [] : state.sources.map(sourceLabel);
}

function sourceLabel(source: Source): string {
  switch (source) {
    case 'simulator':
      return l10n.t('asked of AWS’s policy simulator');
    case 'seen':
      return l10n.t('seen in this account');
    case 'root':
      return l10n.t('the root user may do everything but what AWS or the organization forbids');
  }
}

function details({ state, codeRule, untold, needs }: Capability, caller: Caller): readonly string[] {
  const lines: string[] = [];
  switch (state.kind) {
    case 'works':
      break;
    case 'withCode':
      lines.push(l10n.t('Allowed only with MFA: {0}.', needList(state.needs)));
      break;
    case 'refused':
      lines.push(l10n.t('Missing: {0}.', needList(state.missing)), ...forbidden(state.missing));
      break;
    case 'unknown':
      lines.push(l10n.t('It takes {0}.', needList(needs)));
      break;
  }
  switch (codeRule) {
    case 'codeNeeded':
      lines.push(l10n.t('AWS wants a code of one of your devices first: you are asked for it.'));
      break;
    case 'onlyConsole':
      lines.push(
        l10n.t(
          'AWS wants a code first, and none of your devices shows codes: do this in the AWS console instead of with access keys.',
        ),
      );
      break;
    case 'codeIfDevice':
      lines.push(l10n.t('If you have a device already, AWS wants a code of it first.'));
      break;
    case undefined:
      break;
  }
  if (untold.length > 0) {
    lines.push(l10n.t('Your policies also look at {0}, which the simulator was not told.', untold.join(', ')));
  }
  if (state.kind === 'withCode' && caller.longTermKeys && codeRule === undefined) {
    lines.push(l10n.t('A profile that names your device as mfa_serial signs in with a code.'));
  }
  return lines;
}

/** What else has to change before a statement could help; each reason once. */
function forbidden(missing: readonly Missing[]): readonly string[] {
  const reasons = new Set(missing.map(({ forbiddenBy }) => forbiddenBy));
  return [
    ...(reasons.has('policy') ? [l10n.t('A policy denies it outright: that has to change first.')] : []),
    ...(reasons.has('organization') ? [l10n.t('A policy of the organization forbids it.')] : []),
    ...(reasons.has('boundary') ? [l10n.t('The permissions boundary forbids it.')] : []),
    ...(reasons.has('unknown')
      ? [
          l10n.t(
            'AWS’s simulator would allow it, yet AWS refused: a policy on that very resource or of the session may forbid it.',
          ),
        ]
      : []),
  ];
}

/** @returns "iam:CreateVirtualMFADevice on arn:…; iam:ListUsers, iam:ListVirtualMFADevices on *" */
function needList(needs: readonly Need[]): string {
  const byResource = new Map<string, readonly string[]>();
  for (const { action, resource } of needs) {
    byResource.set(resource, [...(byResource.get(resource) ?? []), action]);
  }
  return [...byResource].map(([resource, actions]) => l10n.t('{0} on {1}', actions.join(', '), resource)).join('; ');
}
