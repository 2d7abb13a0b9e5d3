import { parseArgs, type ParseArgsConfig } from 'node:util';
import { componentType, componentTypeNames } from './components/types.js';
import { readOrgRules } from './control/readFaultSwitches.js';
import { InputError } from './readInput.js';
import { parseFaultOption } from './faultOption.js';
import type { LocalOrgOptions } from './localOrg.js';
import { requestKinds } from './http/requestKinds.js';
import { switchableRuleNames } from './rules/allRules.js';
import type { FaultRule } from './org/faultRules.js';
import type { FaultSwitchChanges } from './org/faultSwitches.js';
import { hiddenHows, type HiddenHow } from './org/hiddenComponents.js';
import { LocalOrgOptionsError } from './localOrgOptions.js';

/** What `--help` prints. */
export const usage = `Usage: salesforce-local-org [options]

Starts orgs on this machine that Metadata API and OAuth clients take for
Salesforce orgs.

  --port N            port of the first org, the next ones follow; 0 picks free
                      ones (default 0)
  --org NAME          name of an org; repeat it for several (default dev)
  --namespace ORG=NS  namespace of an org that has one of its own; repeat it for
                      several
  --api-version NN.0  newest API version that the orgs offer, from 58.0 on
                      (default 68.0)
  --https             speak https, with a certificate made at the start
  --latency-ms N      milliseconds added to every request (default 0)
  --retrieve-ms N     milliseconds that a retrieve runs (default 0)
  --deploy-ms N       milliseconds that a deploy runs (default 0)
  --deploy-component-ms N
                      milliseconds that each component adds to a deploy
                      (default 0)
  --seed DIR          folder in metadata format (package.xml and type folders)
                      loaded into every new org
  --state DIR         folder that keeps the orgs when the process ends, their
                      keys and tokens included
  --host ADDRESS      address to listen on (default 127.0.0.1); others than
                      loopback let other machines in
  --instance-host NAME
                      host name in the addresses that clients are told (default:
                      that of --host)
  --json              print one line of JSON that tells how to reach the orgs
  --help              print this text

What goes wrong, in every org from the start (README.md tells how to change it
while the orgs run):

  --fault REQUEST=FAULT[,times=N][,skip=N]
                      requests that go wrong; repeat it for several. FAULT is
                      one of:
                        reset[:after]       the connection is reset, before or
                                            after the org acted
                        hang[:after]        no answer ever comes
                        truncate            the org acts, half of its answer
                                            comes
                        status:NNN          an HTTP status in place of the org's
                                            answer; further settings:
                                            ,when=after ,retryAfter=SECONDS
                                            ,contentType=TYPE ,body=TEXT
                        malformed           an HTML page instead of the answer
                        sessionExpired      the session has expired
                        serverError[:after] the org's server fails: HTTP 500,
                                            UNKNOWN_EXCEPTION
                        locked              another setup change holds the org's
                                            lock
                      times: how many requests it meets (default all); skip: how
                      many pass first (default 0)
                      REQUEST is one of
${nameLines(requestKinds, 3)}  --offline-ms N      connections are refused for so many milliseconds after the
                      start (default 0)
  --fail-component NAME=PROBLEM
                      every deploy fails the component, or all components of the
                      app, of that name
  --hide-component NAME=loadFails|notReturned|notListed
                      users do not get to see the component, or all components
                      of the app; * is every app's
  --cancel-next-deploy beforeCommit|afterCommit
                      an administrator cancels the first deploy; afterCommit:
                      its data is there all the same
  --occupy-deploys    another deploy runs, and all others wait behind it
  --no-certificate    retrieves leave the certificate out
  --no-managed-in-wildcard
                      retrieves of * leave out components of installed packages
  --refuse-read-metadata TYPE
                      readMetadata refuses the type; repeat it for several
  --omit-from-read-metadata ELEMENT
                      readMetadata leaves the element out, which retrieves
                      return; repeat it for several
  --refuse-plugin-settings
                      policies with JWT settings are refused while JWT is off
  --refuse-plugin-settings-strict
                      the same also when the same deploy switches JWT on
  --spread-ms N       milliseconds until changed settings reach the token
                      endpoint (default 0)
  --finalizing-deploy a deploy that is being finalized is called
                      FinalizingDeploy, as documented, not Finalizing
  --org-rule NAME=on|off
                      whether a rule holds that is known by one report or by
                      inference only; repeat it for several. docs/rules.md says
                      what each is; NAME is one of
${nameLines(switchableRuleNames, 2)}`;

