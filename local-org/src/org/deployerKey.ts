import { createPrivateKey } from 'node:crypto';
import { readText } from '../readInput.js';
import { newRsaKey, privatePem } from '../keys/rsaKey.js';
import type { KeptState } from '../state/keptState.js';
import { selfSignedCertificate } from '../keys/selfSignedCertificate.js';

/** The key pair that deployers sign in with. */
export interface DeployerKey {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** File with {@link privateKey}, mode 0600: where the org's state is kept, else in a temporary folder. */
  privateKeyFile: string;
  /** Makes a self-signed certificate, valid from yesterday for ten years: base64 of its DER form in lines of 64 characters, as a `certificate` element holds it. */
  certificate(): string;
}

/** Where the key is kept. */
const keptAs = 'deployerKey';

/**
 * The kept key of an org, else a new RSA key of 2048 bits.
 * @param kept what holds the key of an earlier process, and records a new one
 * @param write puts the key into a file, for clients that take one, and returns its path
 */
export async function deployerKey(
  orgName: string,
  kept: KeptState,
  write: (privateKey: string) => string,
): Promise<DeployerKey> {
  const stored = kept.entries('org').get(keptAs);
  const key = stored === undefined ? await newRsaKey() : createPrivateKey(readText(stored, keptAs));
  const privateKey = privatePem(key);
  kept.put('org', keptAs, privateKey);
  return {
    privateKey,
    privateKeyFile: write(privateKey),
    certificate: () => inElement(selfSignedCertificate(`Deployer of ${orgName}`, key)),
  };
}

/** As a `certificate` element holds it. */
function inElement(certificate: string): string {
  return certificate.replace(/-----[^-]+-----/g, '').trim();
}
