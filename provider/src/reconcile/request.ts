import { ProviderError, withParts } from '../errors.js';
import type { MessageParts } from '../errors.js';
import type { ResourceLog } from '../run/engine/engineLog.js';
import type { FieldValues, JwtField } from '../policy/fields.js';
import { fieldsOf } from '../policy/difference.js';
import type { Guard } from '../policy/guards.js';
import type { ComponentNames } from '../components/componentTypes.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { TokenFormat } from './plan/tokenFormat.js';

/** What one resource wants from an org. */
export interface ReconcileRequest {
  /** The app's developer name, as the program writes it. */
  app: string;
  /** The fields that are read and reported. */
  fields: readonly JwtField[];
  /** The values to set; an empty object only reads. */
  wanted: FieldValues;
  /** The values that the org kept although they were removed, from the state. */
  kept?: FieldValues | undefined;
  /** The values of the fields in the state; `undefined` if there is no state. */
  remembered?: FieldValues | undefined;
  /** The names of the app's components that an earlier run found; if `undefined`, they are found by their content. */
  knownNames: ComponentNames | undefined;
  /** A deploy of an earlier run that may still be running. */
  pendingDeploy?: string | undefined;
  /** Called right before the org is changed; what it throws stops the request. */
  beforeChange?: () => void;
  /** Whether the values are those found before the first change: whether a restored lifetime has an effect concerns nobody. */
  isRestore?: boolean;
  /** The guards that the program passes. */
  allow: readonly Guard[];
  log: ResourceLog;
}

/** Whether a request changes nothing. */
export function onlyReads({ wanted }: Pick<ReconcileRequest, 'wanted'>): boolean {
  return fieldsOf(wanted).length === 0;
}

/** The live state of an app in the org. */
export interface LiveApp {
  /** The live values of the request's fields. */
  live: FieldValues;
  /** The names of the app's components. */
  names: ComponentNames;
  tokenFormat: TokenFormat;
  /** Why the format is `unknown`; also `undefined` if the request does not ask for it. */
  tokenFormatReason?: string | undefined;
}

/** The result of a request. */
export type ReconcileResult =
  | {
      isPresent: true;
      /** The values of the request's fields before anything was changed. */
      before: FieldValues;
      after: LiveApp;
    }
  /** The org does not have the app: neither a retrieve nor a list of names contains it. */
  | { isPresent: false; nearestNames: readonly string[]; isConnectedApp: boolean };

/** The org has responded, and a problem of only this app prevents its change. */
export class RefusedAppError extends ProviderError {}

/** Something went wrong after a deploy may have reached the org. */
export class AfterDeployError extends ProviderError {
  constructor(
    parts: MessageParts,
    /** The values before anything was changed. */
    readonly before: FieldValues,
    /** The values in the org when it was last read. */
    readonly after: LiveApp,
    /** The deploy that may still be running; the next run waits for it before it reads the org. */
    readonly pendingDeploy?: string,
  ) {
    super(parts);
  }
}

/** Called before each status request for a job of the org, with a description of the job and the milliseconds waited so far. */
export type OnWait = (message: string, elapsed: number) => void;

/** This many requests at once are part of a larger program: Pulumi runs 4 operations per core at a time, 4 on a single core. */
export const partOfProgram = 4;

/** The properties of an org that messages use. */
export type NamedOrg = Pick<OrgConnection, 'label' | 'organizationId'>;

/** The name of an app in messages, with its org and the organization id. */
export function describeApp(app: string, { label, organizationId }: NamedOrg): string {
  return `External client app "${app}" in org ${label} (${organizationId})`;
}

/** Whether the subject of a message is the org alone. */
export function isAboutOrg({ subject }: MessageParts, { label, organizationId }: NamedOrg): boolean {
  return subject === `org ${label}` || subject === `org ${label} (${organizationId})`;
}

/** A message without its subject if that is only the org: for use where the org is named already. */
export function withoutOrg(parts: MessageParts, org: NamedOrg): MessageParts {
  return parts.isOneSentence !== true && isAboutOrg(parts, org) ? { ...parts, subject: undefined } : parts;
}

/** A message with an app as its subject, which also names the org. */
export function aboutApp(parts: MessageParts, app: string, org: NamedOrg): MessageParts {
  const subject = describeApp(app, org);
  return parts.subject === subject ? parts : withParts(withoutOrg(parts, org), { subject });
}

/**
 * The names of several apps of an org in messages, sorted by name.
 *
 * @param isShort whether a list of more than three apps has the first two names and the number of the others
 */
export function describeApps(apps: readonly string[], org: NamedOrg, isShort = false): string {
  const [first = '', ...others] = [...new Set(apps)].sort();
  if (others.length === 0) {
    return describeApp(first, org);
  }
  const names = [first, ...others].map((app) => `"${app}"`);
  const shown =
    isShort && names.length > 3
      ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
      : names.join(', ');
  return `External client apps ${shown} in org ${org.label} (${org.organizationId})`;
}
