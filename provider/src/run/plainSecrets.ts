import * as pulumi from '@pulumi/pulumi';
import { formatMessage } from '../errors.js';
import { credentialKeys } from '../signIn/configuration.js';

/**
 * Warns of credentials in the configuration that are not set as secrets: they are stored in plain text in the
 * stack's file, state and history. Names the keys and shows no value.
 *
 * For `salesforce:orgs` the engine only reports whether it contains any secret: a plain credential next to a secret one
 * is not noticed.
 */
export function warnOfPlainSecrets(): void {
  const keys = [...credentialKeys];
  const plain = keys.filter((key) => isCredential(key, plainValue(`salesforce:${key}`)));
  for (const key of plain) {
    warn(`salesforce:${key} is`, `pulumi config set salesforce:${key} --secret < FILE`);
  }
  for (const [alias, settings] of entriesOf(parseJson(plainValue('salesforce:orgs')))) {
    const values = new Map(entriesOf(settings));
    for (const key of keys.filter((name) => isCredential(name, values.get(name)))) {
      warn(
        `salesforce:orgs.${alias}.${key} is`,
        `pulumi config set --path 'salesforce:orgs.${alias}.${key}' --secret < FILE`,
      );
    }
  }
}

function warn(what: string, command: string): void {
  void pulumi.log.warn(
    formatMessage({
      code: 'ECA1018',
      cause: `${what} set without --secret: it is stored in plain text in the stack's configuration file, state and history`,
      advice: `Set it as a secret (${command}), and replace the credential if others could read it.`,
    }),
  );
}

/** The path of a key file is not a secret. */
const isCredential = (key: string, value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && (key !== 'privateKey' || value.includes('-----BEGIN'));

/** A configuration value that is not secret; `undefined` if there is none, or if the SDK does not provide it. */
function plainValue(key: string): string | undefined {
  // The SDK exports the function, but its types leave it out.
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, 'isConfigSecret');
  return typeof isConfigSecret !== 'function' || Reflect.apply(isConfigSecret, undefined, [key]) === true
    ? undefined
    : pulumi.runtime.getConfig(key);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // Invalid JSON is refused when a resource is checked.
    return undefined;
  }
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];
