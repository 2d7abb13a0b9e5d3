import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { readFields, readText } from '../readInput.js';
import { newRsaKey, privatePem } from '../keys/rsaKey.js';
import type { KeptState } from '../state/keptState.js';
import { shortId } from '../salesforceId.js';
import type { IdentityOrg } from './identityOrg.js';

/** The RSA key that an org signs its JWT-based access tokens with, one for each org. */
export interface SigningKey {
  /** `CORE_ATJWT.<15-character org id>.<epoch ms>` */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

/** The part of the state with the key. */
const keptAs = 'signingKey';

/** Returns the org's signing key: the stored one, or one that is generated at the first call. */
export function lazySigningKey(org: IdentityOrg, kept: KeptState): () => Promise<SigningKey> {
  let key: Promise<SigningKey> | undefined;
  const stored = kept.entries('org').get(keptAs);
  if (stored !== undefined) key = asSigningKey(readKey(stored));
  return () => (key ??= createSigningKey(org, kept));
}

async function createSigningKey(org: IdentityOrg, kept: KeptState): Promise<SigningKey> {
  const privateKey = await newRsaKey();
  const keyId = `CORE_ATJWT.${shortId(org.organizationId)}.${org.now()}`;
  kept.put('org', keptAs, { keyId, privateKey: privatePem(privateKey) });
  return asSigningKey({ keyId, privateKey });
}

async function asSigningKey({ keyId, privateKey }: Omit<SigningKey, 'publicJwk'>): Promise<SigningKey> {
  const jwk = await exportJWK(createPublicKey(privateKey));
  return { keyId, privateKey, publicJwk: { ...jwk, use: 'sig', alg: 'RS256', kid: keyId } };
}

const readKey = readFields('A signing key', {
  keyId: readText,
  privateKey: (pem, name) => createPrivateKey(readText(pem, name)),
});
