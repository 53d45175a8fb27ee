import { accountKey } from '../core/account';
import { systemClock } from '../core/clock';
import type { Iam } from '../core/iam';
import { ProblemError } from '../core/problem';
import type { SignInPrompts } from '../core/signIn';
import type { CallRecord } from './calls';
import { trusting } from './certificates';
import { Clients, type Surroundings } from './clients';
import { awsFiles, type ChosenFiles } from './files';
import { findKeys } from './findKeys';
import { AwsIam } from './iam';
import { KeyMemo, type Keys } from './keys';
import { MfaSessions } from './mfaSessions';
import { Paces } from './pace';
import { Renewals } from './renewals';
import { KnownResources } from './resources';
import { RoleCalls } from './roles';
import { readSignIn, type SignInReading } from './signInReading';
import { FileWatch } from './watchFiles';

export type { CallRecord } from './calls';

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

export interface ConnectOptions {
  /** Whether a person is waiting for it, who may be asked for a code; left out: nobody is. */
  readonly attended?: boolean;
  /** The MFA sessions that are shared with other connections, and who is asked for codes; left out: nobody is. */
  readonly sessions?: MfaSessions;
  /** How fast accounts are called, where that is shared with other connections. */
  readonly paces?: Paces;
  /** The renewals of tokens, where they are shared with other connections. */
  readonly renewals?: Renewals;
  /** The files, where others than AWS's own were chosen; asked at each reading. */
  readonly files?: () => ChosenFiles;
}

export interface Connection {
  readonly iam: Iam;
  /** The endpoint IAM is called at, where it is not AWS's own. */
  readonly endpoint?: string;
  /** True once the files lead elsewhere than when this was made. */
  readonly outdated: boolean;
  /** The files that tokens come from, which other tools renew. */
  readonly tokenFiles: readonly string[];
  /** Drops the keys in hand: the next call finds them anew. */
  forgetKeys(): void;
  /** As `forgetKeys`, and settles once `outdated` is true of the files as they are now. */
  reread(): Promise<void>;
  dispose(): void;
}

/**
 * Makes the clients for one way of signing in. Asks nobody yet: credentials are found at the first call.
 * @param onCall told of each call once it has ended; never of its parameters or its answer
 * @throws ProblemError `badConfig` where the profile's endpoint cannot be made out, or its certificates not be read
 */
export async function connect(
  signIn: SignIn,
  onCall: (call: CallRecord) => void,
  options: ConnectOptions = {},
): Promise<Connection> {
  return signIn.kind === 'keys' ? withKeys(signIn, onCall, options) : FilesConnection.open(signIn, onCall, options);
}

function withKeys(
  { endpoint, accessKeyId, secretAccessKey, sessionToken }: SignIn & { kind: 'keys' },
  onCall: (call: CallRecord) => void,
  { paces = new Paces(systemClock) }: ConnectOptions,
): Connection {
  const clients = new Clients(
    {
      region: 'us-east-1',
      profile: undefined,
      iamEndpoint: endpoint,
      stsEndpoint: endpoint,
      tls: undefined,
      apart: true,
      onCall,
      paces,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  );
  return {
    iam: new AwsIam(clients),
    endpoint,
    outdated: false,
    tokenFiles: [],
    forgetKeys: () => undefined,
    reread: () => Promise.resolve(),
    dispose: () => clients.close(),
  };
}

/** Codes on the wire by which AWS says that the keys have run out. */
const keysRunOut = ['ExpiredToken', 'ExpiredTokenException'];

/** Others by which it says that they are no good, or no good any more. */
const keysRefused = ['InvalidClientTokenId', 'SignatureDoesNotMatch'];

/** A connection whose keys come from the person's files and environment, and are found anew when need be. */
class FilesConnection implements Connection {
  readonly iam: Iam;
  readonly endpoint?: string;
  readonly #clients: Clients;
  readonly #memo = new KeyMemo(() => this.#find());
  readonly #roles: RoleCalls;
  readonly #renewals: Renewals;
  readonly #known = new KnownResources();
  /** The key id of the keys found last: others may be another account's. */
  #keyId: string | undefined;
  #reading: SignInReading;
  #outdated = false;
  /** A person waits for the first keys alone: later a call may come from no one. */
  #mayAsk: boolean;

  private constructor(
    private readonly signIn: Exclude<SignIn, { kind: 'keys' }>,
    private readonly options: ConnectOptions,
    private readonly surroundings: Surroundings,
    reading: SignInReading,
  ) {
    this.#reading = reading;
    this.#mayAsk = options.attended ?? false;
    this.#roles = new RoleCalls(surroundings, options.sessions ?? new MfaSessions());
    this.#renewals = options.renewals ?? new Renewals();
    this.#clients = new Clients(surroundings, this.#memo.provider, (wireCode, keyId) => {
      const haveRunOut = keysRunOut.includes(wireCode);
      if (haveRunOut || keysRefused.includes(wireCode)) {
        this.#memo.refused(keyId);
      }
      // A session that AWS has ended before its time: others can be had as long as the sign-in lasts.
      return haveRunOut;
    });
    this.iam = new AwsIam(this.#clients, this.#known);
    if (surroundings.iamEndpoint !== undefined) {
      this.endpoint = surroundings.iamEndpoint;
    }
  }

  static async open(
    signIn: Exclude<SignIn, { kind: 'keys' }>,
    onCall: (call: CallRecord) => void,
    options: ConnectOptions,
  ): Promise<FilesConnection> {
    const reading = await read(signIn, options);
    const { region, profile, iamEndpoint, stsEndpoint, certificates } = reading;
    const tls = certificates === undefined ? undefined : await trusting(certificates);
    const { paces = new Paces(systemClock) } = options;
    const surroundings = { region, profile, iamEndpoint, stsEndpoint, tls, apart: false, onCall, paces };
    return new FilesConnection(signIn, options, surroundings, reading);
  }

  get outdated(): boolean {
    return this.#outdated;
  }

  get tokenFiles(): readonly string[] {
    return this.#reading.tokenFiles;
  }

  forgetKeys(): void {
    void this.reread();
  }

  async reread(): Promise<void> {
    this.#memo.forget();
    try {
      await this.#readAgain();
    } catch {
      // Whoever makes the next call hears of it.
      this.#outdated = true;
    }
  }

  dispose(): void {
    this.#clients.close();
  }

  async #find(): Promise<Keys> {
    const reading = await this.#readAgain();
    if (this.#outdated) {
      throw this.#leadsElsewhere();
    }
    const { origin, fault } = reading.chain;
    if (fault !== undefined) {
      throw new ProblemError({
        code: 'badConfig',
        operation: 'Credentials',
        ...(origin.profile !== undefined && { subject: origin.profile }),
        fault,
      });
    }
    // Whoever thinks better of it is not asked again by the next call.
    const mayAsk = this.#mayAsk;
    this.#mayAsk = false;
    const keys = await findKeys(reading.chain, {
      surroundings: this.surroundings,
      endpoints: reading.signInEndpoints,
      handler: this.#clients.sts.config.requestHandler,
      roles: this.#roles,
      renewals: this.#renewals,
      tokenFile: reading.tokenFiles[0],
      mayAsk,
      renewal: reading.renewal,
    });
    await this.#checkAccount(keys);
    return keys;
  }

  /** Whoever works on an account must not go on in another one because the keys under the same name were changed. */
  async #checkAccount(keys: Keys): Promise<void> {
    const { caller } = this.#known;
    if (caller && keys.accessKeyId !== this.#keyId) {
      const clients = new Clients(this.surroundings, keys);
      const now = await new AwsIam(clients).callerIdentity().finally(() => clients.close());
      if (accountKey(now) !== accountKey(caller)) {
        this.#outdated = true;
        throw this.#leadsElsewhere();
      }
    }
    this.#keyId = keys.accessKeyId;
  }

  #leadsElsewhere(): ProblemError {
    return new ProblemError({
      code: 'badConfig',
      operation: 'Credentials',
      ...(this.signIn.kind === 'profile' && { subject: this.signIn.profile }),
      fault: { kind: 'leadsElsewhere' },
    });
  }

  async #readAgain(): Promise<SignInReading> {
    const before = this.#reading;
    const now = await read(this.signIn, this.options);
    if (now.leadsTo === before.leadsTo) {
      this.#reading = now;
    }
    this.#outdated = now.leadsTo !== before.leadsTo;
    return now;
  }
}

