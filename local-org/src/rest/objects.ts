import { namespacePrefix, unqualifiedName } from '../components/componentStore.js';
import type { StoredComponent } from '../components/storedComponent.js';
import { packagedComponents } from '../deploy/deployResultFields.js';
import type { Session } from '../identity/sessions.js';
import type { OrgState } from '../org/orgState.js';
import { profileLabel, type OrgUser } from '../org/users.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';
import { childText, isTrue, parseXml } from '../xml.js';
import type { SoqlRow } from './soql.js';

/** An object that can be queried. */
export interface QueryableObject {
  name: string;
  /** Fields, those of a parent as `Parent.Field`. */
  fields: readonly string[];
  /** First API version with the object, and with fields that came later than it; default: every one. */
  since?: number;
  fieldsSince?: Readonly<Record<string, number>>;
  /** Whether a user may query it; default: everybody. For others, it does not exist. */
  isVisibleTo?: (user: OrgUser, org: OrgState) => boolean;
  /** @param asking the session that the query came with */
  rows: (org: OrgState, asking: Session) => SoqlRow[];
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
      NamespacePrefix: org.store.namespace ?? null,
      OrganizationType: 'Developer Edition',
      TrialExpirationDate: null,
      CreatedDate: new Date(org.createdAt),
    },
  ],
};

const user: QueryableObject = {
  name: 'User',
  fields: ['Id', 'Username', 'Name', 'Email', 'IsActive', 'ProfileId', 'Profile.Name'],
  rows: (org) =>
    org.users.map(({ userId, username, displayName, email, role }) => ({
      Id: userId,
      Username: username,
      Name: displayName,
      Email: email,
      IsActive: true,
      ProfileId: salesforceId(keyPrefix.profile, `${org.name}/${role}`),
      'Profile.Name': profileLabel(role),
    })),
};

const externalClientApplication: QueryableObject = {
  name: 'ExternalClientApplication',
  fields: ['Id', 'DeveloperName', 'MasterLabel', 'NamespacePrefix', 'DistributionState'],
  isVisibleTo: (_user, { faults }) => faults.holds('appQuery'),
  rows: (org) => org.store.list('ExternalClientApplication').map(applicationRow),
};

/** Rows by component, so that a query does not parse every app's XML again. */
const applicationRows = new WeakMap<StoredComponent, SoqlRow>();

function applicationRow(component: StoredComponent): SoqlRow {
  const known = applicationRows.get(component);
  if (known) return known;
  const { id, fullName, xml } = component;
  const root = parseXml(xml);
  const row = {
    Id: id,
    DeveloperName: unqualifiedName(fullName),
    MasterLabel: childText(root, 'label') ?? null,
    NamespacePrefix: namespacePrefix(fullName) ?? null,
    DistributionState: childText(root, 'distributionState') ?? 'Local',
  };
  applicationRows.set(component, row);
  return row;
}

/** Policies as a row, by the rules `policiesQuery` and `policiesQueryShowsGlobal`; timeouts are picklist values, so they are strings. */
const policiesConfiguration: QueryableObject = {
  name: 'ExtlClntAppOauthPlcyCnfg',
  fields: [
    'Id',
    'DeveloperName',
    'ExternalClientApplicationId',
    'GuestJwtSessionTimeoutType',
    'GuestJwtTimeout',
    'IsNamedUserJwtEnabled',
    'NamedUserJwtSessionTimeoutType',
    'NamedUserJwtTimeout',
  ],
  fieldsSince: { GuestJwtSessionTimeoutType: 65, NamedUserJwtSessionTimeoutType: 65 },
  rows: ({ store, faults }) =>
    store.list('ExtlClntAppOauthConfigurablePolicies').map((component) => {
      const { id, fullName, xml } = component;
      const root = parseXml(xml);
      const app = store.appOf(component) ?? '';
      const [global] = store.componentsOfApp('ExtlClntAppGlobalOauthSettings', app);
      const shown = faults.holds('policiesQueryShowsGlobal') ? global && parseXml(global.xml) : root;
      return {
        Id: id,
        DeveloperName: unqualifiedName(fullName),
        ExternalClientApplicationId: store.get('ExternalClientApplication', app)?.id ?? null,
        GuestJwtSessionTimeoutType: childText(root, 'guestJwtSessionTimeoutType') ?? null,
        GuestJwtTimeout: childText(root, 'guestJwtTimeout') ?? null,
        IsNamedUserJwtEnabled: isTrue(shown && childText(shown, 'isNamedUserJwtEnabled')),
        NamedUserJwtSessionTimeoutType: childText(root, 'namedUserJwtSessionTimeoutType') ?? null,
        NamedUserJwtTimeout: childText(root, 'namedUserJwtTimeout') ?? null,
      };
    }),
};

/**
 * Sessions that have not ended (documented: Manage Users is needed, `IsCurrent` since 37.0, `IsAssociatedWithJwtAccessToken` since
 * 64.0). Inference: the application of an external client app's sign-in is the app's label.
 */
const authSession: QueryableObject = {
  name: 'AuthSession',
  fields: [
    'Id',
    'UsersId',
    'CreatedDate',
    'LastModifiedDate',
    'NumSecondsValid',
    'SessionType',
    'IsCurrent',
    'IsAssociatedWithJwtAccessToken',
    'LoginHistoryId',
    'LoginHistory.Application',
  ],
  fieldsSince: { IsCurrent: 37, IsAssociatedWithJwtAccessToken: 64 },
  isVisibleTo: ({ role }) => role === 'developer',
  rows: (org, asking) =>
    org.identity.liveSessions.map((session) => ({
      Id: salesforceId(keyPrefix.authSession, session.token),
      UsersId: session.userId,
      CreatedDate: new Date(session.issuedAt),
      LastModifiedDate: new Date(session.renewedAt),
      NumSecondsValid: Math.round(session.lifetimeMs / 1000),
      SessionType: 'API',
      IsCurrent: session.token === asking.token,
      IsAssociatedWithJwtAccessToken: session.format === 'jwt',
      LoginHistoryId: salesforceId(keyPrefix.loginHistory, session.token),
      'LoginHistory.Application': org.labelOfApp(session.consumerKey) ?? 'Browser',
    })),
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
  since: 49,
  isVisibleTo: ({ role }) => role !== 'none',
  rows: (org) =>
    org.deployJobs.all.map((job) => {
      const components = job.results.filter(({ componentType }) => componentType !== '');
      const succeeded = components.filter(({ success }) => success).length;
      return {
        Id: job.id,
        Status: org.deployJobs.statusFor(job, org.newestVersion),
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
export const queryObjects: readonly QueryableObject[] = [
  organization,
  user,
  externalClientApplication,
  policiesConfiguration,
  authSession,
];

/** Objects of the Tooling API's `query`. */
export const toolingObjects: readonly QueryableObject[] = [organization, user, deployRequest, sandboxProcess];
