import { type Stats, unwatchFile, watchFile } from 'node:fs';

/** How often the files' state is asked for, milliseconds. */
const pollEvery = 750;

/**
 * How long nothing may have changed before it is told, milliseconds. Longer than from one look to the next, so that a file that is
 * being written is told once.
 */
const quietFor = 850;

/**
 * Tells when one of a few files comes, changes or goes. Asks for their state, since events do not come for everything: files and
 * folders that are not there yet, links, mounts (docs/decisions/0008).
 */
export class FileWatch {
  readonly #files = new Set<string>();
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onChange: () => void) {}

  /** Watches these and no others. */
  update(files: Iterable<string>): void {
    const wanted = new Set(files);
    for (const file of this.#files) {
      if (!wanted.has(file)) {
        unwatchFile(file, this.#changed);
        this.#files.delete(file);
      }
    }
    for (const file of wanted) {
      if (!this.#files.has(file)) {
        this.#files.add(file);
        watchFile(file, { interval: pollEvery, persistent: false }, this.#changed);
      }
    }
  }

  dispose(): void {
    this.update([]);
    clearTimeout(this.#telling);
  }

  readonly #changed = (now: Stats, before: Stats): void => {
    // Node also calls once for a file that is not there in the first place.
    if ((['ino', 'size', 'mtimeMs', 'ctimeMs'] as const).every((fact) => now[fact] === before[fact])) {
      return;
    }
    clearTimeout(this.#telling);
    this.#telling = setTimeout(this.onChange, quietFor);
    this.#telling.unref();
  };
}
