import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LogOutputChannel, RelativePattern, Uri, window, workspace } from 'vscode';
import { connect } from '../../src/aws/connect';
import { Accounts } from '../../src/core/accounts';
import { removeDevice } from '../../src/core/deviceRemoval';
import { Emitter, type Subscription } from '../../src/core/emitter';
import type { AccountWrite } from '../../src/core/session';
import { keepUp } from '../../src/editor/keepUp';
import { OtherWindows } from '../../src/editor/otherWindows';
import { refreshInterval } from '../../src/editor/settings';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';
import { MemoryUnfinishedStore, SteeredClock } from '../unit/doubles';
import { until } from './hands';

const minute = 60_000;
const setting = 'awsMfa.refreshInterval';

/** A view in which nothing is to be seen. */
const noRows = { selection: [], rows: [] };

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
  let log: LogOutputChannel;
  let home: string;

  before(() => {
    log = window.createOutputChannel('Keeping up, in a test', { log: true });
    home = mkdtempSync(path.join(tmpdir(), 'mfa-keep-up-'));
  });
  after(() => {
    log.dispose();
    rmSync(home, { recursive: true, force: true });
  });
  afterEach(() => choose(undefined));

  it('comes at once where other AWS files are named', async () => {
    const accounts = new Accounts(
      {
        connect: () => Promise.reject(new Error('not needed here')),
        profiles: () => Promise.reject(new Error('not needed here')),
        onDidChangeFiles: new Emitter<void>().on,
      },
      new SteeredClock(),
    );
    let told = 0;
    const keeping = await keepUp({
      accounts,
      clock: new SteeredClock(),
      tree: noRows,
      onFilesChosen: () => told++,
      folder: Uri.file(home),
      session: 'this session',
      log,
    });
    try {
      for (const [times, key] of ['awsMfa.files.config', 'awsMfa.files.credentials'].entries()) {
        await workspace.getConfiguration().update(key, path.join(home, 'other'), true);
        await until(`${key} to be told`, () => (told === times + 1 ? true : undefined));
        await workspace.getConfiguration().update(key, undefined, true);
        await until(`${key} to be told again`, () => (told > times + 1 ? true : undefined));
        told = times + 1;
      }
    } finally {
      keeping.dispose();
      accounts.dispose();
    }
  });

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
    const keeping = await keepUp({
      accounts,
      clock,
      tree: noRows,
      onFilesChosen: () => undefined,
      folder: Uri.file(home),
      session: 'this session',
      log,
    });
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

