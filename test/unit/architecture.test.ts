import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '../..');
const src = path.join(root, 'src');

/** What each room of src/ may import beside itself: other rooms, and packages. The plan is docs/architecture.md. */
const rules: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly RegExp[] }>> = {
  protocol: { rooms: [], packages: [] },
  core: { rooms: [], packages: [/^otpauth$/, /^papaparse$/] },
  aws: { rooms: ['core'], packages: [/^@aws-sdk\//, /^@smithy\//, /^node:/] },
  practice: { rooms: [], packages: [/^node:/, /^fast-xml-parser$/] },
  editor: { rooms: ['core', 'protocol'], packages: [/^vscode$/] },
  webview: { rooms: ['protocol'], packages: [/^qrcode$/] },
  // extension.ts, parts.ts and sources.ts put the parts together.
  '': { rooms: ['core', 'aws', 'practice', 'editor', 'protocol'], packages: [/^vscode$/, /^node:timers\/promises$/] },
};

interface Import {
  readonly from: string;
  /** A file below src/, or a package. */
  readonly to: string;
  readonly isFile: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(path.sep).join('/'))
  .sort();

function importsOf(file: string): readonly Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(src, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => {
    if (!fileName.startsWith('.')) {
      return { from: file, to: fileName, isFile: false };
    }
    const target = path.posix.join(path.posix.dirname(file), fileName);
    return { from: file, to: `${target}.ts`, isFile: true };
  });
}

function roomOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

const edges = files.flatMap(importsOf);

/** From a file that nobody imports down to `file`, so that a reader sees how it comes in. */
function chainTo(file: string): readonly string[] {
  const seen = new Set([file]);
  const chain = [file];
  for (;;) {
    const importer = edges.find((edge) => edge.to === chain[0] && !seen.has(edge.from));
    if (!importer) {
      return chain;
    }
    seen.add(importer.from);
    chain.unshift(importer.from);
  }
}

function isAllowed({ from, to, isFile }: Import): boolean {
  const rule = rules[roomOf(from)];
  if (!rule) {
    return false;
  }
  return isFile
    ? roomOf(to) === roomOf(from) || rule.rooms.includes(roomOf(to))
    : rule.packages.some((pattern) => pattern.test(to));
}

describe('the architecture', () => {
  it('has imports that run one way only', () => {
    const offending = edges
      .filter((edge) => !isAllowed(edge))
      .map((edge) => [...chainTo(edge.from), edge.to].join(' -> '));
    assert.deepEqual(offending, [], `forbidden by docs/architecture.md:\n${offending.join('\n')}`);
  });

  it('imports files that are there', () => {
    const missing = edges.filter((edge) => edge.isFile && !files.includes(edge.to));
    assert.deepEqual(missing, []);
  });

  it('has no import that comes back to where it began', () => {
    const state = new Map<string, 'open' | 'closed'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]) => {
      if (state.get(file) === 'closed') {
        return;
      }
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const edge of edges) {
        if (edge.from === file && edge.isFile) {
          visit(edge.to, [...trail, file]);
        }
      }
      state.set(file, 'closed');
    };
    for (const file of files) {
      visit(file, []);
    }
    assert.deepEqual(cycles, []);
  });

  it('keeps three quarters of its files free of the editor', () => {
    const bound = new Set(edges.filter((edge) => edge.to === 'vscode').map((edge) => edge.from));
    const free = 1 - bound.size / files.length;
    assert.ok(free >= 0.75, `${Math.round(free * 100)} % of ${files.length} files are free of vscode`);
  });

  it('has no file that only hands on what others export', () => {
    const barrels = files.filter((file) => {
      const source = ts.createSourceFile(file, readFileSync(path.join(src, file), 'utf8'), ts.ScriptTarget.Latest);
      return (
        source.statements.length > 0 &&
        source.statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement))
      );
    });
    assert.deepEqual(
      barrels.filter((file) => !file.endsWith('main.ts')),
      [],
    );
  });
});
