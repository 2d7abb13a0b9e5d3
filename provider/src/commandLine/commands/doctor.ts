import { Command, Option } from 'commander';
import { guideNames } from '../../reports/doctor/guides.js';
import type { GuideName } from '../../reports/doctor/guides.js';
import type { CommandContext } from '../commandContext.js';
import { examplesHelp } from '../examplesHelp.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { helpText } from '../helpText.js';
import { orgOption, signInHelp, withOneOrg } from '../orgsToRead.js';
import type { OrgOptions } from '../orgsToRead.js';
import { cwdOption, stackOption } from '../stackOptions.js';
import { timeoutOption } from '../timeoutOption.js';
import { formatJson } from '../../reports/format/json.js';

interface DoctorOptions extends OrgOptions {
  for: GuideName;
  anyFlow: boolean;
  json: boolean;
}

const help = `
${signInHelp}
For everything that is missing, the report says who can change it.
${examplesHelp([
  ['doctor Agent_Gateway --for agent-api', 'an app for the Agent API'],
  ['doctor Agent_Gateway --for mcp --stack dev', 'an app for hosted MCP servers, in the org of a stack'],
])}${exitCodesHelp([
  [exitCodes.ok, 'ready: the app meets the requirements of the guide; advice does not count'],
  [exitCodes.found, 'not ready: something is missing, or the org did not return it'],
  [exitCodes.failed, 'not checked: wrong arguments, no such app, sign-in, network'],
])}`;

/** `doctor`: checks whether an app meets the requirements of a Salesforce guide. */
export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .description('check whether an app is ready for the Agent API or hosted MCP servers')
    .argument('<app>', 'developer name of the app, ns__Name for an installed one')
    .addOption(
      new Option(`--for <${guideNames.join('|')}>`, 'what the app is for')
        .choices(guideNames)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--any-flow',
        'do not require the OAuth flow of the guide: the app uses another one',
      ).default(false),
    )
    .addOption(new Option('--json', 'the report as JSON').default(false))
    .addOption(stackOption('sign in as this stack does'))
    .addOption(cwdOption())
    .addOption(orgOption(false))
    .addOption(timeoutOption())
    .addHelpText('after', helpText(help))
    .action(async (name: string, options: DoctorOptions) => {
      const [{ readOrg, appNamed }, { examineApp }, { formatDoctorText }] = await Promise.all([
        import('../../reconcile/apps/readOrg.js'),
        import('../../reports/doctor/doctorReport.js'),
        import('../../reports/doctor/formatText.js'),
      ]);
      const { alias, snapshot } = await withOneOrg(options, context, async (configuration) => ({
        alias: configuration.alias,
        snapshot: await readOrg(configuration),
      }));
      const { organizationId } = snapshot;
      const org = { org: alias ?? snapshot.label, organizationId };
      const report = examineApp(appNamed(snapshot, name), org, options.for, options.anyFlow);
      context.print(options.json ? formatJson(report) : formatDoctorText(report));
      context.exit(report.isReady ? exitCodes.ok : exitCodes.found);
    });
}
