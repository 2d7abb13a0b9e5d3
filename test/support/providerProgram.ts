import { join } from 'node:path';
import type { Suite } from 'mocha';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';

/** The two programs that serve the resource: the Pulumi SDK's host of dynamic providers, and the native provider. */
export const providerPrograms = ['dynamic', 'native'] as const;

/** One of {@link providerPrograms}. */
export type ProviderProgram = (typeof providerPrograms)[number];

/** The name of the native provider's package, and the namespace of its configuration. */
export const nativePackage = 'salesforce-eca';

/** The namespace of a provider's configuration. */
export const namespaceOf = (program: ProviderProgram): string =>
  program === 'native' ? nativePackage : 'salesforce';

/** The folder of the native provider's program, as `plugins.providers` of Pulumi.yaml names it. */
export const nativeFolder = join(repositoryFolder, 'provider/native');

let current: ProviderProgram = 'dynamic';

/** The default program of a provider process: the current one of {@link describeForEachProgram}. */
export function currentProgram(): ProviderProgram {
  return current;
}

/** A suite for each of the two programs, which behave the same except where the suite uses the program. */
export function describeForEachProgram(
  title: string,
  suite: (this: Suite, program: ProviderProgram) => void,
): void {
  for (const program of providerPrograms) {
    describe(`${title} (${program} provider)`, function () {
      before(() => {
        current = program;
      });
      suite.call(this, program);
      after(() => {
        current = 'dynamic';
      });
    });
  }
}

/** A message with its settings in the namespace of the current program, given as one of the dynamic provider. */
export function withOwnSettings(message: string): string {
  return current === 'native' ? message.replaceAll('salesforce:', 'salesforce-eca:') : message;
}

/** What Node.js runs of a program, in a project. */
export function scriptOf(program: ProviderProgram, projectFolder: string): string {
  return program === 'native'
    ? join(repositoryFolder, 'provider/dist/native/main.js')
    : join(projectFolder, 'node_modules/@pulumi/pulumi/cmd/dynamic-provider');
}

/** The URN of a native provider resource. */
export function nativeProviderUrn(name = 'default'): string {
  return `urn:pulumi:test::project-under-test::pulumi:providers:${nativePackage}::${name}`;
}
