/** What is escaped in a string of a program: everything but printable ASCII, and quotes and backslashes. */
const escaped = /[^\x20-\x7e]|["'\\]/gu;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A text as a string literal of TypeScript. */
export function typescriptString(text: string): string {
  const body = text.replace(escaped, (character) => {
    if (character === '"') return character;
    return character === "'" || character === '\\'
      ? `\\${character}`
      : Array.from(
          { length: character.length },
          (_, unit) => `\\u${hex(character.charCodeAt(unit), 4)}`,
        ).join('');
  });
  return `'${body}'`;
}

/** A text as a string literal of Python. */
export const pythonString = doubleQuoted;

/** A text as the value of a property in a YAML program, where Pulumi reads `${…}` as a reference and `$$` as a dollar sign. */
export const yamlValue = (text: string): string => doubleQuoted(text.replaceAll('$', '$$$$'));

/** A text as a key in YAML, or as a name, in which a dollar sign has no meaning. */
export const yamlName = doubleQuoted;

/** A string as both Python and YAML write it. */
function doubleQuoted(text: string): string {
  const body = text.replace(escaped, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === "'") return character;
    if (character === '"' || character === '\\') return `\\${character}`;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
  return `"${body}"`;
}
