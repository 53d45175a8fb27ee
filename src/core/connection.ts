import type { AccountSource } from './account';
import type { Emitter } from './emitter';
import type { Iam } from './iam';
import type { SignInWay } from './signIn';

/** What the practice account gives beyond what AWS would: the phones and tokens of its people. */
export interface PracticeHelp {
  /** @returns what the app or token of a device shows now; undefined for a device without codes */
  codeShownBy(serial: string): string | undefined;
  /** Serial numbers of hardware tokens that nobody uses. */
  spareTokens(): readonly string[];
}

/** A way into one account. */
export interface AccountConnection {
  readonly iam: Iam;
  /** Where IAM is called, where that is not AWS's own endpoint. */
  readonly endpoint?: string;
  /** Only of the practice account. */
  readonly practice?: PracticeHelp;
  /** True once the files said something else than when this was made: a new connection may lead elsewhere. */
  readonly outdated: boolean;
  /** Drops the credentials in hand: the next call finds them anew. */
  forgetKeys(): void;
  dispose(): void;
}

/** A profile of the AWS config and credentials files. */
export interface Profile {
  readonly name: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly way: SignInWay;
  /** The account it leads to, where the files tell: 12 digits. */
  readonly accountId?: string;
  /** Serial of the device whose codes are asked for when signing in. */
  readonly mfaSerial?: string;
}

/** A line of one of the files that the SDK passes over without a word. */
export interface BadLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The file begins with a byte order mark, a name is not in lower case: read all the same. Absent: passed over. */
  readonly read?: 'byteOrderMark' | 'upperCase';
}

export interface ProfileList {
  readonly profiles: readonly Profile[];
  /** The files that were looked for. */
  readonly files: readonly string[];
  readonly badLines: readonly BadLine[];
  /** What `AWS_PROFILE` says, if anything. */
  readonly environmentProfile?: string;
}

/** What the core needs to get at accounts. */
export interface AccountSources {
  /**
   * Asks AWS nothing yet.
   * @param attended whether a person is waiting for it, who may be asked for a code; without one, calls that need it reject with
   *   `codeNeeded`
   * @throws ProblemError
   */
  connect(source: AccountSource, attended: boolean): Promise<AccountConnection>;
  /** Reads the files anew. */
  profiles(): Promise<ProfileList>;
  /** Tells that a file changed from which credentials come: profiles, tokens of a sign-in. Every connection has forgotten its keys. */
  readonly onDidChangeFiles: Emitter<void>['on'];
}
