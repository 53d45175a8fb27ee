import { otherTotp } from '../../otherTotp';
import { connect, type CallRecord, type Connection, type ConnectOptions, type SignIn } from '../../../src/aws/connect';
import { MfaSessions } from '../../../src/aws/mfaSessions';
import type { CodeQuestion, SignInPrompts } from '../../../src/core/signIn';
import type { PracticeAwsOptions } from '../../../src/practice/aws';
import type { PracticeAccount } from '../../../src/practice/server';
import { SignInStage } from '../practice/signInStage';

type Settings = Readonly<Record<string, string>>;

/** A person's home and two accounts, and the real AWS side to sign in to them with. */
export class SignInHands {
  /** Every call as the log is told of it. */
  readonly records: CallRecord[] = [];
  readonly #connections: Connection[] = [];

  private constructor(readonly stage: SignInStage) {}

  static async open(options: Partial<PracticeAwsOptions> = {}): Promise<SignInHands> {
    return new SignInHands(await SignInStage.open(options));
  }

  async close(): Promise<void> {
    this.#connections.forEach((connection) => connection.dispose());
    await this.stage.close();
  }

  /** Signs in by a profile, or by the environment where none is named. */
  async connect(profile?: string, options: ConnectOptions = {}): Promise<Connection> {
    const signIn: SignIn = profile === undefined ? { kind: 'default' } : { kind: 'profile', profile };
    const connection = await connect(signIn, (record) => this.records.push(record), options);
    this.#connections.push(connection);
    return connection;
  }

  /** The keys of one of an account's callers, as a profile has them. */
  keysOf(caller: string, account: PracticeAccount = this.stage.main): Settings {
    const { accessKeyId, secretAccessKey, sessionToken } = account.caller(caller);
    return {
      aws_access_key_id: accessKeyId,
      aws_secret_access_key: secretAccessKey,
      ...(sessionToken !== undefined && { aws_session_token: sessionToken }),
    };
  }

  /** Adds a caller who is a user with long-term keys. @returns the keys, as a profile has them */
  userKeys(userName: string): Settings {
    const { main } = this.stage;
    main.addCaller({ name: `${userName}-keys`, identity: { kind: 'user', userName }, permissions: 'everything' });
    return this.keysOf(`${userName}-keys`);
  }

  /** The code that a device shows so many time steps from now. */
  async code(serial: string, steps = 0): Promise<string> {
    const seed = this.stage.main.seedOf(serial);
    if (seed === undefined) {
      throw new RangeError(`${serial} shows no codes`);
    }
    return otherTotp(seed, Date.now() + steps * 30_000);
  }

  /** How many calls of an operation arrived. */
  count(operation: string): number {
    return this.stage.operations.filter((one) => one === operation).length;
  }
}

/** A person who is asked for codes, and says what was put into their mouth before. */
export class Person {
  readonly questions: CodeQuestion[] = [];
  readonly prompts: SignInPrompts = {
    askForCode: async (question) => {
      this.questions.push(question);
      if (this.answers.length === 0) {
        throw new Error('A question too many');
      }
      const answer = this.answers.shift();
      return typeof answer === 'function' ? answer() : answer;
    },
  };
  readonly sessions: MfaSessions;

  /** @param answers in order; undefined: they think better of it */
  constructor(
    private readonly answers: (string | undefined | (() => Promise<string | undefined>))[],
    now?: () => number,
  ) {
    this.sessions = new MfaSessions(this.prompts, now);
  }

  get refusals(): readonly (string | undefined)[] {
    return this.questions.map(({ refused }) => refused);
  }
}
