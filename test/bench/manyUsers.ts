// What it takes to read an account of many users: this extension beside the plain way, one ListMFADevices for each user.
//   npm run bench:users [-- SIZE...]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { IAMClient, ListMFADevicesCommand, paginateListUsers } from '@aws-sdk/client-iam';
import { connect } from '../../src/aws/connect';
import { Directory } from '../../src/core/directory';
import { systemClock } from '../../src/core/clock';
import { tally } from '../../src/core/users';
import type { Served } from './account';

/** As scanners do. */
const plainAtOnce = 10;
/** Milliseconds before each answer. */
const latencies = [0, 60] as const;

interface Figures {
  readonly calls: number;
  /** Milliseconds until everybody's MFA is settled. */
  readonly settled: number;
  readonly withMfa: number;
}

async function withAccount<T>(
  users: number,
  latency: number,
  kinds: 'virtual' | 'any',
  work: (account: Served) => Promise<T>,
): Promise<T> {
  const child = fork(path.join(__dirname, 'account.ts'), [String(users), String(latency), kinds], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const [account] = (await once(child, 'message')) as [Served];
    return await work(account);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
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
  let settled: number | undefined;
  directory.onDidChange(({ kind }) => {
    if (kind === 'loaded') {
      settled ??= performance.now() - started;
    }
  });
  const started = performance.now();
  await directory.load();
  const passwords = performance.now() - started;
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
    settled: settled ?? NaN,
    passwords,
    withMfa: counts.hasMfa,
    refreshCalls: calls,
    refreshed,
    megabytes: added / 1_048_576,
    block: delay.max / 1_000_000,
  };
}

function clientOf({ endpoint, accessKeyId, secretAccessKey }: Served): IAMClient {
  return new IAMClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
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

const round = (value: number): string => String(Math.round(value));

async function main(): Promise<void> {
  const asked = process.argv.slice(2).map(Number);
  const sizes = asked.length > 0 ? asked : [50, 500, 5000];
  console.log(
    '| users | kinds | ms a call | chain of pages, ms | ours: calls | MFA settled, ms | passwords too, ms | refresh: calls | ms | memory, MB | longest block, ms | plain way: calls | ms | times ours |',
  );
  console.log(`|${' --- |'.repeat(14)}`);
  for (const latency of latencies) {
    for (const size of sizes) {
      for (const kinds of ['virtual', 'any'] as const) {
        await withAccount(size, latency, kinds, async (account) => {
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
            latency,
            round(pages),
            own.calls,
            round(own.settled),
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
    }
  }
}

void main();
