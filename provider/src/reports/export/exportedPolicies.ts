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
import { liveAppOf } from '../../reconcile/liveApp.js';
import { typesFor } from '../../reconcile/retrieve.js';
import type { OrgApp } from '../../reconcile/orgApp.js';
import type { OrgSnapshot } from '../../reconcile/readOrg.js';
import { formatId } from '../../resourceState.js';
import type { ResourceInputs } from '../../resourceState.js';
import { componentTypeNames } from '../../components/componentTypes.js';

/** A resource that declares an app's settings as they are. */
export interface ExportedPolicy {
  /** The name of the resource: the app's own, which is unique in an org and stays the same. */
  resourceName: string;
  /** The id that the resource will have. */
  id: string;
  inputs: ResourceInputs;
  /** What the org holds of the managed fields. */
  observed: LiveApp;
  /** What the org holds and the resource does not declare, with the reason. */
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
 * One resource for every app that has OAuth, declaring the values that the org holds as far as a program may declare them, so that
 * `pulumi up` finds nothing to change.
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
      const nothing = 'the org holds no value that a resource could declare';
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
    return `it has no OAuth: ${app.oauthDisabledReason ?? ''}`;
  }
  return validateAppName(app.name).length > 0 ? 'its name is not a developer name' : undefined;
}

/** The first Metadata API version with session timeout types: from it on a timeout counts only beside `Custom`. */
const firstVersionWithTypes = firstVersionOf('namedUserJwtSessionTimeoutType', undefined);

/** The values of an app that a program may declare and that change nothing, and remarks on the others. */
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
        `isNamedUserJwtEnabled is ${show('isNamedUserJwtEnabled', tokenFormat)}, which is no value of it`,
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
        ? 'has no effect while isNamedUserJwtEnabled is false, and may not be declared beside it'
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

/** Why a pair of values cannot be declared as it is. */
function objectionTo(
  pair: (typeof timeoutPairs)[number],
  { type, timeout }: { type: unknown; timeout: unknown },
  apiVersion: number,
): string | undefined {
  if (type !== absent && apiVersion < firstVersionWithTypes) {
    return `is not to be declared below API version ${firstVersionWithTypes}.0, which brought ${pair.type}`;
  }
  if (type !== absent && !jwtSessionTimeoutTypes.some((known) => known === type)) {
    return `is no ${pair.type} that this release knows`;
  }
  if (timeout !== absent && !jwtTimeouts.some((minutes) => minutes === timeout)) {
    return `is no ${pair.timeout} that an org accepts`;
  }
  if (timeout !== absent && apiVersion < firstVersionOf(pair.timeout, timeout)) {
    return `exists from API version ${firstVersionOf(pair.timeout, timeout)}.0 on only`;
  }
  if (type === 'Custom' && timeout === absent) {
    return `stands there without ${pair.timeout}, which it needs`;
  }
  if (type === 'UserSession' && timeout !== absent) {
    return 'contradict each other: declaring them would remove the timeout';
  }
  if (type === absent && apiVersion >= firstVersionWithTypes) {
    return `stands there without ${pair.type}: it has no effect from API version ${firstVersionWithTypes}.0 on, and declaring it would set Custom`;
  }
  return undefined;
}

/** A value of the org as a remark shows it: on one line, in ASCII, since remarks become comments of a program. */
function show(field: JwtField, value: NonNullable<FieldValues[JwtField]>): string {
  const text = JSON.stringify(describeValue(field, value)).slice(1, -1);
  const plain = text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}
