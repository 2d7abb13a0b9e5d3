type WarningSink = (message: string) => void;

let sink: WarningSink = (message) => {
  console.error(`Warning: ${message}`);
};

const given = new Set<string>();

/** Sets where the warnings of this process go; without it they go to standard error. */
export function setWarningSink(warn: WarningSink): void {
  sink = warn;
}

/** Warns of something about the configuration or the machine, once a process, however often it is noticed. */
export function warnOnce(message: string): void {
  if (!given.has(message)) {
    given.add(message);
    sink(message);
  }
}
