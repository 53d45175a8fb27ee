import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account, Caller } from './account';
import { accessDenied, expiredToken, Failure, invalidClientTokenId } from './failure';
import type { Call, Operation, Operations } from './operation';
import { accountOperations } from './operations/account';
import { deviceOperations } from './operations/devices';
import { policyOperations } from './operations/policies';
import { sessionOperations } from './operations/sessions';
import { userOperations } from './operations/users';
import { decide, refusal } from './permissions';
import { type SignedRequest, verifySignature } from './signature';
import { Parameters, validate } from './validation';
import { errorXml, resultXml, serviceOfVersion, type Service } from './wire';

/** What was asked and how it was answered; no secrets. */
export interface PracticeCall {
  readonly operation: string;
  /** The caller's name; `unknown` when the signature told none. */
  readonly caller: string;
  /** HTTP status; 0 when the answer was dropped. */
  readonly status: number;
  /** The account's clock, ms. */
  readonly at: number;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The work is done, but the connection is to break. */
  readonly dropped: boolean;
  readonly call: PracticeCall;
}

const operations: Operations = {
  ...deviceOperations,
  ...userOperations,
  ...policyOperations,
  ...accountOperations,
  ...sessionOperations,
};

/** Answers one request: faults, signature, parameters, permission and work, in this order. Never throws. */
export async function answer(account: Account, request: SignedRequest): Promise<Answer> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const name = form.get('Action') ?? '';
  const parameters = new Parameters(form);
  const { faults } = account;

  const late = faults.take('latency', name);
  if (late !== undefined) {
    // Unreferenced, so that a stopped account keeps no process alive.
    await delay(late.ms, undefined, { ref: false });
  }
  const skew = faults.take('clockSkew', name);
  const now = account.settings.clock() + (skew?.ms ?? 0);
  const requestId = randomUUID();
  const headers = { 'x-amzn-RequestId': requestId, Date: new Date(now).toUTCString() };
  const finish = (caller: string, status: number, type: string, body: string): Answer => {
    const dropped = status < 300 && faults.take('dropAnswer', name) !== undefined;
    return {
      status,
      headers: { ...headers, 'Content-Type': type },
      body,
      dropped,
      call: { operation: name, caller, status: dropped ? 0 : status, at: now, parameters: parameters.withoutSecrets() },
    };
  };

  if (faults.take('html503', name) !== undefined) {
    const page = '<html><head><title>503</title></head><body><h1>503 Service Unavailable</h1></body></html>';
    return finish('unknown', 503, 'text/html', page);
  }

  const service = serviceOfVersion(form.get('Version') ?? undefined);
  let caller: Caller | undefined;
  try {
    const operation = operationOf(request, service, name, form.get('Version') ?? '');
    caller = authenticate(account, request, operation.service, now, skew?.code ?? 'SignatureDoesNotMatch');
    throwFaults(account, name);
    const call = callOf(account, operation, name, parameters, caller, now);
    // Assumed: parameters are looked at before permissions, since the resource is worked out of them.
    validate(parameters, operation.rules);
    authorize(call, operation);
    const fields = operation.run(call);
    return finish(caller.name, 200, 'text/xml', resultXml(operation.service, name, requestId, fields));
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure('InternalFailure', 500, String(error));
    return finish(
      caller?.name ?? 'unknown',
      failure.status,
      'text/xml',
      errorXml(service ?? 'iam', requestId, failure),
    );
  }
}

function operationOf(request: SignedRequest, service: Service | undefined, name: string, version: string): Operation {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (request.method !== 'POST' || operation === undefined || operation.service !== service) {
    throw new Failure('InvalidAction', 400, `Could not find operation ${name} for version ${version}`);
  }
  return operation;
}

function authenticate(
  account: Account,
  request: SignedRequest,
  service: Service,
  now: number,
  skewCode: 'SignatureDoesNotMatch' | 'RequestExpired',
): Caller {
  const accessKeyId = verifySignature(request, {
    service,
    now,
    skewCode,
    keyOf: (id) => account.credentialsOf(id),
  });
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

function throwFaults(account: Account, name: string): void {
  const { faults } = account;
  if (faults.take('expiredToken', name) !== undefined) {
    throw expiredToken();
  }
  if (faults.take('throttle', name) !== undefined) {
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

function callOf(
  account: Account,
  operation: Operation,
  name: string,
  parameters: Parameters,
  caller: Caller,
  now: number,
): Call {
  return {
    operation: name,
    parameters,
    caller,
    account,
    now,
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
