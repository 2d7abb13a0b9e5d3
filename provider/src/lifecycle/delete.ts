import {
  formatMessage,
  GuardRefusedError,
  orgNotChanged,
  partsOf,
  ProviderError,
  reasonOf,
  withParts,
} from '../errors.js';
import { describeValue, fieldsOf, isSatisfied } from '../policy/difference.js';
import { absent } from '../policy/fields.js';
import type { FieldValues, JwtField } from '../policy/fields.js';
import { describeForeignChanges, pick, valuesToRestore } from '../policy/restore.js';
import { AfterDeployError } from '../reconcile/request.js';
import type { ReconcileResult } from '../reconcile/request.js';
import { parseState } from '../resourceState.js';
import type { Properties, ResourceState } from '../resourceState.js';
import type { Run } from '../run/run.js';

/**
 * Restores the managed fields to the values found before the first change, except those that another resource of the running program
 * declares: every replacement and every renaming calls create for the new resource and then delete for the old one.
 *
 * @throws ProviderError; the engine then keeps the resource, and a repeated destroy continues from the values in the org
 */
export async function deleteResource(
  run: Pick<Run, 'declarations' | 'shared' | 'orgs' | 'log' | 'appLines'>,
  id: string,
  properties: Properties,
): Promise<void> {
  const state = parseState(id, properties);
  const declared = await declaredFields(run, state);
  const restored = valuesToRestore(state.valuesFound, declared);
  run.declarations.handOver(id, pick(state.valuesFound, declared));
  const fields = fieldsOf(restored);
  if (fields.length === 0) {
    return;
  }
  const reconciler = await run.orgs.reconcilerOf(state);
  const { connection } = reconciler;
  const inform = (format: (subject: string) => string) => run.appLines.inform(state.app, connection, format);
  try {
    const result = await reconciler.reconcile({
      app: state.app,
      fields,
      wanted: restored,
      isRestore: true,
      kept: state.valuesKept,
      knownNames: state.names,
      pendingDeploy: state.pendingDeploy,
      allow: state.allow,
      log: run.log.of(undefined),
    });
    if (!result.isPresent) {
      await inform((subject) => `${subject} no longer exists: there is nothing to restore.`);
      return;
    }
    const outcome = describeRestored(restored, result);
    await Promise.all([
      inform((subject) => `${subject}: ${outcome}`),
      ...describeForeignChanges(state.live, result.before, restored).map((cause) =>
        run.appLines.warn(state.app, connection, (subject) =>
          formatMessage({ code: 'ECA7003', subject, cause }),
        ),
      ),
    ]);
  } catch (thrown) {
    if (thrown instanceof AfterDeployError) {
      const hint = 'Repeat the command: it continues from the values in the org';
      throw new ProviderError(withParts(thrown.parts, { hint }));
    }
    throw thrown instanceof GuardRefusedError
      ? new ProviderError(
          withParts(thrown.parts, {
            hint:
              "Deleting the resource restores the values found before this stack's first change. It uses allow as the last pulumi up " +
              'recorded it, so run pulumi up once after adding to it. To keep the settings as they are, set retainOnDelete and run pulumi up once',
          }),
        )
      : run.orgs.withConfigurationHint(thrown);
  }
}

function describeRestored(
  restored: FieldValues,
  { before, after }: Extract<ReconcileResult, { isPresent: true }>,
): string {
  const changes = fieldsOf(restored).flatMap((field) => {
    const [was, is] = [before[field] ?? absent, after.live[field] ?? absent];
    return isSatisfied(field, was, is)
      ? []
      : [`${field} ${describeValue(field, was)} → ${describeValue(field, is)}`];
  });
  return changes.length === 0
    ? 'nothing to restore: the org has the values from before the first pulumi up.'
    : `restored ${changes.join(', ')}.`;
}

/** The fields of the app that the running program declares, through any alias or provider that leads to the same org. */
async function declaredFields(
  { declarations, orgs, shared }: Pick<Run, 'declarations' | 'orgs' | 'shared'>,
  state: ResourceState,
): Promise<ReadonlySet<JwtField>> {
  const declared = new Set<JwtField>();
  for (const declaration of declarations.of(state.app)) {
    const organizationId = declarations.organizationOf(declaration);
    const isSameOrg =
      declaration.org === state.org ||
      (organizationId === undefined
        ? await leadsTo(orgs, declaration.org, state)
        : organizationId === state.organizationId);
    if (isSameOrg) {
      declaration.fields.forEach((field) => declared.add(field));
    }
  }
  for (const { fields } of await shared.ofOthers(state.app, state.organizationId)) {
    fields.forEach((field) => declared.add(field));
  }
  return declared;
}

async function leadsTo(orgs: Run['orgs'], alias: string | undefined, state: ResourceState): Promise<boolean> {
  try {
    const { connection } = await orgs.reconcilerFor(alias);
    return connection.organizationId === state.organizationId;
  } catch (thrown) {
    throw new ProviderError({
      code: partsOf(thrown).code,
      subject: `External client app "${state.app}" (${state.organizationId})`,
      cause:
        'could not find out whether the program still declares its settings through another org alias, so nothing was restored: ' +
        reasonOf(thrown),
      orgState: orgNotChanged,
    });
  }
}
