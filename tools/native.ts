/**
 * `npm run native`: writes the archives of the plugin `salesforce-eca` for all platforms into `dist/plugin`, with their checksums. With
 * `-- --executable` it writes into `dist/plugin-with-node` the one for this platform that needs no installed Node.js instead (a minute).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentsError, parseArguments } from './commandLineArguments.js';
import { writeExecutableArchive, writePluginArchives } from './native/pluginArchives.js';
import { say, withProgress } from './pulumiCli/progress.js';
import { repositoryFolder } from './pulumiCli/repository.js';

async function main(): Promise<void> {
  const { executable } = parseArguments(process.argv.slice(2), { executable: { type: 'boolean' } });
  const folder = join(repositoryFolder, 'dist', executable === true ? 'plugin-with-node' : 'plugin');
  if (executable === true) {
    await withProgress('Making the executable', 'a minute', () => writeExecutableArchive(folder));
  } else {
    await writePluginArchives(folder);
  }
  say(`In ${folder}:`);
  process.stdout.write(await readFile(join(folder, 'SHA256SUMS'), 'utf8'));
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof ArgumentsError ? 2 : 1;
});
