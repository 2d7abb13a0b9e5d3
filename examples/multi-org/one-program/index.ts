import { ExternalClientAppJwtPolicy, type ExternalClientAppJwtPolicyArgs } from 'pulumi-salesforce-eca';

type App = ExternalClientAppJwtPolicyArgs & { externalClientApplication: string };

/** What each org gets. The keys are those of the configuration `salesforce:orgs`, which says how to sign in. */
const appsByOrg: Record<string, readonly App[]> = {
  emea: [
    { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 },
    { externalClientApplication: 'portal', isNamedUserJwtEnabled: true, namedUserJwtTimeout: 60 },
  ],
  apac: [
    { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true, namedUserJwtTimeout: 15 },
    // Installed from a package: its token format belongs to its developer.
    { externalClientApplication: 'acme__Billing_Sync', namedUserJwtTimeout: 10 },
  ],
};

const policies = Object.entries(appsByOrg).flatMap(([org, apps]) =>
  apps.map(
    (app) => new ExternalClientAppJwtPolicy(`${org}-${app.externalClientApplication}`, { ...app, org }),
  ),
);

export const organizations = policies.map(({ org, orgId }) => ({ org, orgId }));
