// What it takes to read an account of many users: this extension beside the plain way, one ListMFADevices for each user.
//   npm run bench:users [-- SIZE... [MS/PER_SECOND...]]
// Such as 5000 60/0: five thousand users, 60 ms a call, without a limit.
import { execFile } from 'node:child_process';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { IAMClient, ListMFADevicesCommand, paginateListUsers } from '@aws-sdk/client-iam';
import { connect } from '../../src/aws/connect';
import { Directory } from '../../src/core/directory';
import { systemClock } from '../../src/core/clock';
import { tally } from '../../src/core/users';
import type { Served } from './account';
import { withAccount, type Conditions } from './served';

/** As scanners do. */
const plainAtOnce = 10;
const conditions: readonly Conditions[] = [
  { latency: 0, perSecond: 0 },
  { latency: 60, perSecond: 0 },
  { latency: 0, perSecond: 20 },
  { latency: 60, perSecond: 20 },
];
/** How many users the shell loop asks about: each of its calls starts a process. */
const cliUsers = 50;

interface Figures {
  readonly calls: number;
  /** Milliseconds until everybody's MFA is settled. */
  readonly settled: number;
  readonly withMfa: number;
}

/** This extension: the first reading, and one more with nothing changed. */
async function ours(account: Served) {
  let calls = 0;
  const connection = await connect({ kind: 'keys', ...account }, ({ attempts }) => {
    calls += attempts ?? 1;
  });
  const directory = new Directory(connection.iam, systemClock);
  globalThis.gc?.();
  const memory = process.memoryUsage().heapUsed;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let rows: number | undefined;
  let settled: number | undefined;
  directory.onDidChange(({ kind }) => {
    if (directory.account) {
      rows ??= performance.now() - started;
    }
    if (kind === 'loaded') {
      settled ??= performance.now() - started;
    }
  });
  const started = performance.now();
  await directory.load();
  const passwords = performance.now() - started;
  // A block at the end is seen by the next tick alone.
  await systemClock.delay(20);
  delay.disable();
  const callsToSettle = calls;
  globalThis.gc?.();
  const added = process.memoryUsage().heapUsed - memory;
  calls = 0;
  const again = performance.now();
  await directory.load();
  const refreshed = performance.now() - again;
  const counts = tally(directory.account?.users.values() ?? []);
  connection.dispose();
  return {
    calls: callsToSettle,
    rows: rows ?? NaN,
    settled: settled ?? NaN,
    passwords,
    withMfa: counts.hasMfa,
    refreshCalls: calls,
    refreshed,
    megabytes: added / 1_048_576,
    block: delay.max / 1_000_000,
  };
}

/** It goes on until it was answered, as whoever wants a whole list must. */
function clientOf({ endpoint, accessKeyId, secretAccessKey }: Served): IAMClient {
  const credentials = { accessKeyId, secretAccessKey };
  return new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1000, retryMode: 'adaptive' });
}

/** How long the pages of users alone take, one after the other: nothing that needs them all can be quicker. */
async function chain(account: Served): Promise<number> {
  const started = performance.now();
  const pages = paginateListUsers({ client: clientOf(account), pageSize: 1000 }, {});
  while (!(await pages.next()).done);
  return performance.now() - started;
}

async function plainWay(account: Served): Promise<Figures> {
  const client = clientOf(account);
  const started = performance.now();
  const names: string[] = [];
  let calls = 0;
  for await (const page of paginateListUsers({ client, pageSize: 1000 }, {})) {
    calls++;
    names.push(...(page.Users ?? []).flatMap(({ UserName }) => UserName ?? []));
  }
  let withMfa = 0;
  const queue = names.values();
  const worker = async () => {
    for (const UserName of queue) {
      calls++;
      const { MFADevices } = await client.send(new ListMFADevicesCommand({ UserName }));
      withMfa += MFADevices && MFADevices.length > 0 ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: plainAtOnce }, worker));
  return { calls, settled: performance.now() - started, withMfa };
}

