import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
import { settingsOfStage, verifiedSettings } from './stages';

export = async () => {
  const settings = Object.entries(await settingsOfStage());
  const policies = settings.map(
    ([name, args]) => [name, new ExternalClientAppJwtPolicy(name, args)] as const,
  );
  return {
    apps: Object.fromEntries(
      policies.map(([name, policy]) => [
        name,
        {
          app: policy.externalClientApplication,
          format: policy.tokenFormat,
          minutes: policy.namedUserJwtTimeout,
        },
      ]),
    ),
    verified: Object.fromEntries(policies.map(([name, policy]) => [name, verifiedSettings(policy)])),
  };
};
