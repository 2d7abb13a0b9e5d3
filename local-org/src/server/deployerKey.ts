import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyWithCertificate } from './selfSignedCertificate.js';

/** The key pair that deployers sign in with, made at run time. */
export interface DeployerKey {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** Self-signed, base64 of its DER form in lines of 64 characters, as a `certificate` element holds it. */
  certificate: string;
  /** File with {@link privateKey}, mode 0600, in a temporary folder of its own. */
  privateKeyFile: string;
  /** Removes the file and its folder. */
  remove(): Promise<void>;
}

/** Makes an RSA key pair of 2048 bits with a certificate valid from yesterday for ten years. */
export async function createDeployerKey(orgName: string): Promise<DeployerKey> {
  const { privateKey, certificate } = await createKeyWithCertificate(`Deployer of ${orgName}`);
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-local-org-'));
  const privateKeyFile = join(folder, 'deployer.pem');
  await writeFile(privateKeyFile, privateKey, { mode: 0o600 });
  return {
    privateKey,
    certificate: certificate.replace(/-----[^-]+-----/g, '').trim(),
    privateKeyFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
