import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { missingPrograms } from './binFolder.js';
import { dynamicProviderScript, repositoryFolder } from './repository.js';
import { runProcess } from './runProcess.js';
import { obtainedCliVersion } from './versions.js';

/** Enough for some hundred megabytes over a slow line. */
const downloadLimitMs = 15 * 60 * 1000;

// A separate process, because the Automation API's install can neither be given a time limit nor be stopped. The
// request before it fails quickly if the site cannot be reached and packets are dropped silently.
const installProgram = `
  const { PulumiCommand } = require('@pulumi/pulumi/automation');
  const { SemVer } = require('semver');
  const [root, version] = process.argv.slice(1);
  fetch('https://get.pulumi.com/', { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
    .then(() => PulumiCommand.install({ root, version: new SemVer(version) }))
    .catch((error) => {
      const cause = error.cause === undefined ? '' : ': ' + error.cause.message;
      console.error(String(error.message).trim() + cause);
      process.exitCode = 1;
    });
`;

/**
 * Installs the official release of the Pulumi CLI into `<folder>/bin` with the Automation API.
 *
 * @throws Error with the reason, within a second where there is no internet access and after a quarter of an hour at
 *   the latest.
 */
export async function installOfficialRelease(folder: string): Promise<void> {
  const { code, stderr } = await runProcess(
    process.execPath,
    ['-e', installProgram, folder, obtainedCliVersion.version],
    // NODE_USE_ENV_PROXY lets Node's fetch go through the proxy that curl, which the installer runs, uses anyway.
    { cwd: repositoryFolder, env: { ...process.env, NODE_USE_ENV_PROXY: '1' }, deadlineMs: downloadLimitMs },
  );
  if (code !== 0) throw new Error(`download from get.pulumi.com failed: ${stderr.trim()}`);
  const bin = join(folder, 'bin');
  const script = 'pulumi-resource-pulumi-nodejs';
  if ((await missingPrograms(bin, [script])).length > 0) {
    await copyFile(dynamicProviderScript, join(bin, script));
    await chmod(join(bin, script), 0o755);
  }
}
