import type { IResourceProviderServer } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import { CheckFailure, InvokeResponse } from '@pulumi/pulumi/proto/provider_pb.js';
import { readApps, readJwtPolicy } from '../readingFunctions.js';
import type { Properties } from '../resourceState.js';
import type { ConfiguredProvider } from './configuredProvider.js';
import { packageName } from './packageSchema.js';
import { receive, send } from './propertyBags.js';
import { unaryFor } from './unary.js';

/** The functions of the package, called by the program. */
export function functionCalls(provider: () => ConfiguredProvider): Pick<IResourceProviderServer, 'invoke'> {
  return {
    invoke: unaryFor(provider)(async (request) => {
      const { values, secrets } = receive(request.getArgs());
      const result = await callFunction(request.getTok(), values, provider());
      return result === undefined
        ? new InvokeResponse().setFailuresList([
            new CheckFailure().setReason(`${request.getTok()} is not a function of ${packageName}`),
          ])
        : // What a secret argument leads to is a secret too.
          new InvokeResponse().setReturn(
            send(result, secrets.size === 0 ? undefined : new Set(Object.keys(result))),
          );
    }),
  };
}

/** @returns `undefined` for a function that does not exist */
async function callFunction(
  token: string,
  args: Properties,
  provider: ConfiguredProvider,
): Promise<Properties | undefined> {
  const org = textIn(args, 'org');
  const look = (alias: string | undefined) => provider.look(alias);
  switch (token) {
    case `${packageName}:index:getExternalClientAppJwtPolicy`:
      return { ...(await readJwtPolicy(textIn(args, 'externalClientApplication') ?? '', org, look)) };
    case `${packageName}:index:listExternalClientApps`:
      return { ...(await readApps(org, look)) };
    default:
      return undefined;
  }
}

const textIn = (args: Properties, key: string): string | undefined => {
  const value = args[key];
  return typeof value === 'string' ? value : undefined;
};
