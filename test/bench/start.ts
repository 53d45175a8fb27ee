// What the extension costs when the editor starts, by the figure of *Developer: Show Running Extensions*, beside extensions
// that come with VS Code.
//   npm run bench:start [-- STARTS]
// VS Code's figure begins when it has decided to start an extension. Those that start at the same moment, when the window is
// ready, wait for each other, and the wait is in the figure. An extension that does nothing, started at that same moment, tells
// how much of the figure is the wait.
// Then how long the panel takes to show its QR code, from the moment at which AWS has answered. AWS answers late here, so that the
// panel is open before: how fast a panel opens is the editor's doing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { installVsix } from '../../scripts/host/server.mjs';
import { quickPick, runCommand } from '../../scripts/host/workbench.mjs';
import { startPracticeAccount } from '../../src/practice/server';
import { EnrolmentPage, statusSays } from '../e2e/hands';
import { packagedExtension, Stage, until } from '../e2e/stage';
import { packExtension } from './extensions';

const ours = 'MFA for AWS IAM';
const empty = 'Does Nothing';
const names = [ours, empty, 'Merge Conflict', 'Git', 'Emmet'] as const;
type Name = (typeof names)[number];

/** Milliseconds by extension. */
type Figures = ReadonlyMap<Name, number>;

async function figures(page: Page): Promise<Figures> {
  // High enough for the whole list, which draws only the lines on screen.
  await page.setViewportSize({ width: 1280, height: 3000 });
  await runCommand(page, 'Developer: Show Running Extensions');
  return until('the running extensions', async () => {
    const found = new Map<Name, number>();
    for (const line of await page.locator('.runtime-extensions-editor .extension').all()) {
      const title = await line.locator('.name').innerText();
      const name = names.find((known) => known === title);
      const time = /Activation: (\d+)\s*ms/.exec(await line.innerText())?.[1];
      if (name && time !== undefined) {
        found.set(name, Number(time));
      }
    }
    return found.has(ours) && found.has(empty) && found;
  });
}

/** How late AWS answers, milliseconds: longer than a panel takes to open. */
const answerAfter = 3000;

/** @returns of each panel, the milliseconds from AWS's answer, as the log has it, to the frame that shows the QR code */
async function qrTimes(panels: number): Promise<number[]> {
  const practice = await startPracticeAccount();
  practice.faults.set({ kind: 'latency', operation: 'CreateVirtualMFADevice', ms: answerAfter });
  const profiles = { bench: { ...practice.caller('keeper'), endpoint: practice.endpoint } };
  const stage = await Stage.start({ profiles, account: 'profile:bench' });
  const answers = () => stage.log().match(/^.+CreateVirtualMFADevice: status 200/gm) ?? [];
  try {
    const page = await stage.open();
    await statusSays(page, /without MFA/);
    const times: number[] = [];
    for (let panel = 1; panel <= panels; panel++) {
      await runCommand(page, 'AWS MFA: Enable MFA…');
      await quickPick(page, 'jordan');
      const opened = await EnrolmentPage.inFront(stage, page);
      // The text as it is: a function would come with helpers of the compiler's.
      const shown = await opened.frame.evaluate<number>(`new Promise((resolve) => {
        const look = () => {
          const image = document.querySelector('img[alt^="QR code"], [role="img"][aria-label^="QR code"]');
          if (image && (!('complete' in image) || image.complete)) resolve(Date.now());
          else requestAnimationFrame(look);
        };
        look();
      })`);
      const answer = await until('the answer in the log', () => answers()[panel - 1]);
      times.push(shown - Date.parse(`${answer.slice(0, 23).replace(' ', 'T')}Z`));
      await opened.button('Cancel').click();
      await until('the panel has closed', async () => (await page.locator('.tab').count()) === 0);
    }
    return times;
  } finally {
    await stage.end();
    await practice.stop();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function cell(times: readonly number[]): string {
  return times.length === 0 ? 'not active' : `${median(times)} (${Math.min(...times)} to ${Math.max(...times)})`;
}

async function main(): Promise<void> {
  const starts = Number(process.argv[2] ?? 5);
  const runs: Figures[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'mfa-bench-'));
  const extensionsDir = path.join(folder, 'extensions');
  const doesNothing = await packExtension(folder, {
    name: 'does-nothing',
    displayName: empty,
    code: 'exports.activate = () => {};\n',
  });
  for (const vsix of [packagedExtension(), doesNothing]) {
    await installVsix({ vsix, extensionsDir, dataDir: path.join(folder, 'install') });
  }
  const stage = await Stage.start({ account: 'practice', extensionsDir });
  try {
    for (let start = 0; start < starts; start++) {
      const page = await stage.open();
      await statusSays(page, /without MFA/);
      runs.push(await figures(page));
      await stage.closeWindows(undefined);
    }
  } finally {
    await stage.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log(`\nLoading and activating, milliseconds, median (least to most) of ${starts} starts\n`);
  console.log('| extension | as VS Code shows it |\n| --- | --- |');
  for (const name of names) {
    console.log(`| ${name} | ${cell(runs.flatMap((run) => run.get(name) ?? []))} |`);
  }
  for (const other of [empty, 'Merge Conflict'] as const) {
    const more = runs.flatMap((run) => {
      const [mine, theirs] = [run.get(ours), run.get(other)];
      return mine === undefined || theirs === undefined ? [] : [mine - theirs];
    });
    console.log(`| ${ours}, less ${other} in the same start | ${cell(more)} |`);
  }
  console.log(`| QR code on screen after AWS’s answer, ${starts} panels | ${cell(await qrTimes(starts))} |`);
}

void main();
