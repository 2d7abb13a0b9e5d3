import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText } from '../control/readInput.js';
import { newRsaKey, privatePem } from '../rsaKey.js';
import { replaceFile } from '../state/durableFile.js';
import type { KeptState } from '../state/keptState.js';
import { selfSignedCertificate } from './selfSignedCertificate.js';

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
  return {
    privateKey,
    certificate: () => inElement(selfSignedCertificate(`Deployer of ${orgName}`, key)),
    ...written,
  };
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

/** As a `certificate` element holds it. */
function inElement(certificate: string): string {
  return certificate.replace(/-----[^-]+-----/g, '').trim();
}
