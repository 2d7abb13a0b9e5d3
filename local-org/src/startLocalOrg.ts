import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { LocalOrg, LocalOrgOptions, LocalOrgServer, LocalOrgUser } from './localOrg.js';
import { registerControlRoutes } from './control/controlRoutes.js';
import { buildServer } from './server/buildServer.js';
import { createDeployerKey, type DeployerKey } from './server/deployerKey.js';
import { OrgState } from './server/orgState.js';
import { createServerCertificate, type ServerCertificate } from './server/serverCertificate.js';
import { defaultSeed, deployerApp, loadSeed, readSeed, type SeedComponent } from './server/seed.js';
import { setupPath } from './setup/page.js';
import { childText, parseXml } from './xml.js';

const host = '127.0.0.1';

/** How long the access tokens that come with an org live without use: ten years, in minutes. */
const tokenLifetimeMinutes = 10 * 365 * 24 * 60;

/** How long before the start a seed's components were changed: a month, so that they have long reached every server. */
const seedAgeMs = 30 * 24 * 60 * 60 * 1000;

/** Options that make no sense; the message says which and what is allowed. */
export class LocalOrgOptionsError extends Error {
  override readonly name = 'LocalOrgOptionsError';
}

interface RunningOrg {
  org: LocalOrg;
  close(): Promise<void>;
}

/**
 * Starts the orgs. The returned server has to be closed.
 * @throws LocalOrgOptionsError for options that make no sense
 * @throws SeedError for a seed that cannot be read
 * @throws Error with code EADDRINUSE when a port is taken
 */
