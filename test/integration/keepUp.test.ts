import assert from 'node:assert/strict';
import { type Disposable, workspace } from 'vscode';
import { connect } from '../../src/aws/connect';
import { Accounts } from '../../src/core/accounts';
import { Emitter } from '../../src/core/emitter';
import { keepUp } from '../../src/editor/keepUp';
import { refreshInterval } from '../../src/editor/settings';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { SteeredClock } from '../unit/doubles';
import { until } from './hands';

const minute = 60_000;
const setting = 'awsMfa.refreshInterval';

const choose = (minutes: unknown) => workspace.getConfiguration().update(setting, minutes, true);

/** The accounts of a window of its own, in which a practice account is shown. */
async function windowOn(practice: PracticeAccount, clock = new SteeredClock()): Promise<Accounts> {
  const { endpoint } = practice;
  const { accessKeyId, secretAccessKey } = practice.caller('keeper');
  const accounts = new Accounts(
    {
      connect: () => connect({ kind: 'keys', endpoint, accessKeyId, secretAccessKey }, () => undefined),
      profiles: () => Promise.reject(new Error('not needed here')),
      onDidChangeFiles: new Emitter<void>().on,
    },
    clock,
  );
  await accounts.add({ kind: 'practice' });
  return accounts;
}

describe('how often accounts are read again', () => {
  afterEach(() => choose(undefined));

  it('is once an hour, unless told otherwise', () => assert.equal(refreshInterval(), 60 * minute));

  it('is what the person says, never below five minutes', async () => {
    for (const [minutes, interval] of [
      [90, 90],
      [5, 5],
      [1, 5],
      [0.5, 5],
    ] as const) {
      await choose(minutes);
      assert.equal(refreshInterval(), interval * minute, String(minutes));
    }
  });

  it('is never for zero', async () => {
    await choose(0);
    assert.equal(refreshInterval(), undefined);
  });

  it('is the usual for what is no such number', async () => {
    for (const nonsense of [-5, 'often', true, {}, [10]]) {
      await choose(nonsense);
      assert.equal(refreshInterval(), 60 * minute, JSON.stringify(nonsense));
    }
  });

  it('holds as soon as it is changed', async () => {
    const practice = await startPracticeAccount({ reportBuildMs: 0 });
    const clock = new SteeredClock();
    const accounts = await windowOn(practice, clock);
    const keeping: Disposable = keepUp(accounts, clock);
    try {
      const readAt = () => accounts.sessions[0]?.account?.readAt;
      const first = readAt();
      clock.advance(30 * minute);
      await choose(20);
      await until('the account to be read again', () => (readAt() === first ? undefined : true));
      assert.equal(readAt(), clock.now());
    } finally {
      keeping.dispose();
      accounts.dispose();
      await practice.stop();
    }
  });
});
