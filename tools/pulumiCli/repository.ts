import { dirname, join, resolve } from 'node:path';

/** The folder of this repository. */
export const repositoryFolder = resolve(__dirname, '../..');

/** The script of the installed Pulumi SDK with which the engine starts the dynamic provider process. */
export const dynamicProviderScript = join(
  dirname(require.resolve('@pulumi/pulumi/package.json')),
  'pulumi-resource-pulumi-nodejs',
);

/** Where Node.js keeps the compiled modules of the programs that this repository starts: the value of NODE_COMPILE_CACHE. */
export const compileCacheFolder = join(repositoryFolder, 'node_modules/.cache/node-compile-cache');
