import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { componentNamesOf, componentXml, type Elements } from '../../test/support/localApps.js';

const folders = {
  ExternalClientApplication: ['externalClientApps', 'eca'],
  ExtlClntAppOauthSettings: ['extlClntAppOauthSettings', 'ecaOauth'],
  ExtlClntAppGlobalOauthSettings: ['extlClntAppGlobalOauthSets', 'ecaGlblOauth'],
  ExtlClntAppConfigurablePolicies: ['extlClntAppPolicies', 'ecaPlcy'],
  ExtlClntAppOauthConfigurablePolicies: ['extlClntAppOauthPolicies', 'ecaOauthPlcy'],
} as const;

type TypeName = keyof typeof folders;

/** The components that an app of the seed has. */
export const componentsOfApp = Object.keys(folders).length;

/** Writes a seed folder with so many apps, their files as long as those of real orgs. */
export async function writeSeed(folder: string, apps: number): Promise<void> {
  for (const [directory] of Object.values(folders)) await mkdir(join(folder, directory), { recursive: true });
  const types = Object.keys(folders).map((name) => `<types><members>*</members><name>${name}</name></types>`);
  await writeFile(
    join(folder, 'package.xml'),
    `<Package xmlns="http://soap.sforce.com/2006/04/metadata">${types.join('')}<version>67.0</version></Package>`,
  );
  for (let index = 0; index < apps; index += 1) await writeApp(folder, appName(index));
}

/** The app of an index, from 0 on. */
export function appName(index: number): string {
  return `Integration_App_${String(index).padStart(4, '0')}`;
}

/** The policies of an app, with a label of choice. */
export function policiesOf(app: string, label: string): string {
  return componentXml('ExtlClntAppOauthConfigurablePolicies', {
    externalClientApplication: app,
    ipRelaxationPolicyType: 'Enforce',
    isClientCredentialsFlowEnabled: false,
    isGuestCodeCredFlowEnabled: false,
    isTokenExchangeFlowEnabled: false,
    label,
    permittedUsersPolicyType: 'AdminApprovedPreAuthorized',
    refreshTokenPolicyType: 'Infinite',
    requiredSessionLevel: 'STANDARD',
  });
}

async function writeApp(folder: string, app: string): Promise<void> {
  const names = componentNamesOf(app);
  const put = async (type: TypeName, fullName: string, xml: string): Promise<void> => {
    const [directory, suffix] = folders[type];
    await writeFile(join(folder, directory, `${fullName}.${suffix}`), xml);
  };
  const common: Elements = { externalClientApplication: app, label: app };
  await put(
    'ExternalClientApplication',
    app,
    componentXml('ExternalClientApplication', {
      contactEmail: 'integrations@example.com',
      description: `Moves data between ${app} and the org`,
      distributionState: 'Local',
      isProtected: false,
      label: app,
    }),
  );
  await put(
    'ExtlClntAppOauthSettings',
    names.oauthSettings,
    componentXml('ExtlClntAppOauthSettings', { ...common, commaSeparatedOauthScopes: 'Api,RefreshToken' }),
  );
  await put(
    'ExtlClntAppConfigurablePolicies',
    names.plugins,
    componentXml('ExtlClntAppConfigurablePolicies', {
      ...common,
      isEnabled: true,
      isOauthPluginEnabled: true,
    }),
  );
  const booleans = [
    'isClientCredentialsFlowEnabled',
    'isCodeCredFlowEnabled',
    'isCodeCredPostOnly',
    'isConsumerSecretOptional',
    'isDeviceFlowEnabled',
    'isEnforceRefreshTokenTTL',
    'isIntrospectAllTokens',
    'isNamedUserJwtEnabled',
    'isPkceRequired',
    'isRefreshTokenRotationEnabled',
    'isSecretRequiredForRefreshToken',
    'isSecretRequiredForTokenExchange',
    'isTokenExchangeEnabled',
    'shouldRotateConsumerKey',
    'shouldRotateConsumerSecret',
  ].map((name) => [name, false] as const);
  await put(
    'ExtlClntAppGlobalOauthSettings',
    names.globalSettings,
    componentXml('ExtlClntAppGlobalOauthSettings', {
      ...common,
      callbackUrl: `https://${app.toLowerCase().replaceAll('_', '-')}.example.com/callback`,
      ...Object.fromEntries(booleans),
    }),
  );
  await put('ExtlClntAppOauthConfigurablePolicies', names.policies, policiesOf(app, app));
}
