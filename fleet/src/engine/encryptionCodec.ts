import { METADATA_ENCODING_KEY, ValueError, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { EncryptionKey } from './keys.js';

const { Payload: WirePayload } = proto.temporal.api.common.v1;

/** The metadata of an encrypted payload, by the names that Temporal's own examples use. */
const encoding = 'binary/encrypted';
const keyIdName = 'encryption-key-id';
const ivLength = 12;

/** Encrypts what the engine keeps with AES-GCM. The first key encrypts; each decrypts what it has encrypted. */
export class EncryptionCodec implements PayloadCodec {
  readonly #keys: readonly [EncryptionKey, ...EncryptionKey[]];

  constructor(keys: readonly [EncryptionKey, ...EncryptionKey[]]) {
    this.#keys = keys;
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const [{ id, key }] = this.#keys;
    return Promise.all(
      payloads.map(async (payload) => {
        const iv = crypto.getRandomValues(new Uint8Array(ivLength));
        const plain = WirePayload.encode(payload).finish();
        const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, Uint8Array.from(plain));
        return {
          metadata: {
            [METADATA_ENCODING_KEY]: new TextEncoder().encode(encoding),
            [keyIdName]: new TextEncoder().encode(id),
          },
          data: Buffer.concat([iv, new Uint8Array(encrypted)]),
        };
      }),
    );
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decrypt(payload)));
  }

  async #decrypt(payload: Payload): Promise<Payload> {
    const text = (name: string): string => new TextDecoder().decode(payload.metadata?.[name] ?? undefined);
    // What was written before there was a key stays readable.
    if (text(METADATA_ENCODING_KEY) !== encoding) return payload;
    const id = text(keyIdName);
    const key = this.#keys.find((candidate) => candidate.id === id)?.key;
    if (key === undefined)
      throw new ValueError(`there is no encryption key with the id ${id} in the settings`);
    const data = Uint8Array.from(payload.data ?? []);
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: data.subarray(0, ivLength) },
      key,
      data.subarray(ivLength),
    );
    return WirePayload.decode(new Uint8Array(plain));
  }
}
