import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { KeySource } from '../settings/fleetSettings.js';
import { EncryptionCodec } from './encryptionCodec.js';
import { readKey } from './keys.js';

/** The server on this machine; `localhost` could be another interface. */
const defaultAddress = '127.0.0.1:7233';

/** gRPC's status UNAVAILABLE. */
const grpcUnavailable = 14;

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

/** The server cannot be reached. Temporal's native core has the reason within other text. */
export function noAnswer(thrown: unknown, address = ''): Error {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const reason = /message: "([^"]+)"/.exec(text)?.[1] ?? text;
  return new Error(
    `the Temporal server at ${address} does not answer (${reason}): start one with "eca-fleet dev", or set TEMPORAL_ADDRESS`,
    { cause: thrown },
  );
}

/** What the server refused, or that it is gone, with the reason that Temporal's client keeps apart. Anything else stays as it is. */
export function inWords(thrown: unknown, address: string): unknown {
  if (!(thrown instanceof ServiceError) || !isGrpcServiceError(thrown.cause)) return thrown;
  const { details } = thrown.cause;
  const code: number = thrown.cause.code;
  return new Error(
    code === grpcUnavailable
      ? `the Temporal server at ${address} does not answer any more (${details}): what it has begun goes on when it is back`
      : `${thrown.message}: the Temporal server at ${address} says: ${details}`,
    { cause: thrown },
  );
}

/** A client of the engine that is closed after use. */
export async function withClient<T>(
  keys: readonly KeySource[],
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { connectionOptions, namespace } = engineOptions();
  const dataConverter = await dataConverterOf(keys);
  const connection = await Connection.connect(connectionOptions).catch((thrown: unknown) => {
    throw noAnswer(thrown, connectionOptions.address);
  });
  try {
    return await use(new Client({ connection, namespace, dataConverter }));
  } catch (thrown) {
    throw inWords(thrown, connectionOptions.address ?? '');
  } finally {
    await connection.close();
  }
}
