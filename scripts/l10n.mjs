// Writes l10n/bundle.l10n.json from the texts in the code; with --check says whether it is up to date.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bundle = path.join(root, 'l10n/bundle.l10n.json');
const folder = path.join(root, 'src/editor');

const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
const files = await Promise.all(
  names.map(async (name) => ({ extension: '.ts', contents: await readFile(path.join(folder, name), 'utf8') })),
);
const texts = await getL10nJson(files);
const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
const wanted = `${JSON.stringify(sorted, undefined, 2)}\n`;

if (process.argv.includes('--check')) {
  const found = await readFile(bundle, 'utf8').catch(() => '');
  if (found !== wanted) {
    console.error('l10n/bundle.l10n.json does not hold the texts of the code. Run: npm run l10n');
    process.exitCode = 1;
  }
} else {
  await writeFile(bundle, wanted);
  console.log(`${Object.keys(sorted).length} texts written to ${path.relative(root, bundle)}`);
}
