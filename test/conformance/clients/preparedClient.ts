import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../client.js';

/** A client that needs something in its folder before it can be used. */
interface Preparable extends Client {
  prepare(): Promise<void>;
}

/**
 * Creates a client with its own temporary folder, ready for use.
 *
 * @param prefix begins the folder's name
 */
export async function preparedClient(prefix: string, make: (folder: string) => Preparable): Promise<Client> {
  const client = make(await mkdtemp(join(tmpdir(), prefix)));
  try {
    await client.prepare();
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}
