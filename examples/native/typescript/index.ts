import * as pulumi from '@pulumi/pulumi';
import * as eca from 'pulumi-salesforce-eca-native';

/** The apps of each org, and how many minutes their access tokens live. */
const appsByOrg = {
  emea: { Agent_Gateway: 30, portal: 60 },
  apac: { Agent_Gateway: 15 },
};

const config = new pulumi.Config();

/** What `pulumi stack output apps` shows: the format and the lifetime of the access tokens of each app. */
export const apps = Object.fromEntries(
  Object.entries(appsByOrg).map(([org, minutesByApp]) => {
    // Each org has a provider of its own, which says how to sign in.
    const provider = new eca.Provider(org, {
      instanceUrl: config.require(`${org}InstanceUrl`),
      clientId: config.require(`${org}ClientId`),
      username: config.require(`${org}Username`),
      privateKey: config.requireSecret(`${org}PrivateKey`),
    });
    const policies = Object.entries(minutesByApp).map(([app, minutes]) => {
      const policy = new eca.ExternalClientAppJwtPolicy(
        `${org}-${app}`,
        { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: minutes },
        { provider },
      );
      return [app, { format: policy.tokenFormat, minutes: policy.namedUserJwtTimeout }] as const;
    });
    return [org, Object.fromEntries(policies)];
  }),
);
