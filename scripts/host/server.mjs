// @ts-check
/** Starts and stops the VS Code that install.mjs put in place, as a server with its workbench on 127.0.0.1. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ensureHost, plainEnvironment, repositoryRoot } from './install.mjs';

/** How long a server may take until it listens, in milliseconds. */
const startLimit = 60_000;

/** How long processes may take to end when asked, in milliseconds, before they are killed. */
const stopLimit = 5_000;

/** Settings that keep a fresh window quiet: no welcome page, no look-ups, no side bar of chats. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Starts a server and waits until it takes connections.
 * @param {import('./server.d.mts').HostOptions} options
 * @returns {Promise<import('./server.d.mts').RunningHost>}
 * @throws when it ends or stays silent for a minute; the message holds the end of its log
 */
export async function startHost(options) {
  const { root = repositoryRoot, dataDir, settings = {}, env = {} } = options;
  const { node, serverMain } = await ensureHost({ root, log: options.log });
  const extensionsDir = options.extensionsDir ?? path.join(dataDir, 'extensions');
  await mkdir(extensionsDir, { recursive: true });
  await writeSettings(dataDir, settings);
  const { extensionDevelopmentPath, folder } = options;
  const byPayload = options.smokeTestDriver === true;
  if (extensionDevelopmentPath !== undefined && !byPayload)
    await linkExtension(extensionDevelopmentPath, extensionsDir);

  const args = [
    serverMain,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...['--without-connection-token', '--accept-server-license-terms'],
    ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ...['--telemetry-level', 'off', '--disable-experiments'],
    ...['--server-data-dir', dataDir, '--extensions-dir', extensionsDir],
    ...(options.smokeTestDriver === true ? ['--enable-smoke-test-driver'] : []),
    ...(options.serverArgs ?? []),
  ];
  // A process group of its own, so that the extension hosts can be stopped together with their server.
  const child = spawn(node, args, {
    // No extension gallery: nothing is looked up outside this machine.
    env: definedOnly({ ...plainEnvironment(), EXTENSIONS_GALLERY: '{}', ...env }),
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {string[]} */
  const lines = [];
  child.stdout.on('data', (/** @type {Buffer} */ data) => lines.push(data.toString()));
  child.stderr.on('data', (/** @type {Buffer} */ data) => lines.push(data.toString()));
  const log = () => lines.join('');

  const killNow = () => signalTree(child, 'SIGKILL');
  process.once('exit', killNow);
  let ended = false;
  child.once('close', () => (ended = true));

  const stop = async () => {
    process.off('exit', killNow);
    signalTree(child, 'SIGTERM');
    const limit = Date.now() + stopLimit;
    while (treeIsAlive(child, ended) && Date.now() < limit) await pause(50);
    signalTree(child, 'SIGKILL');
    while (treeIsAlive(child, ended)) await pause(50);
  };

  const limit = Date.now() + startLimit;
  while (!log().includes('Extension host agent started.')) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > limit) {
      await stop();
      throw new Error(`VS Code's server did not start. Its log ends with:\n${log().slice(-3000)}`);
    }
    await pause(50);
  }
  const bound = /Server bound to 127\.0\.0\.1:(\d+)/.exec(log());
  const port = bound === null ? options.port : Number(bound[1]);
  const pid = child.pid;
  if (port === undefined || pid === undefined) throw new Error(`The server does not say where it listens:\n${log()}`);

  const payload = byPayload ? developmentPayload(port, { extensionDevelopmentPath }) : [];
  return {
    url: workbenchUrl({ port, folder, payload }),
    port,
    dataDir,
    extensionsDir,
    pid,
    child,
    log,
    stop,
    extensionHostPids: () => extensionHostPids(pid),
  };
}

/**
 * Writes the settings that a window finds at its start; a running window takes most of them up at once.
 * @param {string} dataDir the server's data folder
 * @param {Record<string, unknown>} settings on top of the quiet ones
 */
