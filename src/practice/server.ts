import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Account, type PracticeCaller } from './account';
import { answer, type PracticeCall } from './answer';
import { type Company, type CompanyCaller, smallCompany } from './company';
import type { Faults } from './faults';
import type { SignedRequest } from './signature';
import type { Device, User } from './state';

export type { PracticeCaller } from './account';
export type { PracticeCall } from './answer';

export interface PracticeOptions {
  /** Left out or 0: a free port. */
  readonly port?: number;
  /** The account's clock, ms since 1970; the machine's when left out. */
  readonly now?: () => number;
  /** Left out: smallCompany(). */
  readonly company?: Company;
  /** Lists come in pages shorter than asked for. */
  readonly shortPages?: boolean;
  /** How long a credential report is in the making, ms; 2000 when left out (iam-facts 3). */
  readonly reportBuildMs?: number;
  /** How long after it was enabled STS begins to take a device's codes, ms; 10,000 when left out (iam-facts 2.2). */
  readonly stsDelayMs?: number;
}

/** An IAM and STS account that lives on 127.0.0.1 and keeps nothing on disk. */
export interface PracticeAccount {
  /** `http://127.0.0.1:PORT`, for IAM and STS alike. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly callers: readonly PracticeCaller[];
  readonly faults: Faults;
  /** What was asked, oldest first; the last 20,000. */
  readonly calls: readonly PracticeCall[];
  /** One of the callers by name. Throws RangeError when there is none. */
  caller(name: string): PracticeCaller;
  /** Adds a caller: an existing user, root or a role session, with the given permissions. */
  addCaller(caller: CompanyCaller): PracticeCaller;
  /** For tests: what is true now, whatever has propagated. */
  devices(): readonly Device[];
  user(name: string): User | undefined;
  /** For tests: the seed (base32) of a virtual device or a hardware token; AWS never tells it again. */
  seedOf(serial: string): string | undefined;
  /**
   * The code that the phone or the token of a device shows now, by a clock that may be wrong.
   * Undefined for a serial that is unknown, and for passkeys and SMS.
   */
  codeShownBy(serial: string): string | undefined;
  /** Printed serials of hardware tokens that exist and belong to nobody now. */
  readonly spareTokens: readonly string[];
  stop(): Promise<void>;
}

const MOST_BYTES = 1024 * 1024;
const MOST_CALLS = 20_000;

/** Starts a practice account. Resolves when it answers; rejects when the port is taken. */
export async function startPracticeAccount(options: PracticeOptions = {}): Promise<PracticeAccount> {
  const account = new Account(options.company ?? smallCompany(), {
    clock: options.now ?? Date.now,
    shortPages: options.shortPages ?? false,
    reportBuildMs: options.reportBuildMs ?? 2000,
    stsDelayMs: options.stsDelayMs ?? 10_000,
  });
  const calls: PracticeCall[] = [];
  const server = createServer((request, response) => {
    serve(account, calls, request, response).catch(() => request.socket.destroy());
  });
  const port = await listen(server, options.port ?? 0);

  return {
    endpoint: `http://127.0.0.1:${port}`,
    accountId: account.id,
    callers: account.callers,
    faults: account.faults,
    calls,
    caller: (name) => {
      const caller = account.callers.find((one) => one.name === name);
      if (caller === undefined) {
        throw new RangeError(`The practice account has no caller ${name}.`);
      }
      return caller;
    },
    addCaller: (caller) => account.addCaller(caller),
    devices: () => [...account.state.devices.values()],
    user: (name) => account.state.users.get(name),
    seedOf: (serial) => account.state.devices.get(serial)?.seed,
    codeShownBy: (serial) => account.codeShownBy(serial),
    get spareTokens() {
      return account.spareTokens;
    },
    stop: () => close(server),
  };
}

async function serve(
  account: Account,
  calls: PracticeCall[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const signed = await read(request);
  if (signed === undefined) {
    response.writeHead(413).end();
    return;
  }
  const { status, headers, body, dropped, call } = await answer(account, signed);
  calls.push(call);
  if (calls.length > MOST_CALLS) {
    calls.shift();
  }
  if (dropped) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { ...headers }).end(body);
}

async function read(request: IncomingMessage): Promise<SignedRequest | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) {
      return undefined;
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')]);
  return {
    method: request.method ?? '',
    url: request.url ?? '/',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
