import { loadConfig } from '@smithy/core/config';

/**
 * The endpoint that the environment or the profile names for a service. The SDK's clients look only at the default
 * profile for this, so it is looked up here, in the order AWS documents: `AWS_ENDPOINT_URL_IAM`, `AWS_ENDPOINT_URL`, the
 * profile's `services` section, the profile's `endpoint_url`.
 * @param profile undefined: the one the environment names, or `default`
 * @returns undefined where AWS's own endpoint is meant
 * @throws Error where the profile names a `services` section that is not there
 */
export async function endpointUrl(service: 'iam' | 'sts', profile: string | undefined): Promise<string | undefined> {
  const selected = profile === undefined ? {} : { profile };
  const ignore = await loadConfig(
    {
      environmentVariableSelector: (env) => asBoolean(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']),
      configFileSelector: (section) => asBoolean(section['ignore_configured_endpoint_urls']),
      default: false,
    },
    selected,
  )();
  if (ignore) {
    return undefined;
  }
  const url = await loadConfig(
    {
      environmentVariableSelector: (env) => env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? env['AWS_ENDPOINT_URL'],
      configFileSelector: (section, file) => {
        const services = section['services'];
        const own = services === undefined ? undefined : file?.[`services.${services}`]?.[`${service}.endpoint_url`];
        return own ?? section['endpoint_url'];
      },
      default: '',
    },
    selected,
  )();
  return url === '' ? undefined : url;
}

function asBoolean(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text.toLowerCase() === 'true';
}
