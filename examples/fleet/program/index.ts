import * as pulumi from '@pulumi/pulumi';
import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';

/** An org of this stack. A stack has one, or those of a shard. */
interface Org {
  name: string;
  stage: string;
  configuration: { gateway?: string; minutes?: string };
}

for (const { name, configuration } of new pulumi.Config('fleet').requireObject<Org[]>('orgs')) {
  new ExternalClientAppJwtPolicy(name, {
    org: name,
    externalClientApplication: configuration.gateway ?? 'Agent_Gateway',
    isNamedUserJwtEnabled: true,
    namedUserJwtTimeout: Number(configuration.minutes ?? 30),
  });
}
