import type { IncomingHttpHeaders } from 'node:http';
import { hostInUrl } from '../localOrgOptions.js';

const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request may not drive the org; undefined when it may.
 *
 * The port is closed to other machines but not to the browser on this one, and the control API asks for no token. A page of any site can
 * send requests here: the browser then names that site in `Origin`. A page whose own name was made to resolve to 127.0.0.1 (DNS rebinding)
 * counts as same-origin and can read answers too, but `Host` still has its name.
 *
 * @param instanceHost the host name that clients of the org are told, which counts as one of this machine's
 * @param scheme what the org speaks
 */
export function webPageRefusal(
  { host, origin }: Pick<IncomingHttpHeaders, 'host' | 'origin'>,
  instanceHost = '127.0.0.1',
  scheme: 'http' | 'https' = 'http',
): string | undefined {
  if (host === undefined || !(loopbackHost.test(host) || isNamed(host, instanceHost))) {
    const names = [...new Set([instanceHost, '127.0.0.1'])].join(', ');
    return `The Host header is ${named(host)}; the control API answers to ${names} and localhost only.`;
  }
  if (origin !== undefined && origin.toLowerCase() !== `${scheme}://${host.toLowerCase()}`) {
    return `The Origin header is ${named(origin)}; the control API does not answer pages of other sites.`;
  }
  return undefined;
}

/** Whether a Host header has that name, with any port. */
function isNamed(host: string, name: string): boolean {
  return host.replace(/:\d{1,5}$/, '').toLowerCase() === hostInUrl(name).toLowerCase();
}

function named(header: string | undefined): string {
  return header === undefined ? 'missing' : `'${header}'`;
}
