import { reasonOf } from '../../errors.js';
import { fieldDefinitions } from '../../policy/fields.js';
import { latestChange } from '../../reconcile/apps/describeApps.js';
import type { LastModified } from '../../reconcile/apps/orgApp.js';
import type { OrgConfiguration } from '../../signIn/configuration.js';
import { errorInNamespace } from '../../signIn/namespace.js';
import type { FileProperties } from '../../org/metadataApi.js';
import { connect } from '../../org/orgConnection.js';
import { contextWithoutEngine } from '../../org/orgContext.js';
import type { OrgContext } from '../../org/orgContext.js';
import type { ResourceDrift } from './report.js';
import type { ResourceOrgs } from './resourceOrgs.js';

/** The types whose components contain the settings. */
const settingsTypes = [...new Set(Object.values(fieldDefinitions).map(({ componentType }) => componentType))];

/** The names of an app's components, by type. */
export type ComponentNamesOf = (urn: string) => Readonly<Record<string, unknown>>;

/**
 * Adds to the differences when and by whom their components were last modified: one sign-in and one list for each org that has
 * changed. If an org does not return that, the report has a note; it is not an error.
 *
 * @param orgs how to sign in to the orgs of the resources
 * @param namesOf the component names in the state or from the last read
 */
export async function addLastModified(
  resources: readonly ResourceDrift[],
  orgs: ResourceOrgs,
  namesOf: ComponentNamesOf,
): Promise<{ resources: ResourceDrift[]; notes: string[] }> {
  const notes: string[] = [];
  const context = contextWithoutEngine();
  const changesByOrg = new Map<string, OrgChanges>();
  for (const resource of resources) {
    const key = orgs.keyOf(resource);
    if (!changesByOrg.has(key) && resource.differences.some(({ cause }) => cause !== 'notApplied')) {
      try {
        changesByOrg.set(key, await listChanges(orgs.configurationOf(resource), context));
      } catch (thrown) {
        changesByOrg.set(key, { organizationId: undefined, files: [] });
        notes.push(
          `${orgs.labelOf(resource)} did not return when and by whom components were last modified: ${reasonOf(thrown)}`,
        );
      }
    }
  }
  return {
    notes,
    resources: resources.map((resource) => {
      const changes = changesByOrg.get(orgs.keyOf(resource));
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

async function listChanges(configuration: OrgConfiguration, context: OrgContext): Promise<OrgChanges> {
  try {
    const connection = await connect(configuration, context);
    const files = await connection.read((api) => api.listMetadata(settingsTypes));
    return { organizationId: connection.organizationId, files };
  } catch (thrown) {
    throw errorInNamespace(thrown, configuration.settingsPlace);
  }
}

function changeOf(files: readonly FileProperties[], type: string, name: unknown): LastModified | undefined {
  return latestChange(files.filter((file) => file.type === type && file.fullName === name));
}
