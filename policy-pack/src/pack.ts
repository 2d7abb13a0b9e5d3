/**
 * The ready policy pack: what the engine starts for `--policy-pack <folder of this package>`. It takes the `main` of the
 * package.json in that folder; importing the package by its name gives `index.js`.
 */
import { PolicyPack } from '@pulumi/policy';
import { externalClientAppPolicies } from './index.js';

new PolicyPack('salesforce-external-client-apps', {
  displayName: 'Salesforce external client apps',
  description:
    'How long the access tokens of Salesforce external client apps live, and that they are JSON Web Tokens.',
  provider: 'salesforce',
  enforcementLevel: 'advisory',
  policies: externalClientAppPolicies,
});
