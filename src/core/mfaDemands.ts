import type { UserPolicy } from './iam';

/** A policy that means something else for a user without MFA (iam-facts 6.2). */
export interface MfaDemand {
  readonly policy: string;
  /** The group it comes through; absent where it is the user's own. */
  readonly group?: string;
  /**
   * What a user without MFA is left with. `nothing`: everything is denied, setting up MFA too; `settingUp`: everything is denied
   * but what the policy names, and that lets a device be enabled; `part`: some actions are denied, or allowed only with MFA, or it
   * turns on more than MFA.
   */
  readonly reach: 'nothing' | 'settingUp' | 'part';
}

/** @returns those of the policies that demand MFA, each once, the widest first */
export function mfaDemands(policies: readonly UserPolicy[]): readonly MfaDemand[] {
  const demands = policies.flatMap(({ name, group, document }): MfaDemand[] => {
    const reach = reachOf(document);
    return reach ? [{ policy: name, ...(group !== undefined && { group }), reach }] : [];
  });
  const order = ['nothing', 'settingUp', 'part'] as const;
  return demands.sort((a, b) => order.indexOf(a.reach) - order.indexOf(b.reach) || a.policy.localeCompare(b.policy));
}

type Json = Readonly<Record<string, unknown>>;

function reachOf(document: string): MfaDemand['reach'] | undefined {
  const demanding = statementsOf(document).filter(demands);
  if (demanding.length === 0) {
    return undefined;
  }
  const reaches = demanding.map(reachOfStatement);
  return reaches.find((reach) => reach === 'nothing') ?? reaches.find((reach) => reach === 'settingUp') ?? 'part';
}

/** Only a plain statement is taken for more than a part: a Deny on every resource that turns on MFA alone. */
function reachOfStatement(statement: Json): MfaDemand['reach'] {
  const conditions = isJson(statement['Condition']) ? Object.values(statement['Condition']) : [];
  const keys = conditions.flatMap((test) => (isJson(test) ? Object.keys(test) : []));
  const plain =
    statement['Effect'] === 'Deny' && list(statement['Resource']).includes('*') && keys.every((key) => isMfaKey(key));
  if (!plain) {
    return 'part';
  }
  if (list(statement['Action']).includes('*')) {
    return 'nothing';
  }
  const spared = list(statement['NotAction']).map(String);
  if (spared.length === 0) {
    return 'part';
  }
  return spared.some((action) => covers(action, 'iam:EnableMFADevice')) ? 'settingUp' : 'nothing';
}

function isMfaKey(key: string): boolean {
  return /^aws:multifactorauth(present|age)$/i.test(key);
}

/** Whether a policy's action, which may hold `*` and `?`, is about this one; in any case of letters. */
function covers(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(action);
}

function statementsOf(document: string): readonly Json[] {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    // AWS keeps no policy that is not JSON; a stand-in's is no demand that could be named.
    return [];
  }
  return isJson(policy) ? list(policy['Statement']).filter(isJson) : [];
}

/** Whether the statement turns on MFA: denies where there is none, or allows only where there is. */
function demands(statement: Json): boolean {
  const deny = statement['Effect'] === 'Deny';
  const conditions = isJson(statement['Condition']) ? Object.entries(statement['Condition']) : [];
  return conditions.some(([operator, test]) => {
    const kind = operator
      .toLowerCase()
      .replace(/^for(anyvalue|allvalues):/, '')
      .replace(/ifexists$/, '');
    return (
      isJson(test) &&
      Object.entries(test).some(([key, value]) => {
        const says = (word: string) => list(value).some((each) => String(each).toLowerCase() === word);
        switch (key.toLowerCase()) {
          case 'aws:multifactorauthpresent':
            return kind === 'bool' ? says(deny ? 'false' : 'true') : kind === 'null' && says(deny ? 'true' : 'false');
          case 'aws:multifactorauthage':
            return kind === 'null'
              ? says(deny ? 'true' : 'false')
              : kind.startsWith(deny ? 'numericgreater' : 'numericless');
          default:
            return false;
        }
      })
    );
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
