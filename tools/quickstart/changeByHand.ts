import { Connection } from '@jsforce/jsforce-node';
import type { LocalOrg } from 'salesforce-local-org';

/**
 * Sets the lifetime of an app's tokens as somebody would by hand: with another client, without Pulumi.
 *
 * @param policies the name of the app's ExtlClntAppOauthConfigurablePolicies component
 */
export async function setTimeoutByHand(org: LocalOrg, policies: string, minutes: number): Promise<void> {
  const connection = new Connection({
    instanceUrl: org.instanceUrl,
    accessToken: org.accessToken,
    version: '68.0',
  });
  // jsforce's schema does not have the component types of external client apps, so its types refuse them.
  const metadata: {
    read(type: string, fullNames: string[]): Promise<unknown>;
    update(type: string, metadata: object[]): Promise<unknown>;
  } = connection.metadata;
  const records = await metadata.read('ExtlClntAppOauthConfigurablePolicies', [policies]);
  const result = await metadata.update('ExtlClntAppOauthConfigurablePolicies', [
    Object.assign({ fullName: policies }, ...[records].flat(), {
      namedUserJwtTimeout: String(minutes),
    }) as object,
  ]);
  if (!JSON.stringify(result).includes('"success":true')) {
    throw new Error(`the change by hand was refused: ${JSON.stringify(result)}`);
  }
}
