import type { LocalOrg } from 'salesforce-local-org';

const namespace = 'http://soap.sforce.com/2006/04/metadata';

/** Elements of a component by name; undefined leaves one out. */
export type Elements = Readonly<Record<string, string | number | boolean | undefined>>;

/** A component as orgs write it: 4 spaces, alphabetical, a newline at the end. */
export function componentXml(type: string, elements: Elements): string {
  const lines = Object.keys(elements)
    .sort()
    .filter((name) => elements[name] !== undefined)
    .map((name) => `    <${name}>${String(elements[name])}</${name}>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${type} xmlns="${namespace}">`,
    ...lines,
    `</${type}>`,
    '',
  ].join('\n');
}

/** The full names of the components that {@link putApp} makes. */
export function componentNamesOf(app: string): {
  globalSettings: string;
  policies: string;
  plugins: string;
  oauthSettings: string;
} {
  return {
    globalSettings: `${app}_glbloauth`,
    policies: `${app}_oauthPlcy`,
    plugins: `${app}_plcy`,
    oauthSettings: `${app}_oauth`,
  };
}

/** What an app of a test has in addition to the defaults. */
export interface AppElements {
  header?: Elements;
  globalSettings?: Elements;
  policies?: Elements;
  plugins?: Elements;
}

/** Puts an external client app into an org: OAuth is on, access tokens are opaque, no lifetime is set. */
export function putApp(org: LocalOrg, app: string, elements: AppElements = {}): void {
  const names = componentNamesOf(app);
  const common = { externalClientApplication: app, label: app };
  const put = (type: string, fullName: string, content: Elements): void => {
    org.putComponent(type, fullName, componentXml(type, content));
  };
  put('ExternalClientApplication', app, {
    contactEmail: 'admin@example.com',
    distributionState: 'Local',
    label: app,
    ...elements.header,
  });
  put('ExtlClntAppOauthSettings', names.oauthSettings, { ...common, commaSeparatedOauthScopes: 'Api' });
  put('ExtlClntAppConfigurablePolicies', names.plugins, {
    ...common,
    isEnabled: true,
    isOauthPluginEnabled: true,
    ...elements.plugins,
  });
  put('ExtlClntAppGlobalOauthSettings', names.globalSettings, {
    ...common,
    callbackUrl: 'https://app.example.com/callback',
    consumerKey: `3MVG9.${app}`,
    isNamedUserJwtEnabled: false,
    isPkceRequired: true,
    shouldRotateConsumerKey: false,
    shouldRotateConsumerSecret: false,
    ...elements.globalSettings,
  });
  put('ExtlClntAppOauthConfigurablePolicies', names.policies, {
    ...common,
    isGuestCodeCredFlowEnabled: false,
    permittedUsersPolicyType: 'AllSelfAuthorized',
    ...elements.policies,
  });
}

/** Gives the users of a profile a session timeout of their own, in minutes. */
export function putProfileSessionTimeout(org: LocalOrg, profile: string, minutes: number): void {
  const type = 'ProfileSessionSetting';
  // Orgs make such names up; what counts is the profile inside.
  const fullName = `${profile.replace(/\W/g, '')}_profileSessionSetting1`;
  org.putComponent(
    type,
    fullName,
    componentXml(type, { forceLogout: false, profile, sessionTimeout: minutes }),
  );
}
