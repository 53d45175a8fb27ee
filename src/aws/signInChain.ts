import type { SignInWay } from '../core/signIn';
import type { SignInFault } from '../core/signInFault';
import { hasKeys, type Settings } from './files';

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
  /** Why the files lead nowhere; undefined where they lead somewhere. */
  readonly fault?: SignInFault;
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
    const wrong = (fault: SignInFault): SignInChain => ({ ...end('none'), fault });
    if (!settings) {
      const from = seen.at(-1);
      return wrong(
        from === undefined
          ? { kind: 'noProfile', profile }
          : { kind: 'noSourceProfile', profile: from, source: profile },
      );
    }
    if (seen.length > 0 && hasKeys(settings)) {
      return end(settings['aws_session_token'] === undefined ? 'keys' : 'sessionKeys');
    }
    if (seen.includes(profile)) {
      return wrong({ kind: 'sourcesInCircle', profiles: [...seen, profile] });
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
      return wrong({ kind: 'twoSources', profile });
    }
    roles.unshift({ profile, settings });
    if (from !== undefined) {
      return fromSource(from, profile, (way) => ({ ...end(way), origin: { way, profile, settings: {} } }), wrong);
    }
    if (source === undefined) {
      return wrong({ kind: 'noSource', profile });
    }
    profile = source;
  }
}

function fromSource(
  source: string,
  profile: string,
  end: (way: SignInWay) => SignInChain,
  wrong: (fault: SignInFault) => SignInChain,
): SignInChain {
  const way = credentialSources[source];
  return way ? end(way) : wrong({ kind: 'unknownSource', profile, source, known: Object.keys(credentialSources) });
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
    readonly wrong: (fault: SignInFault) => SignInChain;
    readonly asSource: boolean;
  },
): SignInChain {
  if (hasKeys(settings)) {
    return end(settings['aws_session_token'] === undefined ? 'keys' : 'sessionKeys');
  }
  if (settings['web_identity_token_file'] !== undefined) {
    return settings['role_arn'] === undefined ? wrong({ kind: 'webIdentityWithoutRole', profile }) : end('webIdentity');
  }
  if (settings['credential_process'] !== undefined) {
    return end('process');
  }
  if (Object.keys(settings).some((key) => key.startsWith('sso_'))) {
    const fault = faultOfSso(sections, profile, settings);
    return fault ? wrong(fault) : end('sso');
  }
  if (settings['login_session'] !== undefined) {
    return end('login');
  }
  if ((settings['aws_access_key_id'] ?? settings['aws_secret_access_key']) !== undefined) {
    return wrong({ kind: 'halfKeys', profile });
  }
  return asSource ? wrong({ kind: 'emptySource', profile }) : end('none');
}

function faultOfSso(sections: Sections, profile: string, settings: Settings): SignInFault | undefined {
  const name = settings['sso_session'];
  const session = name === undefined ? settings : sections[`sso-session.${name}`];
  if (!session) {
    return { kind: 'noSsoSession', profile, session: name ?? '' };
  }
  const missing = [
    ...['sso_start_url', 'sso_region'].filter((key) => session[key] === undefined),
    ...['sso_account_id', 'sso_role_name'].filter((key) => settings[key] === undefined),
  ];
  return missing.length === 0 ? undefined : { kind: 'ssoLacks', profile, settings: missing };
}
