import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { ProblemError } from '../core/problem';
import { profileOfEnvironment, variable } from './files';

/** A service, as the files name it. */
export type Service = 'iam' | 'sts' | 'sso' | 'sso_oidc' | 'signin';

/**
 * The endpoint that the environment or the profile names for a service. The SDK's clients look only at the default
 * profile for this, so it is looked up here, in the order AWS documents: `AWS_ENDPOINT_URL_IAM`, `AWS_ENDPOINT_URL`, the
 * profile's `services` section, the profile's `endpoint_url`.
 * @param profile undefined: the one the environment names, or `default`
 * @returns undefined where AWS's own endpoint is meant
 * @throws ProblemError `badConfig` where the profile names a `services` section that is not there: what was meant for another
 *   endpoint must not go to AWS
 */
export async function endpointUrl(service: Service, profile: string | undefined): Promise<string | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const name = profile ?? profileOfEnvironment() ?? 'default';
  const section = { ...credentialsFile[name], ...configFile[name] };
  if (isTrue(variable('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ?? section['ignore_configured_endpoint_urls'])) {
    return undefined;
  }
  const url =
    variable(`AWS_ENDPOINT_URL_${service.toUpperCase()}`) ??
    variable('AWS_ENDPOINT_URL') ??
    ofServices(configFile, name, section['services'], service) ??
    section['endpoint_url'];
  return url === '' ? undefined : url;
}

function ofServices(
  configFile: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>,
  profile: string,
  services: string | undefined,
  service: string,
): string | undefined {
  if (services === undefined) {
    return undefined;
  }
  const section = configFile[`services.${services}`];
  if (!section) {
    throw new ProblemError({
      code: 'badConfig',
      operation: 'Credentials',
      subject: profile,
      fault: { kind: 'noServices', profile, services },
    });
  }
  return section[`${service}.endpoint_url`];
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}
