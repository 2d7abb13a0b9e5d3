import { Connection } from '@jsforce/jsforce-node';
import type { LocalOrg } from 'salesforce-local-org';

/**
 * Sets the lifetime of an app's tokens as somebody would by hand: with another client, which knows nothing of Pulumi.
 *
 * @param policies the name of the app's ExtlClntAppOauthConfigurablePolicies component
 */
export async function setTimeoutByHand(org: LocalOrg, policies: string, minutes: number): Promise<void> {
  const connection = new Connection({
    instanceUrl: org.instanceUrl,
    accessToken: org.accessToken,
    version: '68.0',
  });
  // jsforce's schema does not know the component types of external client apps.
  const type = 'ExtlClntAppOauthConfigurablePolicies' as never;
  const [record] = await connection.metadata.read(type, [policies]);
  const result: unknown = await connection.metadata.update(type, [
    Object.assign({ fullName: policies }, record, { namedUserJwtTimeout: String(minutes) }) as never,
  ]);
  if (!JSON.stringify(result).includes('"success":true')) {
    throw new Error(`the change by hand was refused: ${JSON.stringify(result)}`);
  }
}
