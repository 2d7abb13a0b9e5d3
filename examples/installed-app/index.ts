import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

/** The name of an app from a package begins with the package's namespace. */
const app = 'acme__Ledger';
const minutes = 15;

const policy = new ExternalClientAppJwtPolicy(app, {
  externalClientApplication: app,
  namedUserJwtTimeout: minutes,
});

/** What `pulumi stack output` shows. Only the developer of the app decides the format of its tokens, so it is not here. */
export const apps = { [app]: { minutes: policy.namedUserJwtTimeout } };
