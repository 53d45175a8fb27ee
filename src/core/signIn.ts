/**
 * How the credentials of a profile come about, told from the files alone and before anybody is asked. `none`: the profile holds
 * nothing that signs in.
 */
export type SignInWay =
  | 'keys'
  /** Keys with a session token, which run out. */
  | 'sessionKeys'
  | 'role'
  | 'process'
  | 'sso'
  /** A session of `aws login`. */
  | 'login'
  | 'webIdentity'
  | 'container'
  | 'instance'
  | 'environment'
  | 'none';

/** Why STS did not take a code, as far as that can be found out: its refusals look all the same (iam-facts 2.2). */
export type CodeRefusal =
  /** The device is one of the user's, so it is the code: mistyped, or the device's clock is off. */
  | 'wrong'
  /** This code was given before; each works once. */
  | 'used'
  /** AWS's list of the user's devices does not hold the device. */
  | 'unknownDevice'
  /** The user's devices cannot be listed: it is the code or the device. */
  | 'notTold';

/** What a person is asked when a role wants a code. */
export interface CodeQuestion {
  /** Serial number of the virtual device or hardware token. */
  readonly serial: string;
  readonly profile?: string;
  /** The account of the device, where its serial tells: 12 digits. */
  readonly accountId?: string;
  readonly roleArn?: string;
  /** What became of the answer before. */
  readonly refused?: CodeRefusal;
}

/** Asks a person. */
export interface SignInPrompts {
  /** @returns six digits, or undefined where the person thought better of it */
  askForCode(question: CodeQuestion): Promise<string | undefined>;
}
