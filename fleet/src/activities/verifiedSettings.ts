import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FleetStack } from '../contract/stacks.js';
import { isPolicyType, objectIn, textIn } from './engineEvents.js';
import type { ActivitySettings } from './workerSettings.js';

/** A resource of a state, with the settings that the last `up` verified. */
export interface VerifiedResource {
  readonly orgId: string;
  readonly app: string;
  /** The managed settings; `absent` for one that the org has no element for. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a state says, when a quick look can read all that it contains. */
export interface VerifiedState {
  readonly resources: readonly VerifiedResource[];
  /** Of everything in the state but its times. */
  readonly fingerprint: string;
}

/** Types that have nothing in an org. */
const structure = /^pulumi:(?:pulumi:Stack|providers:.+)$/;

/**
 * Reads an exported state.
 *
 * @returns why a quick look does not do, if it contains something else than settings of apps
 */
export function verifiedState(exported: string): VerifiedState | string {
  const deployment = objectIn(objectIn(JSON.parse(exported))?.['deployment']);
  const listed = deployment?.['resources'];
  const all = (Array.isArray(listed) ? listed : []).map((each: unknown) => objectIn(each) ?? {});
  if (Array.isArray(deployment?.['pending_operations']) && deployment['pending_operations'].length > 0) {
    return 'an operation was interrupted';
  }
  const ours = all.filter(({ type }) => isPolicyType(type));
  const other = all.find((each) => !isPolicyType(each['type']) && !isStructure(each));
  if (other !== undefined) return `the stack has a ${textIn(other, 'type') ?? 'resource'} too`;
  if (ours.some((each) => each['delete'] === true || each['pendingReplacement'] === true))
    return 'a replacement is not finished';
  const resources = ours.flatMap((each) => verifiedResource(objectIn(each['outputs'])) ?? []);
  if (resources.length === 0 || resources.length < ours.length) return 'the state has no verified settings';
  const timeless = all.map((each) =>
    Object.entries(each).filter(([key]) => key !== 'created' && key !== 'modified'),
  );
  const fingerprint = createHash('sha256').update(JSON.stringify(timeless)).digest('hex');
  return { resources, fingerprint };
}

/** Components have no state of their own. */
const isStructure = (resource: Readonly<Record<string, unknown>>): boolean =>
  structure.test(textIn(resource, 'type') ?? '') || resource['custom'] !== true;

function verifiedResource(
  outputs: Readonly<Record<string, unknown>> | undefined,
): VerifiedResource | undefined {
  const [orgId, app] = [textIn(outputs, 'orgId'), textIn(outputs, 'externalClientApplication')];
  const fields = outputs?.['managedFields'];
  if (orgId === undefined || app === undefined || !Array.isArray(fields) || fields.length === 0)
    return undefined;
  const names = fields.filter((field) => typeof field === 'string');
  return {
    orgId,
    app,
    settings: Object.fromEntries(names.map((name) => [name, outputs?.[name] ?? 'absent'])),
  };
}

/** When a full look found a stack clean. Any other program, provider, configuration or state needs a full look again. */
export interface CleanLook {
  readonly digest: string;
  readonly providerVersion: string;
  /** Of the stack in the inventory. */
  readonly inventory: string;
  readonly fingerprint: string;
}

/** A digest of what the inventory says of a stack. */
export const inventoryDigest = (stack: FleetStack): string =>
  createHash('sha256').update(JSON.stringify(stack)).digest('hex');

/** The last clean full look of each stack, as files in the worker's folder: a worker that has none looks fully. */
export class CleanLooks {
  readonly #folder: string;

  constructor({ home }: Pick<ActivitySettings, 'home'>, program: string) {
    this.#folder = join(home, 'clean-looks', program);
  }

  /** Keeps a look. */
  async keep(stack: string, look: CleanLook): Promise<void> {
    const file = this.#file(stack);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(look), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  /** The last look of a stack. */
  async of(stack: string): Promise<CleanLook | undefined> {
    const text = await readFile(this.#file(stack), 'utf8').catch(() => '{}');
    const look = objectIn(JSON.parse(text));
    const [digest, providerVersion] = [textIn(look, 'digest'), textIn(look, 'providerVersion')];
    const [inventory, fingerprint] = [textIn(look, 'inventory'), textIn(look, 'fingerprint')];
    return digest === undefined ||
      providerVersion === undefined ||
      inventory === undefined ||
      fingerprint === undefined
      ? undefined
      : { digest, providerVersion, inventory, fingerprint };
  }

  #file(stack: string): string {
    return join(this.#folder, `${stack}.json`);
  }
}
