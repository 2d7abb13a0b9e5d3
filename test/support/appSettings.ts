import type { LocalOrg } from 'salesforce-local-org';

/** The component type of each setting, as Salesforce documents it. */
const typeOf = {
  isNamedUserJwtEnabled: 'ExtlClntAppGlobalOauthSettings',
  namedUserJwtSessionTimeoutType: 'ExtlClntAppOauthConfigurablePolicies',
  namedUserJwtTimeout: 'ExtlClntAppOauthConfigurablePolicies',
  guestJwtSessionTimeoutType: 'ExtlClntAppOauthConfigurablePolicies',
  guestJwtTimeout: 'ExtlClntAppOauthConfigurablePolicies',
} as const;

/** The name of one of the five settings. */
export type SettingName = keyof typeof typeOf;

/** The settings of an app in its components, as strings; absent elements are left out. */
export type AppSettings = Partial<Record<SettingName, string>>;

const settingNames = Object.keys(typeOf) as SettingName[];

/** Reads the settings of an app from the org's own store, not over the wire. */
export function settingsOf(org: LocalOrg, app: string): AppSettings {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const text = elementPattern(name).exec(componentOf(org, app, name)?.xml ?? '')?.groups?.['text'];
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/**
 * Changes an element that is there, behind everybody's back.
 *
 * @param value the new text; undefined removes the element
 */
export function changeSetting(
  org: LocalOrg,
  app: string,
  name: SettingName,
  value: string | undefined,
): void {
  const component = componentOf(org, app, name);
  if (component === undefined || !elementPattern(name).test(component.xml)) {
    throw new Error(`the app ${app} has no ${name} to change`);
  }
  const element = value === undefined ? '' : `\n    <${name}>${value}</${name}>`;
  org.putComponent(typeOf[name], component.fullName, component.xml.replace(elementPattern(name), element));
}

function componentOf(
  org: LocalOrg,
  app: string,
  name: SettingName,
): { fullName: string; xml: string } | undefined {
  const type = typeOf[name];
  return org
    .componentNames(type)
    .map((fullName) => ({ fullName, xml: org.component(type, fullName) ?? '' }))
    .find(({ xml }) => xml.includes(`<externalClientApplication>${app}</externalClientApplication>`));
}

const elementPattern = (name: SettingName): RegExp => new RegExp(`\\s*<${name}>(?<text>[^<]*)</${name}>`);
