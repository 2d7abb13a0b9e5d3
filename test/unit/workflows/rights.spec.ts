import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { packageFolders } from '../../../tools/packages/publishedPackages.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import {
  mappingOf,
  readWorkflows,
  readYaml,
  textsOf,
  workflowOf,
  type Workflow,
  type WorkflowJob,
  type WorkflowStep,
} from '../../support/workflows.js';

/** All rights beyond reading that the jobs of the workflows have. */
const rights: Readonly<Record<string, Record<string, string>>> = {
  '.github/workflows/release.yml publish': { 'id-token': 'write' },
  '.github/workflows/release.yml tag': { contents: 'write' },
  '.github/workflows/release.yml python': { 'id-token': 'write' },
  '.github/workflows/release.yml release': { contents: 'write' },
  'examples/pipeline/.github/workflows/drift.yml issues': { issues: 'write' },
  'examples/pipeline/.github/workflows/audit.yml code-scanning': { 'security-events': 'write' },
  ...Object.fromEntries(
    ['preview', 'up', 'audit', 'drift'].map((name) => [
      `examples/pipeline/.github/workflows/${name}.yml ${name}`,
      { 'id-token': 'write' },
    ]),
  ),
};

/** An expression with a credential. */
const credential = /\$\{\{[^}]*\b(?:secrets|github\.token)\b/;
/** What a step gets from its own environment, or what a job hands on to the workflow that it is. */
const placesOfCredentials = /^jobs\.[^.]+\.(?:steps\.\d+\.env|secrets)\.[^.]+$/;
/** Commands that run what was installed, or install it. */
const packageCommand = /\b(?:npx|pnpm|yarn)\b|\bnpm (?:ci|i|install|run|start|test|exec|x)\b/;

/** Whether a job may write nothing, but signs in to Pulumi by its identity: a program has to run in it then. */
const signsIn = ({ writes, steps }: WorkflowJob): boolean =>
  isDeepStrictEqual(writes, { 'id-token': 'write' }) && steps.some(getsToken);
const getsToken = ({ uses }: WorkflowStep): boolean => uses?.startsWith('pulumi/auth-actions@') === true;
const checksOut = ({ uses }: WorkflowStep): boolean => uses?.startsWith('actions/checkout@') === true;

/** The folders of files in the repository. */
const holding = (pattern: string): string[] =>
  globSync(pattern, { cwd: repositoryFolder, exclude: ['**/node_modules'] })
    .map(dirname)
    .sort();

/** What is promised of the workflows, and where one does not keep it. */
const promises: Readonly<Record<string, (workflow: Workflow) => string[]>> = {
  'give no job a right to write but the few that need one': ({ path, jobs }) =>
    jobs
      .filter(({ name, writes }) => !isDeepStrictEqual(writes, rights[`${path} ${name}`] ?? {}))
      .map(({ name, writes }) => `${path} ${name}: ${JSON.stringify(writes)}`),

  'give no right to all jobs but reading the repository': ({ path, content }) =>
    isDeepStrictEqual(content['permissions'], { contents: 'read' }) ? [] : [path],

  'run actions by their commit, with the version beside it': ({ path, text }) =>
    text
      .split('\n')
      .map((line) => line.replace(/^[\s-]*/, ''))
      .filter((line) => line.startsWith('uses:'))
      .filter((line) => !/^uses: (?:\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line))
      .map((line) => `${path}: ${line}`),

  'leave no credential in what they check out': ({ path, jobs }) =>
    jobs
      .filter(({ steps }) =>
        steps.some((step) => checksOut(step) && step.with['persist-credentials'] !== false),
      )
      .map(({ name }) => `${path} ${name}`),

  'check out, install and run no package in a job that may write': ({ path, jobs }) =>
    jobs
      .filter((job) => Object.keys(job.writes).length > 0 && !signsIn(job))
      .filter(({ steps }) => steps.some((step) => checksOut(step) || packageCommand.test(step.run ?? '')))
      .map(({ name }) => `${path} ${name}`),

  'run no install script in a job that signs in to Pulumi, and sign in right before the step that needs it':
    ({ path, jobs }) =>
      jobs
        .filter(({ steps }) => steps.some(getsToken))
        .filter(
          ({ steps }) =>
            steps.some(({ run = '' }) => /\bnpm (?:ci|i|install)\b(?! --ignore-scripts$)/.test(run)) ||
            steps.slice(steps.findIndex(getsToken) + 2).some(({ run }) => packageCommand.test(run ?? '')) ||
            !packageCommand.test(steps[steps.findIndex(getsToken) + 1]?.run ?? ''),
        )
        .map(({ name }) => `${path} ${name}`),

  'give a secret to the step that needs it, and to no other': ({ path, content }) =>
    textsOf(content)
      .filter(({ text }) => text === 'inherit' || credential.test(text))
      .filter((found) => found.text === 'inherit' || !placesOfCredentials.test(found.path))
      .map((found) => `${path} ${found.path}`),

  'hand a secret to no step that installs packages': ({ path, content, jobs }) =>
    textsOf(content)
      .filter(({ text }) => credential.test(text))
      .map((found) => /^jobs\.([^.]+)\.steps\.(\d+)\./.exec(found.path))
      .filter((place) => place !== null)
      .filter(([, job, step]) =>
        /\bnpm (?:ci|i|install)\b/.test(
          jobs.find(({ name }) => name === job)?.steps[Number(step)]?.run ?? '',
        ),
      )
      .map(([place]) => `${path} ${place}`),

  'put nothing into the text of a script': ({ path, jobs }) =>
    jobs.flatMap(({ name, steps }) =>
      steps.filter(({ run }) => run?.includes('${{')).map((step) => `${path} ${name}: ${step.name}`),
    ),
};

/** A workflow that breaks every promise. */
const careless = workflowOf(
  'careless.yml',
  `
permissions: { contents: write }
jobs:
  careless:
    permissions: { id-token: write }
    env:
      TOKEN: \${{ secrets.TOKEN }}
    steps:
      - uses: actions/checkout@v6
      - run: npm ci && echo \${{ github.head_ref }}
        env:
          TOKEN: \${{ secrets.TOKEN }}
  signs-in:
    permissions: { id-token: write }
    steps:
      - uses: pulumi/auth-actions@v2
      - run: npm ci
  called:
    uses: ./.github/workflows/other.yml
    secrets: inherit
`,
);

describe('the workflows of this repository and its examples', () => {
  const workflows = readWorkflows();

  for (const [promise, faultsOf] of Object.entries(promises)) {
    it(promise, () => {
      assert.notDeepEqual(faultsOf(careless), [], 'what breaks the promise is found');
      assert.deepEqual(workflows.flatMap(faultsOf), []);
    });
  }

  it('use the same commit of an action everywhere', () => {
    const used = workflows.flatMap(({ text }) => text.match(/[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\S+/g) ?? []);
    const actions = new Set(used.map((use) => use.split('@', 1)[0]));
    assert.equal(actions.size, new Set(used).size, [...new Set(used)].sort().join('\n'));
  });

  it('publish what a job without permissions has packed, and tag it once it is published', () => {
    const jobs = workflows.find(({ path }) => path === '.github/workflows/release.yml')?.jobs ?? [];
    assert.deepEqual(
      jobs.map(({ name, needs }) => [name, ...needs]),
      [
        ['test'],
        ['pack', 'test'],
        ...['plugin', 'executable', 'sdks'].map((name) => [name, 'test']),
        ['publish', 'pack'],
        ['tag', 'publish'],
        ['python', 'publish', 'sdks'],
        ['release', 'publish', 'plugin', 'executable', 'sdks'],
      ],
    );
  });

  it('check advisories only at night: a new one blocks no pull request', () => {
    const asking = workflows.filter(({ text }) => text.includes('npm audit'));
    assert.deepEqual(
      asking.map(({ path, content }) => [path, Object.keys(mappingOf(content['on']))]),
      [['.github/workflows/advisories.yml', ['schedule', 'workflow_dispatch']]],
    );
  });

  it('ask for advisories about every lock file, but for those of the clients of conformance', () => {
    const { jobs } = readYaml('.github/workflows/advisories.yml');
    const { strategy, defaults, steps } = mappingOf(mappingOf(jobs)['audit']);
    assert.deepEqual(defaults, { run: { 'working-directory': '${{ matrix.folder }}' } });
    assert.deepEqual(mappingOf(strategy)['matrix'], {
      folder: holding('**/package-lock.json').filter(
        (folder) => !folder.startsWith('test/conformance/locks/'),
      ),
    });
    assert.ok(textsOf(steps).every(({ path }) => !path.endsWith('working-directory')));
  });
});

describe('Dependabot', () => {
  const { updates } = readYaml('.github/dependabot.yml');
  assert.ok(Array.isArray(updates));
  const foldersOf = (ecosystem: string): string[] =>
    updates
      .map(mappingOf)
      .filter((update) => update['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [directory] }) => directories as unknown[])
      .map(String)
      .sort();

  it('checks every package.json except those of generated SDKs and of the conformance clients, whose versions are fixed', () => {
    const inLockOfRoot = new Set<string>(packageFolders);
    const folders = holding('**/package.json').filter(
      (folder) => !inLockOfRoot.has(folder) && !/^(?:sdk|test\/conformance\/locks)\//.test(folder),
    );
    assert.deepEqual(foldersOf('npm'), folders.map((folder) => (folder === '.' ? '/' : `/${folder}`)).sort());
  });

  it('checks every workflow', () => {
    const folders = new Set(readWorkflows().map(({ path }) => dirname(path)));
    assert.deepEqual(
      foldersOf('github-actions'),
      // Dependabot takes "/" for the repository's own workflows.
      [...folders].map((folder) => (folder === '.github/workflows' ? '/' : `/${folder}`)).sort(),
    );
  });
});
