import { parseArgs, type ParseArgsConfig } from 'node:util';
import { componentType, componentTypeNames } from './components/types.js';
import { readOrgRules } from './control/readFaultSwitches.js';
import { InputError } from './readInput.js';
import { parseFaultOption } from './faultOption.js';
import type { LocalOrgOptions } from './localOrg.js';
import type { FaultRule } from './org/faultRules.js';
import type { FaultSwitchChanges } from './org/faultSwitches.js';
import { hiddenHows, type HiddenHow } from './org/hiddenComponents.js';
import { LocalOrgOptionsError } from './localOrgOptions.js';

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

/** The options of the command line. */
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
    // Node's message continues with advice about positional arguments, which this command does not have.
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
