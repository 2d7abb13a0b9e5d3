import { namespacePrefix, unqualifiedName } from '../components/componentStore.js';
import { packagedComponents } from '../deploy/deployResultFields.js';
import type { OrgState } from '../server/orgState.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';
import { childText, parseXml } from '../xml.js';
import type { SoqlRow } from './soql.js';

/** An object that can be queried. */
export interface QueryableObject {
  name: string;
  fields: readonly string[];
  rows: (org: OrgState) => SoqlRow[];
}

const organization: QueryableObject = {
  name: 'Organization',
  fields: [
    'Id',
    'Name',
    'InstanceName',
    'IsSandbox',
    'NamespacePrefix',
    'OrganizationType',
    'TrialExpirationDate',
    'CreatedDate',
  ],
  rows: (org) => [
    {
      Id: org.organizationId,
      Name: org.name,
      InstanceName: 'LOCAL',
      IsSandbox: false,
      NamespacePrefix: null,
      OrganizationType: 'Developer Edition',
      TrialExpirationDate: null,
      CreatedDate: new Date(org.startedAt),
    },
  ],
};

const user: QueryableObject = {
  name: 'User',
  fields: ['Id', 'Username', 'Name', 'Email', 'IsActive', 'ProfileId'],
  rows: (org) =>
    org.users.map(({ userId, username, displayName, email, role }) => ({
      Id: userId,
      Username: username,
      Name: displayName,
      Email: email,
      IsActive: true,
      ProfileId: salesforceId(keyPrefix.profile, `${org.name}/${role}`),
    })),
};

const externalClientApplication: QueryableObject = {
  name: 'ExternalClientApplication',
  fields: ['Id', 'DeveloperName', 'MasterLabel', 'NamespacePrefix', 'DistributionState'],
  rows: (org) =>
    org.store.list('ExternalClientApplication').map(({ id, fullName, xml }) => {
      const root = parseXml(xml);
      return {
        Id: id,
        DeveloperName: unqualifiedName(fullName),
        MasterLabel: childText(root, 'label') ?? null,
        NamespacePrefix: namespacePrefix(fullName) ?? null,
        DistributionState: childText(root, 'distributionState') ?? 'Local',
      };
    }),
};

const deployRequest: QueryableObject = {
  name: 'DeployRequest',
  fields: [
    'Id',
    'Status',
    'StateDetail',
    'CheckOnly',
    'CreatedById',
    'CreatedDate',
    'StartDate',
    'CompletedDate',
    'CanceledById',
    'ErrorStatusCode',
    'ErrorMessage',
    'NumberComponentsTotal',
    'NumberComponentsDeployed',
    'NumberComponentErrors',
    'NumberTestsTotal',
    'NumberTestsCompleted',
    'NumberTestErrors',
    'RollbackOnError',
    'IgnoreWarnings',
    'SinglePackage',
    'PurgeOnDelete',
    'TestLevel',
    'ChangeSetName',
  ],
  rows: (org) =>
    org.deployJobs.all.map((job) => {
      const components = job.results.filter(({ componentType }) => componentType !== '');
      const succeeded = components.filter(({ success }) => success).length;
      return {
        Id: job.id,
        Status: job.status,
        StateDetail: null,
        CheckOnly: job.options.checkOnly,
        CreatedById: job.user.userId,
        CreatedDate: new Date(job.createdAt),
        StartDate: job.startedAt === undefined ? null : new Date(job.startedAt),
        CompletedDate: job.completedAt === undefined ? null : new Date(job.completedAt),
        CanceledById: job.canceledBy?.userId ?? null,
        ErrorStatusCode: job.failure?.statusCode ?? null,
        ErrorMessage: job.failure?.message ?? null,
        NumberComponentsTotal: packagedComponents(job),
        NumberComponentsDeployed: succeeded,
        NumberComponentErrors: components.length - succeeded,
        NumberTestsTotal: 0,
        NumberTestsCompleted: 0,
        NumberTestErrors: 0,
        RollbackOnError: job.options.rollbackOnError,
        IgnoreWarnings: job.options.ignoreWarnings,
        SinglePackage: job.options.singlePackage,
        PurgeOnDelete: job.options.purgeOnDelete,
        TestLevel: job.options.testLevel,
        ChangeSetName: null,
      };
    }),
};

/** The Salesforce CLI asks for it when it signs in. */
const sandboxProcess: QueryableObject = {
  name: 'SandboxProcess',
  fields: [
    'Id',
    'Status',
    'SandboxName',
    'SandboxInfoId',
    'LicenseType',
    'CreatedDate',
    'SandboxOrganization',
  ],
  rows: () => [],
};

/** Objects of the REST API's `query`. */
export const queryObjects: readonly QueryableObject[] = [organization, user, externalClientApplication];

/** Objects of the Tooling API's `query`. */
export const toolingObjects: readonly QueryableObject[] = [organization, user, deployRequest, sandboxProcess];
