import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import type { PulumiStack } from './pulumiStack.js';

/** The text of every file below a folder, by path; links are not followed. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

/** The secrets of an org that are easy to find, by what they are. */
function secretsOf(org: LocalOrg): Map<string, string> {
  const key = org.privateKey.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  return new Map([
    [`a line of the private key of ${org.name}`, key[3] ?? ''],
    ...org.users.map(
      ({ role, accessToken }) => [`the access token of the ${role} of ${org.name}`, accessToken] as const,
    ),
    [`the beginning of any session of ${org.name}`, `${org.organizationId.slice(0, 15)}!`],
  ]);
}

/**
 * Looks for tokens, keys and secrets in everything that commands left: the folder of the stack with its backend, home and
 * temporary files, the export of the state, and what was printed.
 *
 * @param more further secrets, by what they are
 */
export async function assertNoSecretsLeft(
  stack: PulumiStack,
  orgs: readonly LocalOrg[],
  printed: string,
  more: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const secrets = new Map([...orgs.flatMap((org) => [...secretsOf(org)]), ...more]);
  const texts = await filesIn(stack.folder);
  texts.set('the export of the state', (await stack.state()).text);
  texts.set('what was printed', printed);
  assert.ok(texts.size > 5, 'the stack left no files');
  for (const [place, text] of texts) {
    for (const [name, secret] of secrets) {
      assert.ok(secret.length > 8, `${name} is not a secret to look for`);
      assert.ok(!text.includes(secret), `${place} contains ${name}`);
    }
    assert.doesNotMatch(text, /PRIVATE KEY|eyJ[\w-]+\.eyJ/, place);
  }
}
