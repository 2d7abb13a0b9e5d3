import type { LocalOrg } from 'salesforce-local-org';
import type { Client, Session } from './client.js';

/** What a check works with: an org for this client, and the client signed in to it. */
export interface Scene {
  org: LocalOrg;
  client: Client;
  /** What {@link client} works at, for example `66.0`. */
  apiVersion: string;
  /** Opens the client again; options that are not set are those of {@link client}. It is closed when the check ends. */
  open(changes: Partial<Session>): Promise<Client>;
  /** Starts another org, whose deploys run for so long by its clock. It is closed when the check ends. */
  startOrg(deployMs: number): Promise<LocalOrg>;
}

/** A row of the table. */
export interface Operation {
  /** Names it in the JSON. */
  name: string;
  group: 'sign-in' | 'read' | 'deploy' | 'by job id';
  label: string;
  /** What is compared with what, as a sentence for the page. */
  compares: string;
  /** Ends well when the client does it as the facts about Salesforce say; throws otherwise. */
  check(scene: Scene): Promise<void>;
}
