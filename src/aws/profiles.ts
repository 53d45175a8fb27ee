import type { Profile, ProfileList } from '../core/connection';
import type { SignInWay } from '../core/signIn';
import { type AwsFiles, type ChosenFiles, loadAwsFiles, profileSettings, variable } from './files';
import { chainOf, type Sections } from './signInChain';

/** Reads the profiles anew from the files. Never rejects: what cannot be read is named in the answer. */
export async function listProfiles(chosen: ChosenFiles = {}): Promise<ProfileList> {
  const files = await loadAwsFiles(chosen);
  const sections = sectionsOf(files);
  const profiles = Object.keys(sections)
    // Sections such as `sso-session.name` and `services.name` stand beside the profiles, with a dot the SDK puts in.
    .filter((name) => !/^(sso-session|services)\./.test(name))
    .map((name) => profileOf(sections, name, files.configFile[name]?.['endpoint_url']));
  const environmentProfile = variable('AWS_PROFILE');
  return {
    profiles,
    files: [files.config, files.credentials],
    badLines: files.badLines,
    ...(environmentProfile !== undefined && { environmentProfile }),
  };
}

/** The sections of both files by name, put together as the SDK does it. */
export function sectionsOf(files: Pick<AwsFiles, 'configFile' | 'credentialsFile'>): Sections {
  const names = new Set([...Object.keys(files.configFile), ...Object.keys(files.credentialsFile)]);
  return Object.fromEntries([...names].map((name) => [name, profileSettings(files, name)]));
}

/** Where the first keys come from that may be no session's: what a process prints is not known before. */
const mayBeLongTerm: readonly SignInWay[] = ['keys', 'process'];

/** @param endpoint of the config file, which comes before the other's, as for the SDK */
function profileOf(sections: Sections, name: string, endpoint: string | undefined): Profile {
  const settings = sections[name] ?? {};
  const { origin, roles, fault } = chainOf(sections, name);
  const region = settings['region'];
  const endpointUrl = endpoint ?? settings['endpoint_url'];
  const accountId = accountOf(settings);
  // The first role takes the device from its own profile or that with long-term keys; the codes are asked for in the roles' order.
  const [first, ...others] = roles;
  const steps = first ? [first, ...(mayBeLongTerm.includes(origin.way) ? [origin] : []), ...others] : [];
  const mfaSerial = steps.map((step) => step.settings['mfa_serial']).find((serial) => serial !== undefined);
  return {
    name,
    way: fault !== undefined ? 'none' : roles.length > 0 ? 'role' : origin.way,
    ...(region !== undefined && { region }),
    ...(endpointUrl !== undefined && { endpointUrl }),
    ...(accountId !== undefined && { accountId }),
    ...(mfaSerial !== undefined && { mfaSerial }),
  };
}

/** The account that a profile's own settings name. A device beside keys is their user's own. */
function accountOf(settings: Readonly<Record<string, string | undefined>>): string | undefined {
  const ofArn = (arn = '') => /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1];
  const arn = settings['role_arn'] ?? settings['login_session'];
  return arn === undefined
    ? (settings['sso_account_id'] ?? settings['aws_account_id'] ?? ofArn(settings['mfa_serial']))
    : ofArn(arn);
}