const optionDefinitions = {
  port: { type: 'string' },
  org: { type: 'string', multiple: true },
  namespace: { type: 'string', multiple: true, default: [] },
  'api-version': { type: 'string' },
  https: { type: 'boolean' },
  'latency-ms': { type: 'string' },
  'retrieve-ms': { type: 'string' },
  'deploy-ms': { type: 'string' },
  'deploy-component-ms': { type: 'string' },
  seed: { type: 'string' },
  state: { type: 'string' },
  host: { type: 'string' },
  'instance-host': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  fault: { type: 'string', multiple: true, default: [] },
  'offline-ms': { type: 'string' },
  'fail-component': { type: 'string', multiple: true, default: [] },
  'hide-component': { type: 'string', multiple: true, default: [] },
  'cancel-next-deploy': { type: 'string' },
  'occupy-deploys': { type: 'boolean' },
  'no-certificate': { type: 'boolean' },
  'no-managed-in-wildcard': { type: 'boolean' },
  'refuse-read-metadata': { type: 'string', multiple: true },
  'omit-from-read-metadata': { type: 'string', multiple: true },
  'refuse-plugin-settings': { type: 'boolean' },
  'refuse-plugin-settings-strict': { type: 'boolean' },
  'spread-ms': { type: 'string' },
  'finalizing-deploy': { type: 'boolean' },
  'org-rule': { type: 'string', multiple: true, default: [] },
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parse>;

/** What the command line asks for. */
export interface Command {
  options: LocalOrgOptions;
  /** Faults of every org from the start. */
  faults: {
    rules: readonly FaultRule[];
    switches: FaultSwitchChanges;
    /** Milliseconds after the start for which connections are refused. */
    offlineMs: number;
  };
  json: boolean;
  help: boolean;
}

/**
 * Reads the arguments after the command's name.
 * @throws LocalOrgOptionsError naming the option, what was found and what is allowed
 */
export function parseCommand(args: readonly string[]): Command {
  const values = parse(args);
  const options = {
    port: wholeNumber(values, 'port'),
    orgs: values.org,
    namespaces:
      values.namespace.length === 0 ? undefined : Object.fromEntries(values.namespace.map(ownNamespace)),
    apiVersion: values['api-version'],
    https: values.https,
    latencyMs: wholeNumber(values, 'latency-ms'),
    retrieveMs: wholeNumber(values, 'retrieve-ms'),
    deployMs: wholeNumber(values, 'deploy-ms'),
    deployComponentMs: wholeNumber(values, 'deploy-component-ms'),
    seed: values.seed,
    state: values.state,
    host: values.host,
    instanceHost: values['instance-host'],
  };
  return {
    options: withoutUndefined(options),
    faults: {
      rules: values.fault.map(faultRule),
      switches: faultSwitches(values),
      offlineMs: wholeNumber(values, 'offline-ms') ?? 0,
    },
    json: values.json,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionDefinitions, strict: true, allowPositionals: false })
      .values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node's text goes on with advice about positional arguments, which there are none of.
    throw new LocalOrgOptionsError(message.replace(/(?:\. To specify.*|\.)?$/s, '.'));
  }
}

function faultRule(text: string): FaultRule {
  try {
    return parseFaultOption(text);
  } catch (error) {
    if (error instanceof InputError) throw new LocalOrgOptionsError(`--fault ${text}: ${error.message}`);
    throw error;
  }
}

