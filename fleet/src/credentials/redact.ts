/** What takes the place of a secret. */
const mark = '[redacted]';

/** A shorter text would take letters out of every word. */
const shortestSecret = 6;

/** Credentials as they look wherever they come from: keys, JSON Web Tokens, session ids, SFDX auth URLs. */
const looksSecret = [
  /-----BEGIN[\s\S]*?(?:-----END[^\n]*-----|$)/g,
  /eyJ[\w-]+\.eyJ[\w-]+(?:\.[\w-]+)?/g,
  /\b00D\w{9,15}![\w.]+/g,
  /force:\/\/\S+/g,
];

/**
 * Takes secrets out of a text: the given ones, each line of those that have several, and whatever looks like one.
 *
 * @param secrets what the text must not contain
 */
export function redact(text: string, secrets: readonly string[]): string {
  const parts = secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), ...secret.split(/\r?\n/)])
    .map((part) => part.trim())
    .filter((part) => part.length >= shortestSecret && !/^-----(?:BEGIN|END)[^\n]*-----$/.test(part))
    .sort((one, other) => other.length - one.length);
  const known = parts.reduce((rest, part) => rest.replaceAll(part, mark), text);
  return looksSecret.reduce((rest, pattern) => rest.replace(pattern, mark), known);
}
