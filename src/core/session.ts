import type { AccountSource } from './account';
import type { Clock } from './clock';
import type { AccountConnection, AccountSources } from './connection';
import { Directory, type AccountSnapshot, type DeviceMemory } from './directory';
import { Emitter } from './emitter';
import { asProblem, type Problem } from './problem';

/** The account that is open, as everyone who shows something of it sees it. */
export type SessionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting'; readonly source: AccountSource }
  | {
      readonly kind: 'open';
      readonly source: AccountSource;
      readonly connection: AccountConnection;
      readonly directory: Directory;
    }
  /** The way in could not be made: nothing was asked of AWS. */
  | { readonly kind: 'failed'; readonly source: AccountSource; readonly problem: Problem };

/** Which account is open. Opening another closes the one before, but what still works on that keeps its own hold of it. */
export class Session {
  readonly #changed = new Emitter<SessionState>();
  /** Tells of a new state and of every change in the account that is open. */
  readonly onDidChange = this.#changed.on;
  #state: SessionState = { kind: 'none' };

  constructor(
    private readonly sources: AccountSources,
    private readonly clock: Clock,
    private readonly memory?: DeviceMemory,
  ) {}

  get state(): SessionState {
    return this.#state;
  }

  /** The account as it was read last. */
  get account(): AccountSnapshot | undefined {
    return this.#state.kind === 'open' ? this.#state.directory.account : undefined;
  }

  /** Opens an account and reads it. Never rejects: see `state`. */
  open(source: AccountSource): Promise<void> {
    return this.#open(source, undefined);
  }

  /** @param last what was read of this source before, shown with its age until it is read again */
  async #open(source: AccountSource, last: AccountSnapshot | undefined): Promise<void> {
    const connecting: SessionState = { kind: 'connecting', source };
    this.#set(connecting);
    let connection: AccountConnection;
    try {
      connection = await this.sources.connect(source);
    } catch (error) {
      if (this.#state === connecting) {
        this.#set({ kind: 'failed', source, problem: asProblem(error, 'Credentials') });
      }
      return;
    }
    if (this.#state !== connecting) {
      connection.dispose();
      return;
    }
    const directory = new Directory(connection.iam, this.clock, this.memory, last);
    const open: SessionState = { kind: 'open', source, connection, directory };
    directory.onDidChange(() => {
      if (this.#state === open) {
        this.#changed.fire(open);
      }
    });
    this.#set(open);
    await directory.load();
  }

  /** Reads the account again; where there was no way in, tries to make it once more. */
  async refresh(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'none') {
      return;
    }
    // Made anew, so that keys or an endpoint changed in the files are used.
    if (state.kind === 'failed' || (state.kind === 'open' && state.directory.state.kind === 'failed')) {
      await this.#open(state.source, this.account);
    } else if (state.kind === 'open') {
      await state.directory.load();
    }
  }

  /** Settles once something was read of the account that is open, or nothing can be. */
  async read(): Promise<void> {
    while (this.#isBeginning()) {
      await new Promise<void>((resolve) => {
        const listening = this.onDidChange(() => {
          listening.dispose();
          resolve();
        });
      });
    }
  }

  dispose(): void {
    if (this.#state.kind === 'open') {
      this.#state.directory.dispose();
      this.#state.connection.dispose();
    }
    this.#changed.dispose();
    // A way in that is still being made is closed when it comes.
    this.#state = { kind: 'none' };
  }

  #isBeginning(): boolean {
    const state = this.#state;
    return (
      state.kind === 'connecting' ||
      (state.kind === 'open' && state.directory.state.kind === 'loading' && !state.directory.account)
    );
  }

  #set(state: SessionState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'open' && state !== before) {
      // An enrolment may still need the old connection, whose sockets close by themselves when idle.
      before.directory.stop();
    }
    this.#changed.fire(state);
  }
}
