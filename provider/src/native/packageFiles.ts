import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const packageFolder = join(__dirname, '../..');

/** The text of a file of this package. The bundle of the plugin has another version of this module, with both files in it. */
export function readPackageFile(name: 'package.json' | 'schema.json'): string {
  return readFileSync(join(packageFolder, name), 'utf8');
}
