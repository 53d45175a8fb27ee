import { invalidInput, noSuchEntity, validationError } from '../failure';
import { practiceId } from '../keys';
import type { Call, Operations } from '../operation';
import { page } from '../paging';
import { decide, type Decision, type PermissionSet } from '../permissions';
import { paging, required, type Shape, shapes } from '../validation';
import { type Fields, urlEncoded } from '../wire';

// The policy simulator: iam-facts 1.5. It answers with what this account itself decides by, so what it says of a call is what
// the call comes to. The words of its refusals are assumed, but for those of GetRole.

const roleName: Shape = { kind: 'text', min: 1, max: 64, pattern: '[\\w+=,.@-]+' };

export const simulationOperations: Operations = {
  SimulatePrincipalPolicy: {
    service: 'iam',
    effect: 'read',
    // ActionNames is needed too, and is looked at below: it is a list.
    rules: { PolicySourceArn: required(shapes.arn), ...paging },
    resource: (call) => call.parameters.needed('PolicySourceArn'),
    run: simulate,
  },
  GetRole: {
    service: 'iam',
    effect: 'read',
    rules: { RoleName: required(roleName) },
    resource: (call) => {
      const name = call.parameters.needed('RoleName');
      // A role that does not exist is taken to be without a path.
      return call.account.roleArn(name) ?? `arn:aws:iam::${call.account.id}:role/${name}`;
    },
    run: (call) => {
      const name = call.parameters.needed('RoleName');
      const arn = call.account.roleArn(name);
      if (arn === undefined) {
        throw noSuchEntity(`The role with name ${name} cannot be found.`);
      }
      return {
        Role: {
          Path: arn.slice(arn.indexOf('/'), -name.length),
          RoleName: name,
          RoleId: practiceId('AROA', name),
          Arn: arn,
          // Roles are there from the first; when that was, nobody asks here.
          CreateDate: new Date(call.state.root.createdAt),
          AssumeRolePolicyDocument: urlEncoded(trustOf(call)),
          MaxSessionDuration: 3600,
        },
      };
    },
  },
};

/** Whose policies are simulated. */
interface Principal {
  readonly permissions: PermissionSet;
  readonly isUser: boolean;
}

/** Condition keys and what they are said to be, in small letters. */
type Context = ReadonlyMap<string, string>;

function simulate(call: Call): Fields {
  const actions = call.parameters.list('ActionNames');
  if (actions.length === 0) {
    throw validationError(
      "1 validation error detected: Value null at 'actionNames' failed to satisfy constraint: Member must not be null",
    );
  }
  const wrong = actions.find((action) => action.length < 3 || action.length > 128 || !action.includes(':'));
  if (wrong !== undefined) {
    throw invalidInput(`Invalid Action: ${wrong}`);
  }
  const principal = principalOf(call);
  const named = call.parameters.list('ResourceArns');
  const resources = named.length > 0 ? named : ['*'];
  const context = contextOf(call);
  const { items, rest } = page(call, actions);
  return {
    EvaluationResults: items.map((action) => resultOf(call, principal, action, resources, context)),
    ...rest,
  };
}

/** One result for an action, however many resources there are; each of these has its own below it, as AWS's model says. */
function resultOf(
  call: Call,
  principal: Principal,
  action: string,
  resources: readonly string[],
  context: Context,
): Fields {
  const each = resources.map((resource) => ({ resource, ...weigh(call, principal, action, resource, context) }));
  const order: readonly Decision[] = ['explicitDeny', 'implicitDeny', 'allowed'];
  const missing = [...new Set(each.flatMap((one) => one.missing))];
  return {
    EvalActionName: action,
    EvalResourceName: '*',
    // The strictest of all.
    EvalDecision: order.find((decision) => each.some((one) => one.decision === decision)),
    MatchedStatements: [],
    MissingContextValues: missing,
    ResourceSpecificResults: resources.includes('*')
      ? undefined
      : each.map((one) => ({
          EvalResourceName: one.resource,
          EvalResourceDecision: one.decision,
          MatchedStatements: [],
          MissingContextValues: one.missing,
        })),
  };
}

/** Assumed: a user's name is a value like any other, and is not known until it is told. */
function weigh(
  call: Call,
  { permissions, isUser }: Principal,
  action: string,
  resource: string,
  context: Context,
): { readonly decision: Decision; readonly missing: readonly string[] } {
  const mfa = context.get('aws:multifactorauthpresent');
  const userName = isUser ? context.get('aws:username') : undefined;
  const decision = decide(permissions, {
    action: action.replace(/^iam:/i, ''),
    resource,
    userName,
    accountId: call.account.id,
    mfa: mfa === 'true',
  });
  // The sets that stand for policies with keys in them; the newer one asks for MFA besides.
  const asksForName = permissions === 'selfService' || permissions === 'selfServiceOld';
  return {
    decision,
    missing: [
      ...(asksForName && userName === undefined ? ['aws:username'] : []),
      ...(permissions === 'selfService' && mfa === undefined ? ['aws:MultiFactorAuthPresent'] : []),
    ],
  };
}

/** Throws NoSuchEntity for one who does not exist, InvalidInput for what is neither user nor role, such as a session. */
function principalOf(call: Call): Principal {
  const arn = call.parameters.needed('PolicySourceArn');
  const { identity } = call.caller;
  if (/^arn:[^:]+:iam::\d{12}:user\/./.test(arn)) {
    const user = [...call.state.users.values()].find((one) => one.arn === arn);
    if (user === undefined) {
      throw noSuchEntity(`No such entity: ${arn}`);
    }
    return { permissions: userPermissions(call, arn), isUser: true };
  }
  if (/^arn:[^:]+:iam::\d{12}:role\/./.test(arn)) {
    const role = call.account.roles.get(arn);
    if (role === undefined) {
      throw noSuchEntity(`No such entity: ${arn}`);
    }
    // A session of this role may have been given rights of its own here.
    const own = identity.kind === 'role' && identity.roleName === role.name;
    return { permissions: own ? call.caller.permissions : role.permissions, isUser: false };
  }
  throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
}

/** Rights hang on keys here: a caller's own are those of the keys in use, another's those of the first keys. */
function userPermissions(call: Call, arn: string): PermissionSet {
  if (call.caller.arn === arn) {
    return call.caller.permissions;
  }
  return call.account.callers.find((caller) => caller.arn === arn)?.permissions ?? { only: [] };
}

function contextOf(call: Call): Context {
  const entries = new Map<string, string>();
  for (let index = 1; ; index++) {
    const key = call.parameters.text(`ContextEntries.member.${index}.ContextKeyName`);
    if (key === undefined) {
      return entries;
    }
    const [value = ''] = call.parameters.list(`ContextEntries.member.${index}.ContextKeyValues`);
    entries.set(key.toLowerCase(), value);
  }
}

const trustOf = (call: Call): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${call.account.id}:root` }, Action: 'sts:AssumeRole' },
    ],
  });
