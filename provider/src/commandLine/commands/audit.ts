import { Command, Option } from 'commander';
import { formatMessage } from '../../errors.js';
import type { AuditReport } from '../../reports/audit/auditReport.js';
import { areAskedFor, defaultMaximumMinutes } from '../../reports/audit/findings.js';
import { summaryOf } from '../../reports/audit/summary.js';
import type { CommandContext } from '../commandContext.js';
import { readEnvironmentToSignIn, environmentHelp } from '../environmentConfiguration.js';
import { exitCodes, exitCodesHelp } from '../exitCodes.js';
import { parseMinutes } from '../parseMinutes.js';
import { writeResult } from '../writeResult.js';
import { timeoutOption } from '../timeoutOption.js';
import { formatJson } from '../../reports/format/json.js';

/** The forms of the report. */
const formats = ['table', 'json', 'csv', 'markdown', 'sarif'] as const;

interface AuditOptions {
  format: (typeof formats)[number];
  json: boolean;
  wide: boolean;
  out?: string;
  requireJwt: boolean;
  maxMinutes?: number;
  maxGuestMinutes?: number;
  exempt: string[];
  timeout?: number;
}

const help = `
${environmentHelp} Changes nothing in
the org; one retrieve for any number of apps. Opaque tokens and lives of more than ${defaultMaximumMinutes} minutes are always reported, as warnings.
${exitCodesHelp([
  [exitCodes.ok, 'listed, and every requirement that was asked for is met'],
  [exitCodes.found, 'listed, and an app does not meet --require-jwt, --max-minutes or --max-guest-minutes'],
  [exitCodes.failed, 'not listed: wrong arguments, sign-in, network'],
])}`;

/** `audit`: every external client app of an org, with what its tokens are and how long they live. */
export function auditCommand(context: CommandContext): Command {
  return new Command('audit')
    .description('list every app of an org: token format, lifetimes as they take effect, who may use it')
    .addOption(new Option('--format <format>', 'form of the report').choices(formats).default('table'))
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .addOption(new Option('--wide', 'every column in the table, whatever its width').default(false))
    .addOption(new Option('--out <file>', 'write the report into a file and print the summary'))
    .addOption(
      new Option('--require-jwt', 'every app with OAuth has to issue JWT-based tokens').default(false),
    )
    .addOption(new Option('--max-minutes <minutes>', 'longest life of a token').argParser(parseMinutes))
    .addOption(
      new Option('--max-guest-minutes <minutes>', 'the same for guests (default: --max-minutes)').argParser(
        parseMinutes,
      ),
    )
    .addOption(
      new Option('--exempt <app>', 'an app that need not meet them, such as an installed one; repeatable')
        .argParser((app: string, apps: string[]) => [...apps, app])
        .default([], 'none'),
    )
    .addOption(timeoutOption())
    .addHelpText('after', help)
    .action(async (options: AuditOptions) => {
      const configuration = readEnvironmentToSignIn(context.environment, options.timeout);
      const [{ readOrg }, { auditOrg }] = await Promise.all([
        import('../../reconcile/readOrg.js'),
        import('../../reports/audit/auditReport.js'),
      ]);
      const snapshot = await readOrg(configuration);
      for (const name of options.exempt.filter(
        (exempt) => !snapshot.apps.some((app) => app.name === exempt),
      )) {
        const cause = `--exempt "${name}": the org shows no app of this name`;
        context.note(`${formatMessage({ code: 'ECA8201', cause })}\n`);
      }
      const requirements = {
        requiresJwt: options.requireJwt,
        maximumMinutes: options.maxMinutes,
        maximumGuestMinutes: options.maxGuestMinutes ?? options.maxMinutes,
        exemptApps: options.exempt,
      };
      const report = auditOrg(snapshot, requirements);
      const text = await format([report], options, areAskedFor(requirements), context);
      if (options.out === undefined) {
        context.print(text);
      } else {
        writeResult(options.out, text);
        context.print(`${summaryOf([report], areAskedFor(requirements))}\nWrote ${options.out}\n`);
      }
      context.exit(report.findings.some(({ level }) => level === 'error') ? exitCodes.found : exitCodes.ok);
    });
}

async function format(
  reports: readonly [AuditReport, ...AuditReport[]],
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
      return formatJson(reports[0]);
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
