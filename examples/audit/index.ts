import * as pulumi from '@pulumi/pulumi';
import { listExternalClientAppsOutput } from 'pulumi-salesforce-eca';

/** The longest life of an access token that is accepted, in minutes. */
const maximumMinutes = new pulumi.Config().getNumber('maximumMinutes') ?? 30;

/** Every app that issues tokens. An org does not show of all which (`unknown`), nor always how long they live. */
export const tokens = listExternalClientAppsOutput().apps.apply((apps) =>
  apps
    .filter(({ isOauthEnabled }) => isOauthEnabled)
    .map(({ externalClientApplication, tokenFormat, namedUserTokenLifetime, guestTokenLifetime }) => ({
      app: externalClientApplication,
      tokenFormat,
      minutes: namedUserTokenLifetime?.maximumMinutes,
      source: namedUserTokenLifetime?.source,
      guestMinutes: guestTokenLifetime?.maximumMinutes,
    })),
);

export const notJwt = tokens.apply((all) =>
  all.filter(({ tokenFormat }) => tokenFormat !== 'jwt').map(({ app }) => app),
);

export const longLived = tokens.apply((all) =>
  all
    .filter(({ minutes = 0, guestMinutes = 0 }) => Math.max(minutes, guestMinutes) > maximumMinutes)
    .map(({ app }) => app),
);
