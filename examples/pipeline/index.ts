import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

const gateway = new ExternalClientAppJwtPolicy('gateway', {
  externalClientApplication: 'Agent_Gateway',
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 30,
});

const partners = new ExternalClientAppJwtPolicy('partners', {
  externalClientApplication: 'Partner_API',
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 60,
});

/** What `pulumi stack output` shows: the format of each app's access tokens ("unknown" if the program does not manage the format) and their lifetime. */
export const apps = {
  Agent_Gateway: { format: gateway.tokenFormat, minutes: gateway.namedUserJwtTimeout },
  Partner_API: { format: partners.tokenFormat, minutes: partners.namedUserJwtTimeout },
};
