import { IAMClient, paginateListMFADevices } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { ProblemError, problemOf } from '../core/problem';
import type { CodeQuestion, CodeRefusal } from '../core/signIn';
import { observe, type Observable } from './calls';
import { clientSettings, endpointSetting, type Surroundings } from './clients';
import type { Keys } from './keys';
import type { CodeUse, MfaSessions, SignInSession } from './mfaSessions';
import { toProblem } from './problems';

/**
 * How long a session for signing in lasts, in seconds: a working day without a second question. AWS's own default; root gets an
 * hour whatever is asked for (iam-facts 6.3).
 */
const sessionSeconds = 43_200;

/** A trust policy may want a code that is younger than a session; younger than this it need not be asked for again. */
const youngEnough = 3_600_000;

/** Which device's code a role wants, and for which profile. */
export interface CodeWanted {
  readonly serial: string;
  readonly profile?: string;
}

/** The keys in STS's answers. */
interface AnsweredKeys {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

/** How a call to STS is made. */
interface StsCall {
  /** Undefined: it is not signed. */
  readonly source?: Keys;
  /** What a refusal is about. */
  readonly subject: string | undefined;
  /** Whether no failure has it sent again: a code works once. */
  readonly once?: boolean;
}

/** The calls to STS that signing in takes. One with a code goes out once, and each refusal is a problem that names the role. */
export class RoleCalls {
  /** What is known of this computer's clock, as the SDK counts it. */
  #clockOffset = 0;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly sessions: MfaSessions,
  ) {}

  /**
   * @param source the keys that the role is assumed with
   * @param role as the files name it: whoever means the same shares a session that a code was asked for
   * @param wanted the device whose code the role wants; undefined: none
   * @param mayAsk whether a person is there who may be asked for it
   * @throws ProblemError
   */
  async assume(
    source: Keys,
    role: AssumeRoleCommandInput,
    wanted: CodeWanted | undefined,
    mayAsk: boolean,
  ): Promise<Keys> {
    if (!wanted) {
      return this.#assumeRole(source, role);
    }
    const { serial } = wanted;
    const use = { question: questionOf(wanted, role), mayAsk, why: () => this.#why(source, serial) };
    const key = [serial, source.accessKeyId, this.surroundings.stsEndpoint ?? ''].join(' ');
    if (source.sessionToken !== undefined) {
      // A session's keys make no other session (iam-facts 1.6): the code goes to the role itself.
      const { RoleArn, RoleSessionName, ExternalId, DurationSeconds } = role;
      const same = JSON.stringify([RoleArn, RoleSessionName, ExternalId, DurationSeconds]);
      const session = await this.sessions.session(`${key} ${same}`, {
        ...use,
        send: (code) => this.#assumeWithCode(source, { ...role, SerialNumber: serial, TokenCode: code }),
      });
      return session.keys;
    }
    return this.#assumeInSession(key, { ...use, send: (code) => this.#sessionToken(source, serial, code) }, role);
  }

  /** @throws ProblemError */
  assumeWithWebIdentity(role: AssumeRoleWithWebIdentityCommandInput): Promise<Keys> {
    return this.#sts('AssumeRoleWithWebIdentity', { subject: role.RoleArn }, async (client) =>
      this.#keysOf((await client.send(new AssumeRoleWithWebIdentityCommand(role))).Credentials, client),
    );
  }

