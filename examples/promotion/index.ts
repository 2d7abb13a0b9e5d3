import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
import { settingsOfStage, verifiedSettings } from './stages';

export = async () => {
  const settings = Object.entries(await settingsOfStage());
  const policies = settings.map(([name, args]) => ({
    name,
    args,
    policy: new ExternalClientAppJwtPolicy(name, args),
  }));
  return {
    apps: Object.fromEntries(
      policies.map(({ name, policy }) => [
        name,
        {
          app: policy.externalClientApplication,
          format: policy.tokenFormat,
          minutes: policy.namedUserJwtTimeout,
        },
      ]),
    ),
    verified: Object.fromEntries(
      policies.map(({ name, args, policy }) => [name, verifiedSettings(args, policy)]),
    ),
  };
};
