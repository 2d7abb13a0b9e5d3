import type { FileProperties } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { inChunks } from './inChunks.js';

/** The most types that one listMetadata request accepts (Metadata API Developer Guide). */
const typesPerList = 3;

/** Lists the components of any number of types, with requests in parallel. */
export async function listComponents(
  connection: Pick<OrgConnection, 'read'>,
  types: readonly string[],
): Promise<FileProperties[]> {
  const lists = inChunks(types, typesPerList);
  return (await Promise.all(lists.map((some) => connection.read((api) => api.listMetadata(some))))).flat();
}
