import { Command, Option } from 'commander';
import type { Audit, AuditReport } from '../../reports/audit/auditReport.js';
import { defaultMaximumMinutes } from '../../reports/audit/findings.js';
import type { Requirements } from '../../reports/audit/findings.js';
import { unknownExemptApps } from '../../reports/stack/exemptApps.js';
import { ofOneOrg, summarise, summaryLines, verdictOf } from '../../reports/audit/summary.js';
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
  ['audit --require-jwt --exempt Pulumi_Deploy', 'all apps but the one that the audit signs in with'],
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
    .addOption(new Option('--wide', 'every column in the table and every name, at any width').default(false))
    .addOption(
      new Option('--out <file>', 'write the report to a file, replacing its contents, and print the summary'),
    )
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
  for (const { org, thrown } of reports.length === 0 ? failures.slice(1) : failures) {
    context.note(`org ${orgName(org)}: ${describeFailure(thrown)}\n`);
  }
  if (reports.length === 0) {
    throw failures[0]?.thrown;
  }
  const names = reports.flatMap(({ apps }) => apps.map((app) => app.externalClientApplication));
  // An app of an org that could not be read may have the name.
  for (const message of failures.length === 0 ? unknownExemptApps(options.exempt, names) : []) {
    context.note(`${message}\n`);
  }
  const result: Audit = {
    generatedAt: new Date().toISOString(),
    stack: options.stack,
    requirements,
    reports,
    failures: failures.map(({ org, thrown }) => ({ org, message: describeFailure(thrown) })),
  };
  const text = await format(result, options, context);
  if (options.out === undefined) {
    context.print(text);
  } else {
    writeResult(options.out, text);
    context.print([...summaryLines(result), `Wrote ${options.out}`, ''].join('\n'));
  }
  context.exit(failures.length > 0 ? exitCodes.failed : exitCodeOf(reports));
}

function exitCodeOf(reports: readonly AuditReport[]): ExitCode {
  switch (verdictOf(reports)) {
    case 'met':
      return exitCodes.ok;
    case 'undeclaredApps':
      return exitCodes.unmanaged;
    case 'notMet':
      return exitCodes.found;
  }
}

/** The report as JSON: of the org that the environment selects, or of every org that `--stack` or `--org` selects. */
function jsonOf(audit: Audit, { stack, org }: AuditOptions): object {
  const { generatedAt, requirements, reports, failures } = audit;
  const head = { generatedAt, stack, requirements, summary: summarise(audit) };
  return stack === undefined && org.length === 0
    ? { ...reports[0], ...head }
    : {
        ...head,
        orgs: reports.map((report) => ({ ...report, summary: summarise(ofOneOrg(audit, report)) })),
        failures,
      };
}

async function format(
  audit: Audit,
  options: AuditOptions,
  { version, hasColours }: CommandContext,
): Promise<string> {
  switch (options.json ? 'json' : options.format) {
    case 'table':
      return (await import('../../reports/audit/formatText.js')).formatAuditText(audit, {
        isWide: options.wide,
        hasColours: hasColours && options.out === undefined,
      });
    case 'json':
      return formatJson(jsonOf(audit, options));
    case 'csv':
      return (await import('../../reports/audit/formatCsv.js')).formatAuditCsv(audit);
    case 'markdown':
      return (await import('../../reports/audit/formatMarkdown.js')).formatAuditMarkdown(audit);
    case 'sarif':
      return (await import('../../reports/audit/formatSarif.js')).formatSarif(audit, version);
  }
}
