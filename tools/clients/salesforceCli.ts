import { join } from 'node:path';
import { isolatedEnvironment } from '../../test/support/temporaryProject.js';
import { npmPackageFolder } from './npmPackage.js';

/** The Salesforce CLI that the benchmark and the conformance check take as the present one. */
export const salesforceCliVersion = '2.150.6';

/**
 * The Salesforce CLI in the cache folder, outside the repository; it is downloaded from the npm registry if it is missing.
 *
 * @returns the script that Node.js runs
 * @throws Error with the reason if it is not available
 */
export async function salesforceCliScript(version = salesforceCliVersion): Promise<string> {
  const file = join('bin', 'run.js');
  const folder = await npmPackageFolder({
    folder: 'salesforce-cli',
    name: '@salesforce/cli',
    version,
    size: '300 MB',
    file,
  });
  return join(folder, file);
}

/** The environment of a Salesforce CLI that keeps its sign-ins in `home` and asks nobody but the org. */
export function salesforceCliEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    ...isolatedEnvironment([]),
    HOME: home,
    XDG_CACHE_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
    XDG_STATE_HOME: undefined,
    SF_DISABLE_TELEMETRY: 'true',
    SF_AUTOUPDATE_DISABLE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_HIDE_RELEASE_NOTES: 'true',
    SF_HIDE_RELEASE_NOTES_FOOTER: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  };
}
