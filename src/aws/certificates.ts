import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AgentOptions } from 'node:https';
import * as tls from 'node:tls';
import { ProblemError } from '../core/problem';
import type { SignInFault } from '../core/signInFault';

/**
 * What https calls are made with where the person names certificates of their own. No agent: a client destroys the one it has,
 * with the calls of all who share it.
 * @param bundle path of a file with certificates in PEM, which are trusted beside those of this computer
 * @throws ProblemError `badConfig` where the file cannot be read or holds no certificate
 */
export async function trusting(bundle: string): Promise<AgentOptions> {
  const unusable = (kind: 'certificatesUnreadable' | 'noCertificates', cause?: unknown) => {
    const fault: SignInFault = { kind, file: bundle };
    return new ProblemError({ code: 'badConfig', operation: 'Credentials', subject: bundle, fault }, { cause });
  };
  let pem: string;
  try {
    pem = await readFile(bundle, 'utf8');
  } catch (error) {
    throw unusable('certificatesUnreadable', error);
  }
  const certificates = (pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? []).filter(
    isReadable,
  );
  if (certificates.length === 0) {
    throw unusable('noCertificates');
  }
  return { ca: [...(await trustedHere()), ...certificates] };
}

function isReadable(certificate: string): boolean {
  try {
    new X509Certificate(certificate);
    return true;
  } catch {
    return false;
  }
}

/** The certificates that Node trusts by itself: naming others puts these out of force. */
async function trustedHere(): Promise<readonly string[]> {
  // From Node 22.15 on, with `NODE_EXTRA_CA_CERTS` and whatever else Node was told to trust.
  const { getCACertificates } = tls as { readonly getCACertificates?: () => readonly string[] };
  if (getCACertificates) {
    return getCACertificates();
  }
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  // As Node does, which only warns where the file is missing.
  const more = extra === undefined ? '' : await readFile(extra, 'utf8').catch(() => '');
  return more === '' ? tls.rootCertificates : [...tls.rootCertificates, more];
}
