import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, fileName, findOnPath, isExecutable, keepProgram } from './cachedProgram.js';
import { downloadRelease } from './officialRelease.js';
import { withProgress } from './progress.js';
import { runProgram } from './runProgram.js';

/** The Temporal CLI that is downloaded or built: that of `go/temporal/go.mod`. It contains the server for development. */
export const temporalVersion = '1.5.1';
/** The oldest Go that builds it: the `go` line of `go/temporal/go.mod`. */
const oldestGoVersion = '1.25';
const program = 'temporal';
const setting = 'ECA_FLEET_TEMPORAL';
const moduleFolder = fileURLToPath(new URL('../../go/temporal', import.meta.url));
/** Longer than any build takes; a module proxy that never responds must not block forever. */
const buildLimitMs = 60 * 60 * 1000;

/** One way to get the Temporal CLI. */
interface Source {
  readonly name: string;
  /** The program, or undefined if it is not there. May also be rejected with the reason. */
  readonly find: () => Promise<string | undefined>;
}

/**
 * The path of the Temporal CLI. In this order: the file in the environment variable `ECA_FLEET_TEMPORAL`; `temporal` on PATH; the cache
 * folder; the official release; a build from Go modules. The last two fill the cache folder and say on stderr what they do.
 *
 * @throws Error that says what was tried and what to do
 */
export async function temporalProgram(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const configured = env[setting];
  if (configured !== undefined && configured !== '') {
    if (await isExecutable(configured)) return resolve(configured);
    throw new Error(
      `${setting} is "${configured}", which is no executable file: set it to the Temporal CLI, or unset it`,
    );
  }
  const tried: string[] = [];
  for (const { name, find } of sources(env)) {
    try {
      const found = await find();
      if (found !== undefined) return found;
      tried.push(`${name}: not there`);
    } catch (error) {
      tried.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    [
      'No Temporal CLI was found, and none could be got. Tried in this order:',
      ...tried.map((line, index) => `  ${index + 1}. ${line.replaceAll('\n', '\n     ')}`),
      'Do one of these and run the command again:',
      '  - install the Temporal CLI so that it is on PATH: https://docs.temporal.io/cli',
      `  - set ${setting} to the program`,
      '  - give this machine access to github.com',
      `  - install Go ${oldestGoVersion} or newer, with a module proxy that it reaches: https://go.dev/dl/`,
    ].join('\n'),
  );
}

function sources(env: NodeJS.ProcessEnv): readonly Source[] {
  const root = join(cacheFolder(env), `${program}-${temporalVersion}`);
  const kept = join(root, 'bin', fileName(program));
  const bring = async (what: string, expected: string, fill: (bin: string) => Promise<void>) => {
    await withProgress(what, expected, () => keepProgram(root, program, fill));
    return kept;
  };
  return [
    { name: `${program} on PATH`, find: () => findOnPath(program, env['PATH'] ?? '') },
    { name: 'cache', find: async () => ((await isExecutable(kept)) ? kept : undefined) },
    {
      name: 'official release',
      find: () =>
        bring(
          `Downloading the Temporal CLI ${temporalVersion} from github.com`,
          'some fifty megabytes',
          (bin) => downloadRelease(temporalVersion, bin),
        ),
    },
    {
      name: 'build from Go modules',
      find: () =>
        bring(
          `Building the Temporal CLI ${temporalVersion} from Go modules`,
          '3 to 6 minutes on 2 cores the first time, under a minute when Go has built it before',
          (bin) => build(bin, env),
        ),
    },
  ];
}

async function build(bin: string, env: NodeJS.ProcessEnv): Promise<void> {
  await runProgram(
    'go',
    [
      'build',
      '-trimpath',
      '-buildvcs=false',
      '-ldflags',
      '-s -w',
      '-o',
      join(bin, fileName(program)),
      'github.com/temporalio/cli/cmd/temporal',
    ],
    // A go.work file further up would replace the pinned modules.
    { cwd: moduleFolder, env: { ...env, GOWORK: 'off' }, limitMs: buildLimitMs },
  );
}
