import { formatWithoutCode, ProviderError } from '../../errors.js';
import type { OrgConfiguration } from '../../signIn/configuration.js';
import { errorInNamespace } from '../../signIn/namespace.js';
import { connect } from '../../org/orgConnection.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { contextWithoutEngine } from '../../org/orgContext.js';
import { componentText } from '../../components/components.js';
import { noAppShown } from '../plan/componentView.js';
import { timeoutPairs } from '../../policy/fields.js';
import { adviceOnName, nearestNames } from '../../policy/nearestNames.js';
import { readOrgApps } from './orgApps.js';
import type { OrgApp } from './orgApp.js';
import type { OrgApps } from './orgApps.js';
import { causeOf, forFields } from '../deploy/refusalAdvice.js';
import { isAboutOrg } from '../request.js';

/** An org at the moment when it was read. */
export interface OrgSnapshot extends OrgApps {
  /** The name of the org in messages: its alias or address. */
  label: string;
  /** The address that requests go to. */
  instanceUrl: string;
  /** The 18-character organization id. */
  organizationId: string;
  /** The developer name of the app that the run signs in with; `undefined` if the org does not return its consumer key. */
  signInApp: string | undefined;
  /** The Metadata API version that it was read with, for example 66. */
  apiVersion: number;
  /** When that was, by the org's clock. */
  readAt: Date;
}

/**
 * Signs in to an org and reads all its external client apps and its session settings in one retrieve.
 *
 * @throws ConfigurationError, SignInError, OrgConnectionError; ProviderError, with the org and what to do, when it cannot be read
 */
export async function readOrg(
  configuration: OrgConfiguration,
  context = contextWithoutEngine(),
): Promise<OrgSnapshot> {
  try {
    return await readConnectedOrg(await connect(configuration, context));
  } catch (thrown) {
    throw errorInNamespace(thrown, configuration.settingsPlace);
  }
}

/** The fields whose rights are known to be enough to read an org (docs/permissions.md). */
const readFields = timeoutPairs.map(({ timeout }) => timeout);

/**
 * As {@link readOrg}, of an org that is signed in to already.
 *
 * @throws ProviderError, with the org and what to do, when it cannot be read
 */
export async function readConnectedOrg(connection: OrgConnection): Promise<OrgSnapshot> {
  const { label, instanceUrl, organizationId, apiVersion, signInConsumerKey } = connection;
  let contents: OrgApps;
  try {
    contents = await readOrgApps(connection);
  } catch (thrown) {
    const parts = forFields(causeOf(connection, thrown), readFields);
    const subject = `org ${label} (${organizationId})`;
    const { advice, ...rest } = parts;
    throw new ProviderError(
      isAboutOrg(parts, connection)
        ? parts
        : {
            code: parts.code,
            subject,
            isOneSentence: true,
            cause: `could not be read: ${formatWithoutCode(rest)}`,
            advice,
          },
    );
  }
  return {
    label,
    instanceUrl,
    organizationId,
    apiVersion,
    ...contents,
    signInApp: contents.apps.find((app) => isSignedInWith(app, signInConsumerKey))?.name,
    readAt: connection.orgTime() ?? new Date(),
  };
}

function isSignedInWith({ components }: OrgApp, signInConsumerKey: string | undefined): boolean {
  const consumerKey = componentText(components.ExtlClntAppGlobalOauthSettings, 'consumerKey')?.trim() ?? '';
  return consumerKey !== '' && consumerKey === signInConsumerKey;
}

/**
 * An app of an org by its developer name, `ns__Name` if it has a namespace.
 *
 * @throws ProviderError with similar names when the org has no such app, or when the org returned no apps at all
 */
export function appNamed(snapshot: OrgSnapshot, name: string): OrgApp {
  const app = snapshot.apps.find((candidate) => candidate.name === name);
  if (app !== undefined) {
    return app;
  }
  const names = snapshot.apps.map((candidate) => candidate.name);
  const subject = `External client app "${name}" in org ${snapshot.label} (${snapshot.organizationId})`;
  throw new ProviderError(
    names.length === 0
      ? { code: 'ECA3003', subject, cause: noAppShown }
      : {
          code: 'ECA3001',
          subject,
          isOneSentence: true,
          cause: 'does not exist',
          advice: adviceOnName(nearestNames(name, names)),
        },
  );
}