/** One process of the AWS CLI for each user. @returns milliseconds; undefined where it is not installed */
async function commandLine(account: Served): Promise<number | undefined> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: account.endpoint,
    AWS_REGION: 'us-east-1',
    // The first major version of the CLI knows this one alone.
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
  };
  const loop = [
    'set -e',
    "users=$(aws iam list-users --query 'Users[].UserName' --output text)",
    'for user in $users; do aws iam list-mfa-devices --user-name "$user" --query MFADevices[0].UserName --output text; done',
  ].join('\n');
  const run = promisify(execFile);
  try {
    await run('aws', ['--version']);
  } catch {
    return undefined;
  }
  const started = performance.now();
  const { stdout } = await run('sh', ['-c', loop], { env });
  const answers = stdout.trim().split('\n').length;
  if (answers !== cliUsers) {
    throw new Error(`The AWS CLI answered ${answers} times.`);
  }
  return performance.now() - started;
}

const round = (value: number): string => String(Math.round(value));

function table(...columns: readonly string[]): void {
  console.log(`\n| ${columns.join(' | ')} |`);
  console.log(`|${' --- |'.repeat(columns.length)}`);
}

async function compare(size: number, condition: Conditions, kinds: 'virtual' | 'any'): Promise<void> {
  await withAccount(size, condition, kinds, async (account) => {
    // Not measured: the first call of a process loads and compiles the SDK.
    await chain(account);
    const pages = await chain(account);
    const own = await ours(account);
    const plain = await plainWay(account);
    if (own.withMfa !== plain.withMfa) {
      throw new Error(`We count ${own.withMfa} users with MFA, the plain way ${plain.withMfa}.`);
    }
    const cells = [
      size,
      kinds === 'virtual' ? 'virtual devices' : 'one in ten a token or passkey',
      condition.latency,
      condition.perSecond === 0 ? 'no' : condition.perSecond,
      round(pages),
      round(own.rows),
      own.calls,
      round(own.settled),
      (own.settled / pages).toFixed(2),
      round(own.passwords),
      own.refreshCalls,
      round(own.refreshed),
      own.megabytes.toFixed(1),
      round(own.block),
      plain.calls,
      round(plain.settled),
      (plain.settled / own.settled).toFixed(1),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  });
}

async function compareCommandLine(): Promise<void> {
  table('users', 'ms a call', 'ours: MFA settled, ms', 'AWS CLI, one call a user, ms', 'times ours');
  await withAccount(cliUsers, { latency: 60, perSecond: 0 }, 'any', async (account) => {
    await chain(account);
    const own = await ours(account);
    const theirs = await commandLine(account);
    const times = theirs === undefined ? '' : (theirs / own.settled).toFixed(1);
    console.log(
      `| ${cliUsers} | 60 | ${round(own.settled)} | ${theirs === undefined ? 'not installed' : round(theirs)} | ${times} |`,
    );
  });
}

/** What the practice account itself needs for one call, so that it is not what is measured. */
async function ownCost(): Promise<void> {
  table('the practice account: calls of ListMFADevices, ten at once, 5,000 users', 'ms a call');
  await withAccount(5000, { latency: 0, perSecond: 0 }, 'virtual', async (account) => {
    await chain(account);
    const plain = await plainWay(account);
    console.log(`| ${plain.calls} | ${(plain.settled / plain.calls).toFixed(2)} |`);
  });
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const chosen = asked.filter((argument) => argument.includes('/'));
  const given = asked.filter((argument) => !argument.includes('/')).map(Number);
  const sizes = given.length > 0 ? given : [50, 500, 5000];
  table(
    'users',
    'kinds',
    'ms a call',
    'calls a second',
    'chain of pages, ms',
    'ours: first rows, ms',
    'calls',
    'MFA settled, ms',
    'times the chain',
    'passwords too, ms',
    'refresh: calls',
    'ms',
    'memory, MB',
    'longest block, ms',
    'plain way: calls',
    'ms',
    'times ours',
  );
  for (const condition of conditions) {
    if (chosen.length > 0 && !chosen.includes(`${condition.latency}/${condition.perSecond}`)) {
      continue;
    }
    for (const size of sizes) {
      for (const kinds of ['virtual', 'any'] as const) {
        await compare(size, condition, kinds);
      }
    }
  }
  await compareCommandLine();
  await ownCost();
}

void main();
