import assert from 'node:assert/strict';
import { unwatchFile, watchFile } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileWatch } from '../../../src/aws/watchFiles';

/** Far longer than it takes: a file is looked at about once a second. */
const patience = 10_000;

/** A watch, and how often it has told of a change. */
class Told {
  times = 0;
  readonly watch: FileWatch;
  #waiting: (() => void) | undefined;

  constructor(private readonly onTold: () => void = () => undefined) {
    this.watch = new FileWatch(() => {
      this.times++;
      this.onTold();
      this.#waiting?.();
    });
  }

  /** Watches these from the state on in which they are now. */
  async update(...files: readonly string[]): Promise<void> {
    this.watch.update(files);
    // The watch has asked first; by the time these questions are answered one after the other, that one is too.
    for (let turn = 0; turn < 10; turn++) {
      await Promise.allSettled(files.map((file) => stat(file)));
    }
  }

  /** Settles once it has told so often. */
  async until(times: number): Promise<void> {
    let late: ReturnType<typeof setTimeout> | undefined;
    const given = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => reject(new Error(`It has told ${this.times} times, not ${times}`)), patience);
    });
    try {
      while (this.times < times) {
        await Promise.race([given, new Promise<void>((resolve) => (this.#waiting = resolve))]);
      }
    } finally {
      clearTimeout(late);
    }
  }
}

describe('the watch over files', () => {
  let folder: string;
  const watches: Told[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mfa-for-aws-iam-'));
  });
  afterEach(async () => {
    watches.splice(0).forEach(({ watch }) => watch.dispose());
    await rm(folder, { recursive: true });
  });

  const open = (onTold?: () => void): Told => {
    const told = new Told(onTold);
    watches.push(told);
    return told;
  };
  const at = (name: string): string => path.join(folder, name);
  const put = async (name: string, text: string): Promise<string> => {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
    return at(name);
  };

  it('tells of a file that comes, with the folder it is in', async () => {
    const told = open();
    await told.update(at('home/.aws/config'));
    await put('home/.aws/config', '[default]');
    await told.until(1);
  });

  it('tells of a file that is written over', async () => {
    const file = await put('config', 'before');
    const told = open();
    await told.update(file);
    await writeFile(file, 'after that');
    await told.until(1);
  });

  it('tells of a file that is replaced by another of the same size, as careful tools write', async () => {
    const file = await put('config', 'before');
    const told = open();
    await told.update(file);
    await rename(await put('config.new', 'behind'), file);
    await told.until(1);
  });

  it('tells of a file that goes, and of its return', async () => {
    const file = await put('config', 'before');
    const told = open();
    await told.update(file);
    await rm(file);
    await told.until(1);
    await writeFile(file, 'before');
    await told.until(2);
  });

  it('tells once of what is written close together, and what is read then is the last of it', async () => {
    const [config, credentials] = [await put('config', 'before'), await put('credentials', 'before')];
    const reads: Promise<string>[] = [];
    const told = open(() => reads.push(readFile(config, 'utf8')));
    await told.update(config, credentials);
    for (let line = 1; line <= 20; line++) {
      await writeFile(config, `line ${line}`);
      await writeFile(credentials, `line ${line} too`);
    }
    await told.until(1);
    assert.deepEqual(await Promise.all(reads), ['line 20']);
    await writeFile(config, 'something later');
    await told.until(2);
    assert.deepEqual(await Promise.all(reads), ['line 20', 'something later']);
  });

  it('tells nothing of a file while it is being written', async () => {
    const file = await put('config', 'before');
    const told = open();
    await told.update(file);
    // Hears of each look that finds the file changed.
    let looks = 0;
    watchFile(file, { persistent: false }, () => looks++);
    try {
      for (let line = 1; looks < 3; line++) {
        await writeFile(file, `line ${line}`);
      }
    } finally {
      unwatchFile(file);
    }
    assert.equal(told.times, 0);
  });

  it('says nothing while nothing changes, of files that are not there either', async () => {
    const [file, other] = [await put('config', 'before'), await put('other', 'before')];
    const quiet = open();
    await quiet.update(file, at('nowhere/credentials'));
    const witness = open();
    await witness.update(other);
    await writeFile(other, 'after that');
    await witness.until(1);
    assert.equal(quiet.times, 0);
  });

  it('is over for files that are no longer named, and goes on for the others', async () => {
    const [gone, kept] = [await put('gone', 'before'), await put('kept', 'before')];
    const told = open();
    await told.update(gone, kept);
    await told.update(kept);
    // Looks at the same file, and hears of it later than one who was there before.
    const witness = open();
    await witness.update(gone);
    await writeFile(gone, 'after that');
    await witness.until(1);
    assert.equal(told.times, 0);
    await writeFile(kept, 'after that');
    await told.until(1);
  });

  it('is over once it is disposed of', async () => {
    const file = await put('config', 'before');
    const told = open();
    await told.update(file);
    told.watch.dispose();
    const witness = open();
    await witness.update(file);
    await writeFile(file, 'after that');
    await witness.until(1);
    assert.equal(told.times, 0);
  });

  it('is over once it is disposed of, also for what it was about to tell', async () => {
    const file = await put('config', 'before');
    const [told, witness] = [open(), open()];
    await told.update(file);
    await witness.update(file);
    // Hears of it in the same moment, while both wait whether more comes.
    watchFile(file, { persistent: false }, () => told.watch.dispose());
    try {
      await writeFile(file, 'after that');
      await witness.until(1);
      assert.equal(told.times, 0);
    } finally {
      unwatchFile(file);
    }
  });
});
