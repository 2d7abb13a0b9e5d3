/** Reads an org's answers for `hostileInput.spec.ts`, in a process of its own that has a limited heap. */
import assert from 'node:assert/strict';
import { patchComponents } from '../../../../../provider/src/reconcile/deploy/changedComponents.js';
import { AppIndex, readComponents } from '../../../../../provider/src/components/components.js';
import { MetadataApi } from '../../../../../provider/src/org/metadataApi.js';
import { unzipComponents } from '../../../../../provider/src/components/packageZip.js';
import { request } from '../../support/reconcile.js';
import { HttpConnections } from '../../../../../provider/src/org/httpConnections.js';

/** What the reading of an answer ended in. */
export interface Outcome {
  /** How many components it held, or the error. */
  components: number | { name: string; message: string };
  /** Whether the policies of the app `portal` were among them and could be patched. */
  isPatched: boolean;
  /** Whether every object has got the property `polluted` from the answer. */
  isPolluted: boolean;
  /** The most memory that the process has taken so far, in MiB. */
  maximumMemory: number;
}

const api = new MetadataApi({
  http: new HttpConnections(),
  instanceUrl: process.argv[2] ?? '',
  accessToken: 'token',
  apiVersion: '66.0',
});
const changes = { guestJwtTimeout: 5 };

async function retrieve(): Promise<Pick<Outcome, 'components' | 'isPatched'>> {
  const status = await api.checkRetrieve('09S1');
  assert(status.done && status.success);
  const components = readComponents(await unzipComponents(status.zip), status.fileProperties);
  const { components: own } = new AppIndex(components).find('portal');
  const changed = patchComponents(request('portal', changes), own, changes);
  return { components: components.length, isPatched: changed.length === 1 };
}

async function read(request: unknown): Promise<Pick<Outcome, 'components' | 'isPatched'>> {
  try {
    if (request === 'retrieve') return await retrieve();
    await api.checkDeploy('0Af1');
    return { components: 0, isPatched: false };
  } catch (error) {
    assert(error instanceof Error);
    return { components: { name: error.name, message: error.message }, isPatched: false };
  }
}

process.on('message', (request) => {
  void read(request).then((result) => {
    const outcome: Outcome = {
      ...result,
      isPolluted: 'polluted' in {},
      maximumMemory: Math.round(process.resourceUsage().maxRSS / 1024),
    };
    process.send?.(outcome);
  });
});
