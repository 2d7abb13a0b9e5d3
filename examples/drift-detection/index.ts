import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

new ExternalClientAppJwtPolicy('gateway', {
  externalClientApplication: 'Agent_Gateway',
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 30,
});

new ExternalClientAppJwtPolicy('partners', {
  externalClientApplication: 'Partner_API',
  namedUserJwtTimeout: 60,
});
