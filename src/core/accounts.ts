import { sameSource, type AccountSource } from './account';
import type { Clock } from './clock';
import type { AccountSources } from './connection';
import type { DeviceMemory } from './directory';
import { Emitter, type Subscription } from './emitter';
import { Session, type AccountWrite } from './session';

/** An account as it is remembered: how to sign in to it, the way that is in use first. */
export type RememberedAccount = readonly AccountSource[];

/**
 * The accounts that are shown, side by side and in the person's order. Each is read by itself: one that fails or is slow holds up
 * no other. Two ways of signing in that turn out to lead to the same account are one account with a choice.
 */
export class Accounts {
  readonly #changed = new Emitter<Session | undefined>();
  /** Tells which account changed; undefined where one has come, gone or moved. */
  readonly onDidChange = this.#changed.on;
  readonly #wrote = new Emitter<AccountWrite>();
  /** Tells what was changed in AWS from this window. */
  readonly onDidWrite = this.#wrote.on;
  readonly #listening = new Map<Session, Subscription>();
  readonly #files: Subscription;
  #sessions: readonly Session[] = [];

  constructor(
    private readonly sources: AccountSources,
    private readonly clock: Clock,
    private readonly memory?: DeviceMemory,
  ) {
    this.#files = sources.onDidChangeFiles(() => {
      for (const session of this.#sessions) {
        void session.filesChanged();
      }
    });
  }

  get sessions(): readonly Session[] {
    return this.#sessions;
  }

  /** What is to be remembered. */
  get remembered(): readonly RememberedAccount[] {
    return this.#sessions.flatMap(({ state, identities }) =>
      state.kind === 'none'
        ? []
        : [[state.source, ...identities.filter((source) => !sameSource(source, state.source))]],
    );
  }

  /**
   * Shows an account and reads it; one that is shown already is opened with that way of signing in.
   * @returns the account, once it was read or could not be: another one than was added where it turned out to be the same
   */
  async add(source: AccountSource, attended = true): Promise<Session> {
    const known = this.#holderOf(source);
    if (known) {
      await this.choose(known, source, attended);
      return known;
    }
    const session = this.#append([source]);
    this.#changed.fire(undefined);
    await session.open(source, attended);
    return session;
  }

  /** Shows the accounts of an earlier time. Nobody is asked for anything. Settles once each was read or could not be. */
  async restore(accounts: readonly RememberedAccount[]): Promise<void> {
    const opened = accounts.flatMap((remembered): Promise<void>[] => {
      // Each way of signing in stands once.
      const identities = remembered.filter((source) => !this.#holderOf(source));
      const [source] = identities;
      return source ? [this.#append(identities).open(source, false)] : [];
    });
    this.#changed.fire(undefined);
    await Promise.all(opened);
  }

  /** Opens an account with another of its ways of signing in, or reads it again with the one in use. */
  async choose(session: Session, source: AccountSource, attended = true): Promise<void> {
    const { state } = session;
    if (state.kind !== 'none' && sameSource(state.source, source)) {
      await session.refresh(attended);
      return;
    }
    const opening = session.open(source, attended);
    this.#changed.fire(undefined);
    await opening;
  }

  /** Reads every account again. */
  async refresh(attended = true): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.refresh(attended)));
  }

  /** Gives up the readings that are under way: see `Directory.cancelReading`. */
  stopReading(): void {
    for (const { state } of this.#sessions) {
      if (state.kind === 'open') {
        state.directory.cancelReading();
      }
    }
  }

  /** Takes an account out of sight. Nothing changes in AWS. */
  remove(session: Session): void {
    this.#letGo(session);
    this.#changed.fire(undefined);
  }

  /** Puts an account before another; at the end where there is none. */
  move(session: Session, before: Session | undefined): void {
    const others = this.#sessions.filter((each) => each !== session);
    const index = before ? others.indexOf(before) : -1;
    this.#sessions = others.toSpliced(index < 0 ? others.length : index, 0, session);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#files.dispose();
    this.#sessions.forEach((session) => this.#letGo(session));
    this.#changed.dispose();
    this.#wrote.dispose();
  }

  #holderOf(source: AccountSource): Session | undefined {
    return this.#sessions.find(({ identities }) => identities.some((each) => sameSource(each, source)));
  }

  #append(identities: RememberedAccount): Session {
    const session = new Session(this.sources, this.clock, this.memory, (write) => this.#wrote.fire(write));
    session.addIdentities(identities);
    this.#sessions = [...this.#sessions, session];
    this.#listening.set(
      session,
      session.onDidChange(() => this.#onChange(session)),
    );
    return session;
  }

  #onChange(session: Session): void {
    session.settleIdentities();
    const { key } = session;
    const same = this.#sessions.find((each) => each !== session && key !== undefined && each.key === key);
    if (!same) {
      this.#changed.fire(session);
      return;
    }
    // The one that was just read stays, in the place of the one that was there.
    const before = this.#sessions.slice(0, this.#sessions.indexOf(same)).filter((each) => each !== session);
    session.addIdentities(same.identities);
    same.succeededBy(session);
    this.#letGo(same);
    const others = this.#sessions.filter((each) => each !== session);
    this.#sessions = others.toSpliced(before.length, 0, session);
    this.#changed.fire(undefined);
  }

  #letGo(session: Session): void {
    this.#listening.get(session)?.dispose();
    this.#listening.delete(session);
    this.#sessions = this.#sessions.filter((each) => each !== session);
    session.end();
  }
}
