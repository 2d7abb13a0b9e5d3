import { createPrivateKey } from 'node:crypto';
import { readText } from '../readInput.js';
import { newRsaKey, privatePem } from '../keys/rsaKey.js';
import type { KeptState } from '../state/keptState.js';
import { selfSignedCertificate } from '../keys/selfSignedCertificate.js';

/** The key pair that deployers sign in with. */
export interface DeployerKey {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** File with {@link privateKey}, mode 0600: in the state folder, otherwise in a temporary folder. */
  privateKeyFile: string;
  /** Creates a self-signed certificate, valid from yesterday for ten years: base64 of its DER form in lines of 64 characters, as in a `certificate` element. */
  certificate(): string;
}

/** The part of the state with the key. */
const keptAs = 'deployerKey';

/**
 * The stored key of an org, otherwise a new RSA key of 2048 bits.
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

/** As in a `certificate` element. */
function inElement(certificate: string): string {
  return certificate.replace(/-----[^-]+-----/g, '').trim();
}
