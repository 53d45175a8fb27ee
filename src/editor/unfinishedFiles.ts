import { type LogOutputChannel, Uri, workspace } from 'vscode';
import { sourceFromText, sourceToText } from '../core/account';
import type { UnfinishedDevice, UnfinishedStore } from '../core/unfinished';
import { jsonFilesIn } from './storedFiles';

/** How long a process that still runs is believed to be the one that wrote the file: half a day. */
const longestEnrolment = 12 * 60 * 60 * 1000;

interface StoredDevice extends Omit<UnfinishedDevice, 'source'> {
  readonly source: string;
  /** The extension host that is enrolling the device. */
  readonly process: number;
  readonly session: string;
  /** Nobody works on it any more. */
  readonly released?: true;
}

/** A file's content, read back. */
type StoredFacts = UnfinishedDevice & Pick<StoredDevice, 'process' | 'session' | 'released'>;
interface Remembered {
  readonly device: StoredFacts;
  readonly file: Uri;
}

/**
 * Remembers unfinished devices as one small file each, so that windows do not overwrite each other's and a killed
 * process loses nothing. A file holds the device's serial, never its seed.
 */
export class UnfinishedFiles implements UnfinishedStore {
  constructor(
    private readonly folder: Uri,
    /** Told apart from a process that had the same number earlier. */
    private readonly session: string,
    private readonly log: LogOutputChannel,
  ) {}

  async add(device: UnfinishedDevice): Promise<void> {
    const stored: StoredDevice = {
      ...device,
      source: sourceToText(device.source),
      process: process.pid,
      session: this.session,
    };
    await workspace.fs.createDirectory(this.folder);
    await this.#write(stored);
  }

  async release(serial: string): Promise<void> {
    for (const { device } of await this.#ours(serial)) {
      await this.#write({ ...device, source: sourceToText(device.source), released: true });
    }
  }

  async held(): Promise<ReadonlySet<string>> {
    const all = await this.#all();
    return new Set(all.flatMap(({ device }) => (this.#isBeingEnrolled(device) ? [device.serial] : [])));
  }

  async remove(serial: string): Promise<void> {
    for (const { file } of await this.#ours(serial)) {
      await workspace.fs.delete(file);
    }
  }

  /** What is remembered of a device, but for what another window remembers that is enrolling one of that name. */
  async #ours(serial: string): Promise<readonly Remembered[]> {
    const all = await this.#all();
    return all.filter(
      ({ device }) => device.serial === serial && (this.#isOwn(device) || !this.#isBeingEnrolled(device)),
    );
  }

  async abandoned(): Promise<readonly UnfinishedDevice[]> {
    const all = await this.#all();
    // Another window may be enrolling one of the same name.
    const held = await this.held();
    return all.flatMap(({ device }) => (held.has(device.serial) ? [] : [device]));
  }

  async #all(): Promise<readonly Remembered[]> {
    const found: Remembered[] = [];
    for (const name of await jsonFilesIn(this.folder)) {
      const file = Uri.joinPath(this.folder, name);
      try {
        const stored = parseStored(JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(file))));
        if (stored) {
          found.push({ device: stored, file });
        } else {
          await workspace.fs.delete(file);
        }
      } catch (error) {
        this.log.warn(`An unfinished device's file could not be read: ${name}`, error);
      }
    }
    return found;
  }

  async #write(stored: StoredDevice): Promise<void> {
    await workspace.fs.writeFile(this.#file(stored), new TextEncoder().encode(JSON.stringify(stored)));
  }

  #isBeingEnrolled(stored: StoredFacts): boolean {
    if (stored.released) {
      return false;
    }
    if (stored.process === process.pid) {
      return this.#isOwn(stored);
    }
    return Date.now() - stored.startedAt < longestEnrolment && isRunning(stored.process);
  }

  #isOwn(stored: StoredFacts): boolean {
    return stored.process === process.pid && stored.session === this.session;
  }

  /** Each process has a file of its own for a serial: two that want the same name do not overwrite each other's. */
  #file(stored: Pick<StoredDevice, 'serial' | 'process'>): Uri {
    return Uri.joinPath(this.folder, `${encodeURIComponent(stored.serial)}.${stored.process}.json`);
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // "Not permitted" comes from a process that is there.
    return (error as { readonly code?: string }).code === 'EPERM';
  }
}

function parseStored(value: unknown): StoredFacts | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const stored = value as Readonly<Record<string, unknown>>;
  const { serial, accountId, partition, startedAt, session } = stored;
  const processId = stored['process'];
  const source = typeof stored['source'] === 'string' ? sourceFromText(stored['source']) : undefined;
  return typeof serial === 'string' &&
    typeof accountId === 'string' &&
    typeof partition === 'string' &&
    typeof startedAt === 'number' &&
    typeof processId === 'number' &&
    typeof session === 'string' &&
    source
    ? {
        serial,
        accountId,
        partition,
        source,
        startedAt,
        process: processId,
        session,
        ...(stored['released'] === true && { released: true }),
      }
    : undefined;
}
