import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { readOrgSettings } from 'pulumi-salesforce-eca/org-settings';
import { orgToRead } from '../credentials/orgCredentials.js';
import { ShardTooLargeError } from '../credentials/stackEnvironment.js';
import { inTurns } from '../inTurns.js';
import { isPolicyType, objectIn, textIn } from './engineEvents.js';
import {
  readLongTag,
  removeLongTag,
  TextTooLongError,
  writeLongTag,
  type LongTag,
  type PulumiOfStack,
} from './longTag.js';
import type { Operation } from './operation.js';

/**
 * The values that an org had before the fleet's first `up` of its stack. After a killed create the resource finds its own new values, and
 * destroy would restore nothing; then the kept ones are put into the state. They lie next to the state, as a tag of the stack.
 */
const tag = 'fleet:found';

/** The number of orgs of a shard that are read at a time. */
const atATime = 5;

/** Settings by organization id and app. */
type FoundValues = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The values of all orgs of a stack, for {@link keepFoundValues}. */
export async function readFoundValues({ attempt, stack, environment }: Operation): Promise<FoundValues> {
  attempt.step = 'read the values found';
  const orgs = stack.orgs.flatMap((org, index) => {
    const credentials = environment.credentials[index];
    return credentials === undefined ? [] : [orgToRead(org, credentials)];
  });
  const read = await inTurns(orgs, atATime, readOrgSettings);
  return Object.fromEntries(
    read.map(({ orgId, apps }) => [
      orgId,
      Object.fromEntries(apps.map(({ externalClientApplication: app, settings }) => [app, settings])),
    ]),
  );
}

/**
 * Keeps the values of a new stack.
 *
 * @returns the tags that hold them
 */
export async function keepFoundValues(operation: Operation, found: FoundValues): Promise<LongTag['tags']> {
  operation.attempt.step = 'keep the values found';
  const value = deflateRawSync(JSON.stringify(found)).toString('base64');
  try {
    return await writeLongTag(pulumiOf(operation), tag, value);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    if (thrown instanceof TextTooLongError) {
      throw new ShardTooLargeError(
        `the apps of the ${Object.keys(found).length} orgs have too many settings to keep (${reason}): make the shard smaller`,
      );
    }
    throw new Error(`the values found could not be kept: ${reason}`);
  }
}

/** Whether values are kept for the stack: its first `up` has not ended well yet. */
export async function hasFoundValues(operation: Operation): Promise<boolean> {
  return (await keptValues(operation)) !== undefined;
}

/** Forgets the kept values: the state has them. */
export async function forgetFoundValues(operation: Operation, tags: LongTag['tags']): Promise<void> {
  await removeLongTag(pulumiOf(operation), tags);
}

/** Puts the kept values into the state, wherever a resource has found others, and forgets them. */
export async function restoreFoundValues(operation: Operation): Promise<void> {
  const kept = await keptValues(operation);
  if (kept === undefined) return;
  const file = join(operation.folder.private, 'state.json');
  const exported = await operation.pulumi('stack', 'export', '--file', file);
  if (exported.code !== 0) throw new Error(`the state could not be read: ${exported.output}`);
  const state: unknown = JSON.parse(await readFile(file, 'utf8'));
  const resources = objectIn(objectIn(state)?.['deployment'])?.['resources'];
  const all: readonly unknown[] = Array.isArray(resources) ? resources : [];
  const patched = all.map((resource) => withFound(resource, kept.found));
  if (JSON.stringify(patched) !== JSON.stringify(all)) {
    const text = JSON.stringify({
      ...objectIn(state),
      deployment: { ...objectIn(objectIn(state)?.['deployment']), resources: patched },
    });
    await writeFile(file, text, { mode: 0o600 });
    const imported = await operation.pulumi('stack', 'import', '--file', file);
    if (imported.code !== 0)
      throw new Error(`the values found could not be put into the state: ${imported.output}`);
  }
  await forgetFoundValues(operation, kept.tags);
}

function withFound(resource: unknown, found: FoundValues): unknown {
  const properties = objectIn(resource);
  const outputs = objectIn(properties?.['outputs']);
  const own = objectIn(outputs?.['valuesFound']);
  const kept = found[textIn(outputs, 'orgId') ?? '']?.[textIn(outputs, 'externalClientApplication') ?? ''];
  if (!isPolicyType(properties?.['type']) || own === undefined || kept === undefined) return resource;
  const values = Object.entries(own).map(([field, value]) => [field, kept[field] ?? value]);
  return { ...properties, outputs: { ...outputs, valuesFound: Object.fromEntries(values) as unknown } };
}

async function keptValues(
  operation: Operation,
): Promise<{ readonly found: FoundValues; readonly tags: LongTag['tags'] } | undefined> {
  const kept = await readLongTag(pulumiOf(operation), tag);
  if (kept === undefined) return undefined;
  const value: unknown = JSON.parse(inflateRawSync(Buffer.from(kept.text, 'base64')).toString('utf8'));
  const orgs = Object.entries(objectIn(value) ?? {}).map(([orgId, apps]) => [
    orgId,
    Object.fromEntries(
      Object.entries(objectIn(apps) ?? {}).map(([app, settings]) => [app, objectIn(settings) ?? {}]),
    ),
  ]);
  return { found: Object.fromEntries(orgs) as FoundValues, tags: kept.tags };
}

const pulumiOf =
  (operation: Operation): PulumiOfStack =>
  (...args) =>
    operation.pulumi(...args);
