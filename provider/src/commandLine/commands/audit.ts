import { Command, Option } from 'commander';
import { formatMessage } from '../../errors.js';
import type { AuditedOrgs, AuditReport } from '../../reports/audit/auditReport.js';
import { areAskedFor, defaultMaximumMinutes } from '../../reports/audit/findings.js';
import type { Requirements } from '../../reports/audit/findings.js';
import { summaryLines } from '../../reports/audit/summary.js';
import type { CommandContext } from '../commandContext.js';
import { describeFailure } from '../describeFailure.js';
import { examplesHelp } from '../examplesHelp.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import type { ExitCode } from '../exitCodes.js';
import { helpText } from '../helpText.js';
import { orgOption, signInHelp, withOrgs } from '../orgsToRead.js';
import type { OrgOptions } from '../orgsToRead.js';
import { parseMinutes } from '../parseMinutes.js';
import { writeResult } from '../writeResult.js';
import { cwdOption, exemptOption, stackOption, unmanagedOption } from '../stackOptions.js';
import { timeoutOption } from '../timeoutOption.js';
import { formatJson } from '../../reports/format/json.js';
import { orgName } from '../../reports/format/orgName.js';

/** The formats of the report. */
const formats = ['table', 'json', 'csv', 'markdown', 'sarif'] as const;

interface AuditOptions extends OrgOptions {
  format: (typeof formats)[number];
  json: boolean;
  wide: boolean;
  out?: string;
  requireJwt: boolean;
  maxMinutes?: number;
  maxGuestMinutes?: number;
  exempt: string[];
  failOnUnmanaged: boolean;
}

const help = `
${signInHelp}
One retrieve per org, for any number of apps. Opaque tokens and lifetimes above
${defaultMaximumMinutes} minutes are always reported as warnings. With --stack, apps that no resource
of the stack declares are reported as notes.
${examplesHelp([
  ['audit --require-jwt --max-minutes 60', 'check an org against a policy'],
  ['audit --stack dev --fail-on-unmanaged', 'every org of a stack, and apps that it does not declare'],
  [
    'audit --org dev --org uat --format csv --out audit.csv',
    'two orgs of the Salesforce CLI, for a spreadsheet',
  ],
])}${exitCodesHelp([
  [exitCodes.ok, 'every requirement is met'],
  [exitCodes.found, 'an app does not meet --require-jwt, --max-minutes or --max-guest-minutes'],
  [exitCodes.unmanaged, 'with --fail-on-unmanaged: only apps that no resource of the stack declares'],
  [exitCodes.failed, 'an org could not be read: wrong arguments, sign-in, network'],
])}`;

/** `audit`: lists every external client app of an org with the format and lifetime of its tokens. */
export function auditCommand(context: CommandContext): Command {
  return new Command('audit')
    .description('list every app of an org: token format, effective lifetimes, who may use it')
    .addOption(new Option('--format <format>', 'format of the report').choices(formats).default('table'))
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .addOption(
      new Option('--wide', 'every column in the table and every name, whatever the width').default(false),
    )
    .addOption(new Option('--out <file>', 'write the report to a file and print the summary'))
    .addOption(new Option('--require-jwt', 'every app with OAuth must issue JWT-based tokens').default(false))
    .addOption(
      new Option('--max-minutes <minutes>', 'longest allowed lifetime of tokens').argParser(parseMinutes),
    )
    .addOption(
      new Option(
        '--max-guest-minutes <minutes>',
        'the same for guest users (default: --max-minutes)',
      ).argParser(parseMinutes),
    )
    .addOption(exemptOption('app that need not meet the requirements, such as an installed one; repeatable'))
    .addOption(unmanagedOption())
    .addOption(stackOption('sign in as this stack does, and find apps that it does not declare'))
    .addOption(cwdOption())
    .addOption(orgOption(true))
    .addOption(timeoutOption())
    .addHelpText('after', helpText(help))
    .action(async (options: AuditOptions, command: Command) => {
      if (options.failOnUnmanaged && options.stack === undefined) {
        command.error("error: option '--fail-on-unmanaged' requires option '--stack <name>'");
      }
      await audit(options, context);
    });
}

async function audit(options: AuditOptions, context: CommandContext): Promise<void> {
  const requirements: Requirements = {
    requiresJwt: options.requireJwt,
    maximumMinutes: options.maxMinutes,
    maximumGuestMinutes: options.maxGuestMinutes ?? options.maxMinutes,
    requiresDeclaration: options.failOnUnmanaged,
    exemptApps: options.exempt,
  };
  const { auditOrgs } = await import('../../reports/audit/auditReport.js');
  const { reports, failures } = await withOrgs(options, context, ({ configurations, state }) =>
    auditOrgs(configurations, requirements, state, options.stack, (text) => {
      context.progress(text);
    }),
  );
  const [first, ...others] = reports;
  for (const { org, thrown } of first === undefined ? failures.slice(1) : failures) {
    context.note(`org ${orgName(org)}: ${describeFailure(thrown)}\n`);
  }
  if (first === undefined) {
    throw failures[0]?.thrown;
  }
  const names = reports.flatMap(({ apps }) => apps.map((app) => app.externalClientApplication));
  for (const name of options.exempt.filter((exempt) => !names.includes(exempt))) {
    const cause = `--exempt "${name}": the org returned no app with this name`;
    context.note(`${formatMessage({ code: 'ECA8201', cause })}\n`);
  }
  const hasRequirements = areAskedFor(requirements);
  const text = await format([first, ...others], failures, options, hasRequirements, context);
  if (options.out === undefined) {
    context.print(text);
  } else {
    writeResult(options.out, text);
    context.print([...summaryLines(reports, hasRequirements), `Wrote ${options.out}`, ''].join('\n'));
  }
  context.exit(failures.length > 0 ? exitCodes.failed : exitCodeOf(reports));
}

function exitCodeOf(reports: readonly AuditReport[]): ExitCode {
  const rules = reports.flatMap(({ findings }) =>
    findings.filter(({ level }) => level === 'error').map(({ rule }) => rule),
  );
  if (rules.length === 0) {
    return exitCodes.ok;
  }
  return rules.every((rule) => rule === 'not-declared') ? exitCodes.unmanaged : exitCodes.found;
}

async function format(
  reports: readonly [AuditReport, ...AuditReport[]],
  failures: AuditedOrgs['failures'],
  options: AuditOptions,
  hasRequirements: boolean,
  { version, hasColours }: CommandContext,
): Promise<string> {
  switch (options.json ? 'json' : options.format) {
    case 'table':
      return (await import('../../reports/audit/formatText.js')).formatAuditText(reports, {
        hasRequirements,
        isWide: options.wide,
        hasColours: hasColours && options.out === undefined,
      });
    case 'json':
      return formatJson(
        options.stack === undefined && options.org.length === 0
          ? reports[0]
          : {
              orgs: reports,
              failures: failures.map(({ org, thrown }) => ({ org, message: describeFailure(thrown) })),
            },
      );
    case 'csv':
      return (await import('../../reports/audit/formatCsv.js')).formatAuditCsv(reports);
    case 'markdown':
      return (await import('../../reports/audit/formatMarkdown.js')).formatAuditMarkdown(
        reports,
        hasRequirements,
      );
    case 'sarif':
      return (await import('../../reports/audit/formatSarif.js')).formatSarif(reports, version);
  }
}
