import type { Problem, ProblemCode } from '../core/problem';

/** Codes on the wire that mean one thing whatever the call was (iam-facts 1.2 and 1.7). */
const byWireCode: Readonly<Record<string, ProblemCode>> = {
  AccessDenied: 'accessDenied',
  AccessDeniedException: 'accessDenied',
  UnauthorizedOperation: 'accessDenied',
  OptInRequired: 'accessDenied',
  InvalidAuthenticationCode: 'invalidCode',
  EntityAlreadyExists: 'alreadyExists',
  NoSuchEntity: 'notFound',
  LimitExceeded: 'limitExceeded',
  DeleteConflict: 'deleteConflict',
  EntityTemporarilyUnmodifiable: 'temporarilyUnmodifiable',
  ConcurrentModification: 'concurrentModification',
  InvalidInput: 'invalidInput',
  ValidationError: 'invalidInput',
  MalformedInput: 'invalidInput',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  ExpiredToken: 'expiredCredentials',
  ExpiredTokenException: 'expiredCredentials',
  InvalidClientTokenId: 'unknownKey',
  UnrecognizedClientException: 'unknownKey',
  MissingAuthenticationToken: 'unknownKey',
  IncompleteSignature: 'wrongSecret',
  SignatureDoesNotMatch: 'wrongSecret',
  RequestExpired: 'clockOff',
  RequestTimeTooSkewed: 'clockOff',
  ServiceFailure: 'serviceFault',
  InternalFailure: 'serviceFault',
  ServiceUnavailable: 'serviceFault',
};

/**
 * Codes that mean something else in one call. `GetSessionToken` needs no permission, and whatever it refuses of a code or a
 * serial is `AccessDenied`; only the text would tell them apart (iam-facts 1.6 and 2.2). A policy that denies
 * `sts:GetSessionToken` outright looks the same, and so do a session's keys, which it does not take.
 */
const byCall: Readonly<Record<string, Readonly<Record<string, ProblemCode>>>> = {
  GetSessionToken: { AccessDenied: 'invalidCode' },
  // How STS says that the token of a web identity is past its time, and that it is none (STS API reference).
  AssumeRoleWithWebIdentity: { IDPRejectedClaim: 'expiredCredentials', InvalidIdentityToken: 'noCredentials' },
};

/** What Node says of a connection that never came about: the request cannot have been read. */
const neverReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_INVALID_URL',
  'EPROTO',
]);

/** What Node says of a certificate that it does not trust (Node's documentation of `tls`, X509 certificate error codes). */
const untrusted = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Problems where AWS has not answered. */
const unanswered: readonly ProblemCode[] = [
  'unreachable',
  'timedOut',
  'answerLost',
  'notAws',
  'untrustedCertificate',
  'proxyRefused',
];

/** What Node says of a connection that broke: the work may have been done. */
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET']);

/** A good status over something that is no answer of AWS's. */
export class NotAwsError extends Error {
  // By hand: a minified bundle renames the class.
  override readonly name = 'NotAwsError';
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(httpStatusCode: number, options?: ErrorOptions) {
    super('The answer is none of AWS’s', options);
    this.$metadata = { httpStatusCode };
  }
}

interface SdkErrorShape {
  readonly name?: unknown;
  readonly Code?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/**
 * Translates what the SDK threw. Told by the code and the call, never by the text (iam-facts 2.1).
 * @param error what was thrown
 * @param operation the call as AWS names it
 * @param where the endpoint, what the call was about, and what that is to policies
 */
export function toProblem(
  error: unknown,
  operation: string,
  where: {
    readonly service: 'iam' | 'sts' | 'sso' | 'sso_oidc' | 'signin';
    readonly subject?: string;
    readonly resource?: string;
    readonly endpoint?: string;
  },
): Problem {
  const shape: SdkErrorShape = typeof error === 'object' && error !== null ? error : {};
  const name = typeof shape.name === 'string' ? shape.name : '';
  const wire = typeof shape.Code === 'string' ? shape.Code : name.replace(/Exception$/, '');
  const status = shape.$metadata?.httpStatusCode ?? shape.$response?.statusCode;
  const requestId = shape.$metadata?.requestId ?? shape.$response?.headers?.['x-amzn-requestid'];
  const code = byCall[operation]?.[wire] ?? codeOf(shape, name, wire, status);
  const nothingReached = unanswered.includes(code);
  // Where AWS has not answered, it is about who was asked; without an endpoint of its own that is AWS.
  const subject = nothingReached ? where.endpoint : where.subject;
  return {
    code,
    operation,
    ...(code === 'accessDenied' && {
      permission: `${where.service}:${operation}`,
      ...(where.resource !== undefined && { resource: where.resource }),
    }),
    ...(subject !== undefined && { subject }),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    // Where AWS has not answered, the SDK's own names for that are no code of AWS's.
    ...(wire !== '' && status !== undefined && !nothingReached && { awsCode: wire }),
    ...(typeof shape.message === 'string' && shape.message !== '' && { detail: firstLine(shape.message) }),
  };
}

function codeOf(shape: SdkErrorShape, name: string, wire: string, status: number | undefined): ProblemCode {
  if (status === 407) {
    return 'proxyRefused';
  }
  const known = byWireCode[wire] ?? byWireCode[name];
  if (known) {
    return known;
  }
  if (name === 'TokenProviderError') {
    return 'expiredCredentials';
  }
  if (name === 'CredentialsProviderError' || name === 'ProviderError') {
    return 'noCredentials';
  }
  // The settings do not go together, such as FIPS endpoints and an endpoint of one's own.
  if (name === 'EndpointError') {
    return 'badConfig';
  }
  const code = typeof shape.code === 'string' ? shape.code : '';
  if (untrusted.has(code)) {
    return 'untrustedCertificate';
  }
  if (neverReached.has(code)) {
    return 'unreachable';
  }
  if (broken.has(code)) {
    return 'answerLost';
  }
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') {
    return 'timedOut';
  }
  if (name === 'NotAwsError' || code.startsWith('HPE_')) {
    return 'notAws';
  }
  if (status !== undefined && typeof shape.Code === 'string') {
    // AWS's answer, with a code that is not in the table.
    return status >= 500 ? 'serviceFault' : 'other';
  }
  // An answer came, but none that AWS's protocol knows: a proxy's page, say (iam-facts 1.9).
  if (status !== undefined && (shape.$response !== undefined || name === 'Unknown' || name === 'SyntaxError')) {
    return 'notAws';
  }
  return status !== undefined && status >= 500 ? 'serviceFault' : 'other';
}

/** A page of HTML in a message would help nobody. */
function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
