import { join } from 'node:path';

/** For the environment of a Node.js client: its connections reach this machine only. */
export const loopbackOnly: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'loopbackOnly.cjs'))}`,
};

/** For the environment of a client that heeds proxies: whatever is not this machine is asked of a proxy that nobody is. */
export const closedProxy: NodeJS.ProcessEnv = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  no_proxy: '127.0.0.1,localhost',
};
