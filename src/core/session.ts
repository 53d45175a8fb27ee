import { accountKey, sameSource, type AccountSource } from './account';
import type { Clock } from './clock';
import type { AccountConnection, AccountSources } from './connection';
import type { AccountSnapshot } from './accountSnapshot';
import type { DeviceMemory, Directory, Write } from './directory';
import { Emitter } from './emitter';
import { asProblem, type Problem } from './problem';
import { isSignInLost } from './signInLost';

/** What was changed in an account from here. */
export interface AccountWrite extends Write {
  /** See `accountKey`. */
  readonly account: string;
}

/** An account, as everyone who shows something of it sees it. */
export type SessionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting'; readonly source: AccountSource }
  | {
      readonly kind: 'open';
      readonly source: AccountSource;
      readonly connection: AccountConnection;
      readonly directory: Directory;
      /** Whether a person may be asked for a code. */
      readonly attended: boolean;
    }
  /** The way in could not be made: nothing was asked of AWS. */
  | { readonly kind: 'failed'; readonly source: AccountSource; readonly problem: Problem };

/**
 * One account and the identity it is open with. Opening it with another closes the one before, but what still works on that keeps
 * its own hold of it.
 */
export class Session {
  readonly #changed = new Emitter<SessionState>();
  /** Tells of a new state and of every change in the account that is open. */
  readonly onDidChange = this.#changed.on;
  #state: SessionState = { kind: 'none' };
  #identities: readonly AccountSource[] = [];
  /** The account that the identities lead to. */
  #identitiesOf: string | undefined;
  /** The last of this session: a panel may still work on it. */
  #directory: Directory | undefined;
  #triedAt = 0;

  constructor(
    private readonly sources: AccountSources,
    private readonly clock: Clock,
    private readonly memory?: DeviceMemory,
    /** Told of what is changed in the account, also by a flow that goes on after the account was taken out of sight. */
    private readonly onWrite?: (write: AccountWrite) => void,
  ) {}

  get state(): SessionState {
    return this.#state;
  }

  /** The account as it was read last. */
  get account(): AccountSnapshot | undefined {
    return this.#state.kind === 'open' ? this.#state.directory.account : undefined;
  }

  /** The ways of signing in that lead to this account, as far as they were tried: the one in use is among them. */
  get identities(): readonly AccountSource[] {
    return this.#identities;
  }

