import type { RequestKind } from 'salesforce-local-org';

/** Who is measured: this provider, as a dynamic and as a native one, one written the obvious way, the Salesforce CLI, an empty dynamic provider. */
export type ContenderName = 'ours' | 'native' | 'obvious' | 'salesforceCli' | 'empty';

/** What is measured, in the order of a user's day: the last one changes the program. */
export const operations = [
  'previewNew',
  'up',
  'noChange',
  'previewUnchanged',
  'refresh',
  'previewChanged',
] as const;

/** One of {@link operations}. */
export type Operation = (typeof operations)[number];

/** How Pulumi's `--parallel` is set: its default (4 × cores), or higher than the number of apps. */
export type Parallelism = 'default' | 'high';

/** One command of one contender, or the sum of the Salesforce CLI's two. */
export interface Measurement {
  operation: Operation;
  contender: ContenderName;
  apps: number;
  /** `undefined` for the Salesforce CLI, which does not have it. */
  parallel: Parallelism | undefined;
  /** Which run, from 1 on; what is compared is of one run. */
  run: number;
  wallMs: number;
  /** The sum of the times that the org itself needs at least for the operation. */
  orgMs: number;
  /** The sum of the deploys that the operation takes resource by resource. */
  oneByOneMs: number;
  requests: Partial<Record<RequestKind, number>>;
  /** Bytes of the requests' and the answers' bodies. */
  bytesSent: number;
  bytesReceived: number;
  /** The stack's checkpoint after the command. */
  stateBytes: number | undefined;
  /** The most memory that the provider process held (resident set). */
  peakMemoryBytes: number | undefined;
}