export async function startLocalOrg(options: LocalOrgOptions = {}): Promise<LocalOrgServer> {
  const names = options.orgs ?? ['dev'];
  const newestVersion = checkOptions(options, names);
  const ownSeed = await readSeed(defaultSeed);
  const seed = options.seed === undefined ? ownSeed : await readSeed(options.seed);
  const certificate = options.https === true ? await createServerCertificate() : undefined;
  const running: RunningOrg[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((org) => org.close()));
    await certificate?.remove();
  };
  try {
    for (const [index, name] of names.entries()) {
      const port = options.port === undefined || options.port === 0 ? 0 : options.port + index;
      running.push(await startOrg(name, port, { ...options, newestVersion, certificate }, seed, ownSeed));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const orgs = running.map(({ org }) => org);
  return {
    orgs,
    org(name) {
      const found = orgs.find((org) => org.name === name);
      if (!found) throw new Error(`There is no org '${name}'; there are: ${names.join(', ')}.`);
      return found;
    },
    close,
  };
}

function checkOptions(
  { port = 0, apiVersion = '68.0', ...delays }: LocalOrgOptions,
  names: readonly string[],
): number {
  const fail = (message: string): never => {
    throw new LocalOrgOptionsError(message);
  };
  if (names.length === 0) fail('At least one org is needed.');
  const bad = names.find((name) => !/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(name));
  if (bad !== undefined) fail(`'${bad}' is not a name for an org: letters, digits and hyphens, 40 at most.`);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
    fail('Two orgs have the same name.');
  if (!Number.isInteger(port) || port < 0 || port + names.length - 1 > 65535) {
    fail(`${port} is not a port for ${names.length} org(s): 0 to ${65536 - names.length}.`);
  }
  if (!/^\d{2}\.0$/.test(apiVersion) || Number(apiVersion) < 58) {
    fail(`'${apiVersion}' is not an API version from 58.0 on, written like 68.0.`);
  }
  for (const name of ['latencyMs', 'retrieveMs', 'deployMs', 'deployComponentMs'] as const) {
    const value = delays[name] ?? 0;
    if (!Number.isFinite(value) || value < 0) fail(`${name} is ${value}: it takes milliseconds from 0 on.`);
  }
  return Number(apiVersion);
}

async function startOrg(
  name: string,
  port: number,
  options: LocalOrgOptions & { newestVersion: number; certificate: ServerCertificate | undefined },
  seed: readonly SeedComponent[],
  ownSeed: readonly SeedComponent[],
): Promise<RunningOrg> {
  const { newestVersion, latencyMs = 0, retrieveMs = 0, deployMs = 0, deployComponentMs = 0 } = options;
  const state = new OrgState(name, { newestVersion, latencyMs, retrieveMs, deployMs, deployComponentMs });
  const developer = state.userOfRole('developer');
  const key = await createDeployerKey(name);
  let app: FastifyInstance | undefined;
  const close = async (): Promise<void> => {
    await app?.close();
    await key.remove();
  };
  try {
    loadSeed(state.store, seed, ownSeed, {
      certificate: key.certificate,
      runAsUsername: state.userOfRole('none').username,
      change: {
        userId: developer.userId,
        userName: developer.displayName,
        at: state.clock.now() - seedAgeMs,
      },
    });
    app = await buildServer(state, options.certificate);
    const users = state.users.map(({ username, userId, role }) => ({
      username,
      userId,
      role,
      accessToken: state.identity.issueOpaqueToken(userId, tokenLifetimeMinutes).token,
    }));
    const org = localOrg(state, users, key, options.certificate?.certificateFile);
    await registerControlRoutes(app, org, state);
    const url = await app.listen({ host, port });
    // Of a server that was handed to it fastify does not know that it speaks https.
    state.instanceUrl = options.certificate ? url.replace(/^http:/, 'https:') : url;
    state.faults.onListening(portSwitch(app.server));
    return { org, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Closes the port of a server that runs, without breaking connections in use, and opens the same one again. */
function portSwitch(server: Server): (listening: boolean) => Promise<void> {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return (listening) =>
    new Promise((resolve, reject) => {
      if (listening) {
        server.once('error', reject);
        server.listen({ host, port }, () => {
          server.off('error', reject);
          resolve();
        });
        return;
      }
      // The port is closed at once; what is waited for otherwise are the connections.
      server.close();
      resolve();
    });
}

function localOrg(
  state: OrgState,
  users: readonly LocalOrgUser[],
  key: DeployerKey,
  certificateFile: string | undefined,
): LocalOrg {
  const developer = users.find(({ role }) => role === 'developer');
  if (!developer) throw new Error('The org has no developer.');
  const [deployer] = state.store.componentsOfApp('ExtlClntAppGlobalOauthSettings', deployerApp);
  const deployerClientId = (deployer && childText(parseXml(deployer.xml), 'consumerKey')) ?? '';
  const administrator = state.userOfRole('subscriberAdmin');
  return {
    name: state.name,
    get instanceUrl() {
      return state.instanceUrl;
    },
    get setupPageUrl() {
      return state.instanceUrl + setupPath;
    },
    organizationId: state.organizationId,
    username: developer.username,
    accessToken: developer.accessToken,
    clientId: deployerClientId,
    privateKey: key.privateKey,
    privateKeyFile: key.privateKeyFile,
    certificateFile,
    users,
    issueRefreshToken(username = developer.username, clientId = deployerClientId) {
      const user = users.find((candidate) => candidate.username === username);
      if (user) return state.identity.issueRefreshToken(user.userId, clientId);
      const names = users.map((candidate) => candidate.username).join(', ');
      throw new Error(`There is no user '${username}'; there are: ${names}.`);
    },
    requests: state.requests,
    clearRequests() {
      state.requests.length = 0;
    },
    component(type, fullName) {
      state.settle();
      return state.store.get(type, fullName)?.xml;
    },
    componentNames(type) {
      state.settle();
      return state.store
        .list()
        .filter((component) => component.type === type)
        .map(({ fullName }) => fullName);
    },
    putComponent(type, fullName, xml) {
      state.settle();
      const { userId, displayName } = administrator;
      state.store.put(type, fullName, xml, { userId, userName: displayName, at: state.clock.now() });
    },
    removeComponent(type, fullName) {
      state.settle();
      state.store.remove(type, fullName, state.clock.now());
    },
    get deploys() {
      state.settle();
      return state.deployJobs.records();
    },
    now: () => state.clock.now(),
    advanceClock(milliseconds) {
      state.clock.advance(milliseconds);
    },
    faults: state.faults,
  };
}
