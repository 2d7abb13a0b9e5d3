import { delimiter, dirname, join } from 'node:path';
import type { StackEnvironment } from '../credentials/stackEnvironment.js';
import type { OperationFolder } from './operationFolder.js';
import type { ActivitySettings } from './workerSettings.js';

/** Of the worker's own environment, an operation gets neither another org's credentials nor the key of the engine. */
const keptFromOperations = /^(?:SALESFORCE|SF|SFDX|TEMPORAL|ECA_FLEET)_/i;

/** Pulumi's home of a worker. */
export const pulumiHome = (home: string): string => join(home, 'pulumi');

/** The environment of the Pulumi CLI without any credentials of orgs. */
export function baseEnvironment(settings: ActivitySettings): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !keptFromOperations.test(name));
  const path = [settings.pulumi, dirname(process.execPath), process.env['PATH']];
  return {
    // Checking the program's types takes most of its start; whoever wants it sets the variable.
    PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
    // TypeScript 6 refuses a tsconfig.json without rootDir whose sources are elsewhere, as links to them are.
    TS_NODE_IGNORE_DIAGNOSTICS: '5011',
    // Pulumi works on a few resources at a time by default, and the provider deploys those together.
    PULUMI_PARALLEL: '100',
    NODE_COMPILE_CACHE: join(settings.home, 'compile-cache'),
    ...Object.fromEntries(own),
    PATH: path.filter((part) => part !== undefined).join(delimiter),
    PULUMI_HOME: pulumiHome(settings.home),
    ...(settings.backend === undefined ? {} : { PULUMI_BACKEND_URL: settings.backend }),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    // More connections than this make a PostgreSQL backend wait for itself.
    PULUMI_DIY_BACKEND_PARALLEL: '1',
  };
}

/** The environment of the Pulumi CLI for one operation. It holds credentials: never print it. */
export function cliEnvironment(
  settings: ActivitySettings,
  { variables }: StackEnvironment,
  folder: OperationFolder,
  lease: string,
): NodeJS.ProcessEnv {
  return {
    ...baseEnvironment(settings),
    // The Automation API sets it too: the flag for a log of events is hidden without it.
    PULUMI_DEBUG_COMMANDS: 'true',
    // What a killed language host leaves behind goes with the folder.
    TMPDIR: folder.private,
    SALESFORCE_ECA_LEASE: lease,
    ...variables,
  };
}
