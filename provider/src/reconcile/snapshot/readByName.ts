import { componentKey } from '../../components/componentName.js';
import type { ComponentType } from '../../components/componentTypes.js';
import { mostComponentsPerRead } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { inChunks } from './inChunks.js';

/** The type and the name of a component. */
export interface NamedComponent {
  type: ComponentType;
  fullName: string;
}

/** Groups components into requests: one request reads up to ten components of one type. */
export function readsByName(components: readonly NamedComponent[]): NamedComponent[][] {
  return [...Map.groupBy(components, ({ type }) => type).values()].flatMap((ofType) =>
    inChunks(ofType, mostComponentsPerRead),
  );
}

/**
 * Reads components by readMetadata, all requests in parallel. None is repeated: if one fails, the retrieve that follows succeeds
 * or reports it.
 *
 * @returns the values of their elements, by component; `undefined` when one of the requests failed
 */
export async function readByName(
  connection: OrgConnection,
  reads: readonly (readonly NamedComponent[])[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>> | undefined> {
  try {
    const read = await Promise.all(
      reads.map(async (components) => {
        const type = components[0]?.type ?? '';
        const names = components.map(({ fullName }) => fullName);
        const shown = await connection.send((api) => api.readMetadata(type, names));
        return shown.map(({ fullName, texts }) => [componentKey({ type, fullName }), texts] as const);
      }),
    );
    return new Map(read.flat());
  } catch {
    return undefined;
  }
}
