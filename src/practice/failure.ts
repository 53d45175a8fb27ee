/**
 * An answer that says no, in AWS's words: the wire code, the HTTP status and the text.
 * A failure without a message goes out without a Message element, as ReportNotPresent does (iam-facts 9.3).
 */
export class Failure extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message = '') {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.status = status;
  }
}

// Codes and statuses: iam-facts 1.2 and 1.7.
export const noSuchEntity = (message: string): Failure => new Failure('NoSuchEntity', 404, message);
export const entityAlreadyExists = (message: string): Failure => new Failure('EntityAlreadyExists', 409, message);
export const limitExceeded = (message: string): Failure => new Failure('LimitExceeded', 409, message);
export const deleteConflict = (message: string): Failure => new Failure('DeleteConflict', 409, message);
export const invalidInput = (message: string): Failure => new Failure('InvalidInput', 400, message);
export const malformedPolicy = (message: string): Failure => new Failure('MalformedPolicyDocument', 400, message);
export const validationError = (message: string): Failure => new Failure('ValidationError', 400, message);
export const accessDenied = (message: string): Failure => new Failure('AccessDenied', 403, message);

export const temporarilyUnmodifiable = (message: string): Failure =>
  new Failure('EntityTemporarilyUnmodifiable', 409, message);

export const invalidAuthenticationCode = (): Failure =>
  new Failure('InvalidAuthenticationCode', 403, 'Authentication code for device is not valid.');

export const invalidClientTokenId = (): Failure =>
  new Failure('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');

export const expiredToken = (): Failure =>
  new Failure('ExpiredToken', 403, 'The security token included in the request is expired');