  async #assumeInSession(key: string, use: CodeUse<Keys>, role: AssumeRoleCommandInput): Promise<Keys> {
    const session = await this.sessions.session(key, use);
    try {
      return await this.#assumeRole(session.keys, role);
    } catch (error) {
      if (!this.#mayBeTooOld(session, error, use.mayAsk)) {
        throw error;
      }
      this.sessions.drop(key, session);
    }
    const { keys } = await this.sessions.session(key, use);
    return this.#assumeRole(keys, role);
  }

  /** Whether another session, made with a new code, may do what this one could not. */
  #mayBeTooOld(session: SignInSession, error: unknown, mayAsk: boolean): boolean {
    switch (problemOf(error)?.code) {
      case 'expiredCredentials':
      case 'unknownKey':
        return true;
      case 'accessDenied':
        return mayAsk && this.sessions.age(session) > youngEnough;
      default:
        return false;
    }
  }

  #assumeRole(source: Keys, role: AssumeRoleCommandInput): Promise<Keys> {
    // As the SDK names it.
    const named = { ...role, RoleSessionName: role.RoleSessionName ?? `aws-sdk-js-${Date.now()}` };
    const call = { source, subject: role.RoleArn, once: role.TokenCode !== undefined };
    return this.#sts('AssumeRole', call, async (client) =>
      this.#keysOf((await client.send(new AssumeRoleCommand(named))).Credentials, client),
    );
  }

  async #assumeWithCode(source: Keys, role: AssumeRoleCommandInput): Promise<Keys> {
    try {
      return await this.#assumeRole(source, role);
    } catch (error) {
      const problem = problemOf(error);
      if (problem?.code !== 'accessDenied') {
        throw error;
      }
      // A code that was not taken and a role that may not be assumed look the same (iam-facts 2.2).
      throw new ProblemError({ ...problem, code: 'invalidCode' }, { cause: error });
    }
  }

  #sessionToken(source: Keys, serial: string, code: string): Promise<Keys> {
    const input = { SerialNumber: serial, TokenCode: code, DurationSeconds: sessionSeconds };
    return this.#sts('GetSessionToken', { source, subject: serial, once: true }, async (client) =>
      this.#keysOf((await client.send(new GetSessionTokenCommand(input))).Credentials, client),
    );
  }

  /** Why a code was not taken: AWS's answer to it does not tell. */
  async #why(source: Keys, serial: string): Promise<CodeRefusal> {
    const { iamEndpoint } = this.surroundings;
    const client = new IAMClient({
      ...clientSettings(this.surroundings),
      ...endpointSetting(iamEndpoint),
      credentials: source,
      systemClockOffset: this.#clockOffset,
    });
    this.#observe(client as Observable);
    try {
      // Without a name AWS takes the user who signs.
      for await (const { MFADevices } of paginateListMFADevices({ client }, {})) {
        if (MFADevices?.some(({ SerialNumber }) => SerialNumber === serial)) {
          return 'wrong';
        }
      }
      return 'unknownDevice';
    } catch {
      return 'notTold';
    } finally {
      client.destroy();
    }
  }

  async #sts<T>(
    operation: string,
    { source, subject, once = false }: StsCall,
    send: (client: STSClient) => Promise<T>,
  ): Promise<T> {
    const { stsEndpoint } = this.surroundings;
    const client = new STSClient({
      ...clientSettings(this.surroundings),
      ...endpointSetting(stsEndpoint),
      ...(source && { credentials: source }),
      ...(once && { maxAttempts: 1 }),
      systemClockOffset: this.#clockOffset,
    });
    this.#observe(client as Observable);
    try {
      return await atTheRightTime(() => send(client));
    } catch (error) {
      throw problemOf(error)
        ? error
        : new ProblemError(
            toProblem(error, operation, {
              service: 'sts',
              ...(subject !== undefined && { subject, resource: subject }),
              ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
            }),
            { cause: error },
          );
    } finally {
      this.#clockOffset = client.config.systemClockOffset;
      client.destroy();
    }
  }

  #observe(client: Observable): void {
    observe(client, { begin: () => undefined, onCall: this.surroundings.onCall, noteDate: () => undefined });
  }

  /** @throws ProblemError where the answer lacks what AWS always says */
  #keysOf(answered: AnsweredKeys | undefined, client: STSClient): Keys {
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answered ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      const { stsEndpoint } = this.surroundings;
      throw new ProblemError({
        code: 'notAws',
        operation: 'Credentials',
        ...(stsEndpoint !== undefined && { subject: stsEndpoint }),
      });
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      // AWS says it by its own clock.
      expiration: new Date(Expiration.getTime() - client.config.systemClockOffset),
    };
  }
}

/**
 * The SDK learns a wrong clock by a refused call and a retry; what goes out once has none. AWS looks at the signature first, so a
 * code in such a call was not used.
 */
async function atTheRightTime<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { $metadata } = error as { readonly $metadata?: { readonly clockSkewCorrected?: boolean } };
    if ($metadata?.clockSkewCorrected !== true) {
      throw error;
    }
    return send();
  }
}

function questionOf({ serial, profile }: CodeWanted, { RoleArn }: AssumeRoleCommandInput): CodeQuestion {
  const accountId = /^arn:[^:]+:iam::(\d{12}):/.exec(serial)?.[1];
  return {
    serial,
    ...(profile !== undefined && { profile }),
    ...(accountId !== undefined && { accountId }),
    ...(RoleArn !== undefined && { roleArn: RoleArn }),
  };
}
