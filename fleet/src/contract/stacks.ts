/**
 * This folder has what crosses between the command line, the workflows and the activities. All of it is JSON, and all of it stays
 * readable in the engine's history: no command, path, program text, environment variable or secret may become a field here.
 */

/** One org of the inventory. */
export interface FleetOrg {
  readonly name: string;
  readonly stage: string;
  /** Waves run in ascending order. Either all orgs of a stage name one, or none does. */
  readonly wave?: number;
  /** A reference that the worker's command resolves; never a credential. */
  readonly credential: string;
  /** The org that the credentials must be for. */
  readonly address: string;
  /** Plain settings of the program: the stack's configuration. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The name of the stack that this org shares with others. */
  readonly shard?: string;
}

/** The unit of lock, wave and retry: one org, or the orgs of one shard. */
export interface FleetStack {
  readonly stack: string;
  readonly stage: string;
  readonly wave?: number;
  readonly orgs: readonly FleetOrg[];
}

/** What is done to a stack. `drift` is the full look: through the Pulumi CLI, of everything. */
export type Operation = 'up' | 'preview' | 'drift' | 'destroy';
