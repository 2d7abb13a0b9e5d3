/** The key and the value with which the engine marks an object as a secret (`sdk/go/common/resource/sig`). */
const signatureKey = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

/** The parts of a secret in a state besides its mark: `plaintext` (JSON), `value` or `ciphertext`. `undefined` for any other value. */
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
