import { createPublicKey, generateKeyPair } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { md, pki } from 'node-forge';

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

const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** Makes an RSA key pair of 2048 bits with a certificate valid from yesterday for ten years. */
export async function createDeployerKey(orgName: string): Promise<DeployerKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-local-org-'));
  const privateKeyFile = join(folder, 'deployer.pem');
  await writeFile(privateKeyFile, privateKeyPem, { mode: 0o600 });
  return {
    privateKey: privateKeyPem,
    certificate: selfSignedCertificate(orgName, privateKeyPem, publicKeyPem),
    privateKeyFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function selfSignedCertificate(orgName: string, privateKeyPem: string, publicKeyPem: string): string {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(publicKeyPem);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 24 * 60 * 60 * 1000);
  certificate.validity.notAfter = new Date(Date.now() + tenYearsMs);
  const name = [{ name: 'commonName', value: `Deployer of ${orgName}` }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(pki.privateKeyFromPem(privateKeyPem), md.sha256.create());
  return pki
    .certificateToPem(certificate)
    .replace(/-----[^-]+-----/g, '')
    .trim()
    .replace(/\r\n/g, '\n');
}
