import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cacheFolder, fileName, isExecutable, keepProgram } from '../../src/server/cachedProgram.js';
import { withProgress } from '../../src/server/progress.js';
import { runProgram } from '../../src/server/runProgram.js';
import { freePort } from './freePort.js';
import { stopProcess, untilSaid } from './startedProcess.js';

/** That of s3/go.mod. */
const version = '1.2.0';
const program = 'gofakes3';
const moduleFolder = join(import.meta.dirname, 's3');
const buildLimitMs = 60 * 60 * 1000;

/** An S3 server on loopback that keeps everything in its memory. It takes any credentials. */
export interface S3Server {
  /** The state backend, as `PULUMI_BACKEND_URL`. */
  readonly backend: string;
  close(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server> {
  const port = await freePort();
  const child = spawn(
    await s3Program(),
    ['-host', `127.0.0.1:${port}`, '-backend', 'memory', '-initialbucket', 'fleet-state'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await untilSaid(child, 'using port:');
  return {
    backend: `s3://fleet-state?endpoint=http://127.0.0.1:${port}&use_path_style=true&region=eu-central-1`,
    close: () => stopProcess(child),
  };
}

/** Built from Go modules once, and kept. */
async function s3Program(): Promise<string> {
  const root = join(cacheFolder(process.env), `${program}-${version}`);
  const kept = join(root, 'bin', fileName(program));
  if (await isExecutable(kept)) return kept;
  await withProgress(`Building ${program} ${version} from Go modules`, 'a minute', () =>
    keepProgram(root, program, async (bin) => {
      await runProgram(
        'go',
        [
          'build',
          '-trimpath',
          '-o',
          join(bin, fileName(program)),
          `github.com/johannesboyne/gofakes3/cmd/${program}`,
        ],
        { cwd: moduleFolder, env: { ...process.env, GOWORK: 'off' }, limitMs: buildLimitMs },
      );
    }),
  );
  return kept;
}
