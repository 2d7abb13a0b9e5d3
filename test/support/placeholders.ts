import assert from 'node:assert/strict';

/** How to sign in to an org, in place of what the pages write for a user's own. */
export interface OwnOrg {
  instanceUrl: string;
  clientId: string;
  username: string;
  clientSecret?: string;
}

/** A text of a page with an org's values instead of the placeholders for a user's own; it must contain some. */
export function withOwnValues(text: string, org: OwnOrg): string {
  const values: Readonly<Record<string, string>> = {
    'https://acme--uat.sandbox.my.salesforce.com': org.instanceUrl,
    'https://acme.my.salesforce.com': org.instanceUrl,
    '3MVG9...': org.clientId,
    'deploy@acme.com.uat': org.username,
    'deploy@acme.com': org.username,
    My_App_Name: 'Agent_Gateway',
    ...(org.clientSecret === undefined ? {} : { '"$(cat client-secret.txt)"': org.clientSecret }),
  };
  let replaced = text;
  for (const [placeholder, value] of Object.entries(values))
    replaced = replaced.replaceAll(placeholder, value);
  assert.notEqual(replaced, text, "it contains a placeholder for a user's own value");
  return replaced;
}

/** A text that starts local orgs, at free ports: its own may be taken on this machine. */
export function withFreePorts(text: string): string {
  return text.replaceAll(/--port \d+/g, '--port 0');
}

/** A text that speaks to a local org, with the address of one that is there in the place of the page's. */
export function withAddress(text: string, { instanceUrl }: Pick<OwnOrg, 'instanceUrl'>): string {
  const replaced = text.replaceAll('http://127.0.0.1:8080', instanceUrl);
  assert.notEqual(replaced, text, 'it names the address of a local org');
  return replaced;
}
