import { setMaxListeners } from 'node:events';
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetLoginProfileCommand,
  GetMFADeviceCommand,
  GetUserCommand,
  type IAMClient,
  ListAccountAliasesCommand,
  ListUsersCommand,
  type ListUsersCommandOutput,
  ListVirtualMFADevicesCommand,
  type ListVirtualMFADevicesCommandOutput,
  paginateListMFADevices,
  paginateListMFADeviceTags,
  ResyncMFADeviceCommand,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
  type User,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, GetSessionTokenCommand, type STSClient } from '@aws-sdk/client-sts';
import { parseCallerArn, type Caller } from '../core/account';
import { systemClock } from '../core/clock';
import { parseCredentialReport, type CredentialReport } from '../core/credentialReport';
import type { Device, VirtualDevice } from '../core/device';
import type {
  AccountSummary,
  CreatedDevice,
  Iam,
  IamUser,
  MfaSession,
  SimulatedDecision,
  SimulationQuestion,
  Tags,
  UserPolicies,
} from '../core/iam';
import { ProblemError } from '../core/problem';
import { nextTurn } from '../core/promises';
import { takeBase64 } from './answers';
import { pagesAhead, tellParts } from './pagesAhead';
import { PolicyReader } from './policies';
import { toProblem } from './problems';
import { KnownResources } from './resources';
import { PolicySimulator } from './simulation';

/** The most a page may hold (iam-facts 1.1). */
const pageSize = 1000;

/** How long a credential report is waited for: milliseconds between the questions, about 45 seconds in all. */
const reportWaits = [1000, 1500, 2000, 4000, 4000, 8000, 8000, 16000];

/** What AWS answers where there is none, it is older than four hours, or it is in the making (iam-facts 1.2 and 3). */
const noReport: ReadonlySet<string> = new Set(['ReportNotPresent', 'ReportExpired', 'ReportInProgress']);

/**
 * How long an MFA session lasts, in seconds. AWS allows 15 minutes to 36 hours (iam-facts 6.3); an hour is enough for the work
 * at hand.
 */
const sessionSeconds = 3600;

/** The keys of a session. In memory only. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface AwsClients {
  /** Retries, as the SDK does by default, and keeps the account's pace. */
  readonly reads: IAMClient;
  /** Sends everything once: an answer that was lost must not be asked for again. */
  readonly writes: IAMClient;
  readonly sts: STSClient;
  /** Sends everything once: a code works once. */
  readonly stsOnce: STSClient;
  /** The time in the last answer's `Date`, less this computer's at that moment; milliseconds. */
  clockAhead(): number;
  /** The endpoints where they are not AWS's own. */
  readonly iamEndpoint: string | undefined;
  readonly stsEndpoint: string | undefined;
  /** Says whose account it is: from then on its pace is kept, with all others who read it. */
  noteAccount(caller: Pick<Caller, 'partition' | 'accountId'>): void;
  /** Clients that call the same places with a session's keys. `end` destroys them; they end with these at the latest. */
  openSession(keys: SessionKeys): { readonly clients: AwsClients; readonly end: () => void };
}

/** The core's IAM, spoken to AWS by the SDK. */
export class AwsIam implements Iam {
  /** Settles once it is known whose account it is, where that was asked: refusals are told with the account's number. */
  #callerAsked: Promise<unknown> = Promise.resolve();

  /** @param known what AWS has said of the account so far, with the same keys or those a session was made from */
  constructor(
    private readonly clients: AwsClients,
    private readonly known = new KnownResources(),
  ) {}

  callerIdentity(signal?: AbortSignal): Promise<Caller> {
    const asked = this.#callerIdentity(signal);
    this.#callerAsked = asked.catch(() => undefined);
    return asked;
  }

