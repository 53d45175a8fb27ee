// What the extension costs when the editor starts, by the figure of *Developer: Show Running Extensions*, beside extensions
// that come with VS Code.
//   npm run bench [-- STARTS]
// VS Code's figure begins when it has decided to start an extension. Those that start at the same moment, when the window is
// ready, wait for each other, and the wait is in the figure: Merge Conflict starts at the same moment and is loaded first.
import type { Page } from 'playwright-core';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { statusSays } from '../e2e/hands';
import { Stage, until } from '../e2e/stage';

const names = ['MFA for AWS IAM', 'Merge Conflict', 'Git', 'Emmet'] as const;
type Name = (typeof names)[number];

/** Milliseconds by extension. */
type Figures = ReadonlyMap<Name, number>;

async function figures(page: Page): Promise<Figures> {
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
    return found.has('MFA for AWS IAM') && found;
  });
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
  const stage = await Stage.start({ account: 'practice' });
  try {
    for (let start = 0; start < starts; start++) {
      const page = await stage.open();
      await statusSays(page, /without MFA/);
      runs.push(await figures(page));
      await stage.closeWindows(undefined);
    }
  } finally {
    await stage.end();
  }
  console.log(`\nLoading and activating, milliseconds, median (least to most) of ${starts} starts\n`);
  console.log('| extension | as VS Code shows it |\n| --- | --- |');
  for (const name of names) {
    console.log(`| ${name} | ${cell(runs.flatMap((run) => run.get(name) ?? []))} |`);
  }
  const more = runs.flatMap((run) => {
    const [ours, theirs] = [run.get('MFA for AWS IAM'), run.get('Merge Conflict')];
    return ours === undefined || theirs === undefined ? [] : [ours - theirs];
  });
  console.log(`| MFA for AWS IAM, less Merge Conflict in the same start | ${cell(more)} |`);
}

void main();
