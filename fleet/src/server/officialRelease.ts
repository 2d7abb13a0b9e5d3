import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './runProgram.js';

/** Enough for a hundred megabytes over a slow line. */
const limitMs = 15 * 60 * 1000;

const platforms: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Where the releases of the Temporal CLI are. */
export const releasesAddress = 'https://github.com/temporalio/cli/releases/download';

// A process of its own can be given a time limit, and the proxy that the environment names.
const downloadProgram = `
  const { writeFile } = require('node:fs/promises');
  (async () => {
    for (let i = 1; i < process.argv.length; i += 2) {
      const response = await fetch(process.argv[i], { signal: AbortSignal.timeout(i === 1 ? 10_000 : 900_000) });
      if (!response.ok) throw new Error('HTTP ' + response.status + ' for ' + process.argv[i]);
      await writeFile(process.argv[i + 1], Buffer.from(await response.arrayBuffer()));
    }
  })().catch((error) => {
    console.error(error.message + (error.cause === undefined ? '' : ': ' + error.cause.message));
    process.exitCode = 1;
  });
`;

/**
 * Downloads a release of the Temporal CLI into a folder, and checks it against the checksums of the release.
 *
 * @throws Error with the reason; soon, if the site cannot be reached
 */
export async function downloadRelease(
  version: string,
  bin: string,
  address: string = releasesAddress,
): Promise<void> {
  const platform = platforms[process.platform];
  const architecture = architectures[process.arch];
  if (platform === undefined || architecture === undefined) {
    throw new Error(`there is no release for ${process.platform} on ${process.arch}`);
  }
  const archive = `temporal_cli_${version}_${platform}_${architecture}.${platform === 'windows' ? 'zip' : 'tar.gz'}`;
  const archiveFile = join(bin, archive);
  const sumsFile = join(bin, 'checksums.txt');
  await runProgram(
    process.execPath,
    [
      '-e',
      downloadProgram,
      `${address}/v${version}/checksums.txt`,
      sumsFile,
      `${address}/v${version}/${archive}`,
      archiveFile,
    ],
    { env: { ...process.env, NODE_USE_ENV_PROXY: '1' }, limitMs },
  );
  const sum = createHash('sha256')
    .update(await readFile(archiveFile))
    .digest('hex');
  const expected = (await readFile(sumsFile, 'utf8'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, name]) => name?.replace(/^\*/, '') === archive)?.[0];
  if (sum !== expected) throw new Error(`the checksum of ${archive} is ${sum}, not ${expected ?? 'listed'}`);
  // The tar of Windows unpacks zip files too.
  await runProgram('tar', ['-xf', archiveFile, '-C', bin], { limitMs });
  await rm(archiveFile);
  await rm(sumsFile);
}
