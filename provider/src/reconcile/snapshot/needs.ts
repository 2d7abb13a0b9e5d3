import { componentKey } from '../../components/componentName.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { FileProperties } from '../../org/metadataApi.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import type { OnWait } from '../request.js';
import { retrieve } from './retrieve.js';
import type { Answers, Need, Snapshot } from './snapshot.js';

/** As many types as one listMetadata request accepts (Metadata API Developer Guide). */
const listedForApps = ['ExternalClientApplication', 'ConnectedApp', 'ExtlClntAppOauthSettings'] as const;

/** Asks an org for everything that plans need, in parallel. An error is an answer too: only the plans that need it fail. */
export async function ask(
  connection: OrgConnection,
  snapshot: Snapshot,
  needs: ReadonlySet<Need>,
  onWait: OnWait,
): Promise<Snapshot> {
  let asked = snapshot;
  const take = async <N extends Need>(need: N, answer: () => Promise<Answers[N]>): Promise<void> => {
    if (needs.has(need)) {
      const given = await answer().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      asked = asked.withAnswer(need, given);
    }
  };
  await Promise.all([
    take('appList', () => connection.read((api) => api.listMetadata(listedForApps))),
    take('componentList', () => {
      const types = snapshot.types.filter((type) => type !== 'ExternalClientApplication');
      return connection.read((api) => api.listMetadata(types));
    }),
    take('ownNamespace', () => connection.ownNamespace()),
    take('signInApplications', () => connection.signInApplications()),
  ]);
  await take('listedComponents', async () => {
    const listed = [...snapshot.answer('appList'), ...snapshot.answer('componentList')];
    asked = asked.with(await retrieve(connection, unreturned(snapshot, listed), onWait));
    return true;
  });
  return asked;
}

/**
 * The components that lists name and no retrieve has returned so far. The OAuth settings, which show whether an app has OAuth, are
 * retrieved too.
 */
function unreturned(
  snapshot: Snapshot,
  listed: readonly FileProperties[],
): Map<ComponentType, readonly string[]> {
  const returned = new Set(snapshot.components.map(componentKey));
  const namesOf = (type: ComponentType): string[] =>
    listed
      .filter((file) => file.type === type && !returned.has(componentKey(file)))
      .map(({ fullName }) => fullName);
  const members = new Map<ComponentType, readonly string[]>(
    snapshot.types.map((type) => [type, namesOf(type)] as const).filter(([, names]) => names.length > 0),
  );
  return members.set('ExtlClntAppOauthSettings', ['*', ...namesOf('ExtlClntAppOauthSettings')]);
}
