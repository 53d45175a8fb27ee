// Builds dist/: the extension's entry, the parts it loads on first use, and the page.
//   node scripts/build.mjs [--production] [--watch]
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

// A file of src/ that is imported by `import()` becomes a bundle of its own in dist/, loaded on first use.
const lazyParts = {
  parts: 'src/parts.ts',
  aws: 'src/aws/connect.ts',
  profiles: 'src/aws/profiles.ts',
  practice: 'src/practice/server.ts',
  directory: 'src/core/directory.ts',
  problemWords: 'src/editor/problemWords.ts',
  statusTooltip: 'src/editor/statusTooltip.ts',
  accountActions: 'src/editor/accountActions.ts',
  deviceActions: 'src/editor/deviceActions.ts',
  findingActions: 'src/editor/findingActions.ts',
  deviceItems: 'src/editor/deviceItems.ts',
  otherItems: 'src/editor/otherItems.ts',
  moreUsers: 'src/editor/moreUsers.ts',
  rowCommands: 'src/editor/rowCommands.ts',
  tour: 'src/editor/tour.ts',
  treeTooltips: 'src/editor/treeTooltips.ts',
  keepUp: 'src/editor/keepUp.ts',
  sweep: 'src/editor/sweep.ts',
  chatTools: 'src/editor/chatTools.ts',
};

/** Points `import('…/part')` at the part's own bundle. Any other dynamic import is a mistake and fails the build. */
const lazyLoading = {
  name: 'lazy-parts',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, (args) => {
      if (args.kind !== 'dynamic-import' || args.importer.includes('node_modules')) {
        return undefined;
      }
      const file = path
        .relative(root, path.resolve(args.resolveDir, `${args.path}.ts`))
        .split(path.sep)
        .join('/');
      const part = Object.keys(lazyParts).find((name) => lazyParts[name] === file);
      return part
        ? { path: `./${part}.js`, external: true }
        : { errors: [{ text: `${file} is imported on first use but is not listed in scripts/build.mjs` }] };
    });
  },
};

/** What tells browsers apart: 34 kB of the AWS part that are asked for in a browser alone. */
const noBrowsers = {
  name: 'no-browsers',
  setup(build) {
    build.onResolve({ filter: /^bowser$/ }, () => ({ path: 'bowser', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export default undefined;' }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'info',
  legalComments: 'none',
};

/** What runs in the extension host. CommonJS, since the lowest VS Code in `engines` loads nothing else. */
const host = {
  ...common,
  entryPoints: { extension: 'src/extension.ts', ...lazyParts },
  outdir: 'dist',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  // `import()` becomes a `require` made at that moment: every host version resolves `vscode` inside such a part.
  supported: { 'dynamic-import': false },
  mainFields: ['module', 'main'],
  plugins: [lazyLoading, noBrowsers],
};

/** The page. No externals: an import of host code must fail here. */
const page = {
  ...common,
  entryPoints: { enrolment: 'src/webview/enrolment/main.ts' },
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  tsconfig: 'src/webview/tsconfig.json',
};

async function copyAssets() {
  const codicons = path.join(root, 'node_modules/@vscode/codicons/dist');
  await mkdir(path.join(root, 'dist/webview'), { recursive: true });
  await cp(path.join(codicons, 'codicon.css'), path.join(root, 'dist/webview/codicon.css'));
  await cp(path.join(codicons, 'codicon.ttf'), path.join(root, 'dist/webview/codicon.ttf'));
}

if (watch) {
  await copyAssets();
  for (const options of [host, page]) {
    await (await esbuild.context(options)).watch();
  }
} else {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const [hostResult, pageResult] = await Promise.all([esbuild.build(host), esbuild.build(page)]);
  await copyAssets();
  await writeFile(
    path.join(root, 'dist/meta.json'),
    JSON.stringify({ host: hostResult.metafile, page: pageResult.metafile }),
  );
}
