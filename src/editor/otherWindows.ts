import { type Disposable, FileSystemError, type LogOutputChannel, RelativePattern, Uri, workspace } from 'vscode';
import type { AccountWrite } from '../core/session';
import { jsonFilesIn } from './storedFiles';

/** What a window has changed, as it is written down. */
interface Noted extends AccountWrite {
  /** Milliseconds since 1970, and more than that of any earlier note of the same window. */
  readonly at: number;
}

/** So many notes are kept in a file: of the same user, the latest. */
const mostNotes = 50;

/** A file that is older was left by a window that is gone, or is written anew when its window has something to tell; milliseconds. */
const longestLife = 24 * 60 * 60 * 1000;

/**
 * Tells other windows on this computer what was changed in which account, by one small file for each window. A file holds the
 * account, the user's name and the time: never a serial, a seed or a code. What a window hears it does not tell on.
 */
export class OtherWindows implements Disposable {
  readonly #own: string;
  readonly #notes = new Map<string, Noted>();
  /** The time of the latest note that was read of each file. */
  readonly #heard = new Map<string, number>();
  #watcher: Disposable | undefined;
  #writing: Promise<void> = Promise.resolve();
  #at = 0;
  #writtenAt = 0;
  #ended = false;

  /**
   * @param session of this window; told apart from others by its process too
   * @param onHear told of each change that another window has made
   */
  constructor(
    private readonly folder: Uri,
    session: string,
    private readonly log: LogOutputChannel,
    private readonly onHear: (write: AccountWrite) => void,
  ) {
    this.#own = `${encodeURIComponent(session)}.${process.pid}.json`;
  }

  /** Listens from now on: what was noted before was read with the accounts. */
  async start(): Promise<void> {
    await workspace.fs.createDirectory(this.folder);
    await this.#tidy();
    for (const name of await jsonFilesIn(this.folder)) {
      await this.#read(name);
    }
    if (this.#ended) {
      return;
    }
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(this.folder, '*.json'), false, false, true);
    const hear = (file: Uri) => void this.#hear(file.path.slice(file.path.lastIndexOf('/') + 1));
    watcher.onDidCreate(hear);
    watcher.onDidChange(hear);
    this.#watcher = watcher;
  }

  /** Reads what was noted since. For where the computer tells of no changed files. */
  async look(): Promise<void> {
    for (const name of await jsonFilesIn(this.folder)) {
      await this.#hear(name);
    }
  }

  /** Settles once it is written, or could not be. */
  tell({ account, userName, virtualDevices }: AccountWrite): Promise<void> {
    // A clock that is set back must not hide what is new.
    this.#at = Math.max(Date.now(), this.#at + 1);
    const key = JSON.stringify([account, userName]);
    const virtualToo = virtualDevices || (this.#notes.get(key)?.virtualDevices ?? false);
    this.#notes.delete(key);
    this.#notes.set(key, {
      account,
      ...(userName !== undefined && { userName }),
      virtualDevices: virtualToo,
      at: this.#at,
    });
    const [oldest] = this.#notes.keys();
    if (this.#notes.size > mostNotes && oldest !== undefined) {
      this.#notes.delete(oldest);
    }
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  dispose(): void {
    this.#ended = true;
    this.#watcher?.dispose();
  }

  async #hear(name: string): Promise<void> {
    for (const note of await this.#read(name)) {
      if (!this.#ended) {
        this.onHear(note);
      }
    }
  }

  /** @returns what was not read before of another window's file */
  async #read(name: string): Promise<readonly Noted[]> {
    if (name === this.#own) {
      return [];
    }
    try {
      const content = await workspace.fs.readFile(Uri.joinPath(this.folder, name));
      const notes = parseNotes(JSON.parse(new TextDecoder().decode(content)));
      const before = this.#heard.get(name) ?? 0;
      this.#heard.set(name, Math.max(before, ...notes.map(({ at }) => at)));
      return notes.filter(({ at }) => at > before);
    } catch (error) {
      // It is away for a moment while another takes its place, which is told too.
      if (!(error instanceof FileSystemError && error.code === 'FileNotFound')) {
        this.log.warn(`What another window has changed could not be read: ${name}`, error);
      }
      return [];
    }
  }

  /** Moved into its place, so that nobody reads half a file. */
  async #write(): Promise<void> {
    if (this.#writtenAt === this.#at) {
      return;
    }
    this.#writtenAt = this.#at;
    const half = Uri.joinPath(this.folder, `${this.#own}.new`);
    try {
      await workspace.fs.createDirectory(this.folder);
      await workspace.fs.writeFile(half, new TextEncoder().encode(JSON.stringify([...this.#notes.values()])));
      await workspace.fs.rename(half, Uri.joinPath(this.folder, this.#own), { overwrite: true });
    } catch (error) {
      this.log.warn('Other windows could not be told of a change', error);
    }
  }

  async #tidy(): Promise<void> {
    for (const [name] of await workspace.fs.readDirectory(this.folder)) {
      const file = Uri.joinPath(this.folder, name);
      try {
        if (Date.now() - (await workspace.fs.stat(file)).mtime > longestLife) {
          await workspace.fs.delete(file);
        }
      } catch {
        // Another window was sooner.
      }
    }
  }
}

/** What another version has written may be anything. */
function parseNotes(value: unknown): readonly Noted[] {
  const notes: readonly unknown[] = Array.isArray(value) ? value : [];
  return notes.flatMap((note): readonly Noted[] => {
    if (typeof note !== 'object' || note === null) {
      return [];
    }
    const { account, userName, virtualDevices, at } = note as Readonly<Record<string, unknown>>;
    return typeof account === 'string' && typeof virtualDevices === 'boolean' && typeof at === 'number'
      ? [{ account, ...(typeof userName === 'string' && { userName }), virtualDevices, at }]
      : [];
  });
}
