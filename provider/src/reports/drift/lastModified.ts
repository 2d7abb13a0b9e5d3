import { reasonOf } from '../../errors.js';
import { fieldDefinitions } from '../../policy/fields.js';
import { latestChange } from '../../reconcile/describeApps.js';
import type { LastModified } from '../../reconcile/orgApp.js';
import { readOrgConfiguration } from '../../signIn/configuration.js';
import type { ConfigurationReader } from '../../signIn/configuration.js';
import type { FileProperties } from '../../org/metadataApi.js';
import { connect } from '../../org/orgConnection.js';
import { contextWithoutEngine } from '../../org/orgContext.js';
import type { OrgContext } from '../../org/orgContext.js';
import type { ResourceDrift } from './report.js';

/** The types whose components contain the settings. */
const settingsTypes = [...new Set(Object.values(fieldDefinitions).map(({ componentType }) => componentType))];

/** The names of an app's components, by type. */
export type ComponentNamesOf = (urn: string) => Readonly<Record<string, unknown>>;

/**
 * Adds to the differences when and by whom their components were last modified: one sign-in and one list for each org that has
 * changed. If an org does not return that, the report has a note; it is not an error.
 *
 * @param read the stack's current configuration, with secrets in clear text; it is not stored
 * @param environment the environment variables of the command
 * @param namesOf the component names in the state or from the last read
 * @param timeoutMinutes the limit of one wait for an org, in minutes; `undefined`: that of the configuration
 */
export async function addLastModified(
  resources: readonly ResourceDrift[],
  read: ConfigurationReader,
  environment: Readonly<Record<string, string | undefined>>,
  namesOf: ComponentNamesOf,
  timeoutMinutes: number | undefined,
): Promise<{ resources: ResourceDrift[]; notes: string[] }> {
  const notes: string[] = [];
  const context = contextWithoutEngine();
  const changesByAlias = new Map<string | undefined, OrgChanges>();
  for (const { org, differences } of resources) {
    if (!changesByAlias.has(org) && differences.some(({ cause }) => cause !== 'notApplied')) {
      try {
        changesByAlias.set(org, await listChanges(read, environment, org, context, timeoutMinutes));
      } catch (thrown) {
        changesByAlias.set(org, { organizationId: undefined, files: [] });
        const label = org === undefined ? 'the org' : `org "${org}"`;
        notes.push(
          `${label} did not return when and by whom components were last modified: ${reasonOf(thrown)}`,
        );
      }
    }
  }
  return {
    notes,
    resources: resources.map((resource) => {
      const changes = changesByAlias.get(resource.org);
      if (changes === undefined || changes.organizationId !== resource.organizationId) {
        return resource;
      }
      const names = namesOf(resource.urn);
      return {
        ...resource,
        differences: resource.differences.map((difference) => {
          const type = fieldDefinitions[difference.field].componentType;
          return { ...difference, lastModified: changeOf(changes.files, type, names[type]) };
        }),
      };
    }),
  };
}

interface OrgChanges {
  organizationId: string | undefined;
  files: readonly FileProperties[];
}

async function listChanges(
  read: ConfigurationReader,
  environment: Readonly<Record<string, string | undefined>>,
  alias: string | undefined,
  context: OrgContext,
  timeoutMinutes: number | undefined,
): Promise<OrgChanges> {
  const configuration = readOrgConfiguration(read, environment, alias, false);
  const connection = await connect(
    { ...configuration, timeoutMinutes: timeoutMinutes ?? configuration.timeoutMinutes },
    context,
  );
  const files = await connection.read((api) => api.listMetadata(settingsTypes));
  return { organizationId: connection.organizationId, files };
}

function changeOf(files: readonly FileProperties[], type: string, name: unknown): LastModified | undefined {
  return latestChange(files.filter((file) => file.type === type && file.fullName === name));
}
