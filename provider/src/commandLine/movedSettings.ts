import { isMap, isScalar, parseDocument } from 'yaml';
import type { Document, Pair } from 'yaml';
import { ProviderError } from '../errors.js';
import { settingNames } from '../signIn/configuration.js';
import type { Namespace } from '../signIn/settingAdvice.js';

/** A stack's configuration file with its settings in another namespace. */
export interface MovedSettings {
  /** The contents of the file: only the namespace of the settings differs. */
  readonly text: string;
  /** The settings that were moved, in the order of the file. */
  readonly moved: readonly string[];
  /** The settings that have the same value in both namespaces: they stay in both. */
  readonly inBoth: readonly string[];
}

/** A key in the configuration, with its place in the text. */
interface Key {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Moves the settings in the text of a stack's configuration file from one namespace to another. Values (encrypted ones too), comments and
 * the order stay as they are.
 *
 * @param file how messages name the file
 * @throws ProviderError for a file that is not a stack's configuration, and for a setting that has different values in the two namespaces
 */
export function moveSettings(file: string, text: string, from: Namespace, to: Namespace): MovedSettings {
  const document = parseFile(file, text);
  const values = valuesIn(document);
  const settings = keysIn(file, document).flatMap(({ name: key, ...place }) => {
    const name = key.slice(from.length + 1);
    return key.startsWith(`${from}:`) && settingNames.includes(name) ? [{ name, ...place }] : [];
  });
  const inBoth = settings.map(({ name }) => name).filter((name) => values.has(`${to}:${name}`));
  assertEqual(file, inBoth, values, from, to);
  const moved = settings.filter(({ name }) => !inBoth.includes(name));
  const movedText = moved.reduceRight(
    (before, { start, end }) =>
      before.slice(0, start) + before.slice(start, end).replace(`${from}:`, `${to}:`) + before.slice(end),
    text,
  );
  const names = moved.map(({ name }) => name);
  const expected = [...values].map(([key, value]) => {
    const name = names.find((each) => `${from}:${each}` === key);
    return [name === undefined ? key : `${to}:${name}`, value];
  });
  if (JSON.stringify([...valuesIn(parseFile(file, movedText))]) !== JSON.stringify(expected)) {
    throw unusable(file, 'it is written in a form that this command cannot change');
  }
  return { text: movedText, moved: names, inBoth };
}

/**
 * The settings of a namespace that the text of a project's or a stack's file contains.
 *
 * @param file how messages name the file
 * @throws ProviderError when it is not YAML
 */
export function settingsIn(file: string, text: string, namespace: Namespace): string[] {
  const values = valuesIn(parseFile(file, text));
  return settingNames.filter((name) => values.has(`${namespace}:${name}`));
}

function assertEqual(
  file: string,
  names: readonly string[],
  values: ReadonlyMap<string, unknown>,
  from: Namespace,
  to: Namespace,
): void {
  const different = names.filter(
    (name) => JSON.stringify(values.get(`${from}:${name}`)) !== JSON.stringify(values.get(`${to}:${name}`)),
  );
  const [first] = different;
  if (first !== undefined) {
    throw new ProviderError({
      code: 'ECA8403',
      cause:
        `${file} sets ${different.map((name) => `${from}:${name} and ${to}:${name}`).join(', ')}, and not to the same value ` +
        '(encrypted values count as different), so nothing was changed',
      advice: `Remove one of each, such as with pulumi config rm ${from}:${first}`,
    });
  }
}

function parseFile(file: string, text: string): Document {
  // The error messages of the parser would otherwise quote lines of the file.
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw unusable(
      file,
      `line ${text.slice(0, error.pos[0]).split('\n').length} is not valid YAML (${error.code})`,
    );
  }
  return document;
}

function keysIn(file: string, document: Document): Key[] {
  const configuration = document.get('config', true);
  if (configuration === undefined || (isScalar(configuration) && configuration.value === null)) {
    return [];
  }
  if (!isMap(configuration)) {
    throw unusable(file, 'its "config" is not a mapping');
  }
  return configuration.items.flatMap(({ key }: Pair) => {
    const place = isScalar(key) ? key.range : undefined;
    return isScalar(key) && typeof key.value === 'string' && place
      ? [{ name: key.value, start: place[0], end: place[1] }]
      : [];
  });
}

/** The entries of `config`, in the order of the file. */
function valuesIn(document: Document): Map<string, unknown> {
  const contents: unknown = document.toJS();
  const configuration: unknown =
    typeof contents === 'object' && contents !== null && 'config' in contents ? contents.config : undefined;
  return new Map(
    typeof configuration === 'object' && configuration !== null ? Object.entries(configuration) : [],
  );
}

const unusable = (file: string, cause: string): ProviderError =>
  new ProviderError({ code: 'ECA8402', subject: file, cause: `${cause}, so nothing was changed` });
