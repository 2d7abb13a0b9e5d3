import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asn1, pki } from 'node-forge';
import { readText } from '../control/readInput.js';
import { newRsaKey, privatePem } from '../rsaKey.js';
import { replaceFile } from '../state/durableFile.js';
import type { KeptState } from '../state/keptState.js';

declare module 'node-forge' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the form of the types that this adds to
  namespace pki {
    /** What a certificate's signature covers; there in node-forge 1, and missing in its types. */
    function getTBSCertificate(certificate: Certificate): asn1.Asn1;
  }
}

/** The key pair that deployers sign in with. */
export interface DeployerKey {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** File with {@link privateKey}, mode 0600: where the org's state is kept, else in a temporary folder of its own. */
  privateKeyFile: string;
  /** Makes a self-signed certificate, valid from yesterday for ten years: base64 of its DER form in lines of 64 characters, as a `certificate` element holds it. */
  certificate(): string;
  /** Removes the file, unless it is kept. */
  remove(): Promise<void>;
}

/** Where the key is kept. */
const keptAs = 'deployerKey';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The kept key of an org, else a new RSA key of 2048 bits.
 * @param kept what holds the key of an earlier process, and records a new one
 * @param file where to put the key for clients that take a file; undefined: into a temporary folder
 */
export async function deployerKey(
  orgName: string,
  kept: KeptState,
  file: string | undefined,
): Promise<DeployerKey> {
  const stored = kept.entries('org').get(keptAs);
  const key = stored === undefined ? await newRsaKey() : createPrivateKey(readText(keptAs, stored));
  const privateKey = privatePem(key);
  kept.put('org', keptAs, privateKey);
  const written = file === undefined ? await inTemporaryFolder(privateKey) : inStateFolder(file, privateKey);
  return { privateKey, certificate: () => selfSignedCertificate(orgName, key), ...written };
}

type WrittenKey = Pick<DeployerKey, 'privateKeyFile' | 'remove'>;

async function inTemporaryFolder(privateKey: string): Promise<WrittenKey> {
  const folder = await mkdtemp(join(tmpdir(), 'salesforce-local-org-'));
  const privateKeyFile = join(folder, 'deployer.pem');
  await writeFile(privateKeyFile, privateKey, { mode: 0o600 });
  return { privateKeyFile, remove: () => rm(folder, { recursive: true, force: true }) };
}

function inStateFolder(privateKeyFile: string, privateKey: string): WrittenKey {
  replaceFile(privateKeyFile, privateKey);
  return { privateKeyFile, remove: () => Promise.resolve() };
}

function selfSignedCertificate(orgName: string, key: KeyObject): string {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(
    createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
  );
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - dayMs);
  certificate.validity.notAfter = new Date(Date.now() + 10 * 365 * dayMs);
  const name = [{ name: 'commonName', value: `Deployer of ${orgName}` }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  signWith(certificate, key);
  return pki
    .certificateToPem(certificate)
    .replace(/-----[^-]+-----/g, '')
    .trim()
    .replace(/\r\n/g, '\n');
}

/** Signs as `certificate.sign` does, with Node.js instead of JavaScript: a hundred orgs in one process start seconds earlier. */
function signWith(certificate: pki.Certificate, key: KeyObject): void {
  const algorithm = pki.oids['sha256WithRSAEncryption'] ?? '';
  certificate.signatureOid = algorithm;
  certificate.siginfo.algorithmOid = algorithm;
  const content = Buffer.from(asn1.toDer(pki.getTBSCertificate(certificate)).getBytes(), 'binary');
  certificate.signature = sign('sha256', content, key).toString('binary');
}
