import { deviceKind } from '../core/device';
import { type ProblemCode, ProblemError, problemOf } from '../core/problem';
import type { CodeQuestion, CodeRefusal, SignInPrompts } from '../core/signIn';
import type { Keys } from './keys';

/** An MFA session is not used in its last minute: what is asked for with it would come too late. */
const margin = 60_000;

/** A code is good for a few time steps; much later the same six digits are another code. */
const codeLife = 600_000;

/** Problems with which no code can have come to AWS. */
const neverSent: readonly ProblemCode[] = ['proxyRefused', 'unreachable', 'untrustedCertificate'];

/** A session that was made with a code. */
export interface SignInSession {
  readonly keys: Keys;
  /** By this computer's clock. */
  readonly madeAt: number;
}

/** How a code is sent, and what is said where it is not taken. */
export interface CodeUse<T> {
  readonly question: CodeQuestion;
  /** Whether a person is there to be asked. */
  readonly mayAsk: boolean;
  /** Sends the code. Rejects with a problem, `invalidCode` where it was not taken. */
  readonly send: (code: string) => Promise<T>;
  /** Finds out why a code was not taken. */
  readonly why: () => Promise<CodeRefusal>;
}

/**
 * The sessions that sign-ins share, and the questions for codes that make them. One answer serves every profile that signs in
 * through the same device with the same keys. In memory only; there is one of these for a window.
 */
export class MfaSessions {
  readonly #sessions = new Map<string, SignInSession>();
  /** What is being asked, by what it is asked for: whoever needs the same waits for the same answer. */
  readonly #asking = new Map<string, Promise<unknown>>();
  /** Codes that were sent, each with its device, and until when it is known. */
  readonly #sent = new Map<string, number>();

  /** @param prompts undefined: nobody is ever asked */
  constructor(
    private readonly prompts?: SignInPrompts,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param key the device, the source keys and where they are used
   * @param use how the session is made, where there is none
   * @throws ProblemError `codeNeeded` where nobody is there to be asked, or they thought better of it; `passkeyCannotSignIn`
   */
  async session(key: string, use: CodeUse<Keys>): Promise<SignInSession> {
    this.#dropOld();
    const known = this.#sessions.get(key);
    if (known) {
      return known;
    }
    return this.withCode(key, {
      ...use,
      send: async (code) => {
        const session = { keys: await use.send(code), madeAt: this.now() };
        this.#sessions.set(key, session);
        return session;
      },
    });
  }

  /** How long ago a session was made, milliseconds. */
  age({ madeAt }: SignInSession): number {
    return this.now() - madeAt;
  }

  /** Drops a session, so that a code is asked for again. */
  drop(key: string, session: SignInSession): void {
    if (this.#sessions.get(key) === session) {
      this.#sessions.delete(key);
    }
  }

  /**
   * Asks for codes until one is taken, or joins whoever is asking for the same already.
   * @param key what it is asked for: those with the same get the same answer
   * @throws as `session`
   */
  async withCode<T>(key: string, use: CodeUse<T>): Promise<T> {
    const { serial } = use.question;
    if (deviceKind(serial) === 'passkey') {
      throw new ProblemError({ code: 'passkeyCannotSignIn', operation: 'Credentials', subject: serial });
    }
    const asking = this.#asking.get(key);
    if (asking) {
      return asking as Promise<T>;
    }
    if (!use.mayAsk || !this.prompts) {
      throw codeNeeded(serial);
    }
    const answer = this.#ask(this.prompts, use).finally(() => this.#asking.delete(key));
    this.#asking.set(key, answer);
    return answer;
  }

  async #ask<T>(prompts: SignInPrompts, { question, send, why }: CodeUse<T>): Promise<T> {
    const { serial } = question;
    let refused: CodeRefusal | undefined;
    for (;;) {
      const code = await prompts.askForCode({ ...question, ...(refused && { refused }) });
      if (code === undefined) {
        throw codeNeeded(serial);
      }
      if (!this.#isNew(serial, code)) {
        refused = 'used';
        continue;
      }
      try {
        return await send(code);
      } catch (error) {
        const problem = problemOf(error);
        if (problem?.code !== 'invalidCode') {
          if (problem && neverSent.includes(problem.code)) {
            this.#sent.delete(sentAs(serial, code));
          }
          throw error;
        }
        refused = await why();
      }
    }
  }

  /** Notes that a code is sent. @returns false where it was sent before */
  #isNew(serial: string, code: string): boolean {
    this.#dropOld();
    const sent = sentAs(serial, code);
    const isNew = !this.#sent.has(sent);
    this.#sent.set(sent, this.now() + codeLife);
    return isNew;
  }

  #dropOld(): void {
    const now = this.now();
    for (const [key, { keys }] of this.#sessions) {
      if (keys.expiration && keys.expiration.getTime() - margin <= now) {
        this.#sessions.delete(key);
      }
    }
    for (const [sent, until] of this.#sent) {
      if (until <= now) {
        this.#sent.delete(sent);
      }
    }
  }
}

function sentAs(serial: string, code: string): string {
  return `${serial} ${code}`;
}

function codeNeeded(serial: string): ProblemError {
  return new ProblemError({ code: 'codeNeeded', operation: 'Credentials', subject: serial });
}
