// Writes l10n/bundle.l10n.json from the texts in the code; with --check says whether it is up to date, and whether every translation
// has every text, with the same gaps to fill.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bundle = path.join(root, 'l10n/bundle.l10n.json');
const folder = path.join(root, 'src/editor');

/** As VS Code names them. */
const languages = ['de', 'es', 'fr', 'ja', 'pt-br'];

async function json(name) {
  return JSON.parse(await readFile(path.join(root, name), 'utf8').catch(() => '{}'));
}

/** What a text holds that a translation must hold too: values to fill in, icons, code and the targets of links, in any order. */
function gaps(text) {
  return (text.match(/\{\d+\}|\$\([a-z-]+\)|`[^`]*`|\]\([^)]*\)|@[a-zA-Z]+/g) ?? []).sort().join(' ');
}

/** Says what is wrong with a translation. */
function complain(name, texts, translations) {
  const wrong = [
    ...Object.keys(texts).filter((key) => !translations[key]?.trim() || gaps(translations[key]) !== gaps(texts[key])),
    ...Object.keys(translations).filter((key) => !(key in texts)),
  ];
  for (const key of wrong) {
    console.error(`${name}: ${JSON.stringify(key)} is missing, has other gaps than the text, or is no text any more.`);
    process.exitCode = 1;
  }
}

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
  const manifest = await json('package.nls.json');
  for (const language of languages) {
    complain(`l10n/bundle.l10n.${language}.json`, sorted, await json(`l10n/bundle.l10n.${language}.json`));
    complain(`package.nls.${language}.json`, manifest, await json(`package.nls.${language}.json`));
  }
} else {
  await writeFile(bundle, wanted);
  console.log(`${Object.keys(sorted).length} texts written to ${path.relative(root, bundle)}`);
}