export async function writeSettings(dataDir, settings) {
  const folder = path.join(dataDir, 'data', 'Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/**
 * Makes a server load an extension from its own folder, as if it were installed. The payload of an address would do
 * that too, but a built VS Code heeds it only with the smoke test driver, and that driver never shows notifications.
 * @param {string} extensionPath the extension's folder; stays as it is, even when the extension is uninstalled
 * @param {string} extensionsDir
 */
async function linkExtension(extensionPath, extensionsDir) {
  const manifest = JSON.parse(await readFile(path.join(extensionPath, 'package.json'), 'utf8'));
  const list = path.join(extensionsDir, 'extensions.json');
  /** @type {{ identifier: { id: string } }[]} */
  const others = await readFile(list, 'utf8').then(JSON.parse, () => []);
  const id = `${manifest.publisher}.${manifest.name}`.toLowerCase();
  const entry = {
    identifier: { id },
    version: manifest.version,
    location: { $mid: 1, path: urlPath(extensionPath), scheme: 'file' },
    metadata: { installedTimestamp: Date.now(), pinned: true, source: 'vsix' },
  };
  const entries = [...others.filter((other) => other.identifier.id !== id), entry];
  await writeFile(list, JSON.stringify(entries));
}

/**
 * Puts a packaged extension into an extensions folder, as a person does by "Install from VSIX"; before the start.
 * @param {{ vsix: string, extensionsDir: string, dataDir: string, root?: string }} options
 * @throws with the server's own words when it refuses
 */
export async function installVsix({ vsix, extensionsDir, dataDir, root = repositoryRoot }) {
  const { node, serverMain } = await ensureHost({ root });
  await mkdir(extensionsDir, { recursive: true });
  const args = [
    '--install-extension',
    vsix,
    '--extensions-dir',
    extensionsDir,
    '--server-data-dir',
    dataDir,
    '--force',
  ];
  const output = await new Promise((resolve, reject) => {
    const child = spawn(node, [serverMain, ...args, '--accept-server-license-terms'], { env: plainEnvironment() });
    let text = '';
    child.stdout.on('data', (/** @type {Buffer} */ data) => (text += data.toString()));
    child.stderr.on('data', (/** @type {Buffer} */ data) => (text += data.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
  if (!/was successfully installed/.test(output)) throw new Error(`${vsix} could not be installed:\n${output}`);
}

/**
 * The address of a window.
 * @param {{ port: number, folder?: string | undefined, payload?: [string, string][] | undefined }} options `folder`:
 *   absolute path to open; without one the window is empty. `payload`: see `developmentPayload`.
 * @returns {string}
 */
export function workbenchUrl({ port, folder, payload = [] }) {
  const query = [
    ...(folder === undefined ? ['ew=true'] : [`folder=${encodeURIComponent(urlPath(folder))}`]),
    ...(payload.length === 0 ? [] : [`payload=${encodeURIComponent(JSON.stringify(payload))}`]),
  ];
  return `http://127.0.0.1:${port}/?${query.join('&')}`;
}

/**
 * What makes a window an extension development host: the extension loaded from a folder and, for a test run, the
 * module whose `run()` is called.
 * @param {number} port
 * @param {{ extensionDevelopmentPath?: string | undefined, extensionTestsPath?: string | undefined }} paths absolute
 * @returns {[string, string][]}
 */
export function developmentPayload(port, paths) {
  return Object.entries(paths).flatMap(([name, file]) => {
    if (file === undefined) return [];
    return [[name, `vscode-remote://127.0.0.1:${port}${pathToFileURL(file).pathname}`]];
  });
}

/**
 * The extension hosts of a server, one for each window that is or was open. Reads the process table; Unix only.
 * @param {number} serverPid
 * @returns {number[]}
 */
export function extensionHostPids(serverPid) {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === serverPid && command?.includes('--type=extensionHost') ? [Number(pid)] : [];
  });
}

/** @param {string} folder */
function urlPath(folder) {
  return decodeURIComponent(pathToFileURL(folder).pathname);
}

/**
 * @param {Record<string, string | undefined>} env a variable set to undefined is taken away
 * @returns {Record<string, string>}
 */
function definedOnly(env) {
  /** @type {Record<string, string>} */
  const defined = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) defined[name] = value;
  return defined;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {'SIGTERM' | 'SIGKILL'} signal
 */
function signalTree(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') {
      execFileSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    } else {
      process.kill(-child.pid, signal);
    }
  } catch {
    // Nothing of it is left.
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} ended
 */
function treeIsAlive(child, ended) {
  if (child.pid === undefined || process.platform === 'win32') return !ended;
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    return false;
  }
}
