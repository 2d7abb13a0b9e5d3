import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { IResourceProviderServer } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb.js';
import {
  CheckResponse,
  ConfigureResponse,
  DiffResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
} from '@pulumi/pulumi/proto/provider_pb.js';
import { EngineAddress } from '../run/engine/engineAddress.js';
import { sdkMessages } from '../run/pulumiSdk.js';
import { ConfiguredProvider } from './configuredProvider.js';
import { functionCalls } from './functionCalls.js';
import { packageSchema, packageVersion } from './packageSchema.js';
import { receive, send } from './propertyBags.js';
import {
  changedArguments,
  checkArguments,
  chooseSettings,
  describeUnknown,
  secretArguments,
  settingsPlaceOf,
} from './providerConfiguration.js';
import { resourceCalls } from './resourceCalls.js';
import { failureMessages, unaryFor } from './unary.js';

/**
 * Pulumi's provider protocol over the functions of the life cycle: one process serves one provider of a program, explicit or not, in
 * one phase of one run.
 */
export function providerService(): UntypedServiceImplementation {
  const engine = new EngineAddress();
  let provider = new ConfiguredProvider(engine, '');
  const { Empty } = sdkMessages();
  const unary = unaryFor(() => provider);

  const protocol: Partial<IResourceProviderServer> = {
    handshake: unary(() =>
      new ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(false)
        .setAcceptOutputs(false),
    ),
    attach: unary((request) => {
      engine.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(packageVersion())),
    getSchema: unary(() => new GetSchemaResponse().setSchema(packageSchema())),
    // Requests that are under way end as they would; the engine waits for them and asks for nothing new.
    cancel: unary(() => new Empty()),
    checkConfig: unary((request) => {
      const { values } = receive(request.getNews());
      const name = providerName(request.getUrn());
      const unknown = describeUnknown(values);
      if (unknown !== undefined) {
        provider.run.log.of(request.getUrn()).inform(unknown);
      }
      return new CheckResponse()
        .setInputs(send(values, secretArguments))
        .setFailuresList(failureMessages(checkArguments(values, name), settingsPlaceOf(name)));
    }),
    diffConfig: unary((request) => {
      const changed = changedArguments(receive(request.getOlds()).values, receive(request.getNews()).values);
      const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
      return new DiffResponse()
        .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setDiffsList(changed);
    }),
    configure: unary((request) => {
      const name = providerName(request.getUrn() ?? '');
      const { settings, origin } = chooseSettings(
        receive(request.getArgs()).values,
        name,
        // A process that somebody started to debug it holds the configuration of another run at best.
        engine.isParent ? process.env['PULUMI_CONFIG'] : undefined,
      );
      provider = new ConfiguredProvider(engine, name);
      provider.run.configure({ config: { get: (key) => settings[key.slice(key.indexOf(':') + 1)] } }, origin);
      return new ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false)
        .setSupportspreview(true);
    }),
    ...resourceCalls(() => provider),
    ...functionCalls(() => provider),
  };
  return protocol as UntypedServiceImplementation;
}

/** The name of the provider resource; empty if there is no URN. */
const providerName = (urn: string): string => urn.split('::').at(-1) ?? '';
