import { describeValue, fieldsOf, wantedValues } from '../../policy/difference.js';
import {
  absent,
  firstVersionOf,
  jwtSessionTimeoutTypes,
  jwtTimeouts,
  timeoutPairs,
} from '../../policy/fields.js';
import type { FieldValues, JwtField } from '../../policy/fields.js';
import { validateAppName } from '../../policy/validation.js';
import type { LiveApp } from '../../reconcile/request.js';
import { liveAppOf } from '../../reconcile/plan/liveApp.js';
import { typesFor } from '../../reconcile/snapshot/retrieve.js';
import type { OrgApp } from '../../reconcile/apps/orgApp.js';
import type { OrgSnapshot } from '../../reconcile/apps/readOrg.js';
import { formatId } from '../../resourceState.js';
import type { ResourceInputs } from '../../resourceState.js';
import { componentTypeNames } from '../../components/componentTypes.js';

/** A resource that declares an app's current settings. */
export interface ExportedPolicy {
  /** The name of the resource: the app's own, which is unique in an org and stays the same. */
  resourceName: string;
  /** The id that the resource will have. */
  id: string;
  inputs: ResourceInputs;
  /** The live values of the managed fields. */
  observed: LiveApp;
  /** The values in the org that the resource does not declare, with the reason. */
  remarks: readonly string[];
}

/** An app that no resource is written for. */
export interface LeftOutApp {
  app: string;
  /** Without a full stop at the end. */
  reason: string;
}

/** The apps of an org as resources. */
export interface ExportedOrg {
  organizationId: string;
  /** For example 66. */
  apiVersion: number;
  policies: readonly ExportedPolicy[];
  leftOut: readonly LeftOutApp[];
}

/**
 * One resource for every app that has OAuth. It declares the values in the org that a program may declare, so that `pulumi up` finds
 * nothing to change.
 */
export function exportPolicies({
  organizationId,
  apiVersion,
  apps,
}: Pick<OrgSnapshot, 'organizationId' | 'apiVersion' | 'apps'>): ExportedOrg {
  const policies: ExportedPolicy[] = [];
  const leftOut: LeftOutApp[] = [];
  for (const app of apps) {
    const reason = whyLeftOut(app);
    const { settings, remarks } = declarableSettings(app, apiVersion);
    const fields = fieldsOf(wantedValues(settings));
    if (reason !== undefined) {
      leftOut.push({ app: app.name, reason });
    } else if (fields.length === 0) {
      const nothing = 'the org has no value that a resource could declare';
      leftOut.push({ app: app.name, reason: [nothing, ...remarks].join('; ') });
    } else {
      const types = typesFor([{ fields }]);
      const names = Object.fromEntries(
        componentTypeNames.flatMap((type) => {
          const name = types.includes(type) ? app.names[type] : undefined;
          return name === undefined ? [] : [[type, name]];
        }),
      );
      policies.push({
        resourceName: app.name,
        id: formatId(organizationId, app.name),
        inputs: { app: app.name, org: undefined, settings, allow: [] },
        observed: liveAppOf({ fields }, app.components, names),
        remarks,
      });
    }
  }
  return { organizationId, apiVersion, policies, leftOut };
}

function whyLeftOut(app: OrgApp): string | undefined {
  if (app.problem !== undefined) {
    return app.problem;
  }
  if (!app.isOauthEnabled) {
    return `OAuth is not enabled: ${app.oauthDisabledReason ?? ''}`;
  }
  return validateAppName(app.name).length > 0 ? 'its name is not a valid developer name' : undefined;
}

/** The first Metadata API version with session timeout types: as of this version a timeout applies only with `Custom`. */
const firstVersionWithTypes = firstVersionOf('namedUserJwtSessionTimeoutType', undefined);

/** The values of an app that a program may declare without changing anything, and remarks about the others. */
export function declarableSettings(
  app: Pick<OrgApp, 'isInstalled' | 'settings'> & Partial<Pick<OrgApp, 'tokenFormatReason'>>,
  apiVersion: number,
): { settings: FieldValues; remarks: string[] } {
  const settings: FieldValues = {};
  const remarks: string[] = [];
  const tokenFormat = app.settings.isNamedUserJwtEnabled;
  if (!app.isInstalled && tokenFormat !== undefined) {
    if (typeof tokenFormat !== 'boolean' && tokenFormat !== absent) {
      remarks.push(
        `isNamedUserJwtEnabled is ${show('isNamedUserJwtEnabled', tokenFormat)}, which is not an allowed value`,
      );
    } else if (app.tokenFormatReason !== undefined) {
      remarks.push(app.tokenFormatReason);
    } else {
      settings.isNamedUserJwtEnabled = tokenFormat === true;
    }
  }
  for (const pair of timeoutPairs) {
    const type = app.settings[pair.type] ?? absent;
    const timeout = app.settings[pair.timeout] ?? absent;
    if (type === absent && timeout === absent) {
      continue;
    }
    const held = [pair.type, pair.timeout]
      .filter((field) => (app.settings[field] ?? absent) !== absent)
      .map((field) => `${field} ${show(field, app.settings[field] ?? absent)}`)
      .join(' and ');
    const objection =
      settings.isNamedUserJwtEnabled === false
        ? 'has no effect while isNamedUserJwtEnabled is false, and may not be declared together with it'
        : objectionTo(pair, { type, timeout }, apiVersion);
    if (objection !== undefined) {
      remarks.push(`${held} ${objection}`);
      continue;
    }
    if (type !== absent) {
      settings[pair.type] = type;
    }
    if (timeout !== absent) {
      settings[pair.timeout] = timeout;
    }
  }
  return { settings, remarks };
}

/** Why a pair of values cannot be declared. */
function objectionTo(
  pair: (typeof timeoutPairs)[number],
  { type, timeout }: { type: unknown; timeout: unknown },
  apiVersion: number,
): string | undefined {
  if (type !== absent && apiVersion < firstVersionWithTypes) {
    return `cannot be declared below API version ${firstVersionWithTypes}.0, which introduced ${pair.type}`;
  }
  if (type !== absent && !jwtSessionTimeoutTypes.some((known) => known === type)) {
    return `is not a ${pair.type} that this release supports`;
  }
  if (timeout !== absent && !jwtTimeouts.some((minutes) => minutes === timeout)) {
    return `is not a ${pair.timeout} that an org accepts`;
  }
  if (timeout !== absent && apiVersion < firstVersionOf(pair.timeout, timeout)) {
    return `requires API version ${firstVersionOf(pair.timeout, timeout)}.0`;
  }
  if (type === 'Custom' && timeout === absent) {
    return `is set without ${pair.timeout}, which it requires`;
  }
  if (type === 'UserSession' && timeout !== absent) {
    return 'contradict each other: declaring them would remove the timeout';
  }
  if (type === absent && apiVersion >= firstVersionWithTypes) {
    return `is set without ${pair.type}: it has no effect as of API version ${firstVersionWithTypes}.0, and declaring it would set Custom`;
  }
  return undefined;
}

/** A value from the org for a remark: on one line and in ASCII, because remarks become comments in a program. */
function show(field: JwtField, value: NonNullable<FieldValues[JwtField]>): string {
  const text = JSON.stringify(describeValue(field, value)).slice(1, -1);
  const plain = text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}
