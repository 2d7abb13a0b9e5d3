import { chmod, copyFile, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProcess } from '../pulumiCli/runProcess.js';
import type { Work } from './notices.js';

/** What the names of programs end with on this platform. */
export const programSuffix = process.platform === 'win32' ? '.exe' : '';

const isMac = process.platform === 'darwin';
/** The npm package that brought the Node.js that the executable contains. */
const nodePackage = dirname(require.resolve('node/package.json'));
const nodeProgram = join(nodePackage, 'bin', `node${programSuffix}`);
/** Where Node.js looks for an embedded script, and how it knows that it has one. */
const sea = { resource: 'NODE_SEA_BLOB', fuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2' };

/**
 * A program for this platform that is Node.js with a script embedded.
 *
 * @throws Error with the reason where it cannot be made
 */
export async function executableOf(script: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'executable-'));
  const inFolder = (name: string): string => join(folder, name);
  try {
    await writeFile(inFolder('main.js'), script);
    const configuration = { main: 'main.js', output: 'blob', disableExperimentalSEAWarning: true };
    await writeFile(inFolder('sea.json'), JSON.stringify(configuration));
    await run(nodeProgram, ['--experimental-sea-config', 'sea.json'], folder);
    const program = inFolder(`program${programSuffix}`);
    await copyFile(nodeProgram, program);
    await chmod(program, 0o755);
    // A signature holds for the program as it was, and macOS starts no program on arm64 without one.
    if (isMac) await run('codesign', ['--remove-signature', program], folder);
    const postject = join(dirname(require.resolve('postject/package.json')), 'dist/cli.js');
    const forMac = isMac ? ['--macho-segment-name', 'NODE_SEA'] : [];
    const inject = [postject, program, sea.resource, 'blob', '--sentinel-fuse', sea.fuse, ...forMac];
    await run(process.execPath, inject, folder);
    if (isMac) await run('codesign', ['--sign', '-', program], folder);
    return await readFile(program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Node.js itself, as part of the executable, with the licences of all that it contains. */
export async function nodeLicence(): Promise<Work> {
  const { stdout } = await run(nodeProgram, ['--version'], nodePackage);
  // The package installs that of the platform below itself; its name differs from platform to platform.
  for await (const file of glob('node_modules/node-*/LICENSE', { cwd: nodePackage })) {
    const text = await readFile(join(nodePackage, file), 'utf8');
    return { name: `Node.js ${stdout.trim()}`, licence: 'MIT and others', texts: [text.trim()] };
  }
  throw new Error(`there is no licence of Node.js in ${nodePackage}`);
}

async function run(command: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  const { code, stdout, stderr } = await runProcess(command, args, { cwd, deadlineMs: 5 * 60_000 });
  if (code !== 0) throw new Error(`"${command} ${args.join(' ')}" failed: ${stdout}${stderr}`);
  return { stdout };
}
