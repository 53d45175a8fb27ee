import type { SignInWay } from '../core/signIn';
import type { Settings } from './files';

/** The sections of both files, as the SDK reads them: profiles by name, others by `sso-session.NAME` and `services.NAME`. */
export type Sections = Readonly<Record<string, Settings | undefined>>;

export interface Step {
  /** Undefined where the environment alone is meant. */
  readonly profile: string | undefined;
  readonly settings: Settings;
}

/** How the keys of a profile come about, as the files tell it. */
export interface SignInChain {
  /** Where the first keys come from. */
  readonly origin: Step & { readonly way: SignInWay };
  /** The roles that are assumed one after the other. */
  readonly roles: readonly Step[];
  /** Why the files lead nowhere, in a sentence; undefined where they lead somewhere. */
  readonly fault?: string;
}

/** Where a role’s first keys come from by `credential_source`. */
const credentialSources: Readonly<Record<string, SignInWay>> = {
  Environment: 'environment',
  EcsContainer: 'container',
  Ec2InstanceMetadata: 'instance',
};

/**
 * Follows a profile to where its keys come from, as the SDK does, but says what is wrong on the way.
 * @param name of a profile that may not be there
 */
export function chainOf(sections: Sections, name: string): SignInChain {
  const roles: Step[] = [];
  const seen: string[] = [];
  let profile = name;
  for (;;) {
    const settings = sections[profile];
    const end = (way: SignInWay): SignInChain => ({ origin: { way, profile, settings: settings ?? {} }, roles });
    const wrong = (fault: string): SignInChain => ({ ...end('none'), fault });
    if (!settings) {
      const from = seen.at(-1);
      return wrong(
        from === undefined
          ? `There is no profile ${profile} in the files.`
          : `Profile ${from} takes its keys from profile ${profile} (source_profile), which is not in the files.`,
      );
    }
    if (seen.length > 0 && hasKeys(settings)) {
      return end(settings['aws_session_token'] === undefined ? 'keys' : 'sessionKeys');
    }
    if (seen.includes(profile)) {
      return wrong(`The profiles take their keys from each other (source_profile): ${[...seen, profile].join(' → ')}.`);
    }
    seen.push(profile);
    const { role_arn: role, source_profile: source, credential_source: from } = settings;
    if (role === undefined || settings['web_identity_token_file'] !== undefined) {
      if (role === undefined && from !== undefined && roles.length > 0) {
        return fromSource(from, profile, end, wrong);
      }
      return withoutRole(sections, profile, settings, { end, wrong, asSource: roles.length > 0 });
    }
    if (source !== undefined && from !== undefined) {
      return wrong(`Profile ${profile} has both source_profile and credential_source: only one may be there.`);
    }
    roles.unshift({ profile, settings });
    if (from !== undefined) {
      return fromSource(from, profile, (way) => ({ ...end(way), origin: { way, profile, settings: {} } }), wrong);
    }
    if (source === undefined) {
      return wrong(
        `Profile ${profile} has a role_arn, but neither source_profile nor credential_source says whose keys assume the role.`,
      );
    }
    profile = source;
  }
}

function fromSource(
  source: string,
  profile: string,
  end: (way: SignInWay) => SignInChain,
  wrong: (fault: string) => SignInChain,
): SignInChain {
  const way = credentialSources[source];
  return way
    ? end(way)
    : wrong(
        `Profile ${profile} has the credential_source ${source}: it may be ${Object.keys(credentialSources).join(', ')}.`,
      );
}

function withoutRole(
  sections: Sections,
  profile: string,
  settings: Settings,
  {
    end,
    wrong,
    asSource,
  }: {
    readonly end: (way: SignInWay) => SignInChain;
    readonly wrong: (fault: string) => SignInChain;
    readonly asSource: boolean;
  },
): SignInChain {
  if (hasKeys(settings)) {
    return end(settings['aws_session_token'] === undefined ? 'keys' : 'sessionKeys');
  }
  if (settings['web_identity_token_file'] !== undefined) {
    return settings['role_arn'] === undefined
      ? wrong(`Profile ${profile} has a web_identity_token_file, but no role_arn.`)
      : end('webIdentity');
  }
  if (settings['credential_process'] !== undefined) {
    return end('process');
  }
  if (Object.keys(settings).some((key) => key.startsWith('sso_'))) {
    const missing = missingOfSso(sections, settings);
    return missing === undefined ? end('sso') : wrong(`Profile ${profile} ${missing}.`);
  }
  if (settings['login_session'] !== undefined) {
    return end('login');
  }
  if ((settings['aws_access_key_id'] ?? settings['aws_secret_access_key']) !== undefined) {
    return wrong(`Profile ${profile} has only one of aws_access_key_id and aws_secret_access_key.`);
  }
  return asSource
    ? wrong(`Profile ${profile}, which keys are to come from, says nothing of where to find any.`)
    : end('none');
}

function missingOfSso(sections: Sections, settings: Settings): string | undefined {
  const name = settings['sso_session'];
  const session = name === undefined ? settings : sections[`sso-session.${name}`];
  if (!session) {
    return `names the sso_session ${name ?? ''}, which is not in the files`;
  }
  const missing = [
    ...['sso_start_url', 'sso_region'].filter((key) => session[key] === undefined),
    ...['sso_account_id', 'sso_role_name'].filter((key) => settings[key] === undefined),
  ];
  return missing.length === 0 ? undefined : `signs in with IAM Identity Center, but lacks ${missing.join(', ')}`;
}

function hasKeys(settings: Settings): boolean {
  return settings['aws_access_key_id'] !== undefined && settings['aws_secret_access_key'] !== undefined;
}
