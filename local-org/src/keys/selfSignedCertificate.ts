import { createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { asn1, pki } from 'node-forge';
import { newRsaKey, privatePem } from './rsaKey.js';

declare module 'node-forge' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the form of the types that this adds to
  namespace pki {
    /** The signed part of a certificate; exists in node-forge 1, but not in its types. */
    function getTBSCertificate(certificate: Certificate): asn1.Asn1;
  }
}

/** A private key, and the certificate that it signed for itself. */
export interface KeyWithCertificate {
  /** PKCS#8 PEM. */
  privateKey: string;
  /** PEM, in lines of 64 characters. */
  certificate: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Generates an RSA key of 2048 bits with a certificate valid from yesterday for ten years.
 * @param extensions of the certificate, as node-forge writes them
 */
export async function createKeyWithCertificate(
  commonName: string,
  extensions: readonly object[] = [],
): Promise<KeyWithCertificate> {
  const key = await newRsaKey();
  return { privateKey: privatePem(key), certificate: selfSignedCertificate(commonName, key, extensions) };
}

/**
 * A certificate of an RSA key that the key itself signs, valid from yesterday for ten years: PEM, in lines of 64 characters.
 * @param extensions of the certificate, as node-forge writes them
 */
export function selfSignedCertificate(
  commonName: string,
  key: KeyObject,
  extensions: readonly object[] = [],
): string {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(
    createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
  );
  // Clients refuse a second certificate of the same issuer and number.
  certificate.serialNumber = serialNumber(randomBytes(8));
  certificate.validity.notBefore = new Date(Date.now() - dayMs);
  certificate.validity.notAfter = new Date(Date.now() + 10 * 365 * dayMs);
  const name = [{ name: 'commonName', value: commonName }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([...extensions]);
  signWith(certificate, key);
  return pki.certificateToPem(certificate).replace(/\r\n/g, '\n');
}

/**
 * Random bytes as a serial number, in hexadecimal digits: a positive integer whose first byte needs no zero byte in front and is not zero
 * itself. node-forge writes the bytes unchanged, and DER allows only the shortest form (X.690, 8.3.2).
 */
export function serialNumber(random: Buffer): string {
  const [first = 0, ...rest] = random;
  return Buffer.from([0x40 | (first & 0x3f), ...rest]).toString('hex');
}

/** Signs like `certificate.sign`, but with Node.js instead of JavaScript: a hundred orgs in one process start seconds earlier. */
function signWith(certificate: pki.Certificate, key: KeyObject): void {
  const algorithm = pki.oids['sha256WithRSAEncryption'] ?? '';
  certificate.signatureOid = algorithm;
  certificate.siginfo.algorithmOid = algorithm;
  const content = Buffer.from(asn1.toDer(pki.getTBSCertificate(certificate)).getBytes(), 'binary');
  certificate.signature = sign('sha256', content, key).toString('binary');
}
