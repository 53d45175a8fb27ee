// @ts-check
/** A person's hands and eyes in a VS Code window: opens it in a headless browser, runs commands, picks, looks. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { findBrowser } from './browser.mjs';
import { ensureHost, plainEnvironment, repositoryRoot } from './install.mjs';
import { writeSettings } from './server.mjs';

/** How long a window, a command or a row may take to appear, in milliseconds. */
const patience = 60_000;

/** Launches the browser that findBrowser finds. One that falls over before it is there (seen once in some hundred launches) is launched again. */
export async function launchBrowser({ root = repositoryRoot } = {}) {
  await ensureHost({ root });
  const { executablePath, args, env } = findBrowser({ root });
  const launch = () => chromium.launch({ executablePath, args, env: { ...plainEnvironment(), ...env } });
  return launch().catch(launch);
}

/**
 * Opens a window and waits until its status bar is there. The extension host is ready some seconds later: wait for
 * what your extension shows.
 * @param {import('./workbench.d.mts').WorkbenchOptions} options
 * @returns {Promise<import('./workbench.d.mts').Workbench>}
 */
export async function openWorkbench({ url, theme, dataDir, viewport = { width: 1280, height: 800 }, root }) {
  if (theme !== undefined) {
    if (dataDir === undefined) throw new Error('A theme is a setting of the server: name its dataDir too.');
    await writeSettings(dataDir, { 'workbench.colorTheme': theme });
  }
  const browser = await launchBrowser({ root });
  try {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.goto(url, { timeout: 90_000 });
    await page.locator('.monaco-workbench').waitFor({ timeout: patience });
    await page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: patience });
    return { browser, context, page, close: () => close(browser, page) };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/**
 * As a person closes a window: the extension host is told and ends in a second or so. A browser that just vanishes
 * leaves it waiting for a reconnection (three hours, unless the server has `--reconnection-grace-time`).
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').Page} page
 */
async function close(browser, page) {
  if (!page.isClosed()) {
    const closed = new Promise((resolve) => page.once('close', resolve));
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    await page.close({ runBeforeUnload: true }).catch(() => undefined);
    await Promise.race([closed, pause(5_000, undefined, { ref: false })]);
  }
  await browser.close();
}

/**
 * Runs a command as a person does: F1, its title, the row of exactly that title. Waits for the row, since the palette
 * lists an extension's commands only when its host is up.
 * @param {import('playwright-core').Page} page
 * @param {string} title with its category: "AWS MFA: Enable MFA for Me"
 */
export async function runCommand(page, title) {
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  const limit = Date.now() + patience;
  for (;;) {
    await page.keyboard.press('F1');
    const row = quickPickRow(page, title);
    try {
      await input.waitFor({ timeout: 5_000 });
      await input.fill(`>${title}`, { timeout: 5_000 });
      await row.waitFor({ timeout: 2_000 });
      await row.click({ timeout: 5_000 });
      return;
    } catch (error) {
      if (Date.now() > limit) throw new Error(`The palette does not list "${title}".`, { cause: error });
    }
    // A palette that is open does not take up new commands.
    await page.keyboard.press('Escape');
    await pause(200);
  }
}

/**
 * Picks the row of the open quick pick whose label is `text` (icons aside).
 * @param {import('playwright-core').Page} page
 * @param {string | RegExp} text
 * @param {number} [timeout] in milliseconds, for the row to appear and again for the click
 */
export async function quickPick(page, text, timeout = patience) {
  const row = quickPickRow(page, text);
  await row.waitFor({ timeout });
  await row.click({ timeout });
}

/**
 * Fills in the open input box and confirms.
 * @param {import('playwright-core').Page} page
 * @param {string} text
 */
export async function quickInput(page, text) {
  const input = page.locator('.quick-input-widget:visible input').first();
  await input.waitFor({ timeout: patience });
  await input.fill(text);
  await input.press('Enter');
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string | RegExp} text
 */
function quickPickRow(page, text) {
  const label = typeof text === 'string' ? new RegExp(`^\\s*${escape(text)}\\s*$`) : text;
  const name = page.locator('.quick-input-list-row .label-name, .quick-input-list-label .label-name');
  return page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: name.filter({ hasText: label }) })
    .first();
}

/**
 * The document of the page that an extension shows in its visible webview. Ask again after the extension has set the
 * page's HTML anew: the frame is replaced then.
 * @param {import('playwright-core').Page} page
 * @param {{ containing?: string, timeout?: number }} [options] `containing`: a selector that tells it from other
 *   visible webviews; `timeout` in milliseconds
 * @returns {Promise<import('playwright-core').Frame>}
 */
export async function webviewFrame(page, { containing = 'body', timeout = patience } = {}) {
  const limit = Date.now() + timeout;
  do {
    for (const webview of await page.locator('iframe.webview').filter({ visible: true }).all()) {
      const frame = await innerFrame(webview);
      if (frame !== null && (await holds(frame, containing))) return frame;
    }
    await pause(100);
  } while (Date.now() < limit);
  throw new Error(`No visible webview contains ${containing}.`);
}

/**
 * @param {import('playwright-core').Frame} frame
 * @param {string} selector
 */
async function holds(frame, selector) {
  try {
    return (await frame.locator(selector).count()) > 0;
  } catch (error) {
    if (!frame.isDetached()) throw error;
    return false; // replaced in that moment, or another one came to the front
  }
}

/** @param {import('playwright-core').Locator} webview */
async function innerFrame(webview) {
  try {
    const outer = await (await webview.elementHandle({ timeout: 1_000 }))?.contentFrame();
    const inner = await outer?.locator('iframe#active-frame').elementHandle({ timeout: 1_000 });
    return (await inner?.contentFrame()) ?? null;
  } catch {
    return null; // not there yet, or being replaced
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} file a .png; its folder is made
 */
export async function screenshot(page, file) {
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file });
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
