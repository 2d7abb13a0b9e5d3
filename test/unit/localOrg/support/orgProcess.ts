/** An org for `hostileInput.spec.ts`, in a process of its own that has a limited heap. */
import { startLocalOrg } from '../../../../local-org/src/index.js';

/** How the org is reached; the process's first message. */
export interface ReachableOrg {
  instanceUrl: string;
  organizationId: string;
  accessToken: string;
}

/** Answer to each message: the most memory that the process has taken so far, in MiB. */
export interface Memory {
  maximumMemory: number;
}

void startLocalOrg().then(({ orgs: [org] }) => {
  const { instanceUrl = '', organizationId = '', accessToken = '' } = org ?? {};
  process.on('message', () => {
    const memory: Memory = { maximumMemory: Math.round(process.resourceUsage().maxRSS / 1024) };
    process.send?.(memory);
  });
  process.send?.({ instanceUrl, organizationId, accessToken } satisfies ReachableOrg);
});
