import { createPublicKey, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { md, pki } from 'node-forge';

/** A private key, and the certificate that it signed for itself. */
export interface KeyWithCertificate {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** PEM, in lines of 64 characters. */
  certificate: string;
}

const tenYearsMs = 10 * 365 * 24 * 60 * 60 * 1000;

/**
 * Makes an RSA key of 2048 bits with a certificate valid from yesterday for ten years.
 * @param extensions of the certificate, as node-forge writes them
 */
export async function createKeyWithCertificate(
  commonName: string,
  extensions: readonly object[] = [],
): Promise<KeyWithCertificate> {
  const { privateKey: key } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }) as string;
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(publicKey);
  // Clients refuse a second certificate of the same issuer and number.
  certificate.serialNumber = `00${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - 24 * 60 * 60 * 1000);
  certificate.validity.notAfter = new Date(Date.now() + tenYearsMs);
  const name = [{ name: 'commonName', value: commonName }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([...extensions]);
  certificate.sign(pki.privateKeyFromPem(privateKey), md.sha256.create());
  return { privateKey, certificate: pki.certificateToPem(certificate).replace(/\r\n/g, '\n') };
}
