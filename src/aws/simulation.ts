import {
  type ContextEntry,
  type EvaluationResult,
  GetRoleCommand,
  type IAMClient,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam';
import type { SimulatedDecision, SimulationQuestion } from '../core/iam';
import { problemOf } from '../core/problem';
import type { Ask } from './policies';
import { NotAwsError } from './problems';

/** The most a page may hold (iam-facts 1.1). */
const pageSize = 1000;

/** Asks AWS what the policies of a user or a role allow (iam-facts 1.5). Reads alone: nothing is changed. */
export class PolicySimulator {
  readonly #options: { readonly abortSignal?: AbortSignal };

  constructor(
    private readonly client: IAMClient,
    private readonly ask: Ask,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#options = signal ? { abortSignal: signal } : {};
  }

  /** @returns a decision for each action, in their order. Rejects as `Ask` does. */
  async decisions(question: SimulationQuestion): Promise<readonly SimulatedDecision[]> {
    try {
      return await this.#together(question);
    } catch (error) {
      // AWS does not weigh together what it calls actions of "different authorization information"; which these are is nowhere
      // written down, so each is asked about by itself then.
      if (problemOf(error)?.code !== 'invalidInput' || question.actions.length === 1) {
        throw error;
      }
    }
    const decisions: SimulatedDecision[] = [];
    for (const action of question.actions) {
      this.signal?.throwIfAborted();
      decisions.push(...(await this.#together({ ...question, actions: [action] })));
    }
    return decisions;
  }

  roleArn(roleName: string): Promise<string> {
    return this.ask('GetRole', roleName, async () => {
      const { Role } = await this.client.send(new GetRoleCommand({ RoleName: roleName }), this.#options);
      if (Role?.Arn === undefined) {
        throw new NotAwsError(200);
      }
      return Role.Arn;
    });
  }

  #together(question: SimulationQuestion): Promise<readonly SimulatedDecision[]> {
    const { principal, actions, resource } = question;
    const context = contextOf(question);
    return this.ask('SimulatePrincipalPolicy', principal, async () => {
      const pages = paginateSimulatePrincipalPolicy(
        { client: this.client, pageSize },
        {
          PolicySourceArn: principal,
          ActionNames: [...actions],
          ResourceArns: [resource],
          // Whether AWS takes an empty list is not known.
          ...(context.length > 0 && { ContextEntries: context }),
        },
        this.#options,
      );
      const results = new Map<string, EvaluationResult>();
      for await (const page of pages) {
        for (const result of page.EvaluationResults ?? []) {
          results.set((result.EvalActionName ?? '').toLowerCase(), result);
        }
      }
      return actions.map((action) => decisionOf(action, results.get(action.toLowerCase())));
    });
  }
}

function contextOf({ mfa, userName }: SimulationQuestion): ContextEntry[] {
  return [
    ...(mfa === undefined ? [] : [entry('aws:MultiFactorAuthPresent', String(mfa), 'boolean')]),
    ...(userName === undefined ? [] : [entry('aws:username', userName, 'string')]),
  ];
}

function entry(key: string, value: string, type: 'boolean' | 'string'): ContextEntry {
  return { ContextKeyName: key, ContextKeyValues: [value], ContextKeyType: type };
}

/**
 * One resource is asked about at a time, so what is said of all resources together is said of it too; AWS says the rest, such as
 * keys that were not told, either there or beside the resource.
 * @throws NotAwsError where the action was not answered
 */
function decisionOf(action: string, result: EvaluationResult | undefined): SimulatedDecision {
  const specific = result?.ResourceSpecificResults?.[0];
  const decision = specific?.EvalResourceDecision ?? result?.EvalDecision;
  if (decision === undefined) {
    throw new NotAwsError(200);
  }
  const boundary = specific?.PermissionsBoundaryDecisionDetail ?? result?.PermissionsBoundaryDecisionDetail;
  const limit =
    result?.OrganizationsDecisionDetail?.AllowedByOrganizations === false
      ? 'organization'
      : boundary?.AllowedByPermissionsBoundary === false
        ? 'boundary'
        : undefined;
  return {
    action,
    // Whether the word on the whole takes these in is not written down; either forbids the call.
    decision: limit && decision === 'allowed' ? 'implicitDeny' : decision,
    ...(limit && { limit }),
    untold: [...new Set([...(result?.MissingContextValues ?? []), ...(specific?.MissingContextValues ?? [])])],
  };
}
