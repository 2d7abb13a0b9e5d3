import XMLBuilder from 'fast-xml-builder';
import { oneLine, printable } from '../format/plainText.js';
import { describeDifference, describeResource } from './describeDrift.js';
import type { DriftReport, ResourceDrift } from './report.js';

/**
 * A report as JUnit XML: one test case a resource, a `failure` where it differs, an `error` where it could not be compared.
 */
export function formatJunit(report: DriftReport): string {
  const cases = [
    ...report.resources.map((resource) => caseOf(report.stack, resource)),
    ...(report.failures.length === 0
      ? []
      : [
          {
            ...attributes({ name: 'the look at the stack', classname: report.stack }),
            error: {
              ...attributes({ type: 'failed', message: report.failures[0] ?? '' }),
              '#text': printable(report.failures.join('\n')),
            },
          },
        ]),
  ];
  const counts = {
    tests: String(cases.length),
    failures: String(cases.filter((each) => 'failure' in each).length),
    errors: String(cases.filter((each) => 'error' in each).length),
  };
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  return builder.build({
    '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
    testsuites: {
      ...attributes({ name: 'pulumi-salesforce-eca drift', ...counts }),
      testsuite: { ...attributes({ name: report.stack, ...counts }), testcase: cases },
    },
  });
}

function caseOf(stack: string, resource: ResourceDrift): Record<string, unknown> {
  const head = attributes({ name: describeResource(resource), classname: stack });
  const lines = [
    ...resource.statements,
    ...resource.differences.map((difference) => {
      const { field, live, declared, cause, lastModified } = describeDifference(difference);
      const tail = lastModified === '' ? '' : `; ${lastModified}`;
      return `${field}: the org has ${live}, the program ${declared} (${cause}${tail})`;
    }),
  ];
  if (resource.status === 'clean') {
    return head;
  }
  const problem = {
    ...attributes({ type: resource.status, message: lines[0] ?? '' }),
    '#text': lines.map(oneLine).join('\n'),
  };
  return { ...head, [resource.status === 'failed' ? 'error' : 'failure']: problem };
}

/** The builder escapes the markup characters of attributes. */
const attributes = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`@_${name}`, oneLine(value)]));
