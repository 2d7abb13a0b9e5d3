import type { EngineLog, ResourceLog } from './engine/engineLog.js';

/** A log for messages about more than one resource: they are shown at the stack, each once per run. */
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
