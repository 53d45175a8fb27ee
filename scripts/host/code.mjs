#!/usr/bin/env node
// @ts-check
/**
 * Stands where the `code` executable stands for `runTests({ vscodeExecutablePath })` of @vscode/test-electron: runs an
 * extension's tests in the VS Code of install.mjs, driven by a headless browser, prints what they print and ends with
 * their exit code. Not for Windows, which cannot execute this file as it is: let `runTests` download VS Code there.
 *
 *   code.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=MODULE [--user-data-dir=DIR] [--extensions-dir=DIR] [FOLDER]
 *
 * Anything else that VS Code would take is ignored.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { developmentPayload, startHost, workbenchUrl } from './server.mjs';
import { launchBrowser } from './workbench.mjs';

/** How long a whole run may take, in milliseconds. */
const limit = 240_000;

/** What the workbench itself says at every start, to which no test listens. HOST_VERBOSE=1 shows it. */
const chatter = [
  /^Resolv(ing|ed) connection token/,
  /^Creating a socket/,
  /^\[(reconnection-grace-time|AccountPolicyGate|AgentHost|Service Worker)/,
  /^(Updating|Ignoring fetching) additional builtin extensions/,
  /^Aborted onWillSaveTextDocument-event/,
  /^No search provider registered/,
  /^Creation of workbench contribution/,
  /^Timed out waiting for authentication provider/,
  /^Extension host \(.*\) is (un)?responsive/,
];

/**
 * @param {string} type
 * @param {unknown[]} args
 */
function print(type, args) {
  if (process.env['HOST_VERBOSE'] !== '1' && chatter.some((pattern) => pattern.test(String(args[0])))) return;
  const write = type === 'error' || type === 'warn' ? console.error : console.log;
  write(...args);
}

/** @param {string[]} args */
function parse(args) {
  /** @type {Record<string, string>} */
  const values = {};
  /** @type {string | undefined} */
  let folder;
  const named = ['extensionDevelopmentPath', 'extensionTestsPath', 'user-data-dir', 'extensions-dir', 'folder-uri'];
  for (let at = 0; at < args.length; at += 1) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(args[at] ?? '') ?? [];
    if (name === undefined) folder ??= args[at];
    else if (value !== undefined) values[name] = value;
    else if (named.includes(name)) values[name] = args[(at += 1)] ?? '';
  }
  return { values, folder };
}

/** @returns {Promise<number>} the exit code of the tests */
async function main() {
  const { values, folder } = parse(process.argv.slice(2));
  const { extensionDevelopmentPath, extensionTestsPath } = values;
  if (extensionDevelopmentPath === undefined || extensionTestsPath === undefined) {
    throw new Error('code.mjs runs extension tests: it needs --extensionDevelopmentPath= and --extensionTestsPath=.');
  }
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'extension-tests-'));
  const dataDir = path.resolve(values['user-data-dir'] ?? scratch);
  const host = await startHost({
    dataDir,
    extensionsDir: values['extensions-dir'] === undefined ? undefined : path.resolve(values['extensions-dir']),
    smokeTestDriver: true,
    log: (line) => console.log(line),
  });
  /** @type {import('playwright-core').Browser | undefined} */
  let browser;
  const stop = () => process.exit(130); // the server goes with this process, see startHost
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    browser = await launchBrowser();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    /** @type {Promise<number>} */
    const finished = new Promise((resolve, reject) => {
      // The workbench calls these two: what the tests log, and how they ended.
      void page.exposeFunction('codeAutomationLog', print);
      void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolve(code));
      page.on('crash', () => reject(new Error('The browser page crashed.')));
      host.child.once('exit', () => reject(new Error('The server ended while the tests ran.')));
    });
    const payload = developmentPayload(host.port, {
      extensionDevelopmentPath: path.resolve(extensionDevelopmentPath),
      extensionTestsPath: path.resolve(extensionTestsPath),
    });
    const opened = folder === undefined ? undefined : path.resolve(folder);
    await page.goto(workbenchUrl({ port: host.port, folder: opened, payload }));
    const late = pause(limit, undefined, { ref: false }).then(() => {
      throw new Error(`The tests were not done after ${limit / 1000} s.`);
    });
    return await Promise.race([finished, late]);
  } catch (error) {
    console.error(`The server's log ends with:\n${host.log().slice(-4000)}`);
    throw error;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await browser?.close();
    await host.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
