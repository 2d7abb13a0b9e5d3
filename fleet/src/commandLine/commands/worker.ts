import { Command } from 'commander';
import type { FleetSettings } from '../../settings/fleetSettings.js';
import type { CommandContext } from '../commandContext.js';
import { settingsOf, settingsOption } from '../sharedOptions.js';
import { baseEnvironment } from '../../activities/cliEnvironment.js';
import { findOnPath } from '../../server/cachedProgram.js';

/** `worker`: takes tasks until it is told to stop. */
export function workerCommand(context: CommandContext): Command {
  return new Command('worker')
    .description(
      'take tasks until Ctrl-C or SIGTERM; then end what runs, or hand it over after the grace period',
    )
    .addOption(settingsOption())
    .addHelpText(
      'after',
      `
The server: TEMPORAL_ADDRESS (default 127.0.0.1:7233), TEMPORAL_NAMESPACE,
TEMPORAL_API_KEY, TEMPORAL_TLS_* as Temporal's own tools read them.`,
    )
    .action(async (options: { settings?: string }) => {
      await runWorker(context, await settingsOf(options.settings));
    });
}

/** Runs a worker to its end. */
export async function runWorker(
  context: CommandContext,
  { worker: settings, keys }: FleetSettings,
  address?: string,
): Promise<void> {
  if (settings === undefined) throw new Error('the settings have no worker');
  // The other commands do without Temporal's native core.
  const [{ createFleetWorker }, { installQuietRuntime }] = await Promise.all([
    import('../../worker/fleetWorker.js'),
    import('../../worker/quietRuntime.js'),
  ]);
  installQuietRuntime((text) => {
    context.note(text);
  });
  const worker = await createFleetWorker(settings, keys, address);
  const { PATH: path = '' } = baseEnvironment(settings);
  if ((await findOnPath('pulumi', path)) === undefined)
    context.note(
      'there is no Pulumi CLI on PATH, and every stack will fail: install it, or name its folder in worker.pulumi\n',
    );
  for (const [program, digest] of Object.entries(worker.digests)) {
    context.note(`${settings.identity} has the program ${program} ${digest}\n`);
  }
  context.note(`${settings.identity} takes up to ${settings.atATime} stacks at a time; Ctrl-C stops it.\n`);
  await worker.run();
  context.note(`${settings.identity} has stopped\n`);
}
