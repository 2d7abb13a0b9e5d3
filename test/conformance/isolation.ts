import { join } from 'node:path';

/** For the environment of a Node.js client: its connections reach this machine only. */
export const loopbackOnly: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'loopbackOnly.cjs'))}`,
};

/** For the environment of a client that uses proxies: everything except this machine goes to a proxy that does not exist. */
export const closedProxy: NodeJS.ProcessEnv = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  no_proxy: '127.0.0.1,localhost',
};
