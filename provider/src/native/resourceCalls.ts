import type { IResourceProviderServer } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import {
  CheckResponse,
  CreateResponse,
  ReadResponse,
  UpdateResponse,
} from '@pulumi/pulumi/proto/provider_pb.js';
import { checkInputs } from '../lifecycle/checkInputs.js';
import { create } from '../lifecycle/create.js';
import { deleteResource } from '../lifecycle/delete.js';
import { canBePreviewed, previewInOrg } from '../lifecycle/previewInOrg.js';
import { read } from '../lifecycle/read.js';
import { update } from '../lifecycle/update.js';
import { containsUnknown } from '../policy/difference.js';
import { unknownValue } from '../policy/fields.js';
import { parseInputs, parseState } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import { sdkMessages } from '../run/pulumiSdk.js';
import type { ConfiguredProvider } from './configuredProvider.js';
import { diffResponse } from './diffCall.js';
import { importApp } from './importedApp.js';
import { receive, send } from './propertyBags.js';
import { markOutput, ownSignIn } from './signInMark.js';
import { failureMessages, unaryFor } from './unary.js';

/** The outputs that a preview of create or update does not know. */
const computedOutputs = ['apiVersion', 'tokenFormat', 'managedFields', 'valuesFound'];

/** What only a state has: without any of these a read is an import. */
const stateOutputs = ['orgId', 'managedFields', 'valuesFound'];

type ResourceMethods = 'check' | 'diff' | 'create' | 'read' | 'update' | 'delete';

/** What the engine asks of a resource. Check and diff send no request; previews look at the org in create and update. */
export function resourceCalls(
  provider: () => ConfiguredProvider,
): Pick<IResourceProviderServer, ResourceMethods> {
  const unary = unaryFor(provider);
  return {
    check: unary((request) => {
      const news = receive(request.getNews());
      const { run, settings } = provider();
      const { inputs, failures } = checkInputs(run, { ...news.values, __urn: request.getUrn() });
      return new CheckResponse()
        .setInputs(send(inputs, news.secrets))
        .setFailuresList(failureMessages(failures, settings));
    }),
    diff: unary((request) =>
      diffResponse(
        provider(),
        request.getId(),
        receive(request.getOlds()).values,
        receive(request.getNews()).values,
      ),
    ),
    create: unary(
      async (request) => {
        const { values, secrets } = receive(request.getProperties());
        if (request.getPreview()) {
          await preview(provider(), values, request.getUrn());
          const unknown = [...computedOutputs, 'orgId', 'components'];
          return new CreateResponse().setProperties(send({ ...values, ...unknowns(unknown) }, secrets));
        }
        const { id, outs } = await changing(provider(), (run) => create(run, values));
        return new CreateResponse().setId(id).setProperties(send(marked(provider(), outs), secrets));
      },
      (request) => receive(request.getProperties()).secrets,
    ),
    read: unary(async (request) => {
      const { values, secrets } = receive(request.getProperties());
      const id = request.getId();
      const isInState = stateOutputs.some((name) => values[name] !== undefined);
      const found = isInState
        ? await read(provider().run, id, values)
        : await importApp(provider(), id, parseInputs(values).org);
      return found.id === undefined
        ? new ReadResponse()
        : new ReadResponse()
            .setId(found.id)
            .setProperties(send(marked(provider(), found.props ?? {}), secrets))
            .setInputs(send(found.inputs ?? {}, secrets));
    }),
    update: unary(
      async (request) => {
        const olds = receive(request.getOlds()).values;
        const { values, secrets } = receive(request.getNews());
        if (request.getPreview()) {
          await preview(provider(), values, request.getUrn(), { id: request.getId(), outputs: olds });
          const { orgId, components } = olds;
          const outs = { ...values, orgId, components, ...unknowns(computedOutputs) };
          return new UpdateResponse().setProperties(send(outs, secrets));
        }
        const { outs } = await changing(provider(), (run) => update(run, request.getId(), olds, values));
        return new UpdateResponse().setProperties(send(marked(provider(), outs), secrets));
      },
      (request) => receive(request.getNews()).secrets,
    ),
    delete: unary(async (request) => {
      const { values } = receive(request.getProperties());
      await changing(provider(), (run) => deleteResource(run, request.getId(), values));
      return new (sdkMessages().Empty)();
    }),
  };
}

/** Says what `up` would do, and throws what it would refuse. */
async function preview(
  { run }: ConfiguredProvider,
  inputs: Properties,
  urn: string,
  known?: { id: string; outputs: Properties },
): Promise<void> {
  if (canBePreviewed(inputs)) {
    await previewInOrg(run, parseInputs(inputs), {
      urn,
      isComplete: !containsUnknown(inputs),
      ...(known === undefined ? {} : { state: parseState(known.id, known.outputs) }),
    });
  }
}

/** Does what may deploy something. */
async function changing<T>(
  provider: ConfiguredProvider,
  change: (run: ConfiguredProvider['run']) => Promise<T>,
): Promise<T> {
  try {
    return await change(provider.run);
  } finally {
    provider.forgetLooks();
  }
}

/** Outputs with the sign-in that they came by. */
function marked(provider: ConfiguredProvider, outputs: Properties): Properties {
  return { ...outputs, [markOutput]: ownSignIn(provider, parseInputs(outputs).org).mark };
}

const unknowns = (names: readonly string[]): Properties =>
  Object.fromEntries(names.map((name) => [name, unknownValue]));
