import { formatMessage, orgNotChanged } from '../../errors.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import type { ChangedComponent } from './changedComponents.js';
import { zipOf } from './deploy.js';
import { outcomeOf } from '../outcome.js';
import { describeApp, RefusedAppError } from '../request.js';
import type { OnWait, ReconcileRequest } from '../request.js';
import { correctAndRepeat, forFields, orAdvice } from './refusalAdvice.js';
import { waitForDeploy } from './waitForDeploy.js';

/**
 * Has the org validate a change by a deploy with `checkOnly`, which changes nothing.
 *
 * @returns the id of the deploy; `undefined` when the org refuses the policies because of the current token format. `up` deploys the
 *   token format first, even if another resource of the program turns it on, and then the policies
 * @throws RefusedAppError with the org's reason
 */
export async function validate(
  connection: OrgConnection,
  request: ReconcileRequest,
  changed: readonly ChangedComponent[],
  onWait: OnWait,
): Promise<string | undefined> {
  const zip = zipOf(connection, changed);
  // Nothing is changed, so the request is simply repeated if the response is lost.
  const { id } = await connection.read((api) => api.startDeploy(zip, { checkOnly: true }));
  const outcome = outcomeOf(await waitForDeploy(connection, id, onWait));
  if (outcome.kind === 'succeeded') {
    return id;
  }
  const subject = describeApp(request.app, connection);
  if (outcome.reason.code === 'ECA5008') {
    request.log.warn(
      formatMessage({
        code: 'ECA5018',
        subject,
        cause:
          `this cannot be validated in advance: the org refuses it (${outcome.reason.cause}) until JWT-based access tokens are ` +
          'turned on. If this program turns them on, pulumi up deploys that first.',
      }),
    );
    return undefined;
  }
  throw new RefusedAppError({
    ...orAdvice(forFields(outcome.reason, request.fields), correctAndRepeat),
    subject,
    cause: `the org would refuse the change: ${outcome.reason.cause}`,
    orgState: orgNotChanged,
  });
}
