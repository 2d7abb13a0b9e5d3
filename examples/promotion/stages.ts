import * as pulumi from '@pulumi/pulumi';
import type { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
import { firstStageSettings, type AppSettings, type Settings } from './settings';

/** Values in which a stage differs from the one before it, by the name of the resource; null means that the stage does not manage the field. */
type Differences = Record<string, Partial<Record<keyof AppSettings, unknown>>>;

const fields = [
  'externalClientApplication',
  'isNamedUserJwtEnabled',
  'namedUserJwtSessionTimeoutType',
  'namedUserJwtTimeout',
  'guestJwtSessionTimeoutType',
  'guestJwtTimeout',
] as const satisfies (keyof AppSettings)[];
const fieldNames: readonly string[] = fields;

/** The settings that the selected stage declares. */
export async function settingsOfStage(): Promise<Settings> {
  // Not the project's own namespace: promote.mts reads the same keys, and the project may have any name.
  const config = new pulumi.Config('promotion');
  // `npm run promote` compares an org with what its stage has verified itself, regardless of what waits in the stage before it.
  if (process.env['PROMOTION_DECLARE'] === 'verified') return verifiedBy(pulumi.getStack());
  const source = config.require('source');
  const settings = source === 'settings.ts' ? firstStageSettings : await verifiedBy(source);
  return withDifferences(settings, config.getObject<Differences>('differences') ?? {});
}

/** What a stage has verified when its last `pulumi up` went through. */
async function verifiedBy(stage: string): Promise<Settings> {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stage}`;
  const details = await new pulumi.StackReference(stack).getOutputDetails('verified');
  const verified = details.value as Differences | undefined;
  if (verified === undefined) {
    throw new pulumi.RunError(`Stage ${stage} has verified nothing yet: promote to it first.`);
  }
  return withDifferences({}, verified);
}

/** Settings with those of `differences` in their place. */
function withDifferences(settings: Settings, differences: Differences): Settings {
  const result: Settings = { ...settings };
  for (const [name, changed] of Object.entries(differences)) {
    const unknown = Object.keys(changed).find((field) => !fieldNames.includes(field));
    if (unknown !== undefined) {
      throw new pulumi.RunError(`"${name}" has no field "${unknown}": it has ${fields.join(', ')}.`);
    }
    const values = Object.entries({ ...settings[name], ...changed }).filter(([, value]) => value !== null);
    const app: Record<string, unknown> = Object.fromEntries(values);
    if (typeof app['externalClientApplication'] !== 'string') {
      throw new pulumi.RunError(`"${name}" names no externalClientApplication: no stage declares it.`);
    }
    // The provider checks the values: a wrong one ends the preview at the property.
    result[name] = app as unknown as AppSettings;
  }
  return result;
}

/** What the org has of the settings that the program declares: the provider reads them again after it has written them. */
export function verifiedSettings(declared: AppSettings, policy: ExternalClientAppJwtPolicy): pulumi.Inputs {
  return Object.fromEntries(
    fields.filter((field) => declared[field] !== undefined).map((field) => [field, policy[field]]),
  );
}
