import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the package in every language, and the namespace of its configuration. */
export const packageName = 'salesforce-eca';

const packageFolder = join(__dirname, '../..');

/** The schema of the package, as JSON. */
export function packageSchema(): string {
  return readFileSync(join(packageFolder, 'schema.json'), 'utf8');
}

/** The version of this release. */
export function packageVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(
    readFileSync(join(packageFolder, 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  return typeof version === 'string' ? version : '0.0.0';
}
