import { ProviderError } from '../../errors.js';
import { describeExternalClientApp } from '../../describeExternalClientApp.js';
import type { ExternalClientApp } from '../../externalClientApp.js';
import type { OrgApp } from '../../reconcile/apps/orgApp.js';
import { appNamed, readOrg } from '../../reconcile/apps/readOrg.js';
import type { OrgSnapshot } from '../../reconcile/apps/readOrg.js';
import { componentText } from '../../components/components.js';
import type { OrgContext } from '../../org/orgContext.js';
import type { OrgConfiguration } from '../../signIn/configuration.js';

/** How long a changed setting can take to reach every server of Salesforce, in minutes (Salesforce Help). */
export const spreadMinutes = 15;

/** The settings of the app that a token was issued to. */
export interface AppSettings {
  app: ExternalClientApp;
  /** How long before the read the app was last modified, in minutes, if that is less than {@link spreadMinutes}. */
  modifiedMinutesAgo: number | undefined;
}

/** The app to find. */
export interface SoughtApp {
  /** The developer name; `undefined`: the app with the consumer key. */
  name: string | undefined;
  /** The consumer key that the token was obtained with. */
  consumerKey: string;
  /** The 18-character id of the organization that issued the token, if known. */
  organizationId: string | undefined;
}

/**
 * Signs in to an org and reads the settings of an app in one retrieve.
 *
 * @throws ProviderError when the org is another one or did not return the app; what {@link readOrg} throws
 */
export async function readAppSettings(
  configuration: OrgConfiguration,
  sought: SoughtApp,
  context: OrgContext,
): Promise<AppSettings> {
  const snapshot = await readOrg(configuration, context);
  if (sought.organizationId !== undefined && sought.organizationId !== snapshot.organizationId) {
    throw new ProviderError({
      code: 'ECA8302',
      cause: `the token is for organization ${sought.organizationId}, but the sign-in for the settings leads to ${snapshot.organizationId}`,
    });
  }
  const app = findApp(snapshot, sought);
  const age = (snapshot.readAt.getTime() - Date.parse(app.lastModified?.date ?? '')) / 60_000;
  return {
    app: describeExternalClientApp(app),
    modifiedMinutesAgo: age < spreadMinutes ? Math.max(0, Math.floor(age)) : undefined,
  };
}

function findApp(snapshot: OrgSnapshot, { name, consumerKey }: SoughtApp): OrgApp {
  const keyOf = ({ components }: OrgApp): string | undefined =>
    componentText(components.ExtlClntAppGlobalOauthSettings, 'consumerKey');
  const owner = snapshot.apps.find((candidate) => keyOf(candidate) === consumerKey);
  if (name !== undefined) {
    const app = appNamed(snapshot, name);
    const key = keyOf(app);
    if (key !== undefined && key !== consumerKey) {
      throw new ProviderError({
        code: 'ECA8303',
        cause: `the consumer key of app ${name} is not the one that the token was obtained with`,
        advice: 'Name the app that the consumer key belongs to, or leave --app out',
      });
    }
    if (owner !== undefined && owner !== app) {
      throw new ProviderError({
        code: 'ECA8304',
        cause: `the token was obtained with the consumer key of app ${owner.name}, not of ${name}`,
      });
    }
    return app;
  }
  if (owner === undefined) {
    throw new ProviderError({
      code: 'ECA8305',
      cause:
        'the org returned no app with the consumer key that the token was obtained with, which is normal for an installed app: specify it with --app',
    });
  }
  return owner;
}
