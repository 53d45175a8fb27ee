import { l10n } from 'vscode';
import type { SignInFault } from '../core/signInFault';

/** The sentence for each fault of the person’s files and ways of signing in. */
export function faultWords(fault: SignInFault): string {
  switch (fault.kind) {
    case 'noProfile':
      return l10n.t('There is no profile {0} in the files.', fault.profile);
    case 'noSourceProfile':
      return l10n.t(
        'Profile {0} takes its keys from profile {1} (source_profile), which is not in the files.',
        fault.profile,
        fault.source,
      );
    case 'sourcesInCircle':
      return l10n.t('The profiles take their keys from each other (source_profile): {0}.', fault.profiles.join(' → '));
    case 'twoSources':
      return l10n.t('Profile {0} has both source_profile and credential_source: only one may be there.', fault.profile);
    case 'noSource':
      return l10n.t(
        'Profile {0} has a role_arn, but neither source_profile nor credential_source says whose keys assume the role.',
        fault.profile,
      );
    case 'unknownSource':
      return l10n.t(
        'Profile {0} has the credential_source {1}: it may be {2}.',
        fault.profile,
        fault.source,
        fault.known.join(', '),
      );
    case 'emptySource':
      return l10n.t('Profile {0}, which keys are to come from, says nothing of where to find any.', fault.profile);
    case 'halfKeys':
      return l10n.t('Profile {0} has only one of aws_access_key_id and aws_secret_access_key.', fault.profile);
    case 'webIdentityWithoutRole':
      return l10n.t('Profile {0} has a web_identity_token_file, but no role_arn.', fault.profile);
    case 'noSsoSession':
      return l10n.t('Profile {0} names the sso_session {1}, which is not in the files.', fault.profile, fault.session);
    case 'ssoLacks':
      return l10n.t(
        'Profile {0} signs in with IAM Identity Center, but lacks {1}.',
        fault.profile,
        fault.settings.join(', '),
      );
    case 'noServices':
      return l10n.t(
        'Profile {0} names the services section {1}, which is not in the files.',
        fault.profile,
        fault.services,
      );
    case 'leadsElsewhere':
      return l10n.t('The files have changed and lead elsewhere now: read the account again.');
    case 'certificatesUnreadable':
      return l10n.t('The certificates in {0} (ca_bundle or AWS_CA_BUNDLE) cannot be read.', fault.file);
    case 'noCertificates':
      return l10n.t('{0} (ca_bundle or AWS_CA_BUNDLE) holds no certificates in PEM form.', fault.file);
    case 'tokenUnreadable':
      return l10n.t('The token file {0} (web_identity_token_file) cannot be read.', fault.file);
    case 'processNotStarted':
      return l10n.t('The credential_process of profile {0} could not be started.', fault.profile);
    case 'processLate':
      return l10n.t(
        'The credential_process of profile {0} was given up after {1} seconds without an answer.',
        fault.profile,
        fault.seconds,
      );
    case 'processKilled':
      return l10n.t('The credential_process of profile {0} was ended by {1}.', fault.profile, fault.signal);
    case 'processNotFound':
      return l10n.t(
        'The credential_process of profile {0} names a command that was not found (exit code {1}).',
        fault.profile,
        fault.exitCode,
      );
    case 'processFailed':
      return l10n.t('The credential_process of profile {0} ended with exit code {1}.', fault.profile, fault.exitCode);
    case 'processPrintedNoJson':
      return l10n.t('The credential_process of profile {0} printed something that is no JSON object.', fault.profile);
    case 'processPrintedNoVersion':
      return l10n.t(
        'The credential_process of profile {0} printed no "Version": 1, which AWS asks for.',
        fault.profile,
      );
    case 'processPrintedNoKeys':
      return l10n.t(
        'The credential_process of profile {0} printed no AccessKeyId or no SecretAccessKey.',
        fault.profile,
      );
    case 'processPrintedNoTime':
      return l10n.t('The credential_process of profile {0} printed an Expiration that is no time.', fault.profile);
    case 'processPrintedExpiredKeys':
      return l10n.t(
        'The credential_process of profile {0} printed credentials that have run out already.',
        fault.profile,
      );
    case 'roleNotGiven':
      return l10n.t('IAM Identity Center does not give you the role {0} in account {1}.', fault.role, fault.account);
  }
}
