import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parse } from 'yaml';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';

/** A mapping of a YAML file. */
export type Mapping = Readonly<Record<string, unknown>>;

/** A step of a job of a workflow. */
export interface WorkflowStep {
  name: string;
  /** The action that it runs, with its version. */
  uses: string | undefined;
  run: string | undefined;
  with: Mapping;
}

/** A job of a workflow. */
export interface WorkflowJob {
  name: string;
  /** What its token may do beyond reading: by right, what it is. */
  writes: Mapping;
  steps: readonly WorkflowStep[];
  needs: readonly unknown[];
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  /** Path below the repository, with `/`. */
  path: string;
  text: string;
  content: Mapping;
  jobs: readonly WorkflowJob[];
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A mapping; empty if there is none. */
export function mappingOf(value: unknown): Mapping {
  assert.ok(value === undefined || isMapping(value), `${JSON.stringify(value)} is a mapping`);
  return value ?? {};
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function readYaml(path: string): Mapping {
  return mappingOf(parse(readFileSync(join(repositoryFolder, path), 'utf8')));
}

/** The workflows of this repository and those of its examples. */
export function readWorkflows(): Workflow[] {
  const pattern = '{.,examples/**}/.github/workflows/*.{yml,yaml}';
  return globSync(pattern, { cwd: repositoryFolder, exclude: ['**/node_modules'] })
    .map((path) => path.split(sep).join('/'))
    .sort()
    .map((path) => workflowOf(path, readFileSync(join(repositoryFolder, path), 'utf8')));
}

/** A workflow by the path and the text of its file. */
export function workflowOf(path: string, text: string): Workflow {
  const content = mappingOf(parse(text));
  return {
    path,
    text,
    content,
    jobs: Object.entries(mappingOf(content['jobs'])).map(([name, job]) =>
      jobOf(name, mappingOf(job), content['permissions']),
    ),
  };
}

function jobOf(name: string, job: Mapping, inherited: unknown): WorkflowJob {
  const permissions = job['permissions'] ?? inherited;
  assert.ok(isMapping(permissions), `the job ${name} says what its token may do`);
  return {
    name,
    writes: Object.fromEntries(Object.entries(permissions).filter(([, access]) => access !== 'read')),
    needs: listOf(job['needs']),
    steps: listOf(job['steps'])
      .map(mappingOf)
      .map((step) => ({
        name: textOf(step['name']) ?? textOf(step['uses']) ?? textOf(step['run']) ?? '',
        uses: textOf(step['uses']),
        run: textOf(step['run']),
        with: mappingOf(step['with']),
      })),
  };
}

/** The script of a step, by the names of its workflow's file, job and own. */
export function scriptOf(path: string, jobName: string, stepName: string): string {
  const script = readWorkflows()
    .find((workflow) => workflow.path === path)
    ?.jobs.find(({ name }) => name === jobName)
    ?.steps.find(({ name }) => name === stepName)?.run;
  assert.ok(script !== undefined, `${path} has a script ${stepName} in the job ${jobName}`);
  return script;
}

/** Every text of a YAML value, with the keys and numbers that lead to it. */
export function textsOf(value: unknown, path: readonly string[] = []): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path: path.join('.'), text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...path, key]));
}
