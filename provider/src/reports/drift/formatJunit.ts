import { escapeXmlText } from '../../components/xmlText.js';
import { oneLine } from '../format/plainText.js';
import { describeDifference, describeResource } from './describeDrift.js';
import type { DriftReport, ResourceDrift } from './report.js';

/** Why a test case does not pass. */
interface Problem {
  element: 'failure' | 'error';
  type: string;
  lines: readonly string[];
}

/** A test case of the report. */
interface Case {
  name: string;
  problem?: Problem | undefined;
}

/**
 * A report as JUnit XML: one test case per resource, with a `failure` if it differs or an `error` if it could not be compared.
 */
export function formatJunit(report: DriftReport): string {
  const cases: Case[] = report.resources.map((resource) => ({
    name: describeResource(resource),
    problem: problemOf(resource),
  }));
  for (const { org, organizationId, apps } of report.unmanaged ?? []) {
    const name = `every app of ${org ?? organizationId} is declared`;
    const lines = apps.map((app) => `no resource declares ${app}`);
    cases.push({
      name,
      problem: lines.length === 0 ? undefined : { element: 'failure', type: 'unmanaged', lines },
    });
  }
  if (report.failures.length > 0) {
    cases.push({
      name: 'the comparison of the stack',
      problem: { element: 'error', type: 'failed', lines: report.failures },
    });
  }
  const count = (element: Problem['element']): string =>
    String(cases.filter(({ problem }) => problem?.element === element).length);
  const counts = { tests: String(cases.length), failures: count('failure'), errors: count('error') };
  const suite = tag('testsuite', { name: report.stack, ...counts });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${tag('testsuites', { name: 'pulumi-salesforce-eca drift', ...counts })}>`,
    `  <${suite}>`,
    ...cases.map((each) => `    ${formatCase(report.stack, each)}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function formatCase(stack: string, { name, problem }: Case): string {
  const head = tag('testcase', { name, classname: stack });
  if (problem === undefined) {
    return `<${head}/>`;
  }
  const { element, type, lines } = problem;
  const text = escapeXmlText(
    lines
      .flatMap((line) => line.split('\n'))
      .map(oneLine)
      .join('\n'),
  );
  return `<${head}><${tag(element, { type, message: lines[0] ?? '' })}>${text}</${element}></testcase>`;
}

function problemOf(resource: ResourceDrift): Problem | undefined {
  const lines = [
    ...resource.statements,
    ...resource.differences.map((difference) => {
      const { field, live, declared, cause, component, lastModified } = describeDifference(difference);
      const tail = lastModified === '' ? '' : `; ${oneLine(component)} ${lastModified}`;
      return `${field}: the org has ${live}, the program ${declared} (${cause}${tail})`;
    }),
  ];
  return resource.status === 'clean'
    ? undefined
    : { element: resource.status === 'failed' ? 'error' : 'failure', type: resource.status, lines };
}

/** An element's name with its attributes. */
const tag = (name: string, attributes: Readonly<Record<string, string>>): string =>
  [
    name,
    ...Object.entries(attributes).map(
      ([key, value]) => `${key}="${escapeXmlText(oneLine(value)).replaceAll('"', '&quot;')}"`,
    ),
  ].join(' ');
