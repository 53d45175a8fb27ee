import type { AccountSource } from './account';
import type { Iam } from './iam';

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
  dispose(): void;
}

/** A profile of the AWS config and credentials files. */
export interface Profile {
  readonly name: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** A line of one of the files that the SDK passes over without a word. */
export interface BadLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
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
  /** Asks AWS nothing yet. @throws ProblemError */
  connect(source: AccountSource): Promise<AccountConnection>;
  /** Reads the files anew. */
  profiles(): Promise<ProfileList>;
}
