import { join } from 'node:path';
import { Command, Option } from 'commander';
import { startDevServer } from '../../server/devServer.js';
import { temporalProgram } from '../../server/temporalProgram.js';
import type { CommandContext } from '../commandContext.js';
import { countFrom, settingsOf, settingsOption } from '../sharedOptions.js';
import { runWorker } from './worker.js';

interface Options {
  settings?: string;
  port: number;
  uiPort: number;
}

/** `dev`: a server and a worker on this machine. */
export function devCommand(context: CommandContext): Command {
  return new Command('dev')
    .description('start a Temporal server for this machine, with its web page, and a worker')
    .addOption(settingsOption())
    .addOption(new Option('--port <port>', 'port of the server').argParser(countFrom(1)).default(7233))
    .addOption(new Option('--ui-port <port>', 'port of its web page').argParser(countFrom(1)).default(8233))
    .addHelpText(
      'after',
      `
The Temporal CLI is found on PATH, or downloaded, or built from Go modules;
ECA_FLEET_TEMPORAL names another one.`,
    )
    .action(async ({ settings: file, port, uiPort }: Options) => {
      const settings = await settingsOf(file);
      const program = await temporalProgram(context.environment);
      const server = await startDevServer({ program, folder: join(settings.folder, 'server'), port, uiPort });
      try {
        context.note(`Temporal runs at ${server.address}, its web page at ${server.uiAddress}\n`);
        const { address } = server;
        if (port !== 7233) context.note(`Other commands find it with TEMPORAL_ADDRESS=${address}\n`);
        await Promise.race([
          runWorker(context, settings, address),
          server.ended.then((how) => {
            throw new Error(`the Temporal server ${how}`);
          }),
        ]);
      } finally {
        await server.close();
      }
    });
}
