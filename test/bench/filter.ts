// How long a key in the filter box takes to show in the tree, in an account of many users and a real VS Code.
//   npm run bench:filter [-- USERS [ROUNDS]]
// Measured in the window, from the key until the rows stand still: the way to the extension host and back, the filter, and the
// drawing. Typed as by a person, who looks at the box before the first key. A key that changes no row on screen is not counted.
import type { Page } from 'playwright-core';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { largeCompany } from '../../src/practice/company';
import { startPracticeAccount } from '../../src/practice/server';
import { openAlone, showUsers, statusSays } from '../e2e/hands';
import { Stage } from '../e2e/stage';

const typed = 'person-42';
/** Rows that did not change for so long stand still, milliseconds. */
const still = 400;

/** @returns milliseconds from the key until the last change of the rows; undefined where none changed */
async function press(page: Page, key: string): Promise<number | undefined> {
  await page.evaluate(`{
    window.began = undefined;
    window.changed = undefined;
    const rows = document.querySelector('.sidebar .monaco-list-rows');
    addEventListener('keydown', () => (window.began = performance.now()), { capture: true, once: true });
    window.watching = new MutationObserver(() => (window.changed = performance.now()));
    window.watching.observe(rows, { childList: true, subtree: true, characterData: true });
  }`);
  await page.keyboard.press(key);
  return page.evaluate<number | undefined>(`new Promise((resolve) => {
    const looking = setInterval(() => {
      const since = performance.now() - (window.changed ?? window.began);
      if (since > ${still}) {
        clearInterval(looking);
        window.watching.disconnect();
        resolve(window.changed === undefined ? undefined : window.changed - window.began);
      }
    }, 20);
  })`);
}

/** Waits until no row has changed for a while. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let timer = setTimeout(resolve, ${still});
    new MutationObserver((_, watching) => {
      clearTimeout(timer);
      timer = setTimeout(() => { watching.disconnect(); resolve(); }, ${still});
    }).observe(document.querySelector('.sidebar .pane-body'), { childList: true, subtree: true, characterData: true });
  })`);
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b).map(Math.round);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]} to ${sorted.at(-1)})`;
}

async function main(): Promise<void> {
  const size = Number(process.argv[2] ?? 5000);
  const rounds = Number(process.argv[3] ?? 9);
  const practice = await startPracticeAccount({ company: largeCompany(size), reportBuildMs: 0 });
  const stage = await Stage.start({
    profiles: { large: { endpoint: practice.endpoint, ...practice.caller('keeper') } },
  });
  try {
    const page = await stage.open();
    await showUsers(page);
    await openAlone(page, 'large');
    await statusSays(page, /without MFA/);
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      await runCommand(page, 'AWS MFA: Filter Users…');
      await page.locator('.quick-input-title').getByText('Filter Users').waitFor();
      await untilStill(page);
      for (const [index, key] of Array.from(typed).entries()) {
        const time = await press(page, key);
        const text = typed.slice(0, index + 1);
        times.set(text, [...(times.get(text) ?? []), ...(time === undefined ? [] : [time])]);
      }
      await page.keyboard.press('Escape');
      await page.locator('.quick-input-title').getByText('Filter Users').waitFor({ state: 'hidden' });
    }
    console.log(
      `\n| ${size} users: filter typed | key until the rows stand still, ms, median (least to most) of ${rounds} |`,
    );
    console.log('| --- | --- |');
    for (const [text, some] of times) {
      console.log(`| ${text} | ${some.length === 0 ? 'no row changed' : spread(some)} |`);
    }
  } finally {
    await stage.end();
    await practice.stop();
  }
}

void main();