function read(signIn: Exclude<SignIn, { kind: 'keys' }>, { files }: ConnectOptions): Promise<SignInReading> {
  return readSignIn(signIn.kind === 'profile' ? signIn.profile : undefined, files?.());
}

export interface ConnectionsOptions {
  readonly onCall: (call: CallRecord) => void;
  /** Asks for codes; left out: nobody is asked. */
  readonly prompts?: SignInPrompts;
  readonly files?: () => ChosenFiles;
  /** Left out: by the computer's clock. */
  readonly paces?: Paces;
  /** Told once a file has changed from which credentials come, and every connection has forgotten its keys. */
  readonly onFilesChanged: () => void;
}

/** The connections of a window, and what they share: MFA sessions, renewals, the paces of accounts, an eye on the files of keys. */
export class Connections {
  readonly #sessions: MfaSessions;
  readonly #renewals = new Renewals();
  readonly #paces: Paces;
  readonly #watch = new FileWatch(() => void this.filesChanged());
  /** Nobody says when the last work with a connection is done, so these are not what keeps them. */
  readonly #live = new Set<WeakRef<Connection>>();

  constructor(private readonly options: ConnectionsOptions) {
    this.#sessions = new MfaSessions(options.prompts);
    this.#paces = options.paces ?? new Paces(systemClock);
  }

  /** As `connect`. From the first time on that it leads to AWS, the files are watched. */
  async open(signIn: SignIn, attended: boolean): Promise<Connection> {
    const { onCall, files } = this.options;
    if (signIn.kind === 'keys') {
      return connect(signIn, onCall, { paces: this.#paces });
    }
    // Also where it fails: a change of the files may mend it.
    this.#look();
    const shared = { sessions: this.#sessions, renewals: this.#renewals, paces: this.#paces };
    const connection = await connect(signIn, onCall, { attended, ...shared, ...(files && { files }) });
    this.#live.add(new WeakRef(connection));
    this.#look();
    return connection;
  }

  dispose(): void {
    this.#watch.dispose();
    this.#live.clear();
  }

  /** Reads the files again: those that count now, which are watched from now on. */
  async filesChanged(): Promise<void> {
    await Promise.all(this.#connections().map((connection) => connection.reread()));
    this.#look();
    this.options.onFilesChanged();
  }

  #look(): void {
    const { config, credentials } = awsFiles(process.env, this.options.files?.());
    this.#watch.update([config, credentials, ...this.#connections().flatMap(({ tokenFiles }) => tokenFiles)]);
  }

  #connections(): readonly Connection[] {
    return [...this.#live].flatMap((reference) => {
      const connection = reference.deref();
      if (!connection) {
        this.#live.delete(reference);
      }
      return connection ? [connection] : [];
    });
  }
}
