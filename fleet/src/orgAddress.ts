const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The address of an org in its one spelling: scheme, host and port. `undefined` for what is no address: it must be https, or http on
 * this machine, with nothing else in it.
 */
export function orgAddress(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null || url.host === '') return undefined;
  const isPlain =
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === '';
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
  return isPlain && isSafe ? url.origin : undefined;
}
