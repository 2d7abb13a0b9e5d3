import type { DeployStatus } from '../localOrg.js';
import type { OrgUser } from '../org/users.js';
import type { DeployPackage } from './deployPackage.js';
import type { ComponentResult, DeployFailure, DeployOptions } from './deployResult.js';

/** A deploy in the org's queue. Times are milliseconds by the org's clock. */
export interface DeployJob {
  readonly id: string;
  readonly user: OrgUser;
  readonly options: DeployOptions;
  /** The packages, or why the zip could not be read; once the job has ended, without the content of the files. */
  content: readonly DeployPackage[] | DeployFailure;
  readonly createdAt: number;
  /** How long it runs, without the time for its components. */
  readonly runMs: number;
  /** The earliest time at which it could start. */
  queuedUntil: number;
  startedAt: number | undefined;
  completedAt: number | undefined;
  /** Final once {@link completedAt} is set. */
  status: DeployStatus;
  results: readonly ComponentResult[];
  failure: DeployFailure | undefined;
  canceledBy: OrgUser | undefined;
}