function faultSwitches(values: Values): FaultSwitchChanges {
  const failures = values['fail-component'].map(failure);
  const hidden = values['hide-component'].map(hiddenComponent);
  const switches = {
    returnCertificate: values['no-certificate'] === true ? false : undefined,
    refusePluginSettings:
      values['refuse-plugin-settings-strict'] === true
        ? ('strict' as const)
        : values['refuse-plugin-settings'],
    wildcardReturnsManaged: values['no-managed-in-wildcard'] === true ? false : undefined,
    refuseReadMetadata: values['refuse-read-metadata']?.map(metadataType),
    omitFromReadMetadata: values['omit-from-read-metadata'],
    spreadMs: wholeNumber(values, 'spread-ms'),
    finalizingStatus: values['finalizing-deploy'] === true ? ('FinalizingDeploy' as const) : undefined,
    failComponent: failures.length > 0 ? Object.fromEntries(failures) : undefined,
    hideComponent: hidden.length > 0 ? Object.fromEntries(hidden) : undefined,
    cancelNextDeploy: cancellation(values['cancel-next-deploy']),
    occupyDeploys: values['occupy-deploys'],
    orgRules: orgRules(values['org-rule']),
  };
  return withoutUndefined(switches);
}

function failure(text: string): [name: string, problem: string] {
  const [, name, problem] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name !== undefined && problem !== undefined) return [name, problem];
  throw new LocalOrgOptionsError(
    `--fail-component takes NAME=PROBLEM, such as Agent_Gateway='Under review', not '${text}'.`,
  );
}

function hiddenComponent(text: string): [name: string, how: HiddenHow] {
  const [, name, written] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const how = hiddenHows.find((known) => known === written);
  if (name !== undefined && how !== undefined) return [name, how];
  throw new LocalOrgOptionsError(
    `--hide-component takes NAME=HOW, such as Agent_Gateway=notListed, not '${text}'; HOW is one of: ${hiddenHows.join(', ')}.`,
  );
}

function metadataType(name: string): string {
  if (componentType(name)) return name;
  throw new LocalOrgOptionsError(
    `--refuse-read-metadata takes a type of these, not '${name}': ${componentTypeNames.join(', ')}.`,
  );
}

function ownNamespace(text: string): [org: string, namespace: string] {
  const [, org, namespace] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (org !== undefined && namespace !== undefined) return [org, namespace];
  throw new LocalOrgOptionsError(`--namespace takes ORG=NAMESPACE, such as dev=shopns, not '${text}'.`);
}

function orgRules(texts: readonly string[]): FaultSwitchChanges['orgRules'] {
  if (texts.length === 0) return undefined;
  const rules = texts.map((text) => {
    const [, name, state] = /^(\w+)=(on|off)$/.exec(text) ?? [];
    if (name !== undefined) return [name, state === 'on'] as const;
    throw new LocalOrgOptionsError(`--org-rule takes NAME=on or NAME=off, not '${text}'.`);
  });
  try {
    return readOrgRules(Object.fromEntries(rules), '--org-rule');
  } catch (error) {
    if (error instanceof InputError) throw new LocalOrgOptionsError(error.message);
    throw error;
  }
}

function cancellation(text: string | undefined): 'beforeCommit' | 'afterCommit' | undefined {
  if (text === undefined || text === 'beforeCommit' || text === 'afterCommit') return text;
  throw new LocalOrgOptionsError(`--cancel-next-deploy takes beforeCommit or afterCommit, not '${text}'.`);
}

function wholeNumber(
  values: Values,
  name:
    'port' | 'latency-ms' | 'retrieve-ms' | 'deploy-ms' | 'deploy-component-ms' | 'offline-ms' | 'spread-ms',
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new LocalOrgOptionsError(`--${name} takes a whole number from 0 on, not '${text}'.`);
}

function withoutUndefined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Names, so many a line. */
function nameLines(names: readonly string[], perLine: number): string {
  const lines = Map.groupBy(names.keys(), (index) => Math.floor(index / perLine));
  return [...lines.values()]
    .map((indexes) => `                        ${indexes.map((index) => names[index]).join(' ')}\n`)
    .join('');
}
