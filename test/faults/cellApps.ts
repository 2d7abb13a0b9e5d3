import type { LocalOrg } from 'salesforce-local-org';
import { settingsOf, type AppSettings } from '../support/appSettings.js';
import { componentNamesOf, putApp } from '../support/localApps.js';
import { takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import type { Properties } from '../support/providerRun.js';

/** The elements that the provider may write. */
const managed =
  /^\s*<(isNamedUserJwtEnabled|namedUserJwtSessionTimeoutType|namedUserJwtTimeout|shouldRotateConsumerKey|shouldRotateConsumerSecret)>/;

/** The apps of one cell: two that the program declares, and one that is nobody's business. */
export interface CellApps {
  declared: readonly [string, string];
  bystander: string;
}

/** Puts a cell's apps into an org, under names that no other cell uses. */
export function putCellApps(org: LocalOrg, cell: number): CellApps {
  const apps: CellApps = {
    declared: [`Portal_${cell}`, `Gateway_${cell}`],
    bystander: `Bystander_${cell}`,
  };
  const elements = {
    header: { description: 'Kept &amp; untouched — ünïcode' },
    policies: { refreshTokenPolicyType: 'Infinite', startPage: 'None' },
  };
  for (const app of [...apps.declared, apps.bystander]) putApp(org, app, elements);
  return apps;
}

/** The settings that a step of the program declares for each of its apps. */
export function programOf(
  step: 'first' | 'second',
  [portal, gateway]: CellApps['declared'],
): Map<string, Properties> {
  const minutes = step === 'first' ? ([30, 15] as const) : ([60, 5] as const);
  return new Map(
    (
      [
        [portal, minutes[0]],
        [gateway, minutes[1]],
      ] as const
    ).map(([app, namedUserJwtTimeout]) => [app, { isNamedUserJwtEnabled: true, namedUserJwtTimeout }]),
  );
}

/** What is not as declared, in words. */
export function wrongSettings(org: LocalOrg, program: ReadonlyMap<string, Properties>): string[] {
  return [...program].flatMap(([app, settings]) => {
    const expected: AppSettings = {
      isNamedUserJwtEnabled: String(settings['isNamedUserJwtEnabled']),
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: String(settings['namedUserJwtTimeout']),
    };
    const found = settingsOf(org, app);
    const isRight = Object.entries(expected).every(([name, text]) => Reflect.get(found, name) === text);
    return isRight ? [] : [`${app} has ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`];
  });
}

/** Whether an app's components are the same in two snapshots. */
export function isSameApp(app: string, one: OrgSnapshot, other: OrgSnapshot): boolean {
  const { globalSettings, policies, plugins, oauthSettings } = componentNamesOf(app);
  const names = new Set([app, globalSettings, policies, plugins, oauthSettings]);
  return Object.keys({ ...one, ...other })
    .filter((path) => names.has(path.slice(path.indexOf('/') + 1)))
    .every((path) => one[path] === other[path]);
}

/**
 * What differs between two snapshots, byte for byte.
 *
 * @param ignored whether the lines of managed elements are left out of account
 */
export function differences(
  before: OrgSnapshot,
  after: OrgSnapshot,
  ignored: 'managed' | 'nothing',
): string[] {
  const relevant = (xml: string | undefined): string | undefined =>
    ignored === 'nothing'
      ? xml
      : xml
          ?.split('\n')
          .filter((line) => !managed.test(line))
          .join('\n');
  return Object.keys({ ...before, ...after })
    .filter((path) => relevant(before[path]) !== relevant(after[path]))
    .map((path) => `${path} is not as before:\n${before[path] ?? '(none)'}\n→\n${after[path] ?? '(none)'}`);
}

export { takeSnapshot };
