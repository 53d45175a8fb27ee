import { IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import type { Iam } from '../core/iam';
import { ProblemError } from '../core/problem';
import { endpointUrl } from './endpoint';
import { AwsIam, type AwsClients, type SessionKeys } from './iam';
import { NotAwsError, toProblem } from './problems';

/** How to sign in. */
export type SignIn =
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'default' }
  /** Keys and an endpoint in hand: the practice account. */
  | {
      readonly kind: 'keys';
      readonly endpoint: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      /** Of a role's or a user's session; long-term keys have none. */
      readonly sessionToken?: string;
    };

/** What the log is told of each call. */
export interface CallRecord {
  readonly operation: string;
  readonly milliseconds: number;
  readonly status?: number;
  readonly requestId?: string;
  readonly attempts?: number;
  /** The code on the wire, else Node's code or the error's name, where it failed. */
  readonly error?: string;
}

export interface Connection {
  readonly iam: Iam;
  /** The endpoint IAM is called at, where it is not AWS's own. */
  readonly endpoint?: string;
  dispose(): void;
}

/** Milliseconds until a connection, and then an answer, is given up. */
const patience = { connectionTimeout: 10_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/**
 * Makes the clients for one way of signing in. Asks nobody yet: credentials are found at the first call.
 * @param onCall told of each call once it has ended; never of its parameters or its answer
 * @throws ProblemError `badConfig` where the profile's endpoint cannot be made out
 */
export async function connect(signIn: SignIn, onCall: (call: CallRecord) => void): Promise<Connection> {
  // What the SDK remembers of the files is made new: they may have been changed since.
  await loadSharedConfigFiles({ ignoreCache: true });
  const profile = signIn.kind === 'profile' ? signIn.profile : undefined;
  const [iamEndpoint, stsEndpoint] = await endpoints(signIn, profile);
  const credentials =
    signIn.kind === 'keys'
      ? {
          accessKeyId: signIn.accessKeyId,
          secretAccessKey: signIn.secretAccessKey,
          ...(signIn.sessionToken !== undefined && { sessionToken: signIn.sessionToken }),
        }
      : fromNodeProviderChain({ ...(profile !== undefined && { profile }), ignoreCache: true });
  const clients = new Clients({ region: await region(signIn, profile), iamEndpoint, stsEndpoint, onCall }, credentials);
  return {
    iam: new AwsIam(clients),
    ...(iamEndpoint !== undefined && { endpoint: iamEndpoint }),
    dispose: () => clients.close(),
  };
}

/** Where clients call and who hears of it: the same for a connection and for the sessions made from it. */
interface Surroundings {
  readonly region: string;
  readonly iamEndpoint: string | undefined;
  readonly stsEndpoint: string | undefined;
  readonly onCall: (call: CallRecord) => void;
}

/** The clients of one set of credentials. */
class Clients implements AwsClients {
  readonly reads: IAMClient;
  readonly writes: IAMClient;
  readonly sts: STSClient;
  readonly stsOnce: STSClient;
  #clockAhead = 0;
  #ended = false;

  /** @param systemClockOffset what is known of this computer's clock, as the SDK counts it; milliseconds */
  constructor(
    private readonly surroundings: Surroundings,
    credentials: NonNullable<IAMClientConfig['credentials']>,
    systemClockOffset = 0,
  ) {
    const { region, iamEndpoint, stsEndpoint } = surroundings;
    const settings = {
      credentials,
      region,
      systemClockOffset,
      requestHandler: patience,
      // The endpoint was made out before, for the right profile: the clients must not look again.
      ignoreConfiguredEndpointUrls: true,
    };
    const forIam = { ...settings, ...(iamEndpoint !== undefined && { endpoint: iamEndpoint }) };
    const forSts = { ...settings, ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }) };
    this.reads = new IAMClient(forIam);
    this.writes = new IAMClient({ ...forIam, maxAttempts: 1 });
    this.sts = new STSClient(forSts);
    this.stsOnce = new STSClient({ ...forSts, maxAttempts: 1 });
    const observer: Observer = {
      begin: (operation) => {
        // Clients that were destroyed would call all the same.
        if (this.#ended) {
          throw new ProblemError({ code: 'expiredCredentials', operation });
        }
      },
      onCall: surroundings.onCall,
      noteDate: (date) => this.#noteDate(date),
    };
    for (const client of this.#all) {
      observe(client as Observable, observer);
    }
  }

  get iamEndpoint(): string | undefined {
    return this.surroundings.iamEndpoint;
  }

  get stsEndpoint(): string | undefined {
    return this.surroundings.stsEndpoint;
  }

  clockAhead(): number {
    return this.#clockAhead;
  }

  openSession(keys: SessionKeys): { readonly clients: AwsClients; readonly end: () => void } {
    // The client that has just been answered knows this computer's clock best.
    const session = new Clients(this.surroundings, keys, this.stsOnce.config.systemClockOffset);
    return { clients: session, end: () => session.end() };
  }

  /** Lets go of the sockets. What is still under way, such as the clean-up of a window that closes, may call on. */
  close(): void {
    this.#all.forEach((client) => client.destroy());
  }

  /** Drops a session: no call goes out afterwards. */
  end(): void {
    this.#ended = true;
    this.close();
  }

  get #all(): readonly (IAMClient | STSClient)[] {
    return [this.reads, this.writes, this.sts, this.stsOnce];
  }

  #noteDate(date: string | undefined): void {
    const time = date === undefined ? NaN : Date.parse(date);
    // Whole seconds on AWS's side: less than two either way is no difference.
    this.#clockAhead = Number.isNaN(time) || Math.abs(time - Date.now()) < 2000 ? 0 : time - Date.now();
  }
}

