/** The key and the value by which the engine marks an object as a secret, in states and on the wire (`sdk/go/common/resource/sig`). */
const signatureKey = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

/** A value marked as a secret. */
export function secretOf<T>(value: T): Readonly<Record<string, T | string>> {
  return { [signatureKey]: secretSignature, value };
}

/**
 * The parts of a secret besides its mark: `value` on the wire; `plaintext` (JSON), `value` or `ciphertext` in a state. `undefined` for any
 * other value.
 */
export function secretParts(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { [signatureKey]: signature, ...parts } = Object.fromEntries(Object.entries(value));
  return signature === secretSignature ? parts : undefined;
}

/** A value of a state that was exported with its secrets, in clear text; `undefined` for a secret that is encrypted. */
export function clearValue(value: unknown): unknown {
  const parts = secretParts(value);
  if (parts === undefined) {
    return value;
  }
  const { plaintext } = parts;
  return typeof plaintext === 'string' ? (JSON.parse(plaintext) as unknown) : undefined;
}
