import type { DeployStatus } from '../localOrg.js';
import type { DeployJob } from './deployJob.js';
import type { ComponentResult } from './deployResult.js';

interface Fields {
  [name: string]: string | number | boolean | undefined | Fields | Fields[];
}

/** An instant as the Metadata API writes it. */
export function dateTime(at: number): string {
  return new Date(at).toISOString();
}

/**
 * A DeployResult, the same for SOAP and REST: undefined fields are left out.
 * @param status as the caller's API version shows it
 * @param details {@link deployDetails}, undefined: none
 */
export function deployResultFields(
  job: DeployJob,
  status: DeployStatus,
  details: Fields | undefined,
): Fields {
  const components = job.results.filter(({ componentType, success }) => componentType !== '' || !success);
  const succeeded = components.filter(({ success }) => success).length;
  const { startedAt, completedAt, options, user, canceledBy, failure } = job;
  const done = completedAt !== undefined;
  return {
    ...(canceledBy && { canceledBy: canceledBy.userId, canceledByName: canceledBy.displayName }),
    checkOnly: options.checkOnly,
    ...(done && { completedDate: dateTime(completedAt) }),
    createdBy: user.userId,
    createdByName: user.displayName,
    createdDate: dateTime(job.createdAt),
    ...(details && { details }),
    done,
    ...(failure && { errorMessage: failure.message, errorStatusCode: failure.statusCode }),
    id: job.id,
    ignoreWarnings: options.ignoreWarnings,
    lastModifiedDate: dateTime(completedAt ?? startedAt ?? job.createdAt),
    numberComponentErrors: components.length - succeeded,
    numberComponentsDeployed: succeeded,
    numberComponentsTotal: done ? components.length : packagedComponents(job),
    numberTestErrors: 0,
    numberTestsCompleted: 0,
    numberTestsTotal: 0,
    rollbackOnError: options.rollbackOnError,
    runTestsEnabled: false,
    ...(startedAt !== undefined && { startDate: dateTime(startedAt) }),
    status,
    success: status === 'Succeeded' || status === 'SucceededPartial',
  };
}

/** How many components a job's packages hold. */
export function packagedComponents(job: DeployJob): number {
  return job.content instanceof Error ? 0 : job.content.reduce((sum, { files }) => sum + files.length, 0);
}

/** The results of a job's components; undefined while it is not done. */
export function deployDetails(job: DeployJob): Fields | undefined {
  if (job.completedAt === undefined) return undefined;
  const message = (result: ComponentResult): Fields => ({
    changed: result.changed,
    columnNumber: result.columnNumber,
    componentType: result.componentType,
    created: result.created,
    createdDate: dateTime(job.completedAt ?? job.createdAt),
    deleted: false,
    fileName: result.fileName,
    fullName: result.fullName,
    id: result.id,
    lineNumber: result.lineNumber,
    problem: result.problem,
    problemType: result.problem === undefined ? undefined : 'Error',
    success: result.success,
  });
  return {
    componentFailures: job.results.filter(({ success }) => !success).map(message),
    componentSuccesses: job.results.filter(({ success }) => success).map(message),
    runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0 },
  };
}
