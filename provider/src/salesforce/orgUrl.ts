/**
 * An org's address as an origin, without a slash at the end; `undefined` for what is none. Plain http is for this machine only.
 *
 * There is no list of Salesforce's domains: other clouds have their own (facts of the Salesforce CLI's source).
 */
export function parseOrgUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  return url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) &&
    url.username === ''
    ? url.origin
    : undefined;
}

/** Whether a host is this machine, by its name as `URL.hostname` gives it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
