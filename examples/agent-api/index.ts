import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

const policy = new ExternalClientAppJwtPolicy('agent-gateway', {
  externalClientApplication: 'Agent_Gateway',
  isNamedUserJwtEnabled: true, // the Agent API answers 404 to opaque tokens
  namedUserJwtTimeout: 30, // minutes
});

/** What `pulumi stack output` shows: the format and the lifetime of the app's access tokens. */
export const apps = {
  Agent_Gateway: { format: policy.tokenFormat, minutes: policy.namedUserJwtTimeout },
};
