import type { LocalOrgOptions, LocalOrgServer } from './localOrg.js';
import { checkOptions } from './localOrgOptions.js';
import { defaultSeed, readSeed } from './org/seed.js';
import { createServerCertificate } from './http/serverCertificate.js';
import { sweepTemporaryFolders, TemporaryFolder } from './state/temporaryFolder.js';
import { objectionToNode } from './nodeVersion.js';
import { startOrg, type RunningOrg } from './startOrg.js';
import { StateFolder } from './state/stateFolder.js';

/**
 * Starts the orgs. The returned server must be closed.
 * @throws Error when this version of Node.js is too old
 * @throws LocalOrgOptionsError for options that make no sense
 * @throws SeedError for a seed that cannot be read
 * @throws StateError for a state folder that is in use, or holds what this release cannot read
 * @throws Error with code EADDRINUSE when a port is taken
 */
export async function startLocalOrg(options: LocalOrgOptions = {}): Promise<LocalOrgServer> {
  const objection = objectionToNode(process.versions.node);
  if (objection !== undefined) {
    throw new Error(objection);
  }
  const checked = checkOptions(options);
  const ownSeed = await readSeed(defaultSeed);
  const seed = checked.seed === undefined ? ownSeed : await readSeed(checked.seed);
  const folder = checked.state === undefined ? undefined : new StateFolder(checked.state);
  sweepTemporaryFolders();
  const temporary = new TemporaryFolder();
  let running: RunningOrg[] = [];
  const close = async (): Promise<void> => {
    try {
      await Promise.all(running.map((org) => org.close()));
    } finally {
      folder?.close();
      temporary.remove();
    }
  };
  const writeKey = (name: string, privateKey: string): string =>
    folder?.writeKey(name, privateKey) ?? temporary.write(`${name.toLowerCase()}.pem`, privateKey);
  const certificate = checked.https
    ? await createServerCertificate(checked.instanceHost, (text) => temporary.write('certificate.pem', text))
    : undefined;
  // In parallel, because most of a start is generating keys, which Node.js does in other threads.
  const started = await Promise.allSettled(
    checked.orgs.map((name, index) => {
      const port = checked.port === 0 ? 0 : checked.port + index;
      return startOrg(name, port, { options: checked, seed, ownSeed, folder, writeKey, certificate });
    }),
  );
  running = started.flatMap((org) => (org.status === 'fulfilled' ? [org.value] : []));
  const failed = started.find((org) => org.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const orgs = running.map(({ org }) => org);
  return {
    orgs,
    org(name) {
      const found = orgs.find((org) => org.name === name);
      if (!found) throw new Error(`There is no org '${name}'; there are: ${checked.orgs.join(', ')}.`);
      return found;
    },
    close,
  };
}
