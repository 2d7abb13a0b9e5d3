import * as pulumi from '@pulumi/pulumi';
import { messageOf } from './errors.js';
import { absent } from './jwtPolicy/fields.js';
import type { JwtField } from './jwtPolicy/fields.js';
import { validateAppName } from './jwtPolicy/validation.js';
import type { OrgApp } from './reconcile/orgApps.js';
import type { OrgSnapshot } from './reconcile/readOrg.js';
import { readOrgConfiguration } from './salesforce/configuration.js';

/** Which app {@link getExternalClientAppJwtPolicy} reads. */
export interface GetExternalClientAppJwtPolicyArgs {
  /** The developer name of the app (Setup shows it as API Name), `ns__Name` for an installed app. */
  externalClientApplication: string;
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. */
  org?: string | undefined;
}

/** As {@link GetExternalClientAppJwtPolicyArgs}, with values that other resources give. */
export interface GetExternalClientAppJwtPolicyOutputArgs {
  /** The developer name of the app, `ns__Name` for an installed app. */
  externalClientApplication: pulumi.Input<string>;
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. */
  org?: pulumi.Input<string | undefined> | undefined;
}

/** Which org {@link listExternalClientApps} reads. */
export interface ListExternalClientAppsArgs {
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. */
  org?: string | undefined;
}

/** As {@link ListExternalClientAppsArgs}, with a value that another resource gives. */
export interface ListExternalClientAppsOutputArgs {
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. */
  org?: pulumi.Input<string | undefined> | undefined;
}

/** An external client app as an org holds it. */
export interface ExternalClientApp {
  /** The developer name; `ns__Name` for an installed app. */
  externalClientApplication: string;
  /** The label that Setup shows. */
  label: string | undefined;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  /** `Local`, `Packaged`, or what else the org says. */
  distributionState: string | undefined;
  /** Whether the app's OAuth plugin is on and the app has OAuth settings. */
  isOauthEnabled: boolean;
  /** The format of the access tokens that the app issues to named users; `unknown` where the org does not show it. */
  tokenFormat: 'jwt' | 'opaque' | 'unknown';
  /** Why the token format is `unknown`. */
  tokenFormatReason: string | undefined;
  /** `undefined` where the element or its component is absent, which the org takes as false. */
  isNamedUserJwtEnabled: boolean | undefined;
  /** `UserSession`, `Custom`, or what else the org holds. */
  namedUserJwtSessionTimeoutType: string | undefined;
  /** In minutes; an org may hold others than the allowed ones. */
  namedUserJwtTimeout: number | undefined;
  /** As `namedUserJwtSessionTimeoutType`, for guest users of the headless guest flow. */
  guestJwtSessionTimeoutType: string | undefined;
  /** As `namedUserJwtTimeout`, for guest users of the headless guest flow. */
  guestJwtTimeout: number | undefined;
  /** The full names of the app's components by component type. */
  components: Readonly<Record<string, string>>;
  /** When one of the app's components was last modified: ISO 8601; `undefined` where the org does not tell. */
  lastModifiedDate: string | undefined;
  /** The name of the user who did; `undefined` where the org does not tell. */
  lastModifiedBy: string | undefined;
  /** Why the values are missing although the app is there: two components of one type, or a file that is no component. */
  problem: string | undefined;
}

/** What {@link getExternalClientAppJwtPolicy} answers. */
export interface GetExternalClientAppJwtPolicyResult extends ExternalClientApp {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
}

/** What {@link listExternalClientApps} answers. */
export interface ListExternalClientAppsResult {
  /** The 18-character organization id. */
  orgId: string;
  /** The Metadata API version of the read, such as `66.0`. */
  apiVersion: string;
  /** Every external client app of the org, sorted by name. */
  apps: ExternalClientApp[];
}

/** One look at each org, by alias: all calls of a program share it. */
const looks = new Map<string | undefined, Promise<OrgSnapshot>>();

/**
 * Reads the JWT-based access-token settings of an app, whoever manages them; changes nothing.
 *
 * The program itself signs in, with the configuration and the environment variables of the provider, at every preview and `up`;
 * all calls of a program share one sign-in and one retrieve an org, made at the first call: what the same run changes later is
 * not seen.
 *
 * @throws RunError when the configuration is incomplete, the org cannot be read, or it has no such app
 */
