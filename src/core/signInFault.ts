/**
 * What is wrong with the person’s AWS files, or with the way of signing in that they name. The values are names of profiles, settings
 * and files, never keys: a fault goes into the log.
 */
export type SignInFault =
  // A profile leads nowhere.
  | { readonly kind: 'noProfile'; readonly profile: string }
  /** `source` is what `source_profile` names. */
  | { readonly kind: 'noSourceProfile'; readonly profile: string; readonly source: string }
  /** In the order in which they name each other as `source_profile`; the last one stands there before, too. */
  | { readonly kind: 'sourcesInCircle'; readonly profiles: readonly string[] }
  /** Both `source_profile` and `credential_source`. */
  | { readonly kind: 'twoSources'; readonly profile: string }
  /** A role, and nothing that says whose keys assume it. */
  | { readonly kind: 'noSource'; readonly profile: string }
  /** `source` is the `credential_source`, and `known` are those that there are. */
  | {
      readonly kind: 'unknownSource';
      readonly profile: string;
      readonly source: string;
      readonly known: readonly string[];
    }
  /** Another profile takes its keys from this one, which holds none. */
  | { readonly kind: 'emptySource'; readonly profile: string }
  /** An access key without its secret, or the other way round. */
  | { readonly kind: 'halfKeys'; readonly profile: string }
  | { readonly kind: 'webIdentityWithoutRole'; readonly profile: string }
  | { readonly kind: 'noSsoSession'; readonly profile: string; readonly session: string }
  /** `settings` are those that signing in with IAM Identity Center takes and that are not there. */
  | { readonly kind: 'ssoLacks'; readonly profile: string; readonly settings: readonly string[] }
  /** `services` is the section with endpoints that the profile names. */
  | { readonly kind: 'noServices'; readonly profile: string; readonly services: string }
  /** The files have changed since the account was read, and the same choice is another place now. */
  | { readonly kind: 'leadsElsewhere' }
  // A file that the settings or the environment name.
  | { readonly kind: 'certificatesUnreadable'; readonly file: string }
  | { readonly kind: 'noCertificates'; readonly file: string }
  | { readonly kind: 'tokenUnreadable'; readonly file: string }
  // The `credential_process` of a profile. Nothing of its command line or of what it printed.
  | { readonly kind: 'processNotStarted'; readonly profile: string }
  /** Given up after so many seconds. */
  | { readonly kind: 'processLate'; readonly profile: string; readonly seconds: number }
  | { readonly kind: 'processKilled'; readonly profile: string; readonly signal: string }
  /** The shell did not find its command. */
  | { readonly kind: 'processNotFound'; readonly profile: string; readonly exitCode: number }
  | { readonly kind: 'processFailed'; readonly profile: string; readonly exitCode: number }
  | { readonly kind: 'processPrintedNoJson'; readonly profile: string }
  | { readonly kind: 'processPrintedNoVersion'; readonly profile: string }
  | { readonly kind: 'processPrintedNoKeys'; readonly profile: string }
  /** Its `Expiration` is no time. */
  | { readonly kind: 'processPrintedNoTime'; readonly profile: string }
  | { readonly kind: 'processPrintedExpiredKeys'; readonly profile: string }
  /** IAM Identity Center refuses the role: `sso_role_name` in `sso_account_id`. */
  | { readonly kind: 'roleNotGiven'; readonly role: string; readonly account: string };