  /** Which account it is; undefined while nothing was read of it. See `accountKey`. */
  get key(): string | undefined {
    const { account } = this;
    return account && this.#state.kind === 'open'
      ? accountKey(account.caller, this.#state.connection.endpoint)
      : undefined;
  }

  /** Why the account could not be read; undefined where it could, or nothing is known yet. */
  get problem(): Problem | undefined {
    const state = this.#state;
    if (state.kind === 'failed') {
      return state.problem;
    }
    return state.kind === 'open' && state.directory.state.kind === 'failed' ? state.directory.state.problem : undefined;
  }

  /** Whether it is being read, or the way in is being made. */
  get isReading(): boolean {
    const state = this.#state;
    return state.kind === 'connecting' || (state.kind === 'open' && state.directory.state.kind === 'loading');
  }

  /** When a reading of it was begun last, however it ended; milliseconds since 1970. */
  get triedAt(): number {
    return this.#triedAt;
  }

  /** Forgets ways of signing in that led to another account than the one that was read now. */
  settleIdentities(): void {
    const { key } = this;
    if (key !== undefined && this.#state.kind === 'open') {
      if (this.#identitiesOf !== undefined && this.#identitiesOf !== key) {
        this.#identities = [this.#state.source];
      }
      this.#identitiesOf = key;
    }
  }

  /** The directory that a flow may keep to is told which one is shown in its place. */
  succeededBy(other: Session): void {
    if (other.#directory && other.key === this.key) {
      this.#directory?.succeededBy(other.#directory);
    }
  }

  /** Adds ways of signing in that lead here too. */
  addIdentities(sources: readonly AccountSource[]): void {
    this.#identities = [
      ...this.#identities,
      ...sources.filter((source) => !this.#identities.some((known) => sameSource(known, source))),
    ];
  }

  /**
   * Opens an account and reads it. Never rejects: see `state`.
   * @param attended whether a person waits for it, who may be asked for a code
   */
  open(source: AccountSource, attended = true): Promise<void> {
    this.addIdentities([source]);
    return this.#open(source, undefined, attended);
  }

  /** @param last what was read of this source before, shown with its age until it is read again */
  async #open(source: AccountSource, last: AccountSnapshot | undefined, attended: boolean): Promise<void> {
    this.#triedAt = this.clock.now();
    const endpoint = this.#state.kind === 'open' ? this.#state.connection.endpoint : undefined;
    const connecting: SessionState = { kind: 'connecting', source };
    this.#set(connecting);
    let connection: AccountConnection;
    // Loaded when an account is opened: start-up needs none of it.
    const loaded = import('./directory');
    try {
      connection = await this.sources.connect(source, attended);
    } catch (error) {
      if (this.#state === connecting) {
        this.#set({ kind: 'failed', source, problem: asProblem(error, 'Credentials') });
      }
      return;
    }
    const part = await loaded;
    if (this.#state !== connecting) {
      connection.dispose();
      return;
    }
    // Another server may use the same numbers for other people.
    const isSameServer = connection.endpoint === endpoint;
    const directory = new part.Directory(connection.iam, this.clock, this.memory, isSameServer ? last : undefined);
    if (isSameServer) {
      this.#directory?.succeededBy(directory);
    }
    this.#directory = directory;
    const open: SessionState = { kind: 'open', source, connection, directory, attended };
    directory.onDidChange(() => {
      if (this.#state === open) {
        this.#changed.fire(open);
      }
    });
    directory.onDidWrite((write) => {
      if (directory.account) {
        this.onWrite?.({ ...write, account: accountKey(directory.account.caller, connection.endpoint) });
      }
    });
    this.#set(open);
    await directory.load();
  }

  /**
   * Reads the account again; where there was no way in, or the files lead elsewhere now, tries to make it once more.
   * @param attended as in `open`
   */
  async refresh(attended = true): Promise<void> {
    const state = this.#state;
    if (state.kind === 'failed' || (state.kind === 'open' && this.#isStale(state, attended))) {
      await this.#open(state.source, this.#last, attended);
    } else if (state.kind === 'open') {
      this.#triedAt = this.clock.now();
      await state.directory.load();
      if (this.#state === state && state.connection.outdated) {
        // Only the call itself has shown that the keys are another account's by now.
        await this.#open(state.source, undefined, attended);
      }
    }
  }

  /** Signs in anew, with a person there who may be asked for a code. What was read stays on screen until it is read again. */
  async signIn(): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'none') {
      await this.#open(state.source, this.#last, true);
    }
  }

  /** What was read, where the files do not lead elsewhere by now. */
  get #last(): AccountSnapshot | undefined {
    return this.#state.kind === 'open' && this.#state.connection.outdated ? undefined : this.account;
  }

  /**
   * After the files have changed: tries once more what failed for want of credentials, and reads anew what they do not lead to any
   * more. Nobody is asked for anything.
   */
  async filesChanged(): Promise<void> {
    const { problem } = this;
    // A file of certificates may have been named, too.
    const isMended = problem && (isSignInLost(problem) || problem.code === 'untrustedCertificate');
    if (isMended === true || (this.#state.kind === 'open' && this.#state.connection.outdated)) {
      await this.refresh(false);
    }
  }

  #isStale(state: SessionState & { kind: 'open' }, attended: boolean): boolean {
    return state.directory.state.kind === 'failed' || state.connection.outdated || (attended && !state.attended);
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

  /** The account is shown no more. What still works on it keeps its hold of it. */
  end(): void {
    if (this.#state.kind === 'open') {
      this.#state.directory.stop();
    }
    // Told, so that nobody goes on waiting for it.
    this.#state = { kind: 'none' };
    this.#changed.fire(this.#state);
    this.#changed.dispose();
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
      // Until it is known whose account it is, what is shown may be another's.
      (state.kind === 'open' &&
        state.directory.state.kind === 'loading' &&
        !(state.directory.knowsCaller && state.directory.account && !state.directory.account.isPartial))
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
