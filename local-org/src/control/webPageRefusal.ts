import type { IncomingHttpHeaders } from 'node:http';

const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request may not drive the org; undefined when it may.
 *
 * The port is closed to other machines but not to the browser on this one, and the control API asks for no token. A page of any site can
 * send requests here: the browser then names that site in `Origin`. A page whose own name was made to resolve to 127.0.0.1 (DNS rebinding)
 * counts as same-origin and can read answers too, but `Host` still has its name.
 *
 * @param scheme what the org speaks
 */
export function webPageRefusal(
  { host, origin }: Pick<IncomingHttpHeaders, 'host' | 'origin'>,
  scheme: 'http' | 'https' = 'http',
): string | undefined {
  if (host === undefined || !loopbackHost.test(host)) {
    return `The Host header is ${named(host)}; the control API answers to 127.0.0.1 and localhost only.`;
  }
  if (origin !== undefined && origin.toLowerCase() !== `${scheme}://${host.toLowerCase()}`) {
    return `The Origin header is ${named(origin)}; the control API does not answer pages of other sites.`;
  }
  return undefined;
}

function named(header: string | undefined): string {
  return header === undefined ? 'missing' : `'${header}'`;
}
