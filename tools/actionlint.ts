import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, publishFolder } from './pulumiCli/cacheFolder.js';
import { goFailure } from './pulumiCli/goBuild.js';
import { withProgress } from './pulumiCli/progress.js';
import { runProcess } from './pulumiCli/runProcess.js';

/** The linter for workflow files of GitHub Actions, as Go module proxies serve it: the packages on npm are old builds of it. */
const version = '1.7.12';
const installLimitMs = 10 * 60 * 1000;

/**
 * The program actionlint in the cache folder, outside the repository; it is built from its Go module if it is missing.
 *
 * @throws Error with the reason if it is not available, for example without Go
 */
export async function actionlintProgram(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const root = join(cacheFolder(env), `actionlint-${version}`);
  if ((await whatIsMissing(root)).length > 0) {
    await withProgress(`Building actionlint ${version} from its Go module`, 'half a minute', () =>
      publishFolder(root, install, whatIsMissing),
    );
  }
  return programIn(root);
}

const programIn = (folder: string): string => join(folder, 'actionlint');

async function whatIsMissing(folder: string): Promise<string[]> {
  return access(programIn(folder)).then(
    () => [],
    () => ['actionlint'],
  );
}

async function install(folder: string): Promise<void> {
  const { code, stderr } = await runProcess(
    'go',
    ['install', '-trimpath', `github.com/rhysd/actionlint/cmd/actionlint@v${version}`],
    {
      cwd: folder,
      env: { ...process.env, GOBIN: folder, GOWORK: 'off', GOFLAGS: '' },
      deadlineMs: installLimitMs,
    },
  );
  if (code !== 0) throw new Error(goFailure('install', stderr));
}
