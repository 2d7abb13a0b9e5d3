import { isIP } from 'node:net';
import { createKeyWithCertificate, type KeyWithCertificate } from '../keys/selfSignedCertificate.js';

/** The certificate of the orgs of an https server, created when it starts. */
export interface ServerCertificate extends KeyWithCertificate {
  /** File with the certificate, for clients to trust. */
  certificateFile: string;
}

/**
 * Creates a certificate for 127.0.0.1, localhost and a host, signed by itself.
 * @param instanceHost the host name that clients get
 * @param write puts the certificate into a file and returns its path
 */
export async function createServerCertificate(
  instanceHost: string,
  write: (certificate: string) => string,
): Promise<ServerCertificate> {
  const made = await createKeyWithCertificate('salesforce-local-org', [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
        isIP(instanceHost) === 0 ? { type: 2, value: instanceHost } : { type: 7, ip: instanceHost },
      ],
    },
    { name: 'subjectKeyIdentifier' },
  ]);
  return { ...made, certificateFile: write(made.certificate) };
}
