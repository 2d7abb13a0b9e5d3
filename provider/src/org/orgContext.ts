import { HttpConnections } from './httpConnections.js';

/** What the sign-ins and requests of a run share. */
export interface OrgContext {
  readonly http: HttpConnections;
  /** Warns about the configuration or the machine. A repeated message is shown once. */
  readonly warn: (message: string) => void;
}

/** The context of a process that no engine started. Warnings go to standard error. */
export function contextWithoutEngine(): OrgContext {
  const given = new Set<string>();
  return {
    http: new HttpConnections(),
    warn: (message) => {
      if (!given.has(message)) {
        given.add(message);
        console.error(`Warning: ${message}`);
      }
    },
  };
}
