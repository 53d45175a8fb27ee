import { type ChildProcess, spawn } from 'node:child_process';
import { ProblemError, type ProblemCode } from '../core/problem';
import type { SignInFault } from '../core/signInFault';
import type { Keys } from './keys';

/** How long a process is waited for, milliseconds: it may ask a person something. */
const patience = 60_000;

/** More than any credentials take. */
const mostOutput = 1_000_000;

/**
 * Runs the `credential_process` of a profile. Not the SDK's provider for it: that one waits for ever, and where the process fails,
 * it tells the whole command line, secrets included.
 * @param command run by the shell, as AWS documents
 * @throws ProblemError which says how it failed, but nothing of what it printed or was given
 */
export async function keysFromProcess(command: string, profile: string, wait = patience): Promise<Keys> {
  const failed = (code: ProblemCode, fault: SignInFault) =>
    new ProblemError({ code, operation: 'Credentials', subject: profile, fault });
  const ended = await run(command, wait);
  switch (ended.kind) {
    case 'notStarted':
      throw failed('noCredentials', { kind: 'processNotStarted', profile });
    case 'late':
      throw failed('noCredentials', { kind: 'processLate', profile, seconds: wait / 1000 });
    case 'signal':
      throw failed('noCredentials', { kind: 'processKilled', profile, signal: ended.signal });
    case 'code':
      if (ended.code !== 0) {
        // What a shell says of a command that it does not find: POSIX, and Windows’ cmd.
        const missing = ended.code === 127 || ended.code === 9009;
        const kind = missing ? 'processNotFound' : 'processFailed';
        throw failed('noCredentials', { kind, profile, exitCode: ended.code });
      }
  }
  const printed = parsed(ended.output);
  if (!printed) {
    throw failed('badConfig', { kind: 'processPrintedNoJson', profile });
  }
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = printed;
  if (Version !== 1) {
    throw failed('badConfig', { kind: 'processPrintedNoVersion', profile });
  }
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw failed('badConfig', { kind: 'processPrintedNoKeys', profile });
  }
  const expiration =
    Expiration === undefined || Expiration === null
      ? undefined
      : new Date(typeof Expiration === 'string' ? Expiration : Number.NaN);
  if (expiration && Number.isNaN(expiration.getTime())) {
    throw failed('badConfig', { kind: 'processPrintedNoTime', profile });
  }
  if (expiration && expiration.getTime() <= Date.now()) {
    throw failed('expiredCredentials', { kind: 'processPrintedExpiredKeys', profile });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof SessionToken === 'string' && SessionToken !== '' && { sessionToken: SessionToken }),
    ...(expiration && { expiration }),
  };
}

type Ended =
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'late' }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'code'; readonly code: number; readonly output: string };

function run(command: string, wait: number): Promise<Ended> {
  // A group of its own where there are any, so that what the shell has started ends with it.
  const detached = process.platform !== 'win32';
  const child = spawn(command, { shell: true, detached, windowsHide: true, stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    let output = '';
    const timer = setTimeout(() => {
      resolve({ kind: 'late' });
      end(child, detached);
    }, wait);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, mostOutput);
    });
    child.on('error', () => {
      clearTimeout(timer);
      resolve({ kind: 'notStarted' });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(code === null ? { kind: 'signal', signal: String(signal) } : { kind: 'code', code, output });
    });
  });
}

function end(child: ChildProcess, detached: boolean): void {
  try {
    if (detached && child.pid !== undefined) {
      process.kill(-child.pid);
    } else {
      child.kill();
    }
  } catch {
    // It has just ended by itself.
  }
  child.stdout?.destroy();
}

function parsed(output: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
