import { dirname, join, resolve } from 'node:path';

/** The folder of this repository. */
export const repositoryFolder = resolve(__dirname, '../..');

/** The script of the installed Pulumi SDK with which the engine starts the dynamic provider process. */
export const dynamicProviderScript = join(
  dirname(require.resolve('@pulumi/pulumi/package.json')),
  'pulumi-resource-pulumi-nodejs',
);
