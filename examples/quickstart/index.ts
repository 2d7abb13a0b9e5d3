import * as pulumi from '@pulumi/pulumi';
import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

const config = new pulumi.Config();

const policy = new ExternalClientAppJwtPolicy('agent-gateway', {
  externalClientApplication: config.get('app') ?? 'Agent_Gateway',
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 30,
});

export const tokenFormat = policy.tokenFormat;
export const namedUserJwtTimeout = policy.namedUserJwtTimeout;
