import type { Log, Result, Run } from 'sarif';
import type { Audit, AuditFailure } from './auditReport.js';
import { auditRules, ruleIds } from './findings.js';
import type { Finding } from './findings.js';
import { formatJson } from '../format/json.js';
import { oneLine } from '../format/plainText.js';
import { describeNotRead } from './summary.js';

/**
 * The findings of audits as SARIF 2.1.0 (OASIS), one run per org. The location of a finding is the file with the setting, as in a project
 * in metadata format; its logical location is the app in its org.
 *
 * @param version the version of this package
 */
export function formatSarif(
  { reports, failures }: Pick<Audit, 'reports' | 'failures'>,
  version: string,
): string {
  const tool: Run['tool'] = {
    driver: {
      name: 'pulumi-salesforce-eca audit',
      version,
      rules: ruleIds.map((id) => ({
        id,
        shortDescription: { text: sarifText(`${auditRules[id].title}.`) },
        help: { text: sarifText(auditRules[id].help) },
      })),
    },
  };
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      ...reports.map((report) => ({
        tool,
        automationDetails: { id: `external-client-apps/${report.orgId}/` },
        invocations: [{ executionSuccessful: true }],
        results: report.findings.map((finding) => resultOf(finding, report.orgId)),
      })),
      ...failures.map((failure) => ({ tool, ...notRead(failure) })),
    ],
  };
  return formatJson(log);
}

/** The run of an org that could not be read; its organization id is not known. */
function notRead(failure: AuditFailure): Omit<Run, 'tool'> {
  const text = sarifText(`${describeNotRead(failure)}.`);
  return {
    automationDetails: { id: `external-client-apps/${encodeURIComponent(failure.org)}/` },
    invocations: [
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ level: 'error', message: { text } }],
      },
    ],
    results: [],
  };
}

/** A plain text message in SARIF (2.1.0, 3.11): brackets would make a link, so a backslash escapes them. */
function sarifText(text: string): string {
  return oneLine(text).replace(/[[\]\\]/g, '\\$&');
}

function resultOf({ rule, level, app, message, path }: Finding, orgId: string): Result {
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level,
    message: { text: sarifText(`${app}: ${message}.`) },
    locations: [
      {
        ...(path === undefined
          ? {}
          : { physicalLocation: { artifactLocation: { uri: encodeURI(path) }, region: { startLine: 1 } } }),
        logicalLocations: [{ name: app, fullyQualifiedName: `${orgId}/${app}`, kind: 'resource' }],
      },
    ],
    // Identifies the same finding in the next run: its message may change with the numbers in it.
    partialFingerprints: { 'finding/v1': `${orgId}/${app}/${rule}` },
  };
}
