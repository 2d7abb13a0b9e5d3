import { Command, Option } from 'commander';
import type { DriftReport } from '../../reports/drift/report.js';
import type { CommandContext } from '../commandContext.js';
import { examplesHelp } from '../examplesHelp.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import type { ExitCode } from '../exitCodes.js';
import { helpText } from '../helpText.js';
import { cwdOption, exemptOption, inFolder, stackOption, unmanagedOption } from '../stackOptions.js';
import { timeoutOption } from '../timeoutOption.js';
import { untilStopped } from '../untilStopped.js';
import { formatJson } from '../../reports/format/json.js';

/** The statuses that `--fail-on` accepts. */
const failures = ['drift', 'pending'] as const;

/** The formats of the report. */
const formats = ['text', 'json', 'markdown', 'junit'] as const;

interface DriftOptions {
  cwd: string;
  stack?: string;
  format: (typeof formats)[number];
  json: boolean;
  all: boolean;
  failOnUnmanaged: boolean;
  exempt: string[];
  failOn?: (typeof failures)[number];
  trustDynamic: string[];
  timeout?: number;
}

const help = `
Runs the program and reads the org (pulumi preview --refresh); changes nothing.
${examplesHelp([
  ['drift --stack dev', 'a stack, as text'],
  [
    'drift --stack dev --format markdown --fail-on drift',
    'for a pipeline: only what somebody changed in the org',
  ],
  ['drift --stack dev --fail-on-unmanaged', 'also apps that no resource declares'],
])}${exitCodesHelp([
  [exitCodes.ok, 'clean: the org has what the program declares, or --fail-on ignores the differences'],
  [exitCodes.found, 'drifted: the org was changed; pending: the program was changed and up has not run'],
  [exitCodes.unmanaged, 'with --fail-on-unmanaged: only apps that no resource of the stack declares'],
  [
    exitCodes.failed,
    'failed: not compared completely (sign-in, network, program, no policy in the stack, arguments, a signal)',
  ],
])}`;

/** `drift`: checks whether an org still has what a stack's program declares. */
export function driftCommand(context: CommandContext): Command {
  return new Command('drift')
    .description('compare the org with what the program of a stack declares, field by field')
    .addOption(cwdOption())
    .addOption(stackOption('stack to compare (default: the selected one)'))
    .addOption(new Option('--format <format>', 'format of the report').choices(formats).default('text'))
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .addOption(new Option('--all', 'list clean resources too').default(false))
    .addOption(
      new Option('--fail-on <status>', 'exit with 2 only for this status (default: both)').choices(failures),
    )
    .addOption(unmanagedOption())
    .addOption(exemptOption('an app that needs no resource, for --fail-on-unmanaged; repeatable'))
    .addOption(
      new Option(
        '--trust-dynamic <type>',
        'run the provider code in the state for resources of this type; repeatable',
      )
        .argParser((type: string, types: string[]) => [...types, type])
        .default([], 'none'),
    )
    .addOption(timeoutOption())
    .addHelpText('after', helpText(help))
    .action(async (options: DriftOptions, command: Command) => {
      if (options.exempt.length > 0 && !options.failOnUnmanaged) {
        command.error("error: option '--exempt <app>' requires option '--fail-on-unmanaged'");
      }
      const report = await untilStopped('the stack was compared', () => look(options, context));
      context.print(await format(report, options, context.hasColours));
      context.exit(exitCodeOf(report, options.failOn) || unmanagedCode(report));
    });
}

async function look(
  { cwd: folder, stack, trustDynamic, timeout, failOnUnmanaged, exempt }: DriftOptions,
  context: CommandContext,
): Promise<DriftReport> {
  const { lookAtStack } = await import('../../reports/drift/lookAtStack.js');
  return inFolder(folder, () =>
    lookAtStack({
      folder: '.',
      name: stack,
      environment: context.environment,
      trustedTypes: trustDynamic,
      timeoutMinutes: timeout,
      asksForUnmanaged: failOnUnmanaged,
      exemptApps: exempt,
      onProgress: (text) => {
        context.progress(text);
      },
    }),
  );
}

const unmanagedCode = ({ unmanaged = [] }: DriftReport): ExitCode =>
  unmanaged.some(({ apps }) => apps.length > 0) ? exitCodes.unmanaged : exitCodes.ok;

function exitCodeOf({ status }: DriftReport, failOn: DriftOptions['failOn']): ExitCode {
  switch (status) {
    case 'clean':
      return exitCodes.ok;
    case 'pending':
      return failOn === 'drift' ? exitCodes.ok : exitCodes.found;
    case 'drifted':
      return failOn === 'pending' ? exitCodes.ok : exitCodes.found;
    case 'both':
      return exitCodes.found;
    case 'failed':
      return exitCodes.failed;
  }
}

async function format(
  report: DriftReport,
  { format: form, json, all }: DriftOptions,
  hasColours: boolean,
): Promise<string> {
  switch (json ? 'json' : form) {
    case 'text':
      return (await import('../../reports/drift/formatText.js')).formatDriftText(report, all, hasColours);
    case 'json':
      return formatJson(report);
    case 'markdown':
      return (await import('../../reports/drift/formatMarkdown.js')).formatDriftMarkdown(report, all);
    case 'junit':
      return (await import('../../reports/drift/formatJunit.js')).formatJunit(report);
  }
}
