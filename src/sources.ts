import type { AccountSource } from './core/account';
import type { AccountConnection, AccountSources, PracticeHelp, ProfileList } from './core/connection';
import { Emitter } from './core/emitter';
import type { SignInPrompts } from './core/signIn';
import type { CallRecord, Connection, Connections, SignIn } from './aws/connect';
import type { PracticeAccount } from './practice/server';

/** Where the log's lines go. */
export interface CallLog {
  info(line: string): void;
  warn(line: string): void;
}

export interface SourcesOptions {
  /** Asks a person for the codes that signing in needs; left out: nobody is asked. */
  readonly prompts?: SignInPrompts;
  /** The AWS files that a person has chosen in place of AWS's own; left out: none. */
  readonly files?: () => { readonly config?: string; readonly credentials?: string };
}

/**
 * The ways into AWS and into the practice account. Loads the SDK and the practice account when they are first needed, and
 * keeps one practice account for as long as the window lives.
 */
export class LazySources implements AccountSources {
  readonly #filesChanged = new Emitter<void>();
  readonly onDidChangeFiles = this.#filesChanged.on;
  #practice: Promise<PracticeAccount> | undefined;
  #connections: Promise<Connections> | undefined;

  constructor(
    private readonly log: CallLog,
    private readonly options: SourcesOptions = {},
  ) {}

  async connect(source: AccountSource, attended = true): Promise<AccountConnection> {
    this.#connections ??= import('./aws/connect').then(
      (part) =>
        new part.Connections({
          ...this.options,
          onCall: (call) => this.#tell(call),
          onFilesChanged: () => this.#filesChanged.fire(),
        }),
    );
    const connections = await this.#connections;
    if (source.kind !== 'practice') {
      return connections.open(source, attended);
    }
    const practice = await this.#practiceAccount();
    const connection: Connection = await connections.open(keeperOf(practice), attended);
    return { ...connection, practice: helpOf(practice) };
  }

  async profiles(): Promise<ProfileList> {
    const { listProfiles } = await import('./aws/profiles');
    return listProfiles(this.options.files?.());
  }

  /** The person has named other files: they are watched, and read where they may lead elsewhere. */
  async filesChosen(): Promise<void> {
    await (await this.#connections)?.filesChanged();
  }

  /** Ends the practice account, if there is one, and watches the files no longer. */
  async end(): Promise<void> {
    (await this.#connections)?.dispose();
    this.#filesChanged.dispose();
    await (await this.#practice)?.stop();
  }

  #tell(call: CallRecord): void {
    const facts = [
      call.status === undefined ? 'no answer' : `status ${call.status}`,
      `${call.milliseconds} ms`,
      ...(call.attempts !== undefined && call.attempts > 1 ? [`${call.attempts} attempts`] : []),
      ...(call.requestId === undefined ? [] : [`request ${call.requestId}`]),
    ].join(', ');
    if (call.error === undefined) {
      this.log.info(`${call.operation}: ${facts}`);
    } else if (call.operation === 'GetLoginProfile' && call.error === 'NoSuchEntity') {
      // How AWS says that a user has no console password (iam-facts 1.4).
      this.log.info(`${call.operation}: no console password, ${facts}`);
    } else {
      this.log.warn(`${call.operation}: ${call.error}, ${facts}`);
    }
  }

  async #practiceAccount(): Promise<PracticeAccount> {
    this.#practice ??= import('./practice/server').then(({ startPracticeAccount }) => startPracticeAccount());
    const practice = await this.#practice;
    this.log.info(`The practice account answers at ${practice.endpoint}`);
    return practice;
  }
}

function keeperOf(practice: PracticeAccount): SignIn {
  const { accessKeyId, secretAccessKey } = practice.caller('keeper');
  return { kind: 'keys', endpoint: practice.endpoint, accessKeyId, secretAccessKey };
}

function helpOf(practice: PracticeAccount): PracticeHelp {
  return {
    codeShownBy: (serial) => practice.codeShownBy(serial),
    spareTokens: () => practice.spareTokens,
  };
}
