import type { Account, Caller } from './account';
import { type Failure, validationError } from './failure';
import type { Partition } from './partition';
import type { Owner, State } from './state';
import type { Parameters, Rules } from './validation';
import type { Fields, Service } from './wire';

/** One call on its way through. */
export interface Call {
  readonly operation: string;
  readonly parameters: Parameters;
  readonly caller: Caller;
  /** The caller's. */
  readonly account: Account;
  readonly partition: Partition;
  /** What this call sees: for writes the truth, for reads what has propagated. */
  readonly state: State;
  /** The account's clock, ms. */
  readonly now: number;
  /** Makes a new state true. */
  readonly commit: (next: State) => void;
}

/** How one operation is checked and done. */
export interface Operation {
  readonly service: Service;
  readonly effect: 'read' | 'write';
  readonly rules: Rules;
  /** The ARN the permission is asked for (iam-facts 1.8). Left out: the operation needs no permission. */
  readonly resource?: (call: Call) => string;
  /** Further actions the caller needs for these parameters. */
  readonly alsoNeeds?: (call: Call) => readonly string[];
  /** Does the work; throws Failure. Undefined for an empty answer. */
  readonly run: (call: Call) => Fields | undefined;
}

export type Operations = Readonly<Record<string, Operation>>;

/** A call that is not signed: a token among its parameters says who asks. */
export type UnsignedCall = Pick<Call, 'parameters' | 'partition' | 'now'>;

/** How an operation is checked and done that is not signed. */
export interface UnsignedOperation {
  readonly service: Service;
  readonly rules: Rules;
  /** The refusal of a token that has run out. */
  readonly expired: () => Failure;
  /** Does the work; throws Failure. */
  readonly run: (call: UnsignedCall) => { readonly caller: string; readonly fields: Fields };
}

/** The user a call is about: the one it names, or else the user of the signing key. */
export function userNameOf(call: Call): string {
  const named = call.parameters.text('UserName');
  if (named !== undefined) {
    return named;
  }
  if (call.caller.identity.kind === 'user') {
    return call.caller.identity.userName;
  }
  throw validationError('Must specify userName when calling with non-User credentials');
}

/** As userNameOf, but root may ask for itself. */
export function ownerOf(call: Call): Owner {
  return call.parameters.text('UserName') === undefined && call.caller.identity.kind === 'root'
    ? { kind: 'root' }
    : { kind: 'user', userName: userNameOf(call) };
}

/** The resource of an operation on a user. */
export function userResource(call: Call): string {
  const owner = ownerOf(call);
  return owner.kind === 'root' ? call.caller.arn : call.account.arnOfUser(owner.userName);
}

export const anyResource = (): string => '*';
