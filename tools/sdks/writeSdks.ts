import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goFailure } from '../pulumiCli/goBuild.js';
import { repositoryFolder } from '../pulumiCli/repository.js';
import { runProcess, type ProcessResult } from '../pulumiCli/runProcess.js';
import { oldestGoVersion } from '../pulumiCli/versions.js';
import { schemaFile } from '../schema/packageSchema.js';
import { sdkGenerators } from './sdkGenerators.js';

/** The committed SDKs, each in the folder of its language. */
export const sdkFolder = join(repositoryFolder, 'sdk');

const limitMs = 10 * 60 * 1000;

/**
 * Writes the SDKs for Node.js, Python and Go into a folder, made from the committed schema with Pulumi's own generators.
 *
 * @param folder an empty folder
 * @throws Error with the reason if a generator is not available or fails
 */
export async function writeSdks(folder: string): Promise<void> {
  const { code, stderr } = await run(await sdkGenerators(), [schemaFile, folder], folder);
  if (code !== 0) throw new Error(`the SDKs cannot be generated: ${stderr.trim()}`);
  await writeGoModule(join(folder, 'go'));
}

/** The generator writes packages only: a module also names the modules that it needs. */
async function writeGoModule(folder: string): Promise<void> {
  const schema = JSON.parse(await readFile(schemaFile, 'utf8')) as {
    language: { go: { modulePath: string } };
  };
  await writeFile(
    join(folder, 'go.mod'),
    [
      `module ${schema.language.go.modulePath}`,
      `go ${oldestGoVersion}`,
      `require github.com/pulumi/pulumi/sdk/v3 v${await pulumiSdkVersion()}`,
    ].join('\n\n'),
  );
  const { code, stderr } = await run('go', ['mod', 'tidy'], folder);
  if (code !== 0) throw new Error(goFailure('mod tidy', stderr));
}

/** The version of Pulumi's Go SDK that belongs to the generators. */
async function pulumiSdkVersion(): Promise<string> {
  const generators = await readFile(join(repositoryFolder, 'tools/sdks/go/go.mod'), 'utf8');
  const version = /github\.com\/pulumi\/pulumi\/sdk\/v3 v(\S+)/.exec(generators)?.[1];
  if (version === undefined) throw new Error("tools/sdks/go/go.mod does not name Pulumi's SDK");
  return version;
}

const run = (command: string, args: readonly string[], cwd: string): Promise<ProcessResult> =>
  runProcess(command, args, {
    cwd,
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '' },
    deadlineMs: limitMs,
  });
