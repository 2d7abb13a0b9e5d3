import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg } from 'salesforce-local-org';
import { readInventory } from '../src/inventory/readInventory.js';
import { exampleFolder, keptFolder } from './folders.js';

/** The orgs of the demo. */
export interface DemoOrgs {
  readonly names: readonly string[];
  close(): Promise<void>;
}

/** Starts the orgs of the inventory, and writes down how to sign in to them, for the example's command for credentials. */
export async function startOrgs(): Promise<DemoOrgs> {
  const { orgs } = await readInventory({ file: join(exampleFolder, 'inventory.csv') });
  const [first] = orgs;
  if (first === undefined) throw new Error('the inventory of the demo has no orgs');
  await mkdir(keptFolder, { recursive: true, mode: 0o700 });
  const names = orgs.map(({ name }) => name);
  const server = await startLocalOrg({
    port: Number(new URL(first.address).port),
    orgs: names,
    state: join(keptFolder, 'orgs'),
  });
  const signIns = server.orgs.map(({ name, instanceUrl, clientId, username, privateKey }) => ({
    name,
    address: instanceUrl,
    clientId,
    username,
    privateKey,
  }));
  await writeFile(join(keptFolder, 'local-orgs.json'), JSON.stringify(signIns), { mode: 0o600 });
  const passphrase = join(keptFolder, 'passphrase');
  if (!existsSync(passphrase))
    await writeFile(passphrase, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  return { names, close: () => server.close() };
}
