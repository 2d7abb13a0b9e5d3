import { readPackageFile } from './packageFiles.js';

/** The name of the package in every language, and the namespace of its configuration. */
export const packageName = 'salesforce-eca';

/** The schema of the package, as JSON. */
export function packageSchema(): string {
  return readPackageFile('schema.json');
}

/** The version of this release. */
export function packageVersion(): string {
  const { version } = JSON.parse(readPackageFile('package.json')) as Record<string, unknown>;
  return typeof version === 'string' ? version : '0.0.0';
}
