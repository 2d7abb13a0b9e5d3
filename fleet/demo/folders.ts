import { fileURLToPath } from 'node:url';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const fleetFolder = folder('..');
export const repositoryFolder = folder('../..');
/** The example that the demo runs. */
export const exampleFolder = folder('../../examples/fleet');
/** What the demo keeps: orgs, keys, Temporal's database, Pulumi's state. */
export const keptFolder = `${exampleFolder}/.eca-fleet`;
