import { ConfigurationError, formatMessage, formatWithoutCode } from '../errors.js';
import { fieldsOf, fieldValuesIn, wantedValues } from '../policy/difference.js';
import { jwtFields, unknownValue } from '../policy/fields.js';
import { validateAllow, validateAppName, validateSettings } from '../policy/validation.js';
import type { ValidationFailure } from '../policy/validation.js';
import type { Properties } from '../resourceState.js';
import { adviceOnKey } from '../signIn/settingAdvice.js';
import type { Run } from '../run/run.js';
import { describeConflict } from './conflicts.js';

/** A failed check of one input property, as the engine shows it. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** The result of check. */
export interface CheckResult {
  inputs: Record<string, unknown>;
  failures: CheckFailure[];
}

const inputNames: ReadonlySet<string> = new Set(['externalClientApplication', 'org', 'allow', ...jwtFields]);

/** The hidden inputs that the resource class adds start with two underscores. */
const isHidden = (name: string): boolean => name.startsWith('__');

/**
 * Checks the inputs of a resource without a request, completes them, and records what the program declares.
 *
 * @param news the program's inputs; a preview may not know all of them
 */
export function checkInputs(
  { declarations, configuration }: Pick<Run, 'declarations' | 'configuration'>,
  news: Properties,
): CheckResult {
  declarations.noteProgram(news['__dryRun'] === true);
  const app = news['externalClientApplication'];
  const org = news['org'];
  const apiVersionAndFailures = checkConfiguration(configuration, org);
  const { settings, failures: settingFailures } = validateSettings(news, apiVersionAndFailures.apiVersion);
  const subject = describeSubject(app, org);
  const failures: CheckFailure[] = [
    ...unknownInputs(news),
    ...validateAppName(app),
    ...apiVersionAndFailures.failures,
    ...settingFailures,
    ...validateAllow(news['allow']),
  ].map(({ code, property, reason, choices }) => ({
    property,
    reason: formatMessage({
      code,
      cause: property === 'externalClientApplication' ? reason : `${reason}${subject}`,
      choices,
    }),
  }));

  const inputs: Record<string, unknown> = { ...settings };
  for (const name of ['externalClientApplication', 'org', 'allow']) {
    if (news[name] !== undefined && news[name] !== null) {
      inputs[name] = news[name];
    }
  }
  const urn = news['__urn'];
  const isAppKnown = typeof app === 'string' && app !== unknownValue && org !== unknownValue;
  if (failures.length === 0 && typeof urn === 'string' && isAppKnown) {
    const fields = fieldsOf(wantedValues(fieldValuesIn(settings)));
    const declaration = {
      urn,
      app,
      org: typeof org === 'string' ? org : undefined,
      // A conflict names the first field, preferably one that the program itself sets.
      fields: new Set([...fields.filter((field) => news[field] !== undefined), ...fields]),
    };
    const conflict = declarations.conflictOf(declaration);
    if (conflict !== undefined) {
      failures.push({
        property: conflict.field,
        reason: formatMessage({ code: 'ECA2012', cause: describeConflict(conflict, subject) }),
      });
    } else {
      declarations.declare(declaration);
    }
  }
  return { inputs, failures };
}

function describeSubject(app: unknown, org: unknown): string {
  const name = typeof app === 'string' && app !== unknownValue && app !== '' ? app : undefined;
  const inOrg = typeof org === 'string' && org !== unknownValue ? ` in org "${org}"` : '';
  return name === undefined ? '' : ` (external client app "${name}"${inOrg})`;
}

function unknownInputs(news: Properties): ValidationFailure[] {
  return Object.keys(news)
    .filter((name) => !isHidden(name) && !inputNames.has(name))
    .map((name) => ({
      code: 'ECA2007',
      property: name,
      reason: `is not an input. ${adviceOnKey(name, [...inputNames])}`,
    }));
}

/** The result of checking an org's configuration, as far as that is possible without a request. */
interface CheckedConfiguration {
  apiVersion: number | undefined;
  failures: ValidationFailure[];
}

function checkConfiguration(configuration: Run['configuration'], org: unknown): CheckedConfiguration {
  if (org === unknownValue) {
    return { apiVersion: undefined, failures: [] };
  }
  if (org !== undefined && org !== null && (typeof org !== 'string' || org === '')) {
    return {
      apiVersion: undefined,
      failures: [
        {
          code: 'ECA1017',
          property: 'org',
          reason: 'must be a key of salesforce:orgs, such as "uat"',
        },
      ],
    };
  }
  try {
    return { apiVersion: configuration.usable(org ?? undefined).apiVersion, failures: [] };
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) {
      const { code, choices, ...parts } = thrown.parts;
      const property = code === 'ECA1016' ? 'org' : '';
      const reason = formatWithoutCode(parts);
      return { apiVersion: undefined, failures: [{ code, property, reason, choices }] };
    }
    throw thrown;
  }
}
