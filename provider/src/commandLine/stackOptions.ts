import { chdir, cwd } from 'node:process';
import { InvalidArgumentError, Option } from 'commander';
import { ProviderError } from '../errors.js';

/** The option that names a stack. */
export function stackOption(description: string): Option {
  return new Option('--stack <name>', description).argParser(parseStack);
}

/** The option that says where the project of the stack is. */
export function cwdOption(): Option {
  return new Option('--cwd <dir>', 'folder of the Pulumi project').default('.');
}

/** The option that makes apps that no resource declares count. */
export function unmanagedOption(): Option {
  return new Option(
    '--fail-on-unmanaged',
    'end with 3 for apps that issue tokens and that no resource of the stack declares',
  ).default(false);
}

/** An empty variable of a pipeline must not look at whatever stack is selected. */
function parseStack(name: string): string {
  if (name.trim() === '') {
    throw new InvalidArgumentError('It is the name of a stack, and this one is empty.');
  }
  return name;
}

/**
 * Works in a folder: the path of a key's file in the configuration counts from the project, as it does for the provider.
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
      cause: `--cwd is "${folder}", which is no folder that can be entered`,
    });
  }
  try {
    return await work();
  } finally {
    chdir(before);
  }
}
