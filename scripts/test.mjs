// Runs every check and test, and closes with one line "N passed, N failed".
//   node scripts/test.mjs [check] [unit] [webview] [integration] [e2e]     without a name: all of these
//   node scripts/test.mjs floor     the integration tests in the lowest VS Code that package.json claims
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureHost } from './host/install.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const results = path.join(root, 'test-results');
const bin = (name) => path.join(root, 'node_modules/.bin', name);

/** A check counts as one test: it passes or fails. */
const checks = [
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['types of the page', bin('tsc'), ['--noEmit', '-p', 'src/webview/tsconfig.json']],
  ['lint', bin('eslint'), ['--max-warnings', '0', '.']],
  ['localised texts', process.execPath, ['scripts/l10n.mjs', '--check']],
  ['README settings', process.execPath, ['scripts/readme.mjs', '--check']],
];

const mocha = (level) => [
  bin('mocha'),
  [
    '--config',
    `test/${level}/.mocharc.json`,
    '--reporter',
    path.join(root, 'test/reporter.cjs'),
    `test/${level}/**/*.test.ts`,
  ],
];

const levels = {
  check: () => checks.map(([name, command, args]) => check(name, command, args)),
  unit: () => [suite('unit', ...mocha('unit'))],
  webview: () => [check('build', process.execPath, ['scripts/build.mjs']), suite('webview', ...mocha('webview'))],
  integration: () => [
    check('build', process.execPath, ['scripts/build.mjs']),
    suite('integration', bin('tsx'), ['test/integration/run.ts']),
  ],
  floor: () => [
    check('build', process.execPath, ['scripts/build.mjs']),
    suite('floor', bin('tsx'), ['test/integration/run.ts']),
  ],
  e2e: () => [check('package', process.execPath, ['scripts/package.mjs']), suite('e2e', ...mocha('e2e'))],
};

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (error) {
    console.error(error.message);
  }
  return status === 0;
}

function check(name, command, args) {
  console.log(`\n== ${name}`);
  const good = run(command, args);
  console.log(good ? `   ${name}: passed` : `   ${name}: FAILED`);
  return { name, passed: good ? 1 : 0, failed: good ? 0 : 1 };
}

/** A run of mocha, wherever it runs: it leaves its numbers in a file. */
function suite(name, command, args) {
  console.log(`\n== ${name}`);
  const file = path.join(results, `${name}.json`);
  rmSync(file, { force: true });
  const good = run(command, args, { TEST_COUNTS_FILE: file });
  if (!existsSync(file)) {
    return { name: `${name} (it left no numbers)`, passed: 0, failed: 1 };
  }
  const { passed, failed, pending } = JSON.parse(readFileSync(file, 'utf8'));
  // A skipped test, a run without tests or a run that ended badly is a failure too.
  const extra = pending > 0 || passed + failed === 0 || (!good && failed === 0) ? 1 : 0;
  return { name, passed, failed: failed + extra };
}

mkdirSync(results, { recursive: true });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in levels));
if (unknown.length > 0) {
  console.error(`There is no level ${unknown.join(', ')}. There are: ${Object.keys(levels).join(', ')}.`);
  process.exit(2);
}
if (wanted.length > 1 && wanted.includes('floor')) {
  console.error('The level floor runs alone: it takes another VS Code than the others.');
  process.exit(2);
}
const chosen = wanted.length > 0 ? wanted : Object.keys(levels).filter((name) => name !== 'floor');
if (chosen.includes('floor')) {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  process.env.HOST_VSCODE = 'floor'; // where the npm-only host is used
  process.env.VSCODE_TEST_VERSION ??= engines.vscode.replace('^', ''); // where desktop VS Code is downloaded
}
// Before the tests: an installation takes longer than a test may.
if (chosen.some((name) => ['webview', 'integration', 'floor', 'e2e'].includes(name))) {
  await ensureHost({ root, log: (line) => console.log(line) });
}
const outcomes = chosen.flatMap((name) => levels[name]());
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log('\n== summary');
for (const { name, passed, failed } of outcomes) {
  console.log(`   ${name}: ${passed} passed, ${failed} failed`);
}
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
