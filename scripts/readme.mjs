// Writes the table of settings into README.md, from package.json and its texts; with --check says whether it is up to date.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const file = path.join(root, 'README.md');
const json = async (name) => JSON.parse(await readFile(path.join(root, name), 'utf8'));
const { contributes } = await json('package.json');
const texts = await json('package.nls.json');
const text = (key) => texts[key.slice(1, -1)];

const rows = Object.entries(contributes.configuration.properties).map(([key, setting]) => {
  const values = (setting.enum ?? []).map(
    (value, index) =>
      `\`${value}\`: ${(text(setting.enumDescriptions[index]) ?? '').replace(/^\w/, (c) => c.toLowerCase())}`,
  );
  const about = [text(setting.markdownDescription), ...values].join('<br>').replaceAll('|', '\\|');
  return `| \`${key}\` | ${setting.default === '' ? '' : `\`${setting.default}\``} | ${about} |`;
});
const table = ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows].join('\n');
const [start, end] = ['<!-- settings: npm run readme -->', '<!-- end of settings -->'];
const before = await readFile(file, 'utf8');
const at = before.indexOf(start) + start.length;
const whole = `${before.slice(0, at)}\n\n${table}\n\n${before.slice(before.indexOf(end))}`;
const wanted = await prettier.format(whole, { ...(await prettier.resolveConfig(file)), filepath: file });

if (!process.argv.includes('--check')) {
  await writeFile(file, wanted);
} else if (wanted !== before) {
  console.error('The settings in README.md are not those of package.json. Run: npm run readme');
  process.exitCode = 1;
}
