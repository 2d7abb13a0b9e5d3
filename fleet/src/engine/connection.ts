import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { KeySource } from '../settings/fleetSettings.js';
import { EncryptionCodec } from './encryptionCodec.js';
import { readKey } from './keys.js';

/** The server on this machine; `localhost` could be another interface. */
const defaultAddress = '127.0.0.1:7233';

/**
 * How to reach the engine: by Temporal's own environment variables and configuration file, which name address, namespace, TLS and API key.
 *
 * @param address of a server on this machine, whatever those say
 */
export function engineOptions(address?: string): {
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  readonly namespace: string;
} {
  if (address !== undefined) return { connectionOptions: { address }, namespace: 'default' };
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  return {
    connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? defaultAddress },
    namespace,
  };
}

/** How values are written into the engine's history: encrypted, if there are keys. */
export async function dataConverterOf(keys: readonly KeySource[]): Promise<DataConverter> {
  const [first, ...others] = await Promise.all(keys.map(readKey));
  if (first === undefined) return {};
  return {
    payloadCodecs: [new EncryptionCodec([first, ...others])],
    failureConverterPath: fileURLToPath(
      new URL(`./failureConverter${extname(import.meta.url)}`, import.meta.url),
    ),
  };
}

/** A client of the engine that is closed after use. */
export async function withClient<T>(
  keys: readonly KeySource[],
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { connectionOptions, namespace } = engineOptions();
  const dataConverter = await dataConverterOf(keys);
  const connection = await Connection.connect(connectionOptions).catch((thrown: unknown) => {
    throw new Error(
      `the Temporal server at ${connectionOptions.address ?? ''} does not answer (${thrown instanceof Error ? thrown.message : String(thrown)}): ` +
        'start one with "eca-fleet dev", or set TEMPORAL_ADDRESS',
    );
  });
  try {
    return await use(new Client({ connection, namespace, dataConverter }));
  } finally {
    await connection.close();
  }
}
