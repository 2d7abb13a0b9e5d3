import { NotOffered } from './client.js';

/** What became of one operation of one client. */
export type Outcome =
  | { kind: 'passed' }
  | { kind: 'failed'; why: string }
  /** The client, or the local org, does not do this. */
  | { kind: 'notOffered'; why: string }
  /** The client is not on this machine and could not be got. */
  | { kind: 'notInstalled'; why: string };

/** A cell of the table. */
export interface Cell {
  /** Of a {@link ClientRelease}. */
  client: string;
  /** Of an {@link Operation}. */
  operation: string;
  outcome: Outcome;
}

/** Runs the check behind a cell. */
export async function outcomeOf(check: () => Promise<void>): Promise<Outcome> {
  try {
    await check();
    return { kind: 'passed' };
  } catch (error) {
    if (error instanceof NotOffered) return { kind: 'notOffered', why: error.message };
    return { kind: 'failed', why: withoutSecrets(reasonOf(error)) };
  }
}

/** What an error says, with its causes. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}

const secrets: readonly RegExp[] = [
  // Opaque access tokens, JSON Web Tokens, refresh tokens of the local org, consumer secrets and keys in PEM.
  /00D\w{12,15}![\w.]+/g,
  /eyJ[\w-]+\.[\w-]+\.[\w-]+/g,
  /5Aep[\w.]+/g,
  /\b[0-9A-Fa-f]{64}\b/g,
  /-----BEGIN [^-]*PRIVATE KEY-----[^-]*(-----END [^-]*-----)?/g,
];

/** A text without what looks like a credential. */
export function withoutSecrets(text: string): string {
  return secrets.reduce((rest, pattern) => rest.replace(pattern, '[removed]'), text);
}
