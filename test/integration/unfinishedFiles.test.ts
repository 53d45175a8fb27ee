import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LogOutputChannel, type Memento, Uri, window } from 'vscode';
import type { UnfinishedDevice } from '../../src/core/unfinished';
import { RememberedDevices } from '../../src/editor/deviceMemory';
import { UnfinishedFiles } from '../../src/editor/unfinishedFiles';

const serialOf = (name: string): string => `arn:aws:iam::210987654321:mfa/${name}`;
const halfADay = 12 * 60 * 60 * 1000;

function deviceNamed(name: string, more: Partial<UnfinishedDevice> = {}): UnfinishedDevice {
  return {
    serial: serialOf(name),
    accountId: '210987654321',
    partition: 'aws',
    source: { kind: 'profile', profile: 'keeper' },
    startedAt: Date.now(),
    ...more,
  };
}

describe('unfinished devices on disk', () => {
  let log: LogOutputChannel;
  let home: string;
  let folder: string;
  let files: UnfinishedFiles;

  before(() => {
    log = window.createOutputChannel('Unfinished devices, in a test', { log: true });
  });
  after(() => log.dispose());
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'mfa-unfinished-'));
    // Not there yet, as at the first start.
    folder = path.join(home, 'storage', 'unfinished');
    files = store('this session');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const store = (session: string) => new UnfinishedFiles(Uri.file(folder), session, log);
  const held = async (of = files) => [...(await of.held())].sort();
  const abandoned = async (of = files) => (await of.abandoned()).map(({ serial }) => serial).sort();
  const names = () => readdirSync(folder).sort();

  /** The file of a device that another process is enrolling, or was: as that process would have written it. */
  async function writtenBy(processId: number, device: UnfinishedDevice, more: object = {}): Promise<void> {
    await files.add(device);
    const fileOf = (id: number) => path.join(folder, `${encodeURIComponent(device.serial)}.${id}.json`);
    const file = fileOf(process.pid);
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    assert.equal(stored['process'], process.pid, 'the file says who writes it');
    rmSync(file);
    writeFileSync(
      fileOf(processId),
      JSON.stringify({ ...stored, process: processId, session: 'another session', ...more }),
    );
  }

  it('of one name in two windows: neither forgets, nor lets go of, what the other is enrolling', async () => {
    await writtenBy(process.ppid, deviceNamed('maya'));
    await files.add(deviceNamed('maya'));
    await files.release(serialOf('maya'));
    await files.remove(serialOf('maya'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []], 'the other’s is held');
  });

  it('of one name, let go of by a window and taken up by another: they are nobody’s to delete', async () => {
    await writtenBy(process.ppid, deviceNamed('maya'), { released: true });
    await files.add(deviceNamed('maya'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []]);
  });

  it('are none before the first', async () => {
    assert.deepEqual([await held(), await abandoned()], [[], []]);
    await files.remove(serialOf('maya'));
    await files.release(serialOf('maya'));
    assert.deepEqual(readdirSync(home), [], 'asking writes nothing');
  });

  it('are held by the session that makes them', async () => {
    await files.add(deviceNamed('maya'));
    await files.add(deviceNamed('theo'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya'), serialOf('theo')], []]);
  });

  it('are forgotten when they are removed, and the others are not', async () => {
    await files.add(deviceNamed('maya'));
    await files.add(deviceNamed('theo'));
    await files.remove(serialOf('maya'));
    assert.deepEqual([await held(), names().length], [[serialOf('theo')], 1]);
  });

  it('are one file each, whatever is in the serial, inside the folder', async () => {
    const serials = ['../../escape', 'contractors/ines', 'a+b=c,d@e', 'contractors%2Fines'].map(serialOf);
    for (const serial of serials) {
      await files.add(deviceNamed('', { serial }));
    }
    assert.deepEqual(await held(), [...serials].sort());
    assert.equal(names().length, serials.length);
    for (const serial of serials) {
      await files.remove(serial);
    }
    assert.deepEqual([names(), readdirSync(home)], [[], ['storage']]);
  });

  it('are the same device when they are added again', async () => {
    await files.add(deviceNamed('maya'));
    await files.add(deviceNamed('maya'));
    assert.deepEqual([await held(), names().length], [[serialOf('maya')], 1]);
  });

  it('come back with all that is needed to delete them', async () => {
    const mine = deviceNamed('maya', { partition: 'aws-cn', accountId: '111122223333', startedAt: 12345 });
    const byDefault = deviceNamed('theo', { source: { kind: 'default' } });
    await files.add(mine);
    await files.add(byDefault);
    const [first, second] = [...(await store('a later session').abandoned())].sort((a, b) => a.startedAt - b.startedAt);
    const { serial, accountId, partition, source, startedAt } = first ?? assert.fail('it was forgotten');
    assert.deepEqual({ serial, accountId, partition, source, startedAt }, mine);
    assert.deepEqual(second?.source, { kind: 'default' });
  });

  it('hold no more than that: no seed has a place in the file', async () => {
    await files.add(deviceNamed('maya'));
    const [name] = names();
    const stored = JSON.parse(readFileSync(path.join(folder, name ?? ''), 'utf8')) as object;
    assert.deepEqual(Object.keys(stored).sort(), [
      'accountId',
      'partition',
      'process',
      'serial',
      'session',
      'source',
      'startedAt',
    ]);
  });

  it('are abandoned by a session of before, though its process had this one’s number', async () => {
    await store('an earlier session').add(deviceNamed('maya'));
    assert.deepEqual([await held(), await abandoned()], [[], [serialOf('maya')]]);
  });

  it('are abandoned once they are let go of, and stay remembered', async () => {
    await files.add(deviceNamed('maya'));
    await files.add(deviceNamed('theo'));
    await files.release(serialOf('maya'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('theo')], [serialOf('maya')]]);
    assert.equal(names().length, 2);
  });

  it('are held again when they are taken up again', async () => {
    await files.add(deviceNamed('maya'));
    await files.release(serialOf('maya'));
    await files.add(deviceNamed('maya'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []]);
  });

  it('are held by another window that runs, which need not be asked', async () => {
    await writtenBy(process.ppid, deviceNamed('maya'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []]);
  });

  it('are not held by another window that has let go of them', async () => {
    await writtenBy(process.ppid, deviceNamed('maya'), { released: true });
    assert.deepEqual([await held(), await abandoned()], [[], [serialOf('maya')]]);
  });

  it('are abandoned the moment their window’s process has ended', async () => {
    const other = anotherProcess();
    await once(other, 'spawn');
    await writtenBy(other.pid ?? assert.fail('it did not start'), deviceNamed('maya'));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []], 'while it runs');
    other.kill('SIGKILL');
    await once(other, 'exit');
    assert.deepEqual([await held(), await abandoned()], [[], [serialOf('maya')]], 'once it has ended');
  });

  it('are abandoned after half a day: by then another process may have the number', async () => {
    await writtenBy(process.ppid, deviceNamed('maya', { startedAt: Date.now() - halfADay + 60_000 }));
    await writtenBy(process.ppid, deviceNamed('theo', { startedAt: Date.now() - halfADay - 1 }));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], [serialOf('theo')]]);
  });

  it('are held by this session however long that takes', async () => {
    await files.add(deviceNamed('maya', { startedAt: Date.now() - 10 * halfADay }));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []]);
  });

  it('are known beside files that are broken', async () => {
    await files.add(deviceNamed('maya'));
    const good = JSON.parse(readFileSync(path.join(folder, names()[0] ?? ''), 'utf8')) as object;
    writeFileSync(path.join(folder, 'cut.json'), '{"serial":"arn:aws:iam::2109');
    writeFileSync(path.join(folder, 'empty.json'), '');
    writeFileSync(path.join(folder, 'bytes.json'), new Uint8Array([0xff, 0x00, 0xfe]));
    writeFileSync(path.join(folder, 'notes.txt'), JSON.stringify({ ...good, serial: serialOf('notes') }));
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []]);
    await files.release(serialOf('maya'));
    assert.deepEqual([await held(), await abandoned()], [[], [serialOf('maya')]]);
  });

  it('are not made of files that say something else, which are deleted', async () => {
    await files.add(deviceNamed('maya'));
    const [name] = names();
    const good = JSON.parse(readFileSync(path.join(folder, name ?? ''), 'utf8')) as Record<string, unknown>;
    const broken: readonly unknown[] = [
      null,
      7,
      'text',
      [],
      ...Object.keys(good).map((key) => ({ ...good, [key]: undefined })),
      ...Object.keys(good).map((key) => ({ ...good, [key]: {} })),
      { ...good, source: 'nowhere' },
      { ...good, startedAt: '2026-01-01' },
    ];
    for (const [index, content] of broken.entries()) {
      writeFileSync(path.join(folder, `${index}.json`), JSON.stringify(content));
    }
    assert.equal(names().length, broken.length + 1);
    assert.deepEqual([await held(), await abandoned()], [[serialOf('maya')], []]);
    assert.deepEqual(names(), [name]);
  });
});

