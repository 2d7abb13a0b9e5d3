import * as pulumi from '@pulumi/pulumi';
import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

const config = new pulumi.Config();
const app = config.get('app') ?? 'Agent_Gateway';

const policy = new ExternalClientAppJwtPolicy('agent-gateway', {
  externalClientApplication: app,
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 30,
});

/** What `pulumi stack output` shows: the format and the lifetime of the app's access tokens. */
export const apps = { [app]: { format: policy.tokenFormat, minutes: policy.namedUserJwtTimeout } };
