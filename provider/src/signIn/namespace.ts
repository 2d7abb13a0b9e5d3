import { partsOf, ProviderError } from '../errors.js';
import { settingNames } from './configuration.js';
import type { Namespace } from './settingAdvice.js';

/** A setting as messages are composed: with its name in the namespace of the dynamic provider. */
const composedName = new RegExp(`\\bsalesforce:(?=(?:${settingNames.join('|')})\\b)`, 'g');

/** A message with the names that its settings have in a namespace. */
export function inNamespace(message: string, namespace: Namespace): string {
  return message.replace(composedName, `${namespace}:`);
}

/**
 * As {@link inNamespace}, for anything that was thrown.
 *
 * @param namespace `undefined`: that of the dynamic provider
 */
export function errorInNamespace(thrown: unknown, namespace: Namespace | undefined): unknown {
  if (namespace === undefined || namespace === 'salesforce') {
    return thrown;
  }
  const parts = partsOf(thrown);
  const rename = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : inNamespace(text, namespace);
  return new ProviderError({
    ...parts,
    subject: rename(parts.subject),
    cause: inNamespace(parts.cause, namespace),
    advice: rename(parts.advice),
    orgState: rename(parts.orgState),
    hint: rename(parts.hint),
    choices: parts.choices?.map((choice) => inNamespace(choice, namespace)),
  });
}
