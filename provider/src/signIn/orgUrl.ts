/**
 * An org's address as an origin, without a trailing slash; `undefined` if it is not one. Plain http is accepted for this machine only.
 *
 * Any https host is accepted: a list of Salesforce's domains is never complete (see {@link isSalesforceHost}).
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

/** Whether an address is on this machine. */
export function isLoopbackUrl(url: string): boolean {
  return isLoopback(new URL(url).hostname);
}

/** Whether two origins are the same; the names of this machine count as one. */
export function isSameOrigin(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  return (
    a.origin === b.origin ||
    (isLoopback(a.hostname) && isLoopback(b.hostname) && a.protocol === b.protocol && a.port === b.port)
  );
}

/**
 * The domains whose hosts Salesforce runs and that orgs sign in at. `salesforce.com`, `force.com`, `cloudforce.com`: `isSalesforceDomain` in
 * the Salesforce CLI's `sfdcUrl.ts` (forcedotcom/sfdx-core); `salesforce.mil`, Government Cloud: `toLightningDomain` there;
 * `sfcrmproducts.cn`, Salesforce on Alibaba Cloud: Salesforce Inspector Reloaded's list of session hosts, and
 * simple-salesforce/simple-salesforce#799; `my.site.com`, Experience Cloud sites: the hosts that Salesforce Help, "OAuth Endpoints", lists. That
 * list has no host of Salesforce Sites (`my.salesforce-sites.com`).
 */
const salesforceDomains = [
  'salesforce.com',
  'force.com',
  'cloudforce.com',
  'salesforce.mil',
  'sfcrmproducts.cn',
  'my.site.com',
];

/** Whether a host is known to be Salesforce's, by its name as `URL.hostname` gives it. */
export function isSalesforceHost(hostname: string): boolean {
  return salesforceDomains.some((domain) => hostname.endsWith(`.${domain}`));
}

/** Whether an address is an org's own: My Domain of any cloud, or a local org. A login host or a site is not. */
export function isOwnAddress(url: string): boolean {
  const { hostname } = new URL(url);
  return isLoopback(hostname) || /\.my\.(?:salesforce\.(?:com|mil)|sfcrmproducts\.cn)$/.test(hostname);
}
