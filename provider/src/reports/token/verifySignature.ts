import { createLocalJWKSet, jwtVerify } from 'jose';
import { reasonOf } from '../../errors.js';
import type { HttpConnections } from '../../org/httpConnections.js';
import { listPublishedKeys } from '../../org/orgInformation.js';
import { retryTransient } from '../../org/retryTransient.js';

/** How far the clocks of the org's servers may differ, in seconds. */
const clockTolerance = 60;

/** Whether a token was issued by the org. */
export interface SignatureCheck {
  isValid: boolean;
  /** The key, or why it is not valid; no full stop at the end. */
  text: string;
}

/**
 * Checks the signature of a JWT-based access token with the keys that its org publishes (`/id/keys`), and that the token is currently
 * valid by the org's clock. Only RS256 is accepted, which is what Salesforce signs with (decoded tokens).
 *
 * @param limitMs the time limit for requesting the keys, including retries, in milliseconds
 * @throws SalesforceApiError, TransportError when the keys cannot be read
 */
export async function verifySignature(
  token: string,
  instanceUrl: string,
  http: HttpConnections,
  limitMs: number,
): Promise<SignatureCheck> {
  let now = new Date();
  const keys = await retryTransient(
    () =>
      listPublishedKeys(instanceUrl, {
        http,
        onServerDate: (date) => {
          now = date;
        },
      }),
    limitMs,
  );
  try {
    const { protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys }), {
      algorithms: ['RS256'],
      currentDate: now,
      clockTolerance,
    });
    return { isValid: true, text: `signed with the key ${protectedHeader.kid ?? 'of the org'}` };
  } catch (thrown) {
    return { isValid: false, text: reasonOf(thrown) };
  }
}
