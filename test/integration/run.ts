// Runs the suite inside a real extension host: desktop VS Code where it can be had, the npm-only host otherwise.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { build } from 'esbuild';
import { startPracticeAccount } from '../../src/practice/server';

const root = path.resolve(__dirname, '../..');

async function main(): Promise<void> {
  const suite = path.join(root, '.vscode-test', 'integration', 'suite.js');
  await build({
    entryPoints: [path.join(root, 'test/integration/suite.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Mocha goes into the bundle: it is partly ES modules, which the Node of VS Code 1.96 cannot require().
    external: ['vscode'],
    logLevel: 'error',
  });
  const practice = await startPracticeAccount();
  const home = mkdtempSync(path.join(tmpdir(), 'mfa-integration-'));
  const keys = practice.caller('keeper');
  const watcher = practice.caller('admin-role');
  const config = path.join(home, 'config');
  writeFileSync(
    config,
    [
      '[profile keeper]',
      'region = us-east-1',
      `endpoint_url = ${practice.endpoint}`,
      `aws_access_key_id = ${keys.accessKeyId}`,
      `aws_secret_access_key = ${keys.secretAccessKey}`,
      '',
    ].join('\n'),
  );
  try {
    await runTests({
      vscodeExecutablePath: await executable(),
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      launchArgs: [`--user-data-dir=${path.join(home, 'data')}`, `--extensions-dir=${path.join(home, 'extensions')}`],
      extensionTestsEnv: {
        ...(process.env['TEST_COUNTS_FILE'] !== undefined && { TEST_COUNTS_FILE: process.env['TEST_COUNTS_FILE'] }),
        AWS_CONFIG_FILE: config,
        AWS_SHARED_CREDENTIALS_FILE: path.join(home, 'credentials'),
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MFA_ACCOUNT: 'profile:keeper',
        PRACTICE_ENDPOINT: practice.endpoint,
        PRACTICE_KEY: watcher.accessKeyId,
        PRACTICE_SECRET: watcher.secretAccessKey,
        PRACTICE_TOKEN: watcher.sessionToken ?? '',
      },
    });
  } finally {
    await practice.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Desktop VS Code needs a display and the open internet; the launcher of the npm-only host needs neither. */
async function executable(): Promise<string> {
  const launcher = path.join(root, 'scripts/host/code.mjs');
  if (process.env['VSCODE_TEST_HOST'] === 'npm' || (process.platform === 'linux' && !process.env['DISPLAY'])) {
    return launcher;
  }
  try {
    const version = process.env['VSCODE_TEST_VERSION'] ?? 'stable';
    return await downloadAndUnzipVSCode({ version, reporter: new SilentReporter() });
  } catch (error) {
    if (process.platform === 'win32') {
      throw error;
    }
    console.log('VS Code cannot be downloaded here: the npm-only host is used.');
    return launcher;
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
