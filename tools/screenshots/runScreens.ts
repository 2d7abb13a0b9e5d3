import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalOrg } from 'salesforce-local-org';
import { changeSetting } from '../../test/support/appSettings.js';
import { accessTokenEnvironment } from '../../test/support/policyProgram.js';
import { projectName, PulumiStack } from '../../test/support/pulumiStack.js';
import { repositoryFolder } from '../pulumiCli/repository.js';
import { runProcess } from '../pulumiCli/runProcess.js';

/** What was typed, and what appeared. */
export interface Screen {
  command: string;
  output: string;
}

/** Lets a program of Node.js take what reads it for a terminal with colours. */
const asTerminal =
  '--import=data:text/javascript,Object.defineProperty(process.stdout,`isTTY`,{value:true});process.stdout.hasColors=()=>true';

/** What `pulumi up` of the example drift-detection shows, and a report of drift after somebody has changed the org. */
export async function runScreens(): Promise<{ up: Screen; drift: Screen }> {
  const server = await startLocalOrg({ orgs: ['production'] });
  const org = server.org('production');
  const stack = await PulumiStack.create({
    name: 'production',
    language: 'typescript',
    program: readFileSync(join(repositoryFolder, 'examples/drift-detection/index.ts'), 'utf8'),
    env: accessTokenEnvironment(org),
  });
  const run = async (file: string, args: readonly string[], env = {}): Promise<string> => {
    const options = { cwd: stack.folder, env: { ...stack.environment, ...env }, deadlineMs: 120_000 };
    const { stdout, stderr } = await runProcess(file, args, options);
    if (stdout === '') throw new Error(`${file} printed nothing: ${stderr}`);
    return stdout.replaceAll(projectName, 'drift-detection');
  };
  const command = join(repositoryFolder, 'provider/bin/pulumi-salesforce-eca.js');
  try {
    const up = await run('pulumi', [
      ...['up', '--yes', '--skip-preview', '--suppress-progress', '--non-interactive'],
      ...['--color', 'always'],
    ]);
    changeSetting(org, 'Agent_Gateway', 'namedUserJwtTimeout', '720');
    const drift = await run(process.execPath, [asTerminal, command, 'drift', '--stack', 'production']);
    return {
      up: { command: 'pulumi up --skip-preview', output: up },
      drift: { command: 'npx pulumi-salesforce-eca drift --stack production', output: drift },
    };
  } finally {
    await stack.dispose();
    await server.close();
  }
}
