/* eslint-disable no-console -- this file is a command-line program */
import { parseArgs } from 'node:util';
import { type PracticeAccount, startPracticeAccount } from './server';

// npm run practice -- --port N
// Prints `name: value` lines, the endpoint first and `ready` last, and serves until SIGINT or SIGTERM.

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError('--port takes a number from 0 to 65535.');
  }
  const account = await startPracticeAccount({ port });
  for (const line of introduction(account)) {
    console.log(line);
  }
  const stop = (): void => void account.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function introduction(account: PracticeAccount): string[] {
  const keeper = account.caller('keeper');
  return [
    `endpoint: ${account.endpoint}`,
    `account: ${account.accountId}`,
    ...account.callers.map((caller) => {
      const keys = [caller.accessKeyId, caller.secretAccessKey, caller.sessionToken ?? ''].join(' ').trimEnd();
      return `caller: ${caller.name} ${caller.arn} ${keys}`;
    }),
    `try: AWS_ACCESS_KEY_ID=${keeper.accessKeyId} AWS_SECRET_ACCESS_KEY=${keeper.secretAccessKey} ` +
      `aws iam list-users --endpoint-url ${account.endpoint} --region us-east-1`,
    'ready',
  ];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
