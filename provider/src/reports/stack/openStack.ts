import { resolve } from 'node:path';
import type { Stack, Workspace } from '@pulumi/pulumi/automation/index.js';
import { ProviderError } from '../../errors.js';
import { askCli } from './cliFailure.js';

/**
 * Opens a stack of a project through the Pulumi CLI, without changing which stack is selected.
 *
 * @param name the name of the stack; `undefined` for the selected one
 * @param variables environment variables for the processes that the CLI starts
 * @throws ProviderError when there is no such project or stack, or no Pulumi CLI
 */
export async function openStack(
  folder: string,
  name: string | undefined,
  variables: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  const automation = await import('@pulumi/pulumi/automation/index.js');
  const project = resolve(folder);
  const workspace = await askCli('Pulumi', () =>
    automation.LocalWorkspace.create({ workDir: project, envVars: { ...variables } }),
  );
  const stackName = name ?? (await askCli(project, () => selectedStack(workspace)));
  leaveSelection(workspace);
  return automation.Stack.select(stackName, workspace);
}

/** Keeps the Automation API from selecting the stack before it works on it: that would also affect the user's own commands. */
function leaveSelection(workspace: Workspace): void {
  workspace.selectStack = () => Promise.resolve();
}

async function selectedStack(workspace: Workspace): Promise<string> {
  const selected = await workspace.stack();
  if (selected === undefined) {
    throw new ProviderError({ code: 'ECA8003', cause: 'no stack is selected: specify one with --stack' });
  }
  return selected.name;
}

/** The current configuration of a stack by whole key, with secrets in clear text; it stays in memory. */
export async function configurationOf(stack: Stack): Promise<Readonly<Record<string, string>>> {
  const configuration = await stack.getAllConfig();
  return Object.fromEntries(Object.entries(configuration).map(([key, { value }]) => [key, value]));
}
