import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { isLoopbackUrl } from '../signIn/orgUrl.js';

const options: Agent.Options = {
  allowH2: false,
  keepAliveTimeout: 4_000,
  keepAliveMaxTimeout: 10_000,
  // Each request has its own time limit, which covers both.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/**
 * The connections that the requests of a run share. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read at the first request; a request to this
 * machine never goes through a proxy, which would receive its token. An idle connection does not keep the process alive and is closed after
 * a few seconds.
 */
export class HttpConnections {
  #direct: Agent | undefined;
  #others: EnvHttpProxyAgent | undefined;

  /** @param beforeRequest is called before every request; if it throws, the request is not sent */
  constructor(readonly beforeRequest: () => Promise<void> = () => Promise.resolve()) {}

  /** The dispatcher for requests to an address. */
  dispatcherFor(url: string): Dispatcher {
    return isLoopbackUrl(url)
      ? (this.#direct ??= new Agent(options))
      : (this.#others ??= new EnvHttpProxyAgent(options));
  }
}
