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

const policies = Object.entries(appsByOrg).map(([org, apps]) => ({
  org,
  apps: apps.map((args) => {
    const app = args.externalClientApplication;
    return { app, policy: new ExternalClientAppJwtPolicy(`${org}-${app}`, { ...args, org }) };
  }),
}));

/**
 * What `pulumi stack output organizations` shows: the apps of each org, with the format of their access tokens ("unknown" if the program does not manage the format) and their
 * lifetime.
 */
export const organizations = policies.map(({ org, apps }) => ({
  org,
  orgId: apps[0]?.policy.orgId,
  apps: Object.fromEntries(
    apps.map(({ app, policy }) => [app, { format: policy.tokenFormat, minutes: policy.namedUserJwtTimeout }]),
  ),
}));
