import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OrgOutcome, StackOutcome } from '../contract/activities.js';
import { objectIn, textIn } from './engineEvents.js';
import { failureTypeOf, worstFailure } from './failures.js';
import type { Operation } from './operation.js';
import { messageText, outcome, stackFailure, type OutcomeFrame } from './outcome.js';

/** The provider package that a program uses: its folder, version and command. */
export interface ProviderPackage {
  readonly version: string;
  readonly command: string;
}

/**
 * Finds the provider package of a program.
 *
 * @throws Error when the program does not have it
 */
export function providerOf(program: string): ProviderPackage {
  const file = createRequire(join(program, 'package.json')).resolve('pulumi-salesforce-eca/package.json');
  const content = objectIn(JSON.parse(readFileSync(file, 'utf8')));
  const bin = textIn(objectIn(content?.['bin']), 'pulumi-salesforce-eca') ?? '';
  return { version: textIn(content, 'version') ?? '', command: join(dirname(file), bin) };
}

/** The full look: `pulumi-salesforce-eca drift`, which runs the program and reads everything. */
export async function drift(
  operation: Operation,
  frame: OutcomeFrame,
  program: string,
): Promise<StackOutcome> {
  const { command } = providerOf(program);
  operation.attempt.step = 'compare with the orgs';
  const { stdout, output } = await operation.command(process.execPath, [
    command,
    'drift',
    '--json',
    '--stack',
    operation.stack.stack,
  ]);
  const report = parseReport(stdout);
  if (report === undefined) throw new Error(`the comparison failed: ${output.trim().slice(-1000)}`);
  const orgs = frame.stack.orgs.map(({ name }) => orgOutcome(name, report, frame));
  const messages = [
    ...report.failures,
    ...orgs.flatMap(({ status, message }) => (status === 'failed' ? (message ?? []) : [])),
  ];
  if (report.status === 'failed') {
    throw stackFailure(worstFailure(messages.map(failureTypeOf)), messages.join('; '), frame, orgs);
  }
  return outcome(frame, { status: report.status === 'clean' ? 'unchanged' : 'drifted', orgs });
}

interface Report {
  readonly status: string;
  readonly failures: readonly string[];
  readonly resources: readonly { readonly org?: string; readonly status: string; readonly message: string }[];
}

function parseReport(text: string): Report | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const report = objectIn(parsed);
  const status = textIn(report, 'status');
  const resources = report?.['resources'];
  if (status === undefined || !Array.isArray(resources)) return undefined;
  return {
    status,
    failures: texts(report?.['failures']),
    resources: resources.map((each: unknown) => {
      const resource = objectIn(each);
      const org = textIn(resource, 'org');
      return {
        ...(org === undefined ? {} : { org }),
        status: textIn(resource, 'status') ?? 'failed',
        message: [
          `${textIn(resource, 'app') ?? ''}: ${textIn(resource, 'status') ?? ''}`,
          ...texts(resource?.['statements']),
          ...differences(resource?.['differences']),
        ].join('; '),
      };
    }),
  };
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];

function differences(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).map((each: unknown) => {
    const difference = objectIn(each);
    return `${textIn(difference, 'field') ?? ''} is ${shown(difference?.['live'])}, declared ${shown(difference?.['declared'])}`;
  });
}

const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : 'not known';

function orgOutcome(
  name: string,
  { resources, failures }: Report,
  { stack, secrets }: OutcomeFrame,
): OrgOutcome {
  const own = resources.filter(({ org }) => org === name || (org === undefined && stack.orgs.length === 1));
  const differing = own.filter(({ status }) => status !== 'clean');
  if (differing.length === 0 && failures.length === 0) return { org: name, status: 'unchanged' };
  const isFailed = failures.length > 0 || differing.some(({ status }) => status === 'failed');
  const message = messageText([...failures, ...differing.map((each) => each.message)].join('; '), secrets);
  return { org: name, status: isFailed ? 'failed' : 'drifted', message };
}