/** Runs until it is killed. In desktop VS Code the executable is Electron, which is Node when it is told so. */
function anotherProcess(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    stdio: 'ignore',
  });
}

/** Keeps what it is given as the editor does, as JSON. The editor hands its own to `activate` alone. */
class JsonMemento implements Memento {
  readonly updates: unknown[] = [];
  readonly #values = new Map<string, string>();

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  get<T>(key: string, otherwise?: T): T | undefined {
    const value = this.#values.get(key);
    return value === undefined ? otherwise : (JSON.parse(value) as T);
  }

  update(key: string, value: unknown): Promise<void> {
    this.updates.push(value);
    this.#values.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
}

describe('when unassigned devices were seen first', () => {
  let memento: JsonMemento;
  let home: string;
  let files: UnfinishedFiles;
  let log: LogOutputChannel;

  before(() => {
    log = window.createOutputChannel('Remembered devices, in a test', { log: true });
  });
  after(() => log.dispose());
  beforeEach(() => {
    memento = new JsonMemento();
    home = mkdtempSync(path.join(tmpdir(), 'mfa-remembered-'));
    files = new UnfinishedFiles(Uri.file(home), 'this session', log);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const mine = 'aws:210987654321';
  const seen = (serials: readonly string[], now: number, account = mine) =>
    // A window of its own each time: nothing is remembered but what is in the memento.
    Object.fromEntries(new RememberedDevices(files, memento).seen(account, serials, now));

  it('is kept from one window to the next', () => {
    assert.deepEqual(seen(['sam'], 100), { sam: 100 });
    assert.deepEqual(seen(['sam', 'old'], 200), { sam: 100, old: 200 });
    assert.deepEqual(seen(['old', 'sam'], 300), { sam: 100, old: 200 });
  });

  it('is forgotten with the device, so that another of the same name is new', () => {
    seen(['sam', 'old'], 100);
    assert.deepEqual(seen(['old'], 200), { old: 100 });
    assert.deepEqual(seen(['sam', 'old'], 300), { sam: 300, old: 100 });
  });

  it('is kept for each account and partition by itself', () => {
    seen(['sam'], 100);
    assert.deepEqual(seen(['sam'], 200, 'aws:111122223333'), { sam: 200 });
    assert.deepEqual(seen(['sam'], 300, 'aws-cn:210987654321'), { sam: 300 });
    assert.deepEqual(seen([], 400, 'aws:111122223333'), {});
    assert.deepEqual(seen(['sam'], 500), { sam: 100 });
  });

  it('is written only where it has changed', () => {
    seen([], 50);
    assert.deepEqual(memento.updates, []);
    seen(['sam'], 100);
    seen(['sam'], 200);
    assert.equal(memento.updates.length, 1);
  });

  it('goes with the devices that windows are enrolling', async () => {
    await files.add(deviceNamed('maya'));
    assert.deepEqual([...(await new RememberedDevices(files, memento).held())], [serialOf('maya')]);
  });
});
