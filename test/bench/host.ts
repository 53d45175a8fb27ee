// What the extension host of a real VS Code goes through while an account of many users is opened: memory, and the longest time in
// which nothing else runs in it.
//   npm run bench:host [-- USERS [ROUNDS]]
// An extension of the bench's own measures in the same process, between two commands. The first account that a window opens loads
// the AWS SDK too, whatever its size, so it is a small one here. The window itself, on the same processors, makes others wait: what
// the process has worked in such a time is told apart, where Linux counts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { installVsix } from '../../scripts/host/server.mjs';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { openAlone, row, showUsers, statusSays } from '../e2e/hands';
import { packagedExtension, Stage, until } from '../e2e/stage';
import { packExtension } from './extensions';
import { withAccount } from './served';

const begin = 'Bench: Begin';
const end = 'Bench: End';

/** What the measuring extension writes at the end. */
interface Measured {
  /** The longest time between two turns of its own, milliseconds. */
  readonly block: number;
  /** For how much of that the process waited for a processor that others used, milliseconds. */
  readonly waited: number;
  /** The most work between two turns, milliseconds: what is left where nothing else uses the processors. */
  readonly work: number;
  /** Megabytes that are in use after all garbage was collected, more than at the beginning. */
  readonly heap: number;
  /** Megabytes that the process holds, more than at the beginning. */
  readonly resident: number;
}

const measuring = (file: string): string => `
const { openSync, readSync, writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { commands } = require('vscode');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
// Leaves next to no garbage: to collect it would be part of what is measured.
const statistics = openSync('/proc/thread-self/schedstat');
const text = Buffer.alloc(64);
// Milliseconds for which this thread had a processor, and for which it waited for one, as Linux counts them.
const counted = () => text.latin1Slice(0, readSync(statistics, text, 0, 64, 0)).split(' ', 2).map((part) => Number(part) / 1e6);
let before;
let ticking;
let block;
let waited;
let work;
let time;
let done;
let stood;
function memory() {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
function tick() {
  const passed = performance.now() - time;
  const [doneNow, stoodNow] = counted();
  if (passed > block) {
    block = passed;
    waited = stoodNow - stood;
  }
  work = Math.max(work, doneNow - done);
  begin();
}
function begin() {
  time = performance.now();
  [done, stood] = counted();
  ticking = setTimeout(tick, 2);
}
exports.activate = () => {
  commands.registerCommand('bench.begin', () => {
    before = memory();
    block = work = 0;
    // What was collected is none of it.
    setTimeout(begin, 500);
  });
  commands.registerCommand('bench.end', () => {
    clearTimeout(ticking);
    const { heap, resident } = memory();
    const more = { heap: (heap - before.heap) / 1048576, resident: (resident - before.resident) / 1048576 };
    const measured = { block, waited, work, ...more };
    writeFileSync(${JSON.stringify(file)}, JSON.stringify(measured));
  });
};
`;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Keeps two processors busy, as a window does that draws. */
async function busy(milliseconds: number): Promise<void> {
  const spin = `const end = Date.now() + ${milliseconds}; while (Date.now() < end);`;
  await Promise.all([1, 2].map(() => once(spawn(process.execPath, ['-e', spin]), 'exit')));
}

async function main(): Promise<void> {
  const size = Number(process.argv[2] ?? 5000);
  const rounds = Number(process.argv[3] ?? 3);
  const folder = mkdtempSync(path.join(tmpdir(), 'mfa-bench-'));
  const file = path.join(folder, 'measured.json');
  const extensionsDir = path.join(folder, 'extensions');
  const measurer = await packExtension(folder, {
    name: 'measures',
    displayName: 'Measures',
    code: measuring(file),
    commands: { 'bench.begin': begin, 'bench.end': end },
  });
  for (const vsix of [packagedExtension(), measurer]) {
    await installVsix({ vsix, extensionsDir, dataDir: path.join(folder, 'install') });
  }
  const measured = new Map<string, readonly Measured[]>();
  const measure = async (page: Page, title: string, work: () => Promise<void>) => {
    await runCommand(page, begin);
    await pause(1500);
    await work();
    // What is told late is part of it: passwords, and rows that are drawn anew.
    await pause(6000);
    rmSync(file, { force: true });
    await runCommand(page, end);
    const text = await until('what was measured', () => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    });
    measured.set(title, [...(measured.get(title) ?? []), JSON.parse(text) as Measured]);
  };
  const conditions = { latency: 60, perSecond: 0 };
  try {
    await withAccount(10, conditions, 'virtual', (small) =>
      withAccount(size, conditions, 'virtual', (virtual) =>
        withAccount(size, conditions, 'any', async (any) => {
          const stage = await Stage.start({ profiles: { small, virtual, any }, extensionsDir });
          const read = async (page: Page, profile: string) => {
            await openAlone(page, profile);
            await statusSays(page, /without MFA/);
            await row(page, new RegExp(`of ${size.toLocaleString('en')} without MFA`)).waitFor({ timeout: 60_000 });
          };
          try {
            for (let round = 0; round < rounds; round++) {
              const page = await stage.open();
              await showUsers(page);
              // The start of the window is none of it.
              await pause(8000);
              await measure(page, 'nothing', () => Promise.resolve());
              await measure(page, 'nothing, while two other processes use a processor each', () => busy(3000));
              await measure(page, 'ten users, the first account: the SDK is loaded', async () => {
                await openAlone(page, 'small');
                await statusSays(page, /without MFA/);
              });
              await measure(page, `${size} users, virtual devices`, () => read(page, 'virtual'));
              await measure(page, `${size} users, one in ten a token or passkey`, () => read(page, 'any'));
              await runCommand(page, 'AWS MFA: Remove Account from View');
              await stage.closeWindows(undefined);
            }
          } finally {
            await stage.end();
          }
        }),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log(`\nMedian (least to most) of ${rounds} windows\n`);
  console.log(
    '| opened | longest block, ms | of which waiting for a processor, ms | most work in one, ms | memory in use, MB more | resident, MB more |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [title, each] of measured) {
    const cells = (['block', 'waited', 'work', 'heap', 'resident'] as const).map((figure) =>
      spread(each.map((one) => one[figure])),
    );
    console.log(`| ${title} | ${cells.join(' | ')} |`);
  }
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b).map(Math.round);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]} to ${sorted.at(-1)})`;
}

void main();
