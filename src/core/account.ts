/** Where the credentials for an account come from. */
export type AccountSource =
  | { readonly kind: 'profile'; readonly profile: string }
  /** The SDK's own chain: environment, default profile, container, instance. */
  | { readonly kind: 'default' }
  | { readonly kind: 'practice' };

/** A source as one word, for a memory or an environment variable: `practice`, `default`, `profile:NAME`. */
export function sourceToText(source: AccountSource): string {
  return source.kind === 'profile' ? `profile:${source.profile}` : source.kind;
}

/** @returns the source that `sourceToText` wrote, or undefined where the text is no source */
export function sourceFromText(text: string): AccountSource | undefined {
  if (text === 'practice' || text === 'default') {
    return { kind: text };
  }
  const profile = /^profile:(.+)$/s.exec(text)?.[1];
  return profile === undefined ? undefined : { kind: 'profile', profile };
}

export function sameSource(a: AccountSource, b: AccountSource): boolean {
  return sourceToText(a) === sourceToText(b);
}

/** Who signs the calls, from STS `GetCallerIdentity`. */
export interface Caller {
  readonly arn: string;
  readonly accountId: string;
  /** `aws`, `aws-us-gov`, `aws-cn`, …: taken from the ARN, as iam-facts 1.10 advises. */
  readonly partition: string;
  /** The IAM user who signs; absent for a role session, a federated user and root. */
  readonly userName?: string;
  /** True where the keys are an IAM user's own, not a session's: AWS then asks more of that user (iam-facts 2.5). */
  readonly longTermKeys: boolean;
}

/** @returns what an ARN says of the caller; undefined where the text is no ARN */
export function parseCallerArn(arn: string): Pick<Caller, 'partition' | 'userName'> | undefined {
  const parts = arn.split(':');
  const [prefix, partition] = parts;
  if (prefix !== 'arn' || partition === undefined || parts.length < 6) {
    return undefined;
  }
  const resource = parts.slice(5).join(':');
  // arn:aws:iam::123456789012:user/division/alice - the path is not part of the name.
  const userName = resource.startsWith('user/') ? resource.slice(resource.lastIndexOf('/') + 1) : undefined;
  return userName ? { partition, userName } : { partition };
}

/**
 * What tells one account from every other: its partition and its id, and the endpoint where that is not AWS's own, since another
 * server may use the same numbers.
 */
export function accountKey(
  { partition, accountId }: Pick<Caller, 'partition' | 'accountId'>,
  endpoint?: string,
): string {
  return endpoint === undefined ? `${partition}:${accountId}` : `${partition}:${accountId}@${endpoint}`;
}

/** @returns `123456789012` as AWS's console writes it, `1234-5678-9012` */
export function formatAccountId(accountId: string): string {
  return accountId.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
}
