import { WorkflowUpdateFailedError } from '@temporalio/client';
import { Command, Option } from 'commander';
import {
  requestNames,
  type AbortRequest,
  type ApprovalRequest,
  type Claim,
  type ResumeRequest,
} from '../../contract/runs.js';
import { withClient } from '../../engine/connection.js';
import type { CommandContext } from '../commandContext.js';
import { findRun, statusOfWorker, type Run } from '../runs.js';
import { byOption, countFrom, keysOf, runName, settingsOption } from '../sharedOptions.js';

interface RequestOptions {
  settings?: string;
  by: string;
  why: string;
  budget?: number;
  urgent: boolean;
}

/** `approve`, `pause`, `resume` and `abort`: what somebody asks of a roll-out that runs. */
export function requestCommands(context: CommandContext): Command[] {
  const command = (name: string, description: string): Command =>
    new Command(name)
      .description(description)
      .argument('<name>', 'the roll-out', runName)
      .addOption(settingsOption())
      .addOption(byOption());
  const why = (): Option =>
    new Option('--why <reason>', 'the reason; it is recorded').default('no reason given');
  const ask = async (
    name: string,
    options: RequestOptions,
    request: (run: Run) => Promise<void>,
  ): Promise<void> => {
    await withClient(await keysOf(options.settings), async (client) => {
      const run = await findRun(client, name);
      if (!run.isOpen) throw new Error(`${name} has ended: ${run.status.state}`);
      await request(run);
      const status = await statusOfWorker(client, run.handle);
      context.print(
        status === undefined
          ? `${name}: the engine keeps it until a worker is there\n`
          : `${name} ${status.state}: ${status.message}\n`,
      );
    });
  };
  const claim = ({ by, why: reason }: RequestOptions): Claim => ({ by, why: reason });
  return [
    command('approve', 'approve the stage that a roll-out waits for')
      .argument('<stage>', 'the stage; another one than it waits for is refused')
      .addOption(new Option('--why <reason>', 'the reason; it is recorded').makeOptionMandatory())
      .action(async (name: string, stage: string, options: RequestOptions) => {
        await ask(name, options, async ({ handle }) => {
          const request: ApprovalRequest = { ...claim(options), stage };
          try {
            await handle.executeUpdate(requestNames.approve, { args: [request] });
          } catch (thrown) {
            if (!(thrown instanceof WorkflowUpdateFailedError)) throw thrown;
            throw new Error(`not approved: ${thrown.cause?.message ?? thrown.message}`);
          }
        });
      }),
    command('pause', 'begin with no other stack; running operations go on')
      .addOption(why())
      .action(async (name: string, options: RequestOptions) => {
        await ask(name, options, ({ handle }) => handle.signal(requestNames.pause, claim(options)));
      }),
    command('resume', 'go on with a roll-out that is paused, or that its budget has stopped')
      .addOption(why())
      .addOption(
        new Option('--budget <orgs>', 'the number of orgs of the wave that may fail from now on').argParser(
          countFrom(0),
        ),
      )
      .action(async (name: string, options: RequestOptions) => {
        const { budget } = options;
        const request: ResumeRequest = { ...claim(options), ...(budget === undefined ? {} : { budget }) };
        await ask(name, options, ({ handle }) => handle.signal(requestNames.resume, request));
      }),
    command('abort', 'end a roll-out: begin with no other stack')
      .addOption(why())
      .addOption(new Option('--urgent', 'interrupt running operations, as by one Ctrl-C').default(false))
      .action(async (name: string, options: RequestOptions) => {
        const request: AbortRequest = { ...claim(options), isUrgent: options.urgent };
        await ask(name, options, ({ handle }) => handle.signal(requestNames.abort, request));
      }),
  ];
}
