import type { Account, Caller } from './account';
import { type Answer, exchange, type Moment, type Worked } from './exchange';
import { accessDenied, expiredToken, Failure, invalidClientTokenId } from './failure';
import type { Call, Operation, Operations, UnsignedOperation } from './operation';
import { accountOperations } from './operations/account';
import { deviceOperations } from './operations/devices';
import { policyOperations } from './operations/policies';
import { sessionOperations } from './operations/sessions';
import { simulationOperations } from './operations/simulation';
import { userOperations } from './operations/users';
import { webIdentityOperations } from './operations/webIdentity';
import type { Partition } from './partition';
import { decide, refusal } from './permissions';
import { accessKeyIdOf, type SignedRequest, verifySignature } from './signature';
import { Parameters, validate } from './validation';
import { errorXml, resultXml, serviceOfVersion, type Service } from './wire';

const operations: Operations = {
  ...deviceOperations,
  ...userOperations,
  ...policyOperations,
  ...accountOperations,
  ...sessionOperations,
  ...simulationOperations,
};

/** Answers one request: faults, signature, parameters, permission and work, in this order. Never throws. */
export function answer(partition: Partition, request: SignedRequest): Promise<Answer> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const name = form.get('Action') ?? '';
  const version = form.get('Version') ?? undefined;
  const parameters = new Parameters(form);
  const unsigned = Object.hasOwn(webIdentityOperations, name) ? webIdentityOperations[name] : undefined;
  // Calls that are nobody's have to be somebody's.
  const account =
    (unsigned === undefined
      ? partition.accountOfKey(accessKeyIdOf(request) ?? '')
      : partition.role(parameters.text('RoleArn') ?? '')?.account) ?? partition.first;
  return exchange({ account, operation: name, parameters: parameters.withoutSecrets() }, (moment) => {
    const asked: Asked = { partition, account, request, name, version, parameters, moment };
    return unsigned === undefined ? workSigned(asked) : workUnsigned(asked, unsigned);
  });
}

interface Asked {
  readonly partition: Partition;
  readonly account: Account;
  readonly request: SignedRequest;
  /** Of the operation. */
  readonly name: string;
  readonly version: string | undefined;
  readonly parameters: Parameters;
  readonly moment: Moment;
}

function workSigned(asked: Asked): Worked {
  const { account, name, parameters, moment } = asked;
  let caller: Caller | undefined;
  try {
    const operation = needOperation(asked, Object.hasOwn(operations, name) ? operations[name] : undefined);
    caller = authenticate(asked, operation.service);
    throwFaults(account, name);
    const call = callOf(asked, operation, caller);
    // Assumed: parameters are looked at before permissions, since the resource is worked out of them.
    validate(parameters, operation.rules);
    authorize(call, operation);
    const body = resultXml(operation.service, name, moment.requestId, operation.run(call));
    return { caller: caller.name, status: 200, type: 'text/xml', body };
  } catch (error) {
    return refused(asked, caller?.name, error);
  }
}

function workUnsigned(asked: Asked, unsigned: UnsignedOperation): Worked {
  const { account, name, parameters, partition, moment } = asked;
  try {
    const operation = needOperation(asked, unsigned);
    throwFaults(account, name, operation.expired);
    validate(parameters, operation.rules);
    const { caller, fields } = operation.run({ parameters, partition, now: moment.now });
    const body = resultXml(operation.service, name, moment.requestId, fields);
    return { caller, status: 200, type: 'text/xml', body };
  } catch (error) {
    return refused(asked, undefined, error);
  }
}

function refused({ version, moment }: Asked, caller: string | undefined, error: unknown): Worked {
  const failure = error instanceof Failure ? error : new Failure('InternalFailure', 500, String(error));
  const body = errorXml(serviceOfVersion(version) ?? 'iam', moment.requestId, failure);
  return { caller: caller ?? 'unknown', status: failure.status, type: 'text/xml', body };
}

function needOperation<O extends { readonly service: Service }>(asked: Asked, operation: O | undefined): O {
  const { request, name, version } = asked;
  if (request.method !== 'POST' || operation === undefined || operation.service !== serviceOfVersion(version)) {
    throw new Failure('InvalidAction', 400, `Could not find operation ${name} for version ${version ?? ''}`);
  }
  return operation;
}

function authenticate({ account, request, moment }: Asked, service: Service): Caller {
  const { now, skewCode } = moment;
  const accessKeyId = verifySignature(request, { service, now, skewCode, keyOf: (id) => account.credentialsOf(id) });
  const credentials = account.credentialsOf(accessKeyId);
  if (credentials === undefined) {
    throw invalidClientTokenId();
  }
  const { caller, expiresAt } = credentials;
  if (expiresAt !== undefined && expiresAt <= now) {
    throw expiredToken();
  }
  // A session made without a code cannot call IAM, and says so in this way (iam-facts 1.6).
  if (service === 'iam' && caller.credentials === 'session') {
    throw invalidClientTokenId();
  }
  if (service === 'iam') {
    account.noteKeyUse(accessKeyId, now);
  }
  return caller;
}

function throwFaults(account: Account, name: string, expired: () => Failure = expiredToken): void {
  const { faults, settings } = account;
  if (faults.take('expiredToken', name) !== undefined) {
    throw expired();
  }
  if (faults.throttles(name, settings.clock())) {
    throw new Failure('Throttling', 400, 'Rate exceeded');
  }
  const serverError = faults.take('serverError', name);
  if (serverError !== undefined) {
    throw new Failure(serverError.code ?? 'InternalFailure', 500, 'The request processing has failed.');
  }
  const error = faults.take('error', name);
  if (error !== undefined) {
    throw new Failure(error.code, error.status, error.message);
  }
}

function callOf({ partition, account, name, parameters, moment }: Asked, operation: Operation, caller: Caller): Call {
  return {
    operation: name,
    parameters,
    caller,
    account,
    partition,
    now: moment.now,
    state: operation.effect === 'write' ? account.state : account.seenAt(account.settings.clock()),
    commit: (next) => {
      account.commit(next, account.faults.take('propagation', name)?.ms ?? 0);
    },
  };
}

function authorize(call: Call, operation: Operation): void {
  if (operation.resource === undefined) {
    return;
  }
  const resource = operation.resource(call);
  const { identity, permissions, credentials, arn } = call.caller;
  if (call.account.faults.take('deny', call.operation) !== undefined) {
    throw accessDenied(refusal(arn, call.operation, resource, 'implicitDeny'));
  }
  for (const action of [call.operation, ...(operation.alsoNeeds?.(call) ?? [])]) {
    const decision = decide(permissions, {
      action,
      resource,
      userName: identity.kind === 'user' ? identity.userName : undefined,
      accountId: call.account.id,
      mfa: credentials === 'mfaSession',
    });
    if (decision !== 'allowed') {
      throw accessDenied(refusal(arn, action, resource, decision));
    }
  }
}
