import type { AccountSource } from './core/account';
import type { AccountConnection, AccountSources, PracticeHelp, ProfileList } from './core/connection';
import type { SignIn } from './aws/connect';
import type { PracticeAccount } from './practice/server';

/** Where the log's lines go. */
export interface CallLog {
  info(line: string): void;
  warn(line: string): void;
}

/**
 * The ways into AWS and into the practice account. Loads the SDK and the practice account when they are first needed, and
 * keeps one practice account for as long as the window lives.
 */
export class LazySources implements AccountSources {
  #practice: Promise<PracticeAccount> | undefined;

  constructor(private readonly log: CallLog) {}

  async connect(source: AccountSource): Promise<AccountConnection> {
    let practice: PracticeAccount | undefined;
    let signIn: SignIn;
    if (source.kind === 'practice') {
      practice = await this.#practiceAccount();
      signIn = keeperOf(practice);
    } else {
      signIn = source;
    }
    const { connect } = await import('./aws/connect');
    const connection = await connect(signIn, (call) => {
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
    });
    return {
      ...connection,
      ...(practice && { practice: helpOf(practice) }),
    };
  }

  async profiles(): Promise<ProfileList> {
    const { listProfiles } = await import('./aws/profiles');
    return listProfiles();
  }

  /** Ends the practice account, if there is one. */
  async end(): Promise<void> {
    await (await this.#practice)?.stop();
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
