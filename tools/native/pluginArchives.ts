import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from 'pulumi-salesforce-eca/package.json';
import { repositoryFolder } from '../pulumiCli/repository.js';
import { tarGz, type ArchiveFile } from './archive.js';
import { bundleProvider, bundleProviderInOne } from './bundle.js';
import { executableOf, nodeLicence, programSuffix } from './executable.js';
import { noticesOf, worksOf, type Work } from './notices.js';

/** The program that the engine starts. */
export const program = 'pulumi-resource-salesforce-eca';
/** The version of the plugin. */
export const pluginVersion = manifest.version;

/** The platforms as Pulumi names them. */
export const platforms = ['linux', 'darwin', 'windows'].flatMap((system) =>
  ['amd64', 'arm64'].map((architecture) => `${system}-${architecture}`),
);
/** This machine's platform, as Pulumi names it. */
export const thisPlatform = [
  process.platform === 'win32' ? 'windows' : process.platform,
  process.arch === 'x64' ? 'amd64' : process.arch,
].join('-');

/** The name of the archive for a platform, by which the Pulumi CLI downloads it. */
export const archiveName = (platform: string): string => `${program}-v${pluginVersion}-${platform}.tar.gz`;

const scripts = join(repositoryFolder, 'provider/native');
const fileOf = async (name: string, path: string, executable = false): Promise<ArchiveFile> => ({
  name,
  content: await readFile(path),
  executable,
});
const textFile = (name: string, text: string): ArchiveFile => ({ name, content: Buffer.from(text) });
const licences = async (works: readonly Work[]): Promise<ArchiveFile[]> => [
  await fileOf('LICENSE', join(repositoryFolder, 'LICENSE')),
  textFile('THIRD-PARTY-NOTICES.txt', noticesOf(works)),
];

/**
 * Writes an archive of the plugin for each platform, and their checksums. All have the same content: a script for `sh`, one for
 * Windows, and the bundled program, which they start with the Node.js on PATH.
 *
 * @param folder is emptied
 * @returns the names of the archives
 */
export async function writePluginArchives(folder: string): Promise<string[]> {
  const { main, server } = await bundleProvider();
  const content = await tarGz([
    await fileOf(program, join(scripts, program), true),
    await fileOf(`${program}.cmd`, join(scripts, `${program}.cmd`)),
    { name: 'main.js', content: main.content },
    { name: 'server.js', content: server.content },
    ...(await licences(worksOf([...main.packageFiles, ...server.packageFiles]))),
  ]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const names = platforms.map(archiveName);
  for (const name of names) await writeFile(join(folder, name), content);
  await writeChecksums(folder, names);
  return names;
}

/**
 * Writes the archive of the plugin for this platform that contains Node.js: the plugin is one program.
 *
 * @param folder is emptied
 * @returns its name
 */
export async function writeExecutableArchive(folder: string): Promise<string> {
  const { content, packageFiles } = await bundleProviderInOne();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const name = archiveName(`${thisPlatform}-with-node`);
  const archive = await tarGz([
    { name: `${program}${programSuffix}`, content: await executableOf(content), executable: true },
    ...(await licences([await nodeLicence(), ...worksOf(packageFiles)])),
  ]);
  await writeFile(join(folder, name), archive);
  await writeChecksums(folder, [name]);
  return name;
}

/** Writes SHA256SUMS, as `sha256sum` does. */
async function writeChecksums(folder: string, names: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const name of [...names].sort()) {
    const sum = createHash('sha256').update(await readFile(join(folder, name)));
    lines.push(`${sum.digest('hex')}  ${name}\n`);
  }
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
}
