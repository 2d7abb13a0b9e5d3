import { maxSatisfying } from 'semver';
import { npm } from '../../test/support/npm.js';
import { repositoryFolder } from '../pulumiCli/repository.js';

/**
 * The newest version of a package in the npm registry.
 *
 * @param range a version range, or the tag `latest`
 * @throws Error if the registry cannot be reached or has none
 */
export async function newestVersion(name: string, range: string): Promise<string> {
  const printed: unknown = JSON.parse(
    await npm(['view', `${name}@${range}`, 'version', '--json'], repositoryFolder),
  );
  // A string if one version matches, a list if several do.
  const versions = [printed].flat().filter((version) => typeof version === 'string');
  const newest = maxSatisfying(versions, '*');
  if (newest === null) throw new Error(`The npm registry has no version ${range} of ${name}.`);
  return newest;
}
