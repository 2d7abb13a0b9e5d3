/** What has to hold before a request leaves. */
export type RequestGate = () => Promise<void>;

let gate: RequestGate = () => Promise.resolve();

/** Sets what every request of this process has to pass first; what it throws keeps the request from leaving. */
export function setRequestGate(check: RequestGate): void {
  gate = check;
}

/** Passes the gate, before a request leaves. */
export function passRequestGate(): Promise<void> {
  return gate();
}
