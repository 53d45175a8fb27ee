#!/usr/bin/env node
// @ts-check
/** `npm start`: builds the extension and opens a VS Code with it, on the practice account. See usage below. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from './host/install.mjs';
import { startHost } from './host/server.mjs';

const usage = `Usage: npm start -- [--browser] [--port N] [--help]

Builds the extension and opens VS Code with it, on the practice account: nothing of AWS is needed or touched.
Uses the desktop VS Code when its \`code\` command works, and otherwise a VS Code in your browser.

  --browser   the one in the browser, even where there is a desktop VS Code
  --port N    the port of the one in the browser (default: a free one)
  --help      this text

All it keeps is under .vscode-test/.`;

/** What the extension reads to begin on the practice account. */
const practice = { AWS_MFA_ACCOUNT: 'practice' };
const windows = process.platform === 'win32';

async function main() {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port ${values.port} is no port. ${usage}`);
  }
  build();
  const workspace = path.join(repositoryRoot, '.vscode-test', 'start', 'workspace');
  await mkdir(workspace, { recursive: true });
  if (!values.browser && desktopWorks()) openDesktop(workspace);
  else await serve(workspace, port);
}

function build() {
  const { status } = spawnSync(process.execPath, [path.join('scripts', 'build.mjs')], {
    cwd: repositoryRoot,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed.');
}

/** A `code` that is on PATH may still be a shim without an editor behind it. */
function desktopWorks() {
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: windows, timeout: 20_000 }).status === 0;
}

/** @param {string} workspace */
function openDesktop(workspace) {
  const data = path.join(repositoryRoot, '.vscode-test', 'desktop');
  const args = [
    '--new-window',
    `--extensionDevelopmentPath=${repositoryRoot}`,
    `--user-data-dir=${path.join(data, 'user-data')}`,
    `--extensions-dir=${path.join(data, 'extensions')}`,
    '--disable-workspace-trust',
    workspace,
  ];
  console.log('Opening VS Code with the extension, on the practice account.');
  const quoted = windows ? args.map((arg) => `"${arg}"`) : args;
  const { status } = spawnSync('code', quoted, {
    env: { ...process.env, ...practice },
    shell: windows,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('VS Code did not open. Try: npm start -- --browser');
}

/**
 * @param {string} workspace
 * @param {number | undefined} port
 */
async function serve(workspace, port) {
  const host = await startHost({
    dataDir: path.join(repositoryRoot, '.vscode-test', 'start', 'data'),
    extensionDevelopmentPath: repositoryRoot,
    folder: workspace,
    env: practice,
    port,
    log: (line) => console.log(line),
  });
  console.log(`
VS Code with the extension, on the practice account:

  ${host.url}

In it, press “5 without MFA” at the bottom, or the shield at the left.

Ctrl+C stops it.`);
  openInBrowser(host.url);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    host.child.once('exit', resolve);
  });
  await host.stop();
}

/** @param {string} url */
function openInBrowser(url) {
  const noScreen = process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  if (noScreen) return;
  const [command, args] = windows
    ? ['cmd', ['/c', 'start', '""', url.replaceAll('&', '^&')]]
    : [process.platform === 'darwin' ? 'open' : 'xdg-open', [url]];
  // Where there is nothing to open it with, the address printed above is enough.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
