import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
import { settingsOfStage, verifiedSettings } from './stages';

export = async () => {
  const settings = Object.entries(await settingsOfStage());
  const policies = settings.map(
    ([name, args]) => [name, new ExternalClientAppJwtPolicy(name, args)] as const,
  );
  return {
    verified: Object.fromEntries(policies.map(([name, policy]) => [name, verifiedSettings(policy)])),
  };
};
