import type { LocalOrg } from 'salesforce-local-org';

/** Resolves when an org gets a request, and before it responds. */
export function arrival(org: LocalOrg, kind: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = org.onRequest((request) => {
      if (request.kind !== kind) return;
      stop();
      resolve();
    });
  });
}
