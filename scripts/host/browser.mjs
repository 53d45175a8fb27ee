// @ts-check
/** Finds a Chromium for the tests: the one named by CHROME_PATH, an installed one, or the one the host brings along. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hostPaths, repositoryRoot } from './install.mjs';

/** No look-ups of its own, no first-run pages, the same text on every machine. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-quic',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];

/** @returns {string[]} where Chrome, Chromium and Edge are installed, the likeliest first */
function installedBrowsers() {
  const home = os.homedir();
  switch (process.platform) {
    case 'darwin':
      return [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
        path.join(home, 'Applications/Google Chrome.app/Contents/MacOS/Google Chrome'),
      ];
    case 'win32': {
      const bases = [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']];
      return bases
        .filter((base) => base !== undefined)
        .flatMap((base) => [
          path.join(base, 'Google/Chrome/Application/chrome.exe'),
          path.join(base, 'Chromium/Application/chrome.exe'),
          path.join(base, 'Microsoft/Edge/Application/msedge.exe'),
        ]);
    }
    default: {
      const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
      const folders = [...new Set([...(process.env['PATH'] ?? '').split(':'), '/usr/bin', '/usr/local/bin'])];
      return [
        ...folders.filter((folder) => folder !== '').flatMap((folder) => names.map((name) => path.join(folder, name))),
        '/opt/google/chrome/chrome',
      ];
    }
  }
}

/**
 * @param {{ root?: string }} [options] `root`: the checkout whose host brings a browser along
 * @returns {{ executablePath: string, args: string[], env: Record<string, string> }} `env` is to be added to the
 *   browser's environment
 * @throws when CHROME_PATH names nothing, or no browser is found at all (call `ensureHost` first)
 */
export function findBrowser({ root = repositoryRoot } = {}) {
  const sandbox = canSandbox() ? [] : ['--no-sandbox'];
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME_PATH is ${named}, where there is no file.`);
    return { executablePath: named, args: [...quiet, ...sandbox], env: {} };
  }
  const installed = installedBrowsers().find((file) => existsSync(file));
  if (installed !== undefined) return { executablePath: installed, args: [...quiet, ...sandbox], env: {} };

  const folder = hostPaths(root).browser;
  const executablePath = path.join(folder, 'chromium');
  if (!existsSync(executablePath)) {
    throw new Error(
      'No Chrome or Chromium was found, and the host brings one along for Linux x64 only. Install one, or name it in CHROME_PATH.',
    );
  }
  /** @type {Record<string, string>} */
  const env = { FONTCONFIG_FILE: path.join(folder, 'fonts.conf') };
  // Only where the system lacks a shared library does the browser get the ones its package carries.
  const plain = spawnSync(executablePath, ['--version'], { stdio: 'ignore' });
  if (plain.status !== 0) env['LD_LIBRARY_PATH'] = path.join(folder, 'al2023', 'lib');
  return { executablePath, args: [...quiet, '--no-sandbox', '--use-angle=swiftshader'], env };
}

/** Chromium refuses its sandbox to root, and containers rarely grant it. */
function canSandbox() {
  return process.platform !== 'linux' || (process.getuid?.() !== 0 && !existsSync('/.dockerenv') && !process.env['CI']);
}