  async #callerIdentity(signal: AbortSignal | undefined): Promise<Caller> {
    const { sts } = this.clients;
    const [answer, credentials] = await this.#sts('GetCallerIdentity', undefined, signal, () =>
      Promise.all([sts.send(new GetCallerIdentityCommand({}), options(signal)), sts.config.credentials()]),
    );
    const parsed = parseCallerArn(answer.Arn ?? '');
    if (!parsed || answer.Arn === undefined || answer.Account === undefined) {
      throw notAws('GetCallerIdentity', this.clients.stsEndpoint);
    }
    const caller: Caller = {
      arn: answer.Arn,
      accountId: answer.Account,
      ...parsed,
      longTermKeys: credentials.sessionToken === undefined,
    };
    this.known.noteCaller(caller);
    this.clients.noteAccount(caller);
    return caller;
  }

  async accountAlias(signal?: AbortSignal): Promise<string | undefined> {
    const answer = await this.#iam('ListAccountAliases', undefined, signal, () =>
      this.clients.reads.send(new ListAccountAliasesCommand({}), options(signal)),
    );
    return answer.AccountAliases?.[0];
  }

  async accountSummary(signal?: AbortSignal): Promise<AccountSummary> {
    const answer = await this.#iam('GetAccountSummary', undefined, signal, () =>
      this.clients.reads.send(new GetAccountSummaryCommand({}), options(signal)),
    );
    const { AccountMFAEnabled: root, MFADevicesInUse: devicesInUse } = answer.SummaryMap ?? {};
    return {
      ...(root !== undefined && { rootHasMfa: root === 1 }),
      ...(devicesInUse !== undefined && { devicesInUse }),
    };
  }

  async *listUsers(signal?: AbortSignal): AsyncIterable<readonly IamUser[]> {
    const pages = pagesAhead<ListUsersCommandOutput>((marker, told) => {
      const command = new ListUsersCommand({ MaxItems: pageSize, Marker: marker });
      tellParts(command, told);
      return this.clients.reads.send(command, options(signal));
    });
    for await (const page of this.#pages('ListUsers', undefined, signal, pages)) {
      const users = (page.Users ?? []).map(toUser);
      this.known.noteUsers(users);
      yield users;
    }
  }

  async getUser(userName: string, signal?: AbortSignal): Promise<IamUser> {
    const answer = await this.#iam('GetUser', userName, signal, () =>
      this.clients.reads.send(new GetUserCommand({ UserName: userName }), options(signal)),
    );
    if (!answer.User) {
      throw notAws('GetUser', this.clients.iamEndpoint);
    }
    const user = toUser(answer.User);
    this.known.noteUsers([user]);
    return user;
  }

  async *listVirtualMfaDevices(signal?: AbortSignal): AsyncIterable<readonly VirtualDevice[]> {
    const pages = pagesAhead<ListVirtualMFADevicesCommandOutput>((marker, told) => {
      const command = new ListVirtualMFADevicesCommand({
        // Said though it is AWS's default: not every endpoint agrees (iam-facts 5).
        AssignmentStatus: 'Any',
        MaxItems: pageSize,
        Marker: marker,
      });
      tellParts(command, told);
      return this.clients.reads.send(command, options(signal));
    });
    for await (const page of this.#pages('ListVirtualMFADevices', undefined, signal, pages)) {
      yield (page.VirtualMFADevices ?? []).map((device) => ({
        serial: device.SerialNumber ?? '',
        ...(device.EnableDate && { enabledAt: device.EnableDate }),
        ...(device.User?.UserName !== undefined && { userName: device.User.UserName }),
      }));
    }
  }

  async listMfaDevices(userName: string, signal?: AbortSignal): Promise<readonly Device[]> {
    const pages = paginateListMFADevices(
      { client: this.clients.reads, pageSize },
      { UserName: userName },
      options(signal),
    );
    const devices: Device[] = [];
    for await (const page of this.#pages('ListMFADevices', userName, signal, pages)) {
      for (const device of page.MFADevices ?? []) {
        devices.push({
          serial: device.SerialNumber ?? '',
          ...(device.EnableDate && { enabledAt: device.EnableDate }),
        });
      }
    }
    return devices;
  }

  async hasConsolePassword(userName: string, signal?: AbortSignal): Promise<boolean> {
    try {
      await this.#iam('GetLoginProfile', userName, signal, () =>
        this.clients.reads.send(new GetLoginProfileCommand({ UserName: userName }), options(signal)),
      );
      return true;
    } catch (error) {
      // For a user who exists, "no such entity" means "no password" (iam-facts 1.4).
      if (error instanceof ProblemError && error.problem.code === 'notFound') {
        return false;
      }
      throw error;
    }
  }

  async credentialReport(signal?: AbortSignal): Promise<CredentialReport> {
    // AWS keeps one for the whole account: whoever had it made, another window or another person, it is taken (decision 10).
    try {
      return await this.#reportThere(signal);
    } catch (error) {
      if (!(error instanceof ProblemError && noReport.has(error.problem.awsCode ?? ''))) {
        throw error;
      }
    }
    for (const wait of [0, ...reportWaits]) {
      await systemClock.delay(wait, signal);
      const { State } = await this.#iam('GenerateCredentialReport', undefined, signal, () =>
        this.clients.reads.send(new GenerateCredentialReportCommand({}), options(signal)),
      );
      if (State === 'COMPLETE') {
        return this.#reportThere(signal);
      }
    }
    throw new ProblemError({ code: 'timedOut', operation: 'GenerateCredentialReport' });
  }

  async #reportThere(signal: AbortSignal | undefined): Promise<CredentialReport> {
    const command = new GetCredentialReportCommand({});
    const content = takeBase64(command, 'Content');
    const report = await this.#iam('GetCredentialReport', undefined, signal, () =>
      this.clients.reads.send(command, options(signal)),
    );
    // As with pages: what the SDK does, what we do and what is made of it take a turn each.
    await nextTurn();
    const csv = new TextDecoder().decode(content());
    return parseCredentialReport(csv, report.GeneratedTime ?? new Date(), nextTurn);
  }

  async createVirtualMfaDevice(name: string): Promise<CreatedDevice> {
    const answer = await this.#write('CreateVirtualMFADevice', name, (client) =>
      client.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name })),
    );
    const device = answer.VirtualMFADevice;
    const seed = new TextDecoder().decode(device?.Base32StringSeed);
    if (device?.SerialNumber === undefined || seed === '') {
      throw notAws('CreateVirtualMFADevice', this.clients.iamEndpoint);
    }
    return { serial: device.SerialNumber, seed, awsClockAhead: this.clients.clockAhead() };
  }

  async enableMfaDevice(userName: string, serial: string, code1: string, code2: string): Promise<void> {
    await this.#write('EnableMFADevice', userName, (client) =>
      client.send(
        new EnableMFADeviceCommand({
          UserName: userName,
          SerialNumber: serial,
          AuthenticationCode1: code1,
          AuthenticationCode2: code2,
        }),
      ),
    );
  }

  async resyncMfaDevice(userName: string, serial: string, code1: string, code2: string): Promise<void> {
    await this.#write('ResyncMFADevice', userName, (client) =>
      client.send(
        new ResyncMFADeviceCommand({
          UserName: userName,
          SerialNumber: serial,
          AuthenticationCode1: code1,
          AuthenticationCode2: code2,
        }),
      ),
    );
  }

  async deactivateMfaDevice(userName: string, serial: string): Promise<void> {
    await this.#write('DeactivateMFADevice', userName, (client) =>
      client.send(new DeactivateMFADeviceCommand({ UserName: userName, SerialNumber: serial })),
    );
  }

  async deleteVirtualMfaDevice(serial: string): Promise<void> {
    await this.#write('DeleteVirtualMFADevice', serial, (client) =>
      client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial })),
    );
  }

  async deviceCertifications(
    userName: string,
    serial: string,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const answer = await this.#iam(
      'GetMFADevice',
      serial,
      signal,
      () =>
        this.clients.reads.send(new GetMFADeviceCommand({ UserName: userName, SerialNumber: serial }), options(signal)),
      userName,
    );
    return new Map(Object.entries(answer.Certifications ?? {}));
  }

  async deviceTags(serial: string, signal?: AbortSignal): Promise<Tags> {
    const pages = paginateListMFADeviceTags(
      { client: this.clients.reads, pageSize },
      { SerialNumber: serial },
      options(signal),
    );
    const tags = new Map<string, string>();
    for await (const page of this.#pages('ListMFADeviceTags', serial, signal, pages)) {
      for (const { Key, Value } of page.Tags ?? []) {
        tags.set(Key ?? '', Value ?? '');
      }
    }
    return tags;
  }

  async tagDevice(serial: string, tags: Tags): Promise<void> {
    await this.#write('TagMFADevice', serial, (client) =>
      client.send(
        new TagMFADeviceCommand({ SerialNumber: serial, Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }),
      ),
    );
  }

  async untagDevice(serial: string, keys: readonly string[]): Promise<void> {
    await this.#write('UntagMFADevice', serial, (client) =>
      client.send(new UntagMFADeviceCommand({ SerialNumber: serial, TagKeys: [...keys] })),
    );
  }

  userPolicies(userName: string, signal?: AbortSignal): Promise<UserPolicies> {
    const reader = new PolicyReader(
      this.clients.reads,
      (operation, subject, call, scope) => this.#iam(operation, subject, signal, call, scope),
      signal,
    );
    return reader.ofUser(userName);
  }

  async mfaSession(serial: string, code: string): Promise<MfaSession> {
    const { reads, sts, stsOnce } = this.clients;
    // As with writes: what goes out once has no retry to learn a wrong clock by.
    stsOnce.config.systemClockOffset = sts.config.systemClockOffset || reads.config.systemClockOffset;
    const { Credentials: keys } = await this.#sts('GetSessionToken', serial, undefined, () =>
      stsOnce.send(
        new GetSessionTokenCommand({ SerialNumber: serial, TokenCode: code, DurationSeconds: sessionSeconds }),
      ),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = keys ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw notAws('GetSessionToken', this.clients.stsEndpoint);
    }
    const { clients, end } = this.clients.openSession({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    // AWS says it by its own clock; whoever compares it looks at this computer's.
    return { iam: new AwsIam(clients, this.known), expiresAt: Expiration.getTime() - this.clients.clockAhead(), end };
  }

  simulate(question: SimulationQuestion, signal?: AbortSignal): Promise<readonly SimulatedDecision[]> {
    return this.#simulator(signal).decisions(question);
  }

  roleArn(roleName: string, signal?: AbortSignal): Promise<string> {
    return this.#simulator(signal).roleArn(roleName);
  }

  #simulator(signal: AbortSignal | undefined): PolicySimulator {
    return new PolicySimulator(
      this.clients.reads,
      (operation, subject, call, scope) => this.#iam(operation, subject, signal, call, scope),
      signal,
    );
  }

  async #write<T>(operation: string, subject: string, send: (client: IAMClient) => Promise<T>): Promise<T> {
    const { reads, writes } = this.clients;
    // The SDK learns a wrong clock by a refused call and a retry. A write has no retry, so it takes over what the reads learned.
    writes.config.systemClockOffset = reads.config.systemClockOffset;
    return this.#iam(operation, subject, undefined, () => send(writes));
  }

  async #iam<T>(
    operation: string,
    subject: string | undefined,
    signal: AbortSignal | undefined,
    call: () => Promise<T>,
    /** What policies scope the action to, where that is something else. */
    scope = subject,
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      await this.#callerKnown(signal);
      throw this.#problem(error, 'iam', operation, subject, signal, scope);
    }
  }

  async #sts<T>(
    operation: string,
    subject: string | undefined,
    signal: AbortSignal | undefined,
    call: () => Promise<T>,
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#problem(error, 'sts', operation, subject, signal);
    }
  }

  async *#pages<T extends { readonly Marker?: string | undefined }>(
    operation: string,
    subject: string | undefined,
    signal: AbortSignal | undefined,
    pages: AsyncIterable<T>,
  ): AsyncIterable<T> {
    const markers = new Set<string>();
    try {
      for await (const page of pages) {
        // To read fifty users takes long: whoever else works here has a turn before more is made of them.
        await nextTurn();
        signal?.throwIfAborted();
        yield page;
        // Parts have none but a page's first, and a list may say by an empty one that it ends.
        if (page.Marker) {
          // A list that comes back to where it was would never end.
          if (markers.has(page.Marker)) {
            throw notAws(operation, this.clients.iamEndpoint);
          }
          markers.add(page.Marker);
        }
      }
      // What is made of the whole list has a turn of its own too.
      await nextTurn();
    } catch (error) {
      await this.#callerKnown(signal);
      throw this.#problem(error, 'iam', operation, subject, signal);
    }
  }

  /** Before a refusal is told; where nobody waits for it any more, at once. */
  async #callerKnown(signal: AbortSignal | undefined): Promise<void> {
    if (!signal?.aborted) {
      await this.#callerAsked;
    }
  }

  #problem(
    error: unknown,
    service: 'iam' | 'sts',
    operation: string,
    subject: string | undefined,
    signal: AbortSignal | undefined,
    scope = subject,
  ): unknown {
    if (signal?.aborted) {
      return signal.reason;
    }
    if (error instanceof ProblemError) {
      return error;
    }
    const endpoint = service === 'iam' ? this.clients.iamEndpoint : this.clients.stsEndpoint;
    const resource = this.known.of(operation, scope);
    return new ProblemError(
      toProblem(error, operation, {
        service,
        ...(subject !== undefined && { subject }),
        ...(resource !== undefined && { resource }),
        ...(endpoint !== undefined && { endpoint }),
      }),
      { cause: error },
    );
  }
}

/** An answer in AWS's words that lacks what AWS always says. */
function notAws(operation: string, endpoint: string | undefined): ProblemError {
  return new ProblemError({ code: 'notAws', operation, ...(endpoint !== undefined && { subject: endpoint }) });
}

function options(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  if (!signal) {
    return {};
  }
  // All calls of one reading listen to the same signal: that is no leak.
  setMaxListeners(0, signal);
  return { abortSignal: signal };
}

function toUser(user: User): IamUser {
  return {
    ...(user.UserId !== undefined && { id: user.UserId }),
    name: user.UserName ?? '',
    arn: user.Arn ?? '',
    path: user.Path ?? '/',
    ...(user.CreateDate && { createdAt: user.CreateDate }),
    ...(user.PasswordLastUsed && { passwordLastUsed: user.PasswordLastUsed }),
  };
}
