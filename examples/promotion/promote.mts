/**
 * `npm run promote -- <stage> [options of pulumi up]`: gives a stage what the stage before it has verified, if the org of that
 * stage still has it. Exit code: that of `pulumi up`; 2 if the gate stops the promotion; 1 if it cannot decide.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [stage = '', ...options] = process.argv.slice(2);

/** The file of the command pulumi-salesforce-eca: on Windows the command is a script, which only a shell starts. */
function salesforceCommand(): string {
  const packageFile = createRequire(import.meta.url).resolve('pulumi-salesforce-eca/package.json');
  return join(dirname(packageFile), 'bin/pulumi-salesforce-eca.js');
}

/** Runs a program, never through a shell, with its output on the screen unless it is wanted, and gives its exit code. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, isWanted = false) {
  const { status, stdout, error } = spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: ['inherit', isWanted ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { code: status ?? 1, output: stdout };
}

/** Where a stage's settings come from: the previous stage, or settings.ts. Required, because there is no gate without it. */
function sourceOf(name: string): string {
  const { code, output } = run('pulumi', ['config', '--stack', name, '--json'], {}, true);
  if (code !== 0) process.exit(1);
  const config = JSON.parse(output) as Partial<Record<string, { value?: string }>>;
  const source = config['promotion:source']?.value;
  if (source !== undefined) return source;
  console.error(
    `Stage ${name} has no promotion:source, which names the stage before it, or settings.ts for the first stage. Set it:\n` +
      `  pulumi config set --stack ${name} promotion:source <stage>`,
  );
  process.exit(1);
}

function passGate(source: string, target: string): void {
  console.log(`Gate: does the org of ${source} still have what ${source} has verified?\n`);
  const { code } = run(process.execPath, [salesforceCommand(), 'drift', '--stack', source], {
    PROMOTION_DECLARE: 'verified',
  });
  if (code === 0) return;
  const reason =
    code === 2
      ? `the org of ${source} no longer has what ${source} has verified. Correct it (npm run promote -- ${source}), and test there again`
      : `the org of ${source} could not be compared with what ${source} has verified`;
  console.error(`\nThe promotion to ${target} stops: ${reason}. Nothing was changed.`);
  process.exit(code === 2 ? 2 : 1);
}

if (stage === '' || stage.startsWith('-')) {
  console.error('Usage: npm run promote -- <stage> [options of pulumi up, such as --yes]');
  process.exit(1);
}
const source = sourceOf(stage);
if (source === 'settings.ts')
  console.log(`No gate: ${stage} is the first stage, and gets what settings.ts declares.\n`);
else passGate(source, stage);
// The org may have been changed by hand since the last run: --refresh looks, --run-program with today's configuration.
const up = ['up', '--refresh', '--run-program', '--stack', stage, ...options];
// Pulumi works on a few resources at a time by default, and the provider deploys those together: so many make it one deploy.
const parallel = { PULUMI_PARALLEL: process.env['PULUMI_PARALLEL'] ?? '100' };
process.exit(run('pulumi', up, parallel).code);
