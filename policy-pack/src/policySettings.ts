import type { PolicyConfigSchema } from '@pulumi/policy';

/**
 * A setting of a policy that cannot be what it is.
 *
 * The policy SDK prints the stack of what a policy throws; this one's is its message.
 */
export class PolicySettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PolicySettingsError';
    this.stack = message;
  }
}

/**
 * Lifetimes in minutes that session settings know: those of a profile, and of an org. (Metadata API Developer Guide,
 * ProfileSessionSetting and SecuritySettings; 90 minutes for an org from 58.0)
 */
const sessionTimeouts = [15, 30, 60, 90, 120, 240, 480, 720, 1440];

/** What `UserSession` may mean where nobody has said what it means: the longest that session settings know, 24 hours. */
export const longestSessionTimeout = 1440;

/** Every setting, as the schema that the engine checks the configuration against. Each policy has some of them. */
const schemas = {
  maximumMinutes: {
    type: 'integer',
    minimum: 1,
    maximum: longestSessionTimeout,
    description: 'The longest lifetime that is allowed, in minutes.',
  },
  userSessionMinutes: {
    type: 'integer',
    enum: sessionTimeouts,
    default: longestSessionTimeout,
    description:
      "What UserSession means in the org, in minutes: the longest session timeout among the profiles of the app's users, " +
      "the org's own for profiles without one.",
  },
  userSessionMinutesByOrg: {
    type: 'object',
    additionalProperties: { type: 'integer', enum: sessionTimeouts },
    default: {},
    description: 'The same for the orgs of salesforce:orgs, by their keys.',
  },
  exemptApps: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description:
      'Developer names of the apps that this policy passes over, as externalClientApplication has them.',
  },
  salesforceCliApps: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description:
      'Developer names of the apps that the Salesforce CLI signs in with. When there are any, only they are checked.',
  },
} as const satisfies PolicyConfigSchema['properties'];

/** The name of a setting. */
export type SettingName = keyof typeof schemas;

/** The schema of a policy that has these settings. */
export function settingsSchema(
  names: readonly SettingName[],
  defaults: Partial<Record<SettingName, number>> = {},
): PolicyConfigSchema {
  return {
    properties: Object.fromEntries(
      names.map((name) => {
        const fallback = defaults[name];
        return [name, { ...schemas[name], ...(fallback === undefined ? {} : { default: fallback }) }];
      }),
    ),
  };
}

/**
 * The settings of one policy. The engine checks those that the policy has against the schema; a name that it does not have
 * passes the engine unseen, which would leave a misspelt limit without effect.
 */
export class PolicySettings {
  readonly #policy: string;
  readonly #given: Readonly<Record<string, unknown>>;

  /**
   * @param policy the name of the policy, for messages
   * @param names the settings that it has
   * @param given the configuration that the engine handed over
   * @throws PolicySettingsError for a setting that the policy does not have
   */
  constructor(policy: string, names: readonly SettingName[], given: Readonly<Record<string, unknown>>) {
    const known: readonly string[] = names;
    const unknown = Object.keys(given).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new PolicySettingsError(
        `The policy ${policy} has no setting "${unknown}"; its settings are ${names.join(', ')}. ` +
          "Correct it in the policy pack's configuration.",
      );
    }
    this.#policy = policy;
    this.#given = given;
  }

  /** A number of minutes. */
  minutes(name: 'maximumMinutes' | 'userSessionMinutes', fallback: number): number {
    const value = this.#given[name] ?? fallback;
    return typeof value === 'number' ? value : this.#refuse(name, 'a number of minutes');
  }

  /**
   * What `UserSession` means in an org, in minutes.
   *
   * @param org reads the key of the org, which a preview may not know: asked only where it matters
   */
  userSessionMinutes(org: () => string): number {
    const name = 'userSessionMinutesByOrg';
    const byOrg = this.#given[name] ?? {};
    if (typeof byOrg !== 'object') {
      return this.#refuse(name, 'an object of minutes by the keys of salesforce:orgs');
    }
    const entries = new Map<string, unknown>(Object.entries(byOrg));
    const minutes = entries.size === 0 ? undefined : entries.get(org());
    return typeof minutes === 'number' ? minutes : this.minutes('userSessionMinutes', longestSessionTimeout);
  }

  /** A list of app names. */
  names(name: 'exemptApps' | 'salesforceCliApps'): readonly string[] {
    const value = this.#given[name] ?? [];
    return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
      ? value
      : this.#refuse(name, 'a list of app names');
  }

  #refuse(name: SettingName, expected: string): never {
    throw new PolicySettingsError(
      `The setting ${name} of the policy ${this.#policy} is ${JSON.stringify(this.#given[name])}; it is ${expected}.`,
    );
  }
}
