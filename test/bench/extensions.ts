import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';

/** An extension of a bench's own, started by the same event as ours. */
export interface BenchExtension {
  readonly name: string;
  readonly displayName: string;
  /** Its only module. */
  readonly code: string;
  /** Titles of its commands by their ids. */
  readonly commands?: Readonly<Record<string, string>>;
}

/** @returns the path of the packed extension, below `folder` */
export async function packExtension(
  folder: string,
  { name, displayName, code, commands = {} }: BenchExtension,
): Promise<string> {
  const cwd = path.join(folder, name);
  const manifest = {
    name,
    displayName,
    description: 'For a bench.',
    version: '1.0.0',
    publisher: 'bench',
    engines: { vscode: '^1.90.0' },
    activationEvents: ['onStartupFinished'],
    main: './extension.js',
    contributes: { commands: Object.entries(commands).map(([command, title]) => ({ command, title })) },
  };
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(cwd, 'extension.js'), code);
  const packagePath = path.join(folder, `${name}.vsix`);
  await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
  return packagePath;
}
