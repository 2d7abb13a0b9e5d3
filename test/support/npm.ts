import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { repositoryNodeModules } from './temporaryProject.js';

/**
 * This process's environment, without which a registry may be out of reach, less what npm tells the scripts that it runs:
 * that is about this repository. After `firstOnPath` comes the repository's Node.
 */
export function packageManagerEnvironment(firstOnPath: readonly string[]): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(?:package|lifecycle)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [...firstOnPath, join(repositoryNodeModules, '.bin'), process.env['PATH'] ?? ''].join(delimiter),
  };
}

/**
 * Runs npm and returns what it prints.
 *
 * @param deadlineMs milliseconds after which it is killed
 * @throws AssertionError with its messages when it fails
 */
export async function npm(args: readonly string[], cwd: string, deadlineMs = 150_000): Promise<string> {
  const { code, stdout, stderr } = await runProcess('npm', args, {
    cwd,
    env: packageManagerEnvironment([]),
    deadlineMs,
  });
  assert.equal(
    code,
    0,
    `"npm ${args.join(' ')}" failed. This test installs packages: it needs the package registry, or an npm cache that contains them.\n${stderr}`,
  );
  return stdout;
}

/**
 * Packs the package of a folder, as it is built.
 *
 * @param args where to: `--pack-destination`, or `--dry-run` to only list
 * @returns the name of the archive and the paths of the files in it
 */
export async function pack(
  folder: string,
  args: readonly string[],
): Promise<{ tarball: string; files: string[] }> {
  return parsePacked(JSON.parse(await npm(['pack', '--json', '--ignore-scripts', ...args], folder)));
}

/** What `npm pack --json` prints: a list of packages, or since npm 12 an object of them by name. */
function parsePacked(packed: unknown): { tarball: string; files: string[] } {
  assert.ok(typeof packed === 'object' && packed !== null);
  const [entry] = Object.values(packed) as unknown[];
  assert.ok(typeof entry === 'object' && entry !== null && 'filename' in entry && 'files' in entry);
  const { filename, files } = entry;
  assert.ok(typeof filename === 'string' && Array.isArray(files));
  return {
    tarball: filename,
    files: files.map((file: unknown) => {
      assert.ok(typeof file === 'object' && file !== null && 'path' in file);
      return String(file.path);
    }),
  };
}
