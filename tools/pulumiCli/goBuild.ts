import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dynamicProviderScript, repositoryFolder } from './repository.js';
import { runProcess } from './runProcess.js';
import { obtainedCliVersion, oldestGoVersion } from './versions.js';

/** Longer than any build takes; a module proxy that never answers must not block for ever. */
const buildLimitMs = 60 * 60 * 1000;

/** One program to build: a Go module that pins it, its package, and flags. */
export interface GoProgram {
  /** Folder with the go.mod and go.sum. */
  module: string;
  package: string;
  flags: readonly string[];
}

const programs: readonly GoProgram[] = [
  {
    module: join(repositoryFolder, 'tools/pulumiCli/go/cli'),
    package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
    flags: [
      '-tags',
      'osusergo,grpcnotrace',
      '-ldflags',
      `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${obtainedCliVersion.version}`,
    ],
  },
  {
    // A separate module: the newest tag of the language host that Go module proxies serve is in an old SDK module,
    // whose dependencies the CLI cannot share. It runs programs of today's SDK (measured with 3.270).
    module: join(repositoryFolder, 'tools/pulumiCli/go/language-host'),
    package: 'github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs',
    flags: ['-ldflags', '-s -w'],
  },
];

/**
 * Builds the Pulumi CLI and its Node language host from Go modules into `<folder>/bin` and adds the installed SDK's
 * script that starts the dynamic provider process.
 *
 * @throws Error with the reason, at once where Go is missing or too old.
 */
export async function buildFromGoModules(folder: string): Promise<void> {
  const bin = join(folder, 'bin');
  await buildGoPrograms(programs, bin);
  const script = join(bin, 'pulumi-resource-pulumi-nodejs');
  await copyFile(dynamicProviderScript, script);
  await chmod(script, 0o755);
}

/**
 * Builds programs from Go modules into a folder, which it makes.
 *
 * @throws Error with the reason, at once where Go is missing or too old.
 */
export async function buildGoPrograms(programs: readonly GoProgram[], bin: string): Promise<void> {
  await requireGo(programs);
  await mkdir(bin);
  for (const program of programs) {
    await go(
      ['build', '-trimpath', '-buildvcs=false', ...program.flags, '-o', `${bin}/`, program.package],
      program.module,
    );
  }
}

async function requireGo(programs: readonly GoProgram[]): Promise<void> {
  try {
    // In a module's folder, so that Go compares its own version with the one that the module asks for.
    for (const { module } of programs) await go(['env', 'GOVERSION'], module);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const found = missing
      ? 'there is no "go" on PATH'
      : error instanceof Error
        ? error.message
        : String(error);
    throw new Error(`Go ${oldestGoVersion} or newer is needed: ${found}`, { cause: error });
  }
}

/** The folder in which Go keeps a module that another one pins. */
export async function goModuleFolder(path: string, module: string): Promise<string> {
  return (await go(['list', '-m', '-f', '{{.Dir}}', path], module)).trim();
}

/** @returns what it printed */
async function go(args: readonly string[], module: string): Promise<string> {
  const { code, stdout, stderr } = await runProcess('go', args, {
    cwd: module,
    // A go.work file further up would replace the pinned modules.
    env: { ...process.env, GOWORK: 'off' },
    deadlineMs: buildLimitMs,
  });
  if (code !== 0) throw new Error(goFailure(args[0] ?? '', stderr));
  return stdout;
}

/** What to say of a failed `go <verb>`: its last lines, without the downloads it lists before them. */
export function goFailure(verb: string, stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('go: downloading '));
  return `"go ${verb}" failed: ${lines.slice(-8).join('\n')}`;
}
