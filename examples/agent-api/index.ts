import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

new ExternalClientAppJwtPolicy('agent-gateway', {
  externalClientApplication: 'Agent_Gateway',
  isNamedUserJwtEnabled: true, // the Agent API answers 404 to opaque tokens
  namedUserJwtTimeout: 30, // minutes
});
