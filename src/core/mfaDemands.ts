import type { UserPolicy } from './iam';

/** A policy that means something else for a user without MFA (iam-facts 6.2). */
export interface MfaDemand {
  readonly policy: string;
  /** The group it comes through; absent where it is the user's own. */
  readonly group?: string;
  /**
   * `allBut`: everything is denied without MFA, but for what is needed to set it up; `some`: some actions are denied, or
   * allowed only with MFA.
   */
  readonly reach: 'allBut' | 'some';
}

/** @returns those of the policies that demand MFA, each once, the widest first */
export function mfaDemands(policies: readonly UserPolicy[]): readonly MfaDemand[] {
  const demands = policies.flatMap(({ name, group, document }): MfaDemand[] => {
    const reach = reachOf(document);
    return reach ? [{ policy: name, ...(group !== undefined && { group }), reach }] : [];
  });
  return demands.sort((a, b) => a.reach.localeCompare(b.reach) || a.policy.localeCompare(b.policy));
}

type Json = Readonly<Record<string, unknown>>;

function reachOf(document: string): MfaDemand['reach'] | undefined {
  const demanding = statementsOf(document).filter(demands);
  if (demanding.length === 0) {
    return undefined;
  }
  const all = demanding.some(
    (statement) =>
      statement['Effect'] === 'Deny' && ('NotAction' in statement || list(statement['Action']).includes('*')),
  );
  return all ? 'allBut' : 'some';
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
