import { formatMessage } from '../errors.js';
import type { ReconciledOrg } from './batchEntry.js';
import type { ChangedComponent } from './deploy/changedComponents.js';
import { describeApp, describeApps, partOfProgram } from './request.js';
import type { ReconcileRequest } from './request.js';
import { tokenFormatNotice } from './plan/warnings.js';
import type { Warning } from './plan/warnings.js';

/** A request, and a warning for its user. */
export interface WarnedRequest {
  request: ReconcileRequest;
  warning: Warning;
}

/**
 * A run of a few apps has one deploy. There are more if the engine passes on a few resources at a time, or hands over some of them late.
 * In the second case some arrive while others are being worked on, and a higher limit would not help.
 */
export function adviseOnParallelism(org: ReconciledOrg, changed: readonly ChangedComponent[]): void {
  const { appsInFirstDeploy, connection, stackLog } = org;
  const apps = new Set(changed.map(({ request }) => request.app)).size;
  if (appsInFirstDeploy === undefined) {
    org.appsInFirstDeploy = apps;
  } else if (appsInFirstDeploy >= partOfProgram && !org.engineHadRoom) {
    stackLog.inform(
      `Org ${connection.label}: the first deploy changed ${appsInFirstDeploy} apps, and Pulumi passed on more after it had ` +
        'ended. Each further deploy takes as long. With pulumi up --parallel 100 (or PULUMI_PARALLEL=100) Pulumi passes on up to 100 ' +
        'resources at a time',
    );
  }
}

/** Logs each warning at its resource; a warning that several apps share is logged once, with their names. */
export function warn({ connection, stackLog }: ReconciledOrg, warned: readonly WarnedRequest[]): void {
  for (const shared of Map.groupBy(warned, ({ warning }) => warning.cause).values()) {
    const [first, ...others] = shared;
    if (first === undefined) {
      continue;
    }
    const { request, warning } = first;
    const apps = shared.map((each) => each.request.app);
    if (warning === tokenFormatNotice) {
      stackLog.warn(formatMessage(warning));
    } else if (others.length === 0) {
      request.log.warn(formatMessage({ ...warning, subject: describeApp(request.app, connection) }));
    } else {
      stackLog.warn(formatMessage({ ...warning, subject: describeApps(apps, connection) }));
    }
  }
}