describe('what windows tell each other', () => {
  let log: LogOutputChannel;
  let home: string;
  let folder: string;
  let ends: Subscription[];

  before(() => {
    log = window.createOutputChannel('Other windows, in a test', { log: true });
  });
  after(() => log.dispose());
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'mfa-windows-'));
    // Not there yet, as at the first start.
    folder = path.join(home, 'storage', 'written');
    ends = [];
  });
  afterEach(() => {
    ends.forEach((end) => end.dispose());
    rmSync(home, { recursive: true, force: true });
  });

  const account = 'aws:210987654321';
  const maya: AccountWrite = { account, userName: 'maya', virtualDevices: true };
  const theo: AccountWrite = { account, userName: 'theo', virtualDevices: false };

  /** A window that listens, and what it has heard. */
  async function listening(session: string): Promise<{ windows: OtherWindows; heard: AccountWrite[] }> {
    const heard: AccountWrite[] = [];
    const windows = new OtherWindows(Uri.file(folder), session, log, (write) => heard.push(write));
    ends.push(windows);
    await windows.start();
    await untilWatched();
    return { windows, heard };
  }

  /** The editor's watcher stands a while after it was asked for: it does once one that was asked for later tells of a file. */
  async function untilWatched(): Promise<void> {
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.file(folder), '*.json'),
      false,
      false,
      true,
    );
    const probe = path.join(folder, 'probe.json');
    let isTold = false;
    const note = (file: Uri) => (isTold ||= path.basename(file.fsPath) === path.basename(probe));
    watcher.onDidCreate(note);
    watcher.onDidChange(note);
    try {
      await until('the folder to be watched', () => {
        writeFileSync(probe, '[]');
        return isTold || undefined;
      });
    } finally {
      watcher.dispose();
      rmSync(probe, { force: true });
    }
  }
  const names = (heard: readonly AccountWrite[]) => heard.map(({ userName }) => userName ?? '').join();
  const untilHeard = (heard: readonly AccountWrite[], wanted: string) =>
    until(`${wanted} instead of ${names(heard)}`, () => (names(heard) === wanted ? true : undefined));

  it('is heard by each other one, once, and not by the one that tells', async () => {
    const first = await listening('first');
    const second = await listening('second');
    const third = await listening('third');
    let looks = 0;
    for (const { windows } of [first, second, third]) {
      const look = windows.look.bind(windows);
      windows.look = () => {
        looks++;
        return look();
      };
    }
    await first.windows.tell(maya);
    await untilHeard(second.heard, 'maya');
    await untilHeard(third.heard, 'maya');
    assert.equal(looks, 0, 'they were told, and did not look');
    await second.windows.tell(theo);
    await untilHeard(first.heard, 'theo');
    await untilHeard(third.heard, 'maya,theo');
    for (const { windows } of [first, second, third]) {
      await windows.look();
    }
    assert.deepEqual([names(first.heard), names(second.heard)], ['theo', 'maya']);
  });

  it('is heard each time, whatever the clock says', async () => {
    const first = await listening('first');
    const second = await listening('second');
    const now = Date.now.bind(Date);
    try {
      for (const [count, jump] of [0, 3_600_000, -3_600_000].entries()) {
        Date.now = () => now() + jump;
        await first.windows.tell(maya);
        await untilHeard(
          second.heard,
          Array<string>(count + 1)
            .fill('maya')
            .join(),
        );
      }
    } finally {
      Date.now = now;
    }
  });

  it('is not heard again by a window that opens later', async () => {
    const first = await listening('first');
    await first.windows.tell(maya);
    const later = await listening('later');
    await first.windows.tell(theo);
    await untilHeard(later.heard, 'theo');
  });

  it('is the account, the user and the time: nothing else has a place in the file', async () => {
    const first = await listening('first');
    const more = { serial: 'arn:aws:iam::210987654321:mfa/maya', seed: 'JBSWY3DPEHPK3PXP', code: '123456' };
    await first.windows.tell({ ...maya, ...more });
    await first.windows.tell({ account, virtualDevices: true });
    const [name, ...others] = readdirSync(folder);
    assert.deepEqual(others, [], 'one file for a window');
    const notes = JSON.parse(readFileSync(path.join(folder, name ?? ''), 'utf8')) as object[];
    assert.deepEqual(
      notes.map((note) => Object.keys(note).sort()),
      [
        ['account', 'at', 'userName', 'virtualDevices'],
        ['account', 'at', 'virtualDevices'],
      ],
    );
  });

  it('grows to no end: of a user the latest, and the latest users', async () => {
    const first = await listening('first');
    for (let user = 0; user < 60; user++) {
      void first.windows.tell({ account, userName: `user-${user}`, virtualDevices: true });
      void first.windows.tell({ account, userName: `user-${user}`, virtualDevices: false });
    }
    await first.windows.tell({ account, userName: 'user-59', virtualDevices: false });
    const [name] = readdirSync(folder);
    const notes = JSON.parse(readFileSync(path.join(folder, name ?? ''), 'utf8')) as AccountWrite[];
    assert.deepEqual(
      [notes.length, notes[0]?.userName, notes.at(-1)?.userName, notes.at(-1)?.virtualDevices],
      [50, 'user-10', 'user-59', true],
    );
  });

  it('is heard beside files that are broken, or say something else', async () => {
    const first = await listening('first');
    const second = await listening('second');
    const broken = [
      '',
      '[{"account":"aws:2',
      'null',
      '7',
      '{}',
      '[null,7,{"account":7}]',
      '[{"account":"a","at":"b"}]',
    ];
    broken.forEach((text, index) => writeFileSync(path.join(folder, `${index}.json`), text));
    await first.windows.tell(maya);
    await untilHeard(second.heard, 'maya');
    await second.windows.look();
    assert.equal(names(second.heard), 'maya');
  });

  it('is tidied up a day after its window is gone', async () => {
    await (await listening('yesterday')).windows.tell(maya);
    const [old] = readdirSync(folder);
    const dayAgo = Date.now() / 1000 - 25 * 3600;
    utimesSync(path.join(folder, old ?? ''), dayAgo, dayAgo);
    await (await listening('today')).windows.tell(theo);
    await listening('tomorrow');
    assert.deepEqual(
      readdirSync(folder).map((name) => name.split('.')[0]),
      ['today'],
    );
  });

  it('is shown at once in another window that shows the account', async () => {
    const practice = await startPracticeAccount({ reportBuildMs: 0 });
    const [mine, theirs] = await Promise.all([windowOn(practice), windowOn(practice)]);
    const clock = new SteeredClock();
    for (const [session, accounts] of Object.entries({ mine, theirs })) {
      ends.push(
        await keepUp({
          accounts,
          clock,
          tree: noRows,
          onFilesChosen: () => undefined,
          folder: Uri.file(folder),
          session,
          log,
        }),
      );
    }
    ends.push(mine, theirs);
    try {
      await untilWatched();
      const state = mine.sessions[0]?.state;
      const known = mine.sessions[0]?.account;
      assert.ok(state?.kind === 'open' && known);
      const { directory, source } = state;
      const tools = { directory, source, account: known, unfinished: new MemoryUnfinishedStore() };
      const serial = 'arn:aws:iam::210987654321:mfa/marcus';
      await removeDevice(tools, directory.iam, 'marcus', { serial });
      const { readAt } = theirs.sessions[0]?.account ?? {};
      await until('the other window to show it', () => {
        const now = theirs.sessions[0]?.account;
        const isSeen = now?.users.get('marcus')?.mfa.kind === 'none';
        return isSeen && !now.virtualDevices?.some((device) => device.serial === serial) ? true : undefined;
      });
      assert.equal(theirs.sessions[0]?.account?.readAt, readAt, 'the rest was not read again');
    } finally {
      await practice.stop();
    }
  });
});
