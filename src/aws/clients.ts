import type { AgentOptions } from 'node:https';
import { IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { accountKey, type Caller } from '../core/account';
import { ProblemError } from '../core/problem';
import { readInParts } from './answers';
import { observe, type CallRecord, type Observable, type Observer } from './calls';
import type { AwsClients, SessionKeys } from './iam';
import type { Pace, Paces } from './pace';
import { keepPace } from './pacedReads';

/** Where clients call and who hears of it: the same for a connection, for its sign-in and for the sessions made from it. */
export interface Surroundings {
  readonly region: string;
  /** Its other settings are followed: FIPS and dual stack endpoints, the number of attempts. Undefined: the environment's. */
  readonly profile: string | undefined;
  readonly iamEndpoint: string | undefined;
  readonly stsEndpoint: string | undefined;
  /** Where certificates of the person's own are trusted. */
  readonly tls: AgentOptions | undefined;
  /** True for the practice account, which is no part of AWS: the person's settings are not about it. */
  readonly apart: boolean;
  readonly onCall: (call: CallRecord) => void;
  /** How fast accounts are called, shared by all who read them. */
  readonly paces: Paces;
}

/** Milliseconds until a connection, and then an answer, is given up. */
const patience = { connectionTimeout: 10_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/** What every client of the SDK is made with. */
export function clientSettings(surroundings: Surroundings) {
  const { region, tls } = surroundings;
  return {
    ...sharedSettings(surroundings),
    region,
    requestHandler: { ...patience, ...(tls && { httpsAgent: tls }) },
  };
}

/** What every client is made with, those too that the SDK makes by itself when it looks for credentials. */
export function sharedSettings({ profile, apart }: Surroundings) {
  return {
    ...(profile !== undefined && { profile }),
    ...(apart && { useFipsEndpoint: false, useDualstackEndpoint: false }),
    // The endpoint was made out before, for the right profile: the clients must not look again.
    ignoreConfiguredEndpointUrls: true,
  };
}

/** `endpoint` as a setting, where there is one. */
export function endpointSetting(endpoint: string | undefined): { readonly endpoint?: string } {
  return endpoint === undefined ? {} : { endpoint };
}

/** The clients of one set of credentials. */
export class Clients implements AwsClients {
  readonly reads: IAMClient;
  readonly writes: IAMClient;
  readonly sts: STSClient;
  readonly stsOnce: STSClient;
  #clockAhead = 0;
  #ended = false;
  #pace: Pace;

  /**
   * @param refused told of the code on the wire where a call was refused, and of the key; returns whether to call once more
   * @param systemClockOffset what is known of this computer's clock, as the SDK counts it; milliseconds
   */
  constructor(
    private readonly surroundings: Surroundings,
    credentials: NonNullable<IAMClientConfig['credentials']>,
    refused: NonNullable<Observer['refused']> = () => false,
    systemClockOffset = 0,
  ) {
    const { iamEndpoint, stsEndpoint } = surroundings;
    const settings = { ...clientSettings(surroundings), credentials, systemClockOffset };
    const forIam = { ...settings, ...endpointSetting(iamEndpoint) };
    const forSts = { ...settings, ...endpointSetting(stsEndpoint) };
    this.reads = new IAMClient(forIam);
    this.writes = new IAMClient({ ...forIam, maxAttempts: 1 });
    this.sts = new STSClient(forSts);
    this.stsOnce = new STSClient({ ...forSts, maxAttempts: 1 });
    this.#pace = surroundings.paces.apart();
    // Clients that were destroyed would call all the same.
    const begin = (operation: string) => {
      if (this.#ended) {
        throw new ProblemError({ code: 'expiredCredentials', operation });
      }
    };
    keepPace(this.reads, () => this.#pace, begin);
    readInParts(this.reads);
    const observer: Observer = {
      begin,
      onCall: surroundings.onCall,
      noteDate: (date) => this.#noteDate(date),
      refused,
    };
    for (const client of this.#all) {
      // It walks through whole answers for a log that nobody reads.
      client.middlewareStack.remove('loggerMiddleware');
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

  noteAccount(caller: Pick<Caller, 'partition' | 'accountId'>): void {
    this.#pace = this.surroundings.paces.of(accountKey(caller, this.iamEndpoint));
  }

  openSession(keys: SessionKeys): { readonly clients: AwsClients; readonly end: () => void } {
    // The client that has just been answered knows this computer's clock best.
    const session = new Clients(this.surroundings, keys, undefined, this.stsOnce.config.systemClockOffset);
    session.#pace = this.#pace;
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
