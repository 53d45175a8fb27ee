import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { practiceKeys } from '../../../src/practice/keys';

const CLI = join(__dirname, '../../../src/practice/cli.ts');
const run = (...args: string[]) => spawn(process.execPath, ['--require', 'tsx/cjs', CLI, ...args]);

describe('practice account: on the command line', () => {
  it('prints where it is and who may call, serves, and stops on SIGTERM', async function () {
    this.timeout(20_000);
    const child = run('--port', '0');
    try {
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (line === 'ready') {
          break;
        }
      }
      const endpoint = /^endpoint: (http:\/\/127\.0\.0\.1:\d+)$/.exec(lines[0] ?? '')?.[1];
      assert.ok(endpoint !== undefined, lines.join('\n'));
      const keys = practiceKeys('keeper');
      assert.ok(
        lines.includes(
          `caller: keeper arn:aws:iam::210987654321:user/jordan ${keys.accessKeyId} ${keys.secretAccessKey}`,
        ),
      );
      assert.ok(
        lines.some((line) => line.includes(`aws iam list-users --endpoint-url ${endpoint} --region us-east-1`)),
      );

      const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: keys });
      assert.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 10);
      iam.destroy();

      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('refuses a port that is none', async function () {
    this.timeout(20_000);
    const child = run('--port', 'abc');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
  });
});
