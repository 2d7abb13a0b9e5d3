import { chdir, cwd } from 'node:process';
import { InvalidArgumentError, Option } from 'commander';
import { ProviderError } from '../errors.js';

/** The option that selects a stack. */
export function stackOption(description: string): Option {
  return new Option('--stack <name>', description).argParser(parseStack);
}

/** The option for the folder of the stack's project. */
export function cwdOption(): Option {
  return new Option('--cwd <dir>', 'folder of the Pulumi project').default('.');
}

/** The option that makes the command fail for apps that no resource declares. */
export function unmanagedOption(): Option {
  return new Option(
    '--fail-on-unmanaged',
    'exit with 3 if the org has apps that issue tokens and that no resource of the stack declares',
  ).default(false);
}

/** The option that names apps of which nothing is required. */
export function exemptOption(description: string): Option {
  return new Option('--exempt <app>', description)
    .argParser((app: string, apps: string[]) => [...apps, app])
    .default([], 'none');
}

/** Refuses an empty name: an empty variable in a pipeline must not mean the selected stack. */
function parseStack(name: string): string {
  if (name.trim() === '') {
    throw new InvalidArgumentError('The name of a stack must not be empty.');
  }
  return name;
}

/**
 * Runs work in a folder: the path of a key file in the configuration is relative to the project, as it is for the provider.
 *
 * @throws ProviderError when the folder cannot be entered; what the work throws
 */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = cwd();
  try {
    chdir(folder);
  } catch {
    throw new ProviderError({
      code: 'ECA8002',
      cause: `--cwd is "${folder}", which is not an accessible folder`,
    });
  }
  try {
    return await work();
  } finally {
    chdir(before);
  }
}
