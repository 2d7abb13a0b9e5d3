import type { OrgState } from '../org/orgState.js';
import type { OrgUser } from '../org/users.js';
import type { DeployJob } from './deployJob.js';
import { readPackages, type DeployPackage } from './deployPackage.js';
import { DeployFailure, type DeployOptions } from './deployResult.js';
import { readZip, ZipError } from './readZip.js';

/**
 * Reads the zip and queues the deploy. A zip that cannot be read becomes a failed job, as in real orgs.
 * @param endpointVersion for a package.xml without a version
 */
export async function submitDeploy(
  org: OrgState,
  user: OrgUser,
  zip: Buffer,
  options: DeployOptions,
  endpointVersion: number,
): Promise<DeployJob> {
  const content = await readContent(zip, options, endpointVersion, org.newestVersion);
  org.settle();
  return org.deployJobs.submit(content, options, user);
}

async function readContent(
  zip: Buffer,
  options: DeployOptions,
  endpointVersion: number,
  newestVersion: number,
): Promise<DeployPackage[] | DeployFailure> {
  try {
    return readPackages(await readZip(zip), options, endpointVersion, newestVersion);
  } catch (error) {
    if (error instanceof DeployFailure) return error;
    if (error instanceof ZipError) {
      return new DeployFailure('INVALID_CONTENT', `The zip file cannot be read: ${error.message}`);
    }
    throw error;
  }
}

/**
 * Reads deploy options of any API.
 * @param read the value of an option by its name in the Metadata API
 */
export function readDeployOptions(read: (name: string) => unknown): DeployOptions {
  const flag = (name: string): boolean => read(name) === true || read(name) === 'true';
  const testLevel = read('testLevel');
  return {
    checkOnly: flag('checkOnly'),
    rollbackOnError: flag('rollbackOnError'),
    singlePackage: flag('singlePackage'),
    ignoreWarnings: flag('ignoreWarnings'),
    purgeOnDelete: flag('purgeOnDelete'),
    testLevel: typeof testLevel === 'string' ? testLevel : 'NoTestRun',
  };
}
