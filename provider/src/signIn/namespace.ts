import { partsOf, ProviderError } from '../errors.js';
import { printable } from '../reports/format/plainText.js';
import { settingNames } from './configuration.js';
import type { SettingsPlace } from './settingAdvice.js';

/** A setting as messages are composed: with its name in the namespace of the dynamic provider. */
const composedName = new RegExp(`\\bsalesforce:(?=(?:${settingNames.join('|')})\\b)`, 'g');

/** As {@link composedName}, with its whole name: also an alias in `orgs`, and the setting of an alias. */
const wholeName = `salesforce:((?:${settingNames.join('|')})\\b(?:\\.[^\\s.,;:'"()]+)*)`;
const listOfNames = new RegExp(`\\b${wholeName}(?:(?:, | and | or )${wholeName})*`, 'g');

/** A command that sets a setting, also one that follows another. */
const commandToSet = new RegExp(`(; )?\\bpulumi config set (?:--path ')?${wholeName}'? (--secret < )?`, 'g');

/** A message with the names that its settings have where they come from. */
export function inNamespace(message: string, place: SettingsPlace): string {
  return typeof place === 'string'
    ? message.replace(composedName, `${place}:`)
    : asProperties(message, `the provider "${printable(place.provider)}"`);
}

/** A message that names settings as properties of an explicit provider: its configuration is in the program. */
function asProperties(message: string, provider: string): string {
  return message
    .replace(commandToSet, (_command, before?: string, name?: string, secret?: string) => {
      const value = secret === undefined ? '' : 'the content of ';
      return before === undefined
        ? `set ${name ?? ''} of ${provider} to ${value}`
        : `, ${name ?? ''} to ${value}`;
    })
    .replace(listOfNames, (names) => `${names.replace(composedName, '')} of ${provider}`)
    .replaceAll('the top-level settings', () => provider);
}

/**
 * As {@link inNamespace}, for anything that was thrown.
 *
 * @param place `undefined`: the namespace of the dynamic provider
 */
export function errorInNamespace(thrown: unknown, place: SettingsPlace | undefined): unknown {
  if (place === undefined || place === 'salesforce') {
    return thrown;
  }
  const parts = partsOf(thrown);
  const rename = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : inNamespace(text, place);
  return new ProviderError({
    ...parts,
    subject: rename(parts.subject),
    cause: inNamespace(parts.cause, place),
    advice: rename(parts.advice),
    orgState: rename(parts.orgState),
    hint: rename(parts.hint),
    choices: parts.choices?.map((choice) => inNamespace(choice, place)),
  });
}
