import type { AddressInfo, Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control/controlRoutes.js';
import { readObject, readText } from './readInput.js';
import type { LocalOrg, LocalOrgUser } from './localOrg.js';
import { localOrgOf } from './localOrgOf.js';
import { hostInUrl, type CheckedOptions } from './localOrgOptions.js';
import { buildServer } from './http/buildServer.js';
import { deployerKey, type DeployerKey } from './org/deployerKey.js';
import { OrgState } from './org/orgState.js';
import { loadSeed, type SeedComponent } from './org/seed.js';
import type { ServerCertificate } from './http/serverCertificate.js';
import { notKept } from './state/keptState.js';
import type { OrgStateFile } from './state/orgStateFile.js';
import { StateError } from './state/stateError.js';
import type { StateFolder } from './state/stateFolder.js';

/** An org that listens. */
export interface RunningOrg {
  readonly org: LocalOrg;
  /** Stops listening and ends hanging requests. */
  close(): Promise<void>;
}

/** The options of all orgs of a process. */
interface StartContext {
  options: CheckedOptions;
  seed: readonly SeedComponent[];
  ownSeed: readonly SeedComponent[];
  /** Undefined: the orgs end with the process. */
  folder: StateFolder | undefined;
  /** Writes an org's private key to a file and returns its path. */
  writeKey: (name: string, privateKey: string) => string;
  /** Undefined: plain HTTP. */
  certificate: ServerCertificate | undefined;
}

/** How long an org's initial access tokens last without use: ten years, in minutes. */
const tokenLifetimeMinutes = 10 * 365 * 24 * 60;

/** How long before the start a seed's components were changed: a month, so that they are already in effect. */
const seedAgeMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Starts one org.
 * @param port 0 picks a free one
 * @throws StateError for a state that this release cannot read
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function startOrg(name: string, port: number, context: StartContext): Promise<RunningOrg> {
  const { options, folder, certificate } = context;
  const file = folder?.org(name);
  const { state, key } = await restoreOrg(name, context, file);
  let app: FastifyInstance | undefined;
  const close = async (): Promise<void> => {
    await app?.close();
  };
  try {
    if (file === undefined || file.isNew) seedOrg(state, key, context);
    const users = usersWithTokens(state);
    app = await buildServer(state, certificate);
    const org = localOrgOf(state, users, key, certificate?.certificateFile);
    await registerControlRoutes(app, org, state);
    file?.begin();
    await app.listen({ host: options.host, port });
    const address = app.server.address() as AddressInfo;
    state.instanceUrl = `${certificate ? 'https' : 'http'}://${hostInUrl(options.instanceHost)}:${address.port}`;
    state.faults.onListening(portSwitch(app.server, options.host));
    return { org, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The org as an earlier process left it, or an empty one. */
async function restoreOrg(
  name: string,
  { options, writeKey }: StartContext,
  file: OrgStateFile | undefined,
): Promise<{ state: OrgState; key: DeployerKey }> {
  const kept = file ?? notKept;
  try {
    const state = new OrgState(name, { ...options, namespace: options.namespaces[name], kept });
    return { state, key: await deployerKey(name, kept, (privateKey) => writeKey(name, privateKey)) };
  } catch (error) {
    if (file === undefined || file.isNew) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StateError(
      `${file.path} cannot be used: ${reason} Move it away to begin with a new org, or name another folder.`,
    );
  }
}

function seedOrg(state: OrgState, key: DeployerKey, { seed, ownSeed }: StartContext): void {
  const { userId, displayName } = state.userOfRole('developer');
  loadSeed(state.store, seed, ownSeed, {
    certificate: key.certificate(),
    runAsUsername: state.userOfRole('none').username,
    change: { userId, userName: displayName, at: state.clock.now() - seedAgeMs },
  });
}

/** The part of the state with an org's initial access tokens. */
const keptAs = 'accessTokens';

/** The users, each with an initial access token: the stored one if it is still valid. */
function usersWithTokens({ users, identity, kept }: OrgState): LocalOrgUser[] {
  const stored = kept.entries('org').get(keptAs);
  const known = stored === undefined ? undefined : readObject(stored, 'The access tokens', roles(users));
  const withTokens = users.map(({ username, userId, role, profile }) => {
    const session = known && identity.session(readText(known.get(role), role));
    const accessToken = (session ?? identity.issueOpaqueToken(userId, tokenLifetimeMinutes)).token;
    return { username, userId, role, profile, accessToken };
  });
  kept.put('org', keptAs, Object.fromEntries(withTokens.map(({ role, accessToken }) => [role, accessToken])));
  return withTokens;
}

function roles(users: OrgState['users']): string[] {
  return users.map(({ role }) => role);
}

/** Closes the port of a running server, without breaking connections in use, and opens the same one again. */
function portSwitch(server: Server, host: string): (listening: boolean) => Promise<void> {
  const { port } = server.address() as AddressInfo;
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
      // The port is closed at once; only the connections would have to be waited for.
      server.close();
      resolve();
    });
}
