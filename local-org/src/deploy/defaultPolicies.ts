import type { ComponentStore } from '../components/componentStore.js';
import { childText, escapeXml, parseXml } from '../xml.js';
import type { DeployOutcome } from './deployResult.js';

/** The content of new policies; the values are those of most files in public repositories. */
const elementsOf = {
  ExtlClntAppConfigurablePolicies: [
    '<isEnabled>true</isEnabled>',
    '<isOauthPluginEnabled>true</isOauthPluginEnabled>',
  ],
  ExtlClntAppOauthConfigurablePolicies: [
    '<ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>',
    '<permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>',
    '<refreshTokenPolicyType>Infinite</refreshTokenPolicyType>',
  ],
} as const;

/**
 * The policies that an org creates for apps that a deploy creates with OAuth settings but without policies (one project's report).
 * @param after the org as the deploy leaves it
 * @param before the org as it was
 */
export function defaultPolicies(after: ComponentStore, before: ComponentStore): DeployOutcome['changes'] {
  return after
    .list('ExternalClientApplication')
    .filter(
      ({ fullName }) =>
        !before.get('ExternalClientApplication', fullName) &&
        after.componentsOfApp('ExtlClntAppOauthSettings', fullName).length > 0,
    )
    .flatMap(({ fullName, xml }) => {
      const label = childText(parseXml(xml), 'label') ?? fullName;
      return (Object.keys(elementsOf) as (keyof typeof elementsOf)[])
        .filter((type) => after.componentsOfApp(type, fullName).length === 0)
        .map((type) => policies(type, fullName, label));
    });
}

function policies(
  type: keyof typeof elementsOf,
  app: string,
  label: string,
): DeployOutcome['changes'][number] {
  const elements = [
    `<externalClientApplication>${escapeXml(app)}</externalClientApplication>`,
    ...elementsOf[type],
    `<label>${escapeXml(label)}</label>`,
  ].sort();
  const lines = elements.map((element) => `    ${element}\n`).join('');
  return {
    type,
    fullName: `${app}_defaultPolicy`,
    xml: `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">\n${lines}</${type}>\n`,
    consumerSecret: undefined,
  };
}
