import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Served } from './account';

/** Milliseconds before each answer, and how many calls of one API are taken in a second, 0 for any number. */
export interface Conditions {
  readonly latency: number;
  readonly perSecond: number;
}

/**
 * Serves a practice account from a process of its own for as long as the work takes.
 * @param kinds `virtual`: nobody has a token or a passkey; `any`: one in ten has
 */
export async function withAccount<T>(
  users: number,
  { latency, perSecond }: Conditions,
  kinds: 'virtual' | 'any',
  work: (account: Served) => Promise<T>,
): Promise<T> {
  const child = fork(path.join(__dirname, 'account.ts'), [String(users), String(latency), kinds, String(perSecond)], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const [account] = (await once(child, 'message')) as [Served];
    return await work(account);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}
