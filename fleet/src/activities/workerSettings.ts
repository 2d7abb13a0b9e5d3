import type { CredentialsCommand } from '../credentials/askCommand.js';

/** What the activities need of a worker's own settings. None of it ever comes from a workflow. */
export interface ActivitySettings {
  /** How status and heartbeats name the worker. */
  readonly identity: string;
  /** The folders of the programs, by the names that roll-outs use. */
  readonly programs: Readonly<Record<string, { readonly folder: string }>>;
  readonly credentials: CredentialsCommand;
  /** Asked with the name of a stack for its passphrase or secrets provider; by default those of the worker's environment apply. */
  readonly stackSecrets?: CredentialsCommand;
  /** The worker's own folder: Pulumi's home, and a folder for each running operation. */
  readonly home: string;
  /** The state backend, as `PULUMI_BACKEND_URL`; by default that of the worker's environment. */
  readonly backend?: string;
  /** The folder with the Pulumi CLI; by default the one on PATH. */
  readonly pulumi?: string;
}
