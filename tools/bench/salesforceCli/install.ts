import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { isolatedEnvironment } from '../../../test/support/temporaryProject.js';
import { cacheFolder, publishFolder } from '../../pulumiCli/cacheFolder.js';
import { withProgress } from '../../pulumiCli/progress.js';
import { runProcess } from '../../pulumiCli/runProcess.js';

/** The Salesforce CLI that is compared with. */
export const salesforceCliVersion = '2.150.6';

const installLimitMs = 30 * 60 * 1000;

/** The script of an installed Salesforce CLI, which Node.js runs. */
const scriptIn = (folder: string): string =>
  join(folder, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js');

/**
 * The Salesforce CLI in the cache folder, outside the repository; it is got from the npm registry where it is missing.
 *
 * @returns the script that Node.js runs
 * @throws Error with the reason where it cannot be had
 */
export async function salesforceCliScript(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const root = join(cacheFolder(env), `salesforce-cli-${salesforceCliVersion}`);
  if ((await whatIsMissing(root)).length > 0) {
    await withProgress(
      `Getting the Salesforce CLI ${salesforceCliVersion} (300 MB) into ${root}`,
      'a minute',
      () => publishFolder(root, install, whatIsMissing),
    );
  }
  return scriptIn(root);
}

async function whatIsMissing(folder: string): Promise<string[]> {
  return access(scriptIn(folder)).then(
    () => [],
    () => ['@salesforce/cli'],
  );
}

async function install(folder: string): Promise<void> {
  const { code, stderr } = await runProcess(
    'npm',
    [
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `@salesforce/cli@${salesforceCliVersion}`,
    ],
    { cwd: folder, env: isolatedEnvironment([]), deadlineMs: installLimitMs },
  );
  if (code !== 0) throw new Error(`npm install failed: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
}