async function endpoints(
  signIn: SignIn,
  profile: string | undefined,
): Promise<readonly [string | undefined, string | undefined]> {
  if (signIn.kind === 'keys') {
    return [signIn.endpoint, signIn.endpoint];
  }
  try {
    return await Promise.all([endpointUrl('iam', profile), endpointUrl('sts', profile)]);
  } catch (error) {
    const { detail } = toProblem(error, 'Credentials', { service: 'iam' });
    throw new ProblemError({ code: 'badConfig', operation: 'Credentials', ...(detail !== undefined && { detail }) });
  }
}

/** IAM answers the same in every region of a partition (iam-facts 1.10), but the SDK wants one named. */
async function region(signIn: SignIn, profile: string | undefined): Promise<string> {
  if (signIn.kind === 'keys') {
    return 'us-east-1';
  }
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const name = profile ?? process.env['AWS_PROFILE'] ?? 'default';
  const ofProfile = configFile[name]?.['region'] ?? credentialsFile[name]?.['region'];
  const ofEnvironment = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  // A chosen profile's own region comes before the environment's: the environment may be about another partition.
  return (profile === undefined ? (ofEnvironment ?? ofProfile) : (ofProfile ?? ofEnvironment)) ?? 'us-east-1';
}

/** The part of a client's middleware stack that is used here, the same for each service. */
interface Observable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { readonly input: object; request?: unknown }) => Promise<Handled>,
        context: { readonly commandName?: string },
      ) => (args: { readonly input: object; request?: unknown }) => Promise<Handled>,
      options: { readonly step: 'initialize' | 'deserialize'; readonly name: string; readonly priority?: 'low' },
    ): void;
  };
}

interface Handled {
  readonly output: { readonly $metadata?: CallMetadata };
  readonly response: unknown;
}

interface CallMetadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  readonly attempts?: number;
}

interface Observer {
  /** Before a call; may throw, and then nothing is sent nor told. */
  begin(operation: string): void;
  onCall(call: CallRecord): void;
  /** Told of each answer's `Date`. */
  noteDate(date: string | undefined): void;
}

function observe(client: Observable, observer: Observer): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      observer.begin(operationName(context));
      const started = performance.now();
      const record = (metadata: CallMetadata | undefined, error?: string) => {
        observer.onCall({
          operation: operationName(context),
          milliseconds: Math.round(performance.now() - started),
          ...(metadata?.httpStatusCode !== undefined && { status: metadata.httpStatusCode }),
          ...(metadata?.requestId !== undefined && { requestId: metadata.requestId }),
          ...(metadata?.attempts !== undefined && { attempts: metadata.attempts }),
          ...(error !== undefined && { error }),
        });
      };
      try {
        const result = await next(args);
        record(result.output.$metadata);
        return result;
      } catch (error) {
        const shape = error as {
          readonly name?: string;
          readonly Code?: string;
          readonly code?: string;
          readonly $metadata?: CallMetadata;
        };
        record(shape.$metadata, shape.Code ?? shape.code ?? shape.name ?? 'Error');
        throw error;
      }
    },
    { step: 'initialize', name: 'recordCall' },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const response = result.response as HttpAnswer;
      observer.noteDate(response.headers['date']);
      if (response.statusCode < 300) {
        await expectAnswerOf(operationName(context), response);
      }
      return result;
    },
    { step: 'deserialize', name: 'readAnswer', priority: 'low' },
  );
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/**
 * Makes sure that a good status comes with AWS's answer. The SDK takes any XML for one, a proxy's log-in page too, and finds
 * nothing in it: no users, no devices, a device deleted. An answer without content has its own element all the same.
 * @throws NotAwsError
 */
async function expectAnswerOf(operation: string, response: HttpAnswer): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  response.body = body;
  if (!body.includes(`<${operation}Response`)) {
    throw new NotAwsError(response.statusCode);
  }
}

function operationName(context: { readonly commandName?: string }): string {
  return (context.commandName ?? 'unknown').replace(/Command$/, '');
}
