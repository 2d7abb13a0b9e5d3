import { HttpConnections } from './httpConnections.js';

/** What a run gives to its sign-ins and requests. */
export interface OrgContext {
  readonly http: HttpConnections;
  /** Warns of something about the configuration or the machine, once, however often it is noticed. */
  readonly warn: (message: string) => void;
}

/** For what no engine started, which would show warnings: they go to standard error. */
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
