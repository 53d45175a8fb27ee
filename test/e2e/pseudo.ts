import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installedExtension, root } from './stage';

/** A language that nobody speaks: every text of ours can be told from one that was not translated, and is longer than in English. */
export const pseudoLanguage = 'qps-ploc';

type Texts = Readonly<Record<string, string>>;

const plain = 'aceinouyACEINOUYsldtr';
const accented = 'àçéîñôûýÀÇÉÎÑÔÛÝšľđťř';

/** What stands in a text and is no word: values, icons, code, links' targets and marks. */
const kept = /(\{\d+\}|\$\([a-z-]+\)|`[^`]*`|\]\([^)]*\)|@[a-zA-Z]+)/;

/** @returns the text as it is said in the language that nobody speaks, a third longer */
export function pseudo(text: string): string {
  const said = text
    .split(kept)
    .map((part, index) => (index % 2 === 1 ? part : Array.from(part, accent).join('')))
    .join('');
  const words = text
    .split(kept)
    .filter((_, index) => index % 2 === 0)
    .join('');
  return `⟦${said}${' ~~~~'.repeat(Math.ceil(words.length / 15))}⟧`;
}

function accent(letter: string): string {
  return accented[plain.indexOf(letter)] ?? letter;
}

/** @returns what of a text was not translated; empty where all was */
export function notTranslated(text: string): string {
  let depth = 0;
  return Array.from(text, (letter) => {
    depth += letter === '⟦' ? 1 : letter === '⟧' ? -1 : 0;
    return depth === 0 && letter !== '⟧' ? letter : '';
  }).join('');
}

/** Puts a copy of the packaged extension, in the language that nobody speaks, into a folder of installed extensions. */
export async function installInPseudo(folder: string): Promise<void> {
  const installed = await installedExtension(path.join(folder, 'install'));
  const extensions = path.join(folder, 'extensions');
  cpSync(installed, extensions, { recursive: true });
  const list = path.join(extensions, 'extensions.json');
  writeFileSync(list, readFileSync(list, 'utf8').replaceAll(installed, extensions));
  const [{ relativeLocation }] = JSON.parse(readFileSync(list, 'utf8')) as [{ readonly relativeLocation: string }];
  const into = (file: string, name: string) => {
    const texts = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Texts;
    const said = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudo(text)]));
    writeFileSync(path.join(extensions, relativeLocation, name), JSON.stringify(said));
  };
  into('l10n/bundle.l10n.json', `l10n/bundle.l10n.${pseudoLanguage}.json`);
  into('package.nls.json', `package.nls.${pseudoLanguage}.json`);
}
