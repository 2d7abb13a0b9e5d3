import * as pulumi from '@pulumi/pulumi';
import { listExternalClientAppsOutput } from 'pulumi-salesforce-eca';

/** The longest accepted lifetime of an access token, in minutes. */
const maximumMinutes = new pulumi.Config().getNumber('maximumMinutes') ?? 30;

const all = listExternalClientAppsOutput().apps;

/** Every app, as `pulumi-salesforce-eca audit` lists them. An org does not show of all which tokens they issue, nor always how long they live. */
export const apps = all.apply((found) =>
  found.map((app) => ({
    app: app.externalClientApplication,
    namespace: app.namespace,
    state: app.distributionState,
    issuesTokens: app.isOauthEnabled,
    tokenFormat: app.isOauthEnabled ? app.tokenFormat : undefined,
    remark: app.problem ?? app.oauthDisabledReason ?? app.tokenFormatReason,
    minutes: app.namedUserTokenLifetime?.maximumMinutes,
    source: app.namedUserTokenLifetime?.source,
    guestFlow: app.isGuestCodeCredFlowEnabled,
    guestMinutes: app.guestTokenLifetime?.maximumMinutes,
    permittedUsers: app.permittedUsersPolicyType,
    refreshTokens: app.refreshTokenPolicyType,
    lastChange: app.lastModifiedDate,
  })),
);

/** The apps that issue opaque tokens, or whose format the org does not return, including those with a `problem`. */
export const notJwt = all.apply((found) =>
  found
    .filter(
      ({ isOauthEnabled, problem, tokenFormat }) =>
        problem !== undefined || (isOauthEnabled && tokenFormat !== 'jwt'),
    )
    .map(({ externalClientApplication }) => externalClientApplication),
);

/** The apps whose tokens may live longer than is accepted; those that could not be understood too. */
export const longLived = all.apply((found) =>
  found
    .filter(({ problem, namedUserTokenLifetime, guestTokenLifetime }) => {
      const minutes = [namedUserTokenLifetime, guestTokenLifetime].map(
        (lifetime) => lifetime?.maximumMinutes ?? 0,
      );
      return problem !== undefined || Math.max(...minutes) > maximumMinutes;
    })
    .map(({ externalClientApplication }) => externalClientApplication),
);
