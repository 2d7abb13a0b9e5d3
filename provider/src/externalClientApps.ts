import * as pulumi from '@pulumi/pulumi';
import { ConfigurationError, messageOf, ProviderError } from './errors.js';
import { describeExternalClientApp } from './describeExternalClientApp.js';
import type { ExternalClientApp } from './externalClientApp.js';
import type { SessionTimeouts } from './policy/tokenLifetime.js';
import { validateAppName } from './policy/validation.js';
import type { OrgSnapshot } from './reconcile/readOrg.js';
import { currentProgramRun } from './run/programRun.js';
import { readOrgConfiguration } from './signIn/configuration.js';
import type { OrgConfiguration } from './signIn/configuration.js';

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
  /** The session timeouts of profiles and org, which tokens follow whose lifetime the app does not set. */
  sessionTimeouts: SessionTimeouts;
}

/**
 * Reads the JWT-based access-token settings of an app, whoever manages them; changes nothing.
 *
 * The program itself signs in, with the configuration and the environment variables of the provider, at every preview and `up`;
 * all calls of one run share one sign-in and one retrieve an org, made at the first call: what the same run changes later is
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
      throw new ProviderError({ code: fault.code, cause: `${fault.property} ${fault.reason}` });
    }
    const snapshot = await look(args.org);
    const { appNamed } = await import('./reconcile/readOrg.js');
    return { ...headOf(snapshot), ...describeExternalClientApp(appNamed(snapshot, name)) };
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
    const { apps, sessionTimeouts } = snapshot;
    return { ...headOf(snapshot), apps: apps.map(describeExternalClientApp), sessionTimeouts };
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
    throw new ConfigurationError({
      code: 'ECA1017',
      cause: 'org is not a key of salesforce:orgs: it is a text such as "uat"',
    });
  }
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
  // Loaded here: a program that reads no org does not wait for the libraries.
  const { readOrg } = await import('./reconcile/readOrg.js');
  return readOrg(configuration);
}

const headOf = ({ organizationId, apiVersion }: OrgSnapshot): { orgId: string; apiVersion: string } => ({
  orgId: organizationId,
  apiVersion: `${apiVersion}.0`,
});