export async function getExternalClientAppJwtPolicy(
  args: GetExternalClientAppJwtPolicyArgs,
): Promise<GetExternalClientAppJwtPolicyResult> {
  const name = args.externalClientApplication;
  return runs(async () => {
    const [fault] = validateAppName(name);
    if (fault !== undefined) {
      throw new Error(`${fault.property} ${fault.reason}`);
    }
    const snapshot = await look(args.org);
    const app = snapshot.apps.find((candidate) => candidate.name === name);
    if (app === undefined) {
      throw new Error(await describeAbsence(name, snapshot));
    }
    return { ...headOf(snapshot), ...describe(app) };
  });
}

/**
 * As {@link getExternalClientAppJwtPolicy}, for arguments that are outputs: read when they are known, in a preview too.
 */
export function getExternalClientAppJwtPolicyOutput(
  args: GetExternalClientAppJwtPolicyOutputArgs,
): pulumi.Output<GetExternalClientAppJwtPolicyResult> {
  return pulumi.output(args).apply((known) => getExternalClientAppJwtPolicy(known));
}

/**
 * Lists every external client app of an org with its settings; changes nothing. What {@link getExternalClientAppJwtPolicy} says of
 * sign-in and sharing holds here too.
 *
 * @throws RunError when the configuration is incomplete or the org cannot be read
 */
export async function listExternalClientApps(
  args: ListExternalClientAppsArgs = {},
): Promise<ListExternalClientAppsResult> {
  return runs(async () => {
    const snapshot = await look(args.org);
    return { ...headOf(snapshot), apps: snapshot.apps.map(describe) };
  });
}

/** As {@link listExternalClientApps}, for arguments that are outputs: read when they are known, in a preview too. */
export function listExternalClientAppsOutput(
  args: ListExternalClientAppsOutputArgs = {},
): pulumi.Output<ListExternalClientAppsResult> {
  return pulumi.output(args).apply((known) => listExternalClientApps(known));
}

/** Runs a read; a RunError ends the program with its message alone, without a stack trace. */
async function runs<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw new pulumi.RunError(messageOf(thrown));
  }
}

async function look(alias: string | undefined): Promise<OrgSnapshot> {
  if (alias === '') {
    throw new Error('org is not a key of salesforce:orgs: it is a text such as "uat"');
  }
  let snapshot = looks.get(alias);
  if (snapshot === undefined) {
    snapshot = readConfiguredOrg(alias);
    looks.set(alias, snapshot);
  }
  return snapshot;
}

async function readConfiguredOrg(alias: string | undefined): Promise<OrgSnapshot> {
  const configuration = readOrgConfiguration(
    (key) => pulumi.runtime.getConfig(key),
    process.env,
    alias,
    false,
  );
  // Loaded here: a program that reads no org does not wait for the libraries.
  const { readOrg } = await import('./reconcile/readOrg.js');
  return readOrg(configuration);
}

async function describeAbsence(name: string, snapshot: OrgSnapshot): Promise<string> {
  const { nearestNames } = await import('./reconcile/nearestNames.js');
  const subject = `External client app "${name}" in org ${snapshot.label} (${snapshot.organizationId}) does not exist`;
  const names = nearestNames(
    name,
    snapshot.apps.map((app) => app.name),
  );
  return names.length === 0
    ? `${subject}. The org shows no external client app at all: is it the right org, and may the user see them?`
    : `${subject}. The nearest names there: ${names.map((near) => `"${near}"`).join(', ')}. An installed app is written ns__Name`;
}

const headOf = ({ organizationId, apiVersion }: OrgSnapshot): { orgId: string; apiVersion: string } => ({
  orgId: organizationId,
  apiVersion: `${apiVersion}.0`,
});

function describe(app: OrgApp): ExternalClientApp {
  const value = (field: JwtField): unknown => app.settings[field];
  return {
    externalClientApplication: app.name,
    label: app.label,
    namespace: app.namespace,
    distributionState: app.distributionState,
    isOauthEnabled: app.isOauthEnabled,
    tokenFormat: app.tokenFormat,
    tokenFormatReason: app.tokenFormatReason,
    isNamedUserJwtEnabled: booleanOf(value('isNamedUserJwtEnabled')),
    namedUserJwtSessionTimeoutType: textOf(value('namedUserJwtSessionTimeoutType')),
    namedUserJwtTimeout: numberOf(value('namedUserJwtTimeout')),
    guestJwtSessionTimeoutType: textOf(value('guestJwtSessionTimeoutType')),
    guestJwtTimeout: numberOf(value('guestJwtTimeout')),
    components: { ...app.names },
    lastModifiedDate: app.lastModified?.date,
    lastModifiedBy: app.lastModified?.byName,
    problem: app.problem,
  };
}

const booleanOf = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== absent ? value : undefined;
