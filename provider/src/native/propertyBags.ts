import type { JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { unknownValue } from '../policy/fields.js';
import type { Properties } from '../resourceState.js';
import { sdkMessages } from '../run/pulumiSdk.js';
import { secretOf, secretParts } from '../secretValues.js';

/** How the engine writes a value that is not known yet, by the type that the value will have (Pulumi's wire format). */
const unknownValues: readonly unknown[] = [
  unknownValue,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
];

/** A bag of properties as it came from the engine. */
export interface ReceivedBag {
  /** Plain values: no secret is wrapped, no value is null, and everything unknown is the same `unknownValue`. */
  readonly values: Properties;
  /** The names of the properties that are or hold a secret. */
  readonly secrets: ReadonlySet<string>;
}

/** Reads a bag of properties; one that was not sent is empty. */
export function receive(struct: Struct | undefined): ReceivedBag {
  const entries = Object.entries(struct?.toJavaScript() ?? {});
  return {
    values: Object.fromEntries(
      entries.flatMap(([name, value]) => (value === null ? [] : [[name, unwrap(value)]])),
    ),
    secrets: new Set(entries.filter(([, value]) => holdsSecret(value)).map(([name]) => name)),
  };
}

/**
 * Writes a bag of properties. What has no value is left out.
 *
 * @param secrets the names of the properties to wrap as secrets
 */
export function send(values: Properties, secrets: ReadonlySet<string> = new Set()): Struct {
  const { Struct } = sdkMessages();
  return Struct.fromJavaScript(
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]): [string, JavaScriptValue][] => {
        const sent = sendable(value);
        return sent === undefined ? [] : [[name, secrets.has(name) ? secretOf(sent) : sent]];
      }),
    ),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function holdsSecret(value: unknown): boolean {
  return (
    secretParts(value) !== undefined ||
    (typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret))
  );
}

function unwrap(value: unknown): unknown {
  const secret = secretParts(value);
  if (secret !== undefined) {
    return unwrap(secret['value']);
  }
  if (Array.isArray(value)) {
    return value.map(unwrap);
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, unwrap(inner)]])),
    );
  }
  return unknownValues.includes(value) ? unknownValue : value;
}

function sendable(value: unknown): JavaScriptValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(sendable).filter((inner) => inner !== undefined);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) => {
          const sent = sendable(inner);
          return sent === undefined ? [] : [[name, sent]];
        }),
      )
    : undefined;
}
