/**
 * `npm run drift-recordings`: records the output of the Pulumi CLI for the drift command again, for `test/host/driftCommand.spec.ts`: minutes.
 * Names of recordings as arguments record those alone.
 */
import { join } from 'node:path';
import { startLocalOrg } from 'salesforce-local-org';
import { runCommandLine } from '../test/support/commandLine.js';
import { accessTokenEnvironment } from '../test/support/policyProgram.js';
import { PulumiStack, stackName } from '../test/support/pulumiStack.js';
import { keepRecording, recordedLooks, standInEnvironment } from './driftRecordings/recordings.js';
import type { RecordedLook } from './driftRecordings/recordings.js';
import { firstProgram, scenes } from './driftRecordings/scenes.js';
import { pulumiBinFolder } from './pulumiCli/pulumiBinFolder.js';
import { say } from './pulumiCli/progress.js';

async function record(look: RecordedLook): Promise<void> {
  const server = await startLocalOrg();
  try {
    const org = server.org('dev');
    const stack = await PulumiStack.create({ program: firstProgram, env: accessTokenEnvironment(org) });
    try {
      await scenes[look](stack, org);
      const file = join(stack.folder, 'recording.jsonl');
      const program = join(await pulumiBinFolder(), 'pulumi');
      await runCommandLine(['drift', '--cwd', stack.folder, '--stack', stackName], {
        ...stack.environment,
        ...(await standInEnvironment(stack.folder, file, stack.environment['PATH'] ?? '', program)),
      });
      await keepRecording(look, file, org, stack.folder);
    } finally {
      await stack.dispose();
    }
  } finally {
    await server.close();
  }
}

async function main(names: readonly string[]): Promise<void> {
  const looks = recordedLooks.filter((look) => names.length === 0 || names.includes(look));
  for (const look of looks) {
    say(`${look} …`);
    await record(look);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
