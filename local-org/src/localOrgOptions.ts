import { isIP, isIPv6 } from 'node:net';
import type { LocalOrgOptions } from './localOrg.js';

/** Invalid options; the message says which and what is allowed. */
export class LocalOrgOptionsError extends Error {
  override readonly name = 'LocalOrgOptionsError';
}

/** Options with every default filled in. */
export interface CheckedOptions extends Required<Omit<LocalOrgOptions, 'apiVersion' | 'seed' | 'state'>> {
  /** For example 68. */
  newestVersion: number;
  seed: string | undefined;
  state: string | undefined;
}

/** @throws LocalOrgOptionsError */
export function checkOptions(options: LocalOrgOptions): CheckedOptions {
  const {
    port = 0,
    orgs = ['dev'],
    apiVersion = '68.0',
    host = '127.0.0.1',
    https = false,
    namespaces = {},
    seed,
    state,
  } = options;
  const instanceHost = options.instanceHost ?? (isWildcard(host) ? '127.0.0.1' : host);
  const delays = {
    latencyMs: options.latencyMs ?? 0,
    retrieveMs: options.retrieveMs ?? 0,
    deployMs: options.deployMs ?? 0,
    deployComponentMs: options.deployComponentMs ?? 0,
  };
  if (orgs.length === 0) fail('At least one org is needed.');
  const bad = orgs.find((name) => !/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(name));
  if (bad !== undefined) fail(`'${bad}' is not a name for an org: letters, digits and hyphens, 40 at most.`);
  if (new Set(orgs.map((name) => name.toLowerCase())).size < orgs.length)
    fail('Two orgs have the same name.');
  for (const [name, namespace] of Object.entries(namespaces)) {
    if (!orgs.includes(name)) fail(`namespaces names the org '${name}'; there are: ${orgs.join(', ')}.`);
    if (namespace.length > 15 || !/^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(namespace)) {
      fail(
        `'${namespace}' is not a namespace: letters, digits and single underscores, 15 at most, beginning with a letter.`,
      );
    }
  }
  if (!Number.isInteger(port) || port < 0 || port + orgs.length - 1 > 65535) {
    fail(`${port} is not a port for ${orgs.length} org(s): 0 to ${65536 - orgs.length}.`);
  }
  if (!/^\d{2}\.0$/.test(apiVersion) || Number(apiVersion) < 58) {
    fail(`'${apiVersion}' is not an API version from 58.0 on, written like 68.0.`);
  }
  for (const [name, value] of Object.entries(delays)) {
    if (typeof value === 'number' && (!Number.isFinite(value) || value < 0))
      fail(`${name} is ${value}: it takes milliseconds from 0 on.`);
  }
  for (const [name, value] of Object.entries({ host, instanceHost })) {
    if (!isHostName(value)) fail(`${name} is '${value}': it takes an IP address or a host name, no port.`);
  }
  if (isWildcard(instanceHost)) {
    fail(
      `instanceHost is '${instanceHost}', which clients cannot connect to: it takes a name or address of this machine.`,
    );
  }
  if (state === '') fail('state is empty: it takes a folder.');
  const newestVersion = Number(apiVersion);
  return { port, orgs, namespaces, host, instanceHost, https, newestVersion, ...delays, seed, state };
}

/** Whether only this machine can connect to the address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host);
}

/** A host as written in a URL. */
export function hostInUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Whether an address means all of the machine's addresses. */
export function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].includes(host);
}

function isHostName(host: string): boolean {
  return isIP(host) !== 0 || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(host);
}

function fail(message: string): never {
  throw new LocalOrgOptionsError(message);
}
