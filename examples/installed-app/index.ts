import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

/** An app that was installed from a package has the package's namespace in front of its name. */
const ledger = new ExternalClientAppJwtPolicy('ledger', {
  externalClientApplication: 'acme__Ledger',
  namedUserJwtTimeout: 15, // minutes
});

/** What `pulumi stack output` shows. The format is "unknown": only the developer of the app sets it. */
export const apps = { acme__Ledger: { format: ledger.tokenFormat, minutes: ledger.namedUserJwtTimeout } };
