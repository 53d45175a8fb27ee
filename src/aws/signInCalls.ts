import { type HttpHandler, HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import type { CallRecord } from './calls';

/** A service that the SDK calls by itself when it looks for credentials. */
export type SignInService = 'sso' | 'sso_oidc' | 'signin';

/** A call of that kind that was not answered as it should be. */
export interface FailedCall {
  readonly service: SignInService;
  readonly operation: string;
  readonly status?: number;
  /** The code on the wire, or what `aws login` calls the reason of its refusal. */
  readonly wireCode?: string;
  readonly requestId?: string;
  /** What Node threw, where there was no answer. */
  readonly thrown?: unknown;
}

/** The operations, by the ends of their paths. */
const operations: readonly (readonly [path: string, service: SignInService, operation: string])[] = [
  ['/federation/credentials', 'sso', 'GetRoleCredentials'],
  ['/v1/token', 'signin', 'CreateOAuth2Token'],
  ['/token', 'sso_oidc', 'CreateToken'],
];

/** Those that renew a token. */
const renewing: readonly string[] = ['CreateOAuth2Token', 'CreateToken'];

/** What makes the requests: the part of the SDK's handler that is used here. */
export type Handler = Pick<HttpHandler, 'handle'>;

/**
 * Stands between the network and the clients that the SDK makes when it looks for credentials: those of IAM Identity Center and of
 * `aws login`. The SDK turns whatever happens there into a text. Here it is told by status, code and what Node threw, the log
 * hears of the calls, and they go where the profile says. Good for one search for credentials.
 */
export class SignInCalls implements HttpHandler {
  /** The last call that failed. */
  failed: FailedCall | undefined;

  /**
   * @param handler the SDK's own, with certificates and timeouts
   * @param endpoints where they are not AWS's own
   * @param renewed told how each renewal of a token went: undefined where it was one
   */
  constructor(
    private readonly handler: Handler,
    private readonly endpoints: Readonly<Partial<Record<SignInService, string>>>,
    private readonly onCall: (call: CallRecord) => void,
    private readonly renewed: (failed: FailedCall | undefined) => void,
  ) {}

  readonly metadata = { handlerProtocol: 'http/1.1' };

  async handle(...[request, options]: Parameters<Handler['handle']>): ReturnType<Handler['handle']> {
    const [, service, operation] = operations.find(([path]) => request.path.endsWith(path)) ?? ['', 'sso', 'unknown'];
    // The proof in a call of `aws login` holds the address, so that one is sent there by the SDK itself.
    const endpoint = service === 'signin' ? undefined : this.endpoints[service];
    const started = performance.now();
    const record = (answer: { readonly status?: number; readonly requestId?: string; readonly error?: string }) =>
      this.onCall({ operation, milliseconds: Math.round(performance.now() - started), ...answer });
    try {
      const result = await this.handler.handle(
        endpoint === undefined ? request : redirected(request, endpoint),
        options,
      );
      const { response } = result;
      const requestId = response.headers['x-amzn-requestid'];
      const answer = { status: response.statusCode, ...(requestId !== undefined && { requestId }) };
      if (response.statusCode < 300) {
        record(answer);
        this.#tell(operation, undefined);
        return result;
      }
      const wireCode = await wireCodeOf(response);
      this.failed = { service, operation, ...answer, ...(wireCode !== undefined && { wireCode }) };
      this.#tell(operation, this.failed);
      record({ ...answer, error: wireCode ?? 'Error' });
      return result;
    } catch (thrown) {
      this.failed = { service, operation, thrown };
      this.#tell(operation, this.failed);
      const { code, name } = thrown as { readonly code?: string; readonly name?: string };
      record({ error: code ?? name ?? 'Error' });
      throw thrown;
    }
  }

  #tell(operation: string, failed: FailedCall | undefined): void {
    if (renewing.includes(operation)) {
      this.renewed(failed);
    }
  }

  updateHttpClientConfig(): void {
    // The settings are the handler's own.
  }

  httpHandlerConfigs(): object {
    return {};
  }
}

/** Neither call is signed, so that the address may change. */
function redirected(request: HttpRequest, endpoint: string): HttpRequest {
  const { protocol, hostname, port, pathname, host } = new URL(endpoint);
  const changed = HttpRequest.clone(request);
  changed.protocol = protocol;
  changed.hostname = hostname;
  if (port === '') {
    delete changed.port;
  } else {
    changed.port = Number(port);
  }
  changed.path = pathname.replace(/\/$/, '') + request.path;
  changed.headers = { ...request.headers, host };
  return changed;
}

async function wireCodeOf(response: HttpResponse): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  response.body = body;
  let reason: unknown;
  try {
    const answer = JSON.parse(body.toString('utf8')) as { readonly error?: unknown; readonly __type?: unknown } | null;
    reason = answer?.error ?? answer?.__type;
  } catch {
    // A page of a proxy, say: no code.
  }
  const code = typeof reason === 'string' ? reason : response.headers['x-amzn-errortype'];
  // `namespace#UnauthorizedException`, `UnauthorizedException:http://…`: AWS's services write it in several ways.
  return code?.replace(/^.*#/, '').replace(/:.*$/, '');
}
