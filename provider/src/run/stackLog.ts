import type { EngineLog, ResourceLog } from './engine.js';

/** What concerns more than one resource is logged at the stack, each text once in a run. */
export function stackLog(log: EngineLog): ResourceLog {
  const said = new Set<string>();
  const { progress, inform, warn } = log.of(undefined);
  const once = (say: (message: string) => void) => (message: string) => {
    if (!said.has(message)) {
      said.add(message);
      say(message);
    }
  };
  return { progress, inform: once(inform), warn: once(warn) };
}
