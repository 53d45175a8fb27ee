// Makes the .vsix and holds it against its budgets.
//   node scripts/package.mjs
import { spawnSync } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const vsix = path.join(root, 'mfa-for-aws-iam.vsix');

/** Bytes. */
const startBudget = 40_000;
const vsixBudget = 1_000_000;
/** Nothing of these may be loaded when the editor starts. */
const notAtStart = /node_modules\/(@aws-sdk|@smithy|qrcode|otpauth|papaparse|fast-xml-parser)\/|src\/(aws|practice)\//;

const complaints = [];

await rm(vsix, { force: true });
run(process.execPath, ['scripts/build.mjs', '--production']);
const output = run(process.execPath, [
  path.join(root, 'node_modules/@vscode/vsce/vsce'),
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  vsix,
]);
if (/warning/i.test(output)) {
  complaints.push('vsce has a warning, see above');
}

const meta = JSON.parse(await readFile(path.join(root, 'dist/meta.json'), 'utf8'));
// The entry, and the parts that it loads a turn later.
const atStart = ['dist/extension.js', 'dist/parts.js'];
const start = atStart.map((file) => meta.host.outputs[file]);
const heavy = start.flatMap(({ inputs }) => Object.keys(inputs)).filter((input) => notAtStart.test(input));
if (heavy.length > 0) {
  complaints.push(`what is loaded at the start holds ${heavy.join(', ')}`);
}
budget(
  'loaded at the start',
  start.reduce((sum, { bytes }) => sum + bytes, 0),
  startBudget,
);
budget('.vsix', (await stat(vsix)).size, vsixBudget);
for (const [file, { bytes }] of Object.entries(meta.host.outputs)) {
  const name = path.basename(file, '.js');
  if (file.endsWith('.js') && !atStart.includes(file)) {
    console.log(`${name} (loaded on first use): ${kilobytes(bytes)}`);
  }
}

for (const complaint of complaints) {
  console.error(`Not good: ${complaint}`);
}
process.exitCode = complaints.length > 0 ? 1 : 0;

function budget(name, bytes, most) {
  console.log(`${name}: ${kilobytes(bytes)} of at most ${kilobytes(most)}`);
  if (bytes > most) {
    complaints.push(`the ${name} is ${kilobytes(bytes)}, more than ${kilobytes(most)}`);
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const text = `${stdout}${stderr}`;
  process.stdout.write(text);
  if (status !== 0) {
    process.exit(1);
  }
  return text;
}
