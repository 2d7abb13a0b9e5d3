import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { newRsaKey } from '../../../../local-org/src/keys/rsaKey.js';
import { selfSignedCertificate, serialNumber } from '../../../../local-org/src/keys/selfSignedCertificate.js';

const certificates = 1000;

describe('a self-signed certificate of the local org', function () {
  this.timeout(60_000);

  it('has a unique serial number that OpenSSL reads', async () => {
    const key = await newRsaKey();
    const numbers = new Set<string>();
    for (let count = 0; count < certificates; count += 1) {
      const { serialNumber, publicKey } = new X509Certificate(selfSignedCertificate('Deployer', key));
      assert.equal(publicKey.asymmetricKeyType, 'rsa');
      numbers.add(serialNumber);
    }
    assert.equal(numbers.size, certificates);
  });

  // DER takes the shortest form of an integer: no zero byte in front of one below 0x80 (X.690, 8.3.2).
  for (const [random, number] of [
    ['007f000000000001', '407f000000000001'],
    ['0000000000000000', '4000000000000000'],
    ['0081000000000001', '4081000000000001'],
    ['ffffffffffffffff', '7fffffffffffffff'],
  ] as const) {
    it(`has the number ${number} when the random bytes are ${random}`, () => {
      assert.equal(serialNumber(Buffer.from(random, 'hex')), number);
    });
  }
});
