import * as pulumi from '@pulumi/pulumi';
import { messageOf } from './errors.js';
import type {
  GetExternalClientAppJwtPolicyResult,
  ListExternalClientAppsResult,
} from './externalClientApp.js';
import { readApps, readJwtPolicy } from './readingFunctions.js';
import type { OrgSnapshot } from './reconcile/apps/readOrg.js';
import { currentProgramRun } from './run/programRun.js';
import { readOrgConfiguration } from './signIn/configuration.js';
import type { OrgConfiguration } from './signIn/configuration.js';

/** Which app {@link getExternalClientAppJwtPolicy} reads. */
export interface GetExternalClientAppJwtPolicyArgs {
  /** The developer name of the app (API Name in Setup), `ns__Name` for an installed app. */
  externalClientApplication: string;
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. */
  org?: string | undefined;
}

/** As {@link GetExternalClientAppJwtPolicyArgs}, with outputs of other resources as values. */
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

/** As {@link ListExternalClientAppsArgs}, with an output of another resource as value. */
export interface ListExternalClientAppsOutputArgs {
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. */
  org?: pulumi.Input<string | undefined> | undefined;
}

/**
 * Reads the JWT-based access-token settings of an app, even if nothing manages them. Changes nothing.
 *
 * The program itself signs in, with the configuration and the environment variables of the provider, at every preview and `up`.
 * All calls of one run share one sign-in and one retrieve per org, made at the first call. Later changes of the same run are
 * not included.
 *
 * @throws RunError when the configuration is incomplete, the org cannot be read, or it has no such app
 */
export async function getExternalClientAppJwtPolicy(
  args: GetExternalClientAppJwtPolicyArgs,
): Promise<GetExternalClientAppJwtPolicyResult> {
  return runs(() => readJwtPolicy(args.externalClientApplication, args.org, look));
}

/**
 * As {@link getExternalClientAppJwtPolicy}, for arguments that are outputs. Reads when they are known, even in a preview.
 */
export function getExternalClientAppJwtPolicyOutput(
  args: GetExternalClientAppJwtPolicyOutputArgs,
): pulumi.Output<GetExternalClientAppJwtPolicyResult> {
  return pulumi.output(args).apply((known) => getExternalClientAppJwtPolicy(known));
}

/**
 * Lists every external client app of an org with its settings. Changes nothing.
 *
 * Signs in and shares its result as {@link getExternalClientAppJwtPolicy} does.
 *
 * @throws RunError when the configuration is incomplete or the org cannot be read
 */
export async function listExternalClientApps(
  args: ListExternalClientAppsArgs = {},
): Promise<ListExternalClientAppsResult> {
  return runs(() => readApps(args.org, look));
}

/** As {@link listExternalClientApps}, for arguments that are outputs. Reads when they are known, even in a preview. */
export function listExternalClientAppsOutput(
  args: ListExternalClientAppsOutputArgs = {},
): pulumi.Output<ListExternalClientAppsResult> {
  return pulumi.output(args).apply((known) => listExternalClientApps(known));
}

/** Runs a read. A RunError ends the program with only its message, without a stack trace. */
async function runs<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw new pulumi.RunError(messageOf(thrown));
  }
}

async function look(alias: string | undefined): Promise<OrgSnapshot> {
  const configuration = readOrgConfiguration(
    (key) => pulumi.runtime.getConfig(key),
    process.env,
    alias,
    false,
  );
  const { looks } = currentProgramRun();
  const key = JSON.stringify(configuration);
  let snapshot = looks.get(key);
  if (snapshot === undefined) {
    snapshot = readConfiguredOrg(configuration);
    looks.set(key, snapshot);
  }
  return snapshot;
}

async function readConfiguredOrg(configuration: OrgConfiguration): Promise<OrgSnapshot> {
  // Loaded here, so that a program that reads no org does not wait for the libraries.
  const { readOrg } = await import('./reconcile/apps/readOrg.js');
  return readOrg(configuration);
}
