import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startLocalOrg } from 'salesforce-local-org';
import { DynamicProviderProcess } from '../../test/support/dynamicProviderProcess.js';
import { isolatedEnvironment } from '../../test/support/temporaryProject.js';
import { runProcess } from '../pulumiCli/runProcess.js';

/** Starts an org with one package and lists its apps with the other, which takes most of what both depend on. */
const listApps = `
  startLocalOrg().then(async (server) => {
    try {
      const [org] = server.orgs;
      process.env.SALESFORCE_INSTANCE_URL = org.instanceUrl;
      process.env.SALESFORCE_ACCESS_TOKEN = org.accessToken;
      const { apps } = await listExternalClientApps();
      assert.ok(apps.some(({ externalClientApplication }) => externalClientApplication === 'Agent_Gateway'));
    } finally {
      await server.close();
    }
  });
  assert.equal(typeof ExternalClientAppJwtPolicy, 'function');
  assert.ok(externalClientAppPolicies.length > 0);
`;

/** Compiles only if the packages have types: without them, the second line would not be an error. */
const typedProgram = `
  import { ExternalClientAppJwtPolicy, type JwtTimeout } from 'pulumi-salesforce-eca';
  import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';

  export const minutes: JwtTimeout = 30;
  new ExternalClientAppJwtPolicy('gateway', {
    externalClientApplication: 'Agent_Gateway',
    namedUserJwtTimeout: minutes,
  });
  // @ts-expect-error: orgs do not have this lifetime.
  new ExternalClientAppJwtPolicy('gateway', { externalClientApplication: 'Agent_Gateway', namedUserJwtTimeout: 31 });
  export const server: Promise<LocalOrgServer> = startLocalOrg({ orgs: ['dev'] });
  // @ts-expect-error: orgs are named.
  void startLocalOrg({ orgs: [1] });
`;
const typedPolicies = `
  import { externalClientAppPolicies } from 'pulumi-salesforce-eca-policies';

  export const names: string[] = externalClientAppPolicies.map(({ name }) => name);
  // @ts-expect-error: a policy's name is not a number.
  export const numbers: number[] = externalClientAppPolicies.map(({ name }) => name);
`;

/** The settings of TypeScript, by the name of their tsconfig file. The packages' own declarations are checked once, because that takes long. */
const compilations = {
  node16: { options: { module: 'node16', skipLibCheck: true }, files: ['program.cts', 'program.mts'] },
  node20: { options: { module: 'node20', skipLibCheck: false }, files: ['program.cts', 'program.mts'] },
  bundler: {
    options: { module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true },
    files: ['program.ts'],
  },
  // The declarations of @pulumi/policy itself do not compile.
  policies: { options: { module: 'node20', skipLibCheck: true }, files: ['policies.cts', 'policies.mts'] },
};

/** What a project that uses the packages of this repository consists of, but for its package.json: texts by path. */
const files: Readonly<Record<string, string>> = {
  'run/program.cjs': `
    const assert = require('node:assert/strict');
    const { ExternalClientAppJwtPolicy, listExternalClientApps } = require('pulumi-salesforce-eca');
    const { externalClientAppPolicies } = require('pulumi-salesforce-eca-policies');
    const { startLocalOrg } = require('salesforce-local-org');
    ${listApps}`,
  'run/program.mjs': `
    import assert from 'node:assert/strict';
    import { ExternalClientAppJwtPolicy, listExternalClientApps } from 'pulumi-salesforce-eca';
    import { externalClientAppPolicies } from 'pulumi-salesforce-eca-policies';
    import { startLocalOrg } from 'salesforce-local-org';
    ${listApps}`,
  'types/program.cts': typedProgram,
  'types/program.mts': typedProgram,
  'types/program.ts': typedProgram,
  'types/policies.cts': typedPolicies,
  'types/policies.mts': typedPolicies,
  ...Object.fromEntries(
    Object.entries(compilations).map(([name, { options, files }]) => [
      `types/tsconfig.${name}.json`,
      JSON.stringify({
        compilerOptions: {
          ...options,
          target: 'es2023',
          strict: true,
          noEmit: true,
          types: ['node'],
          tsBuildInfoFile: `${name}.tsbuildinfo`,
        },
        files,
      }),
    ]),
  ),
};

/** A project folder in which the packages are installed, and the folder of the Node.js that runs it. */
export interface ConsumerProject {
  folder: string;
  /** Holds the program `node`. */
  nodeFolder: string;
}

/** What must be true in every project with the packages, for each package manager and Node.js. */
export const promises: readonly {
  /** Ends a sentence that begins with "the packages". */
  name: string;
  /** @throws Error with what was found instead */
  check: (project: ConsumerProject) => Promise<void>;
}[] = [
  { name: 'load in a CommonJS program', check: (project) => run(project, 'node', ['run/program.cjs']) },
  { name: 'load in an ES module', check: (project) => run(project, 'node', ['run/program.mjs']) },
  {
    name: 'have types under node16, node20 and bundler resolution',
    check: (project) => {
      const configurations = Object.keys(compilations).map((name) => `types/tsconfig.${name}.json`);
      return run(project, 'node', ['node_modules/typescript/bin/tsc', '--build', ...configurations]);
    },
  },
  { name: "work in the engine's provider process", check: checkProviderProcess },
  {
    name: 'have their commands',
    check: async (project) => {
      await run(project, 'node_modules/.bin/pulumi-salesforce-eca', ['--help']);
      await run(project, 'node_modules/.bin/salesforce-local-org', ['--help']);
    },
  },
];

/** Writes the programs that {@link promises} runs into a project folder. */
export async function writePrograms(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function run({ folder, nodeFolder }: ConsumerProject, command: string, args: string[]): Promise<void> {
  const { code, signal, stdout, stderr } = await runProcess(command, args, {
    cwd: folder,
    env: isolatedEnvironment([nodeFolder]),
    deadlineMs: 120_000,
  });
  if (code !== 0) {
    throw new Error(
      `"${[command, ...args].join(' ')}" ended with ${code ?? signal ?? 'no exit code'}: ${stdout}${stderr}`,
    );
  }
}

/** Starts the Pulumi SDK's provider process in the project, as the engine does, and lets it set up what a state's text requires. */
async function checkProviderProcess(project: ConsumerProject): Promise<void> {
  const server = await startLocalOrg();
  try {
    const org = server.org('dev');
    const host = await DynamicProviderProcess.start({ project });
    try {
      await host.configure({
        'salesforce:instanceUrl': org.instanceUrl,
        'salesforce:accessToken': org.accessToken,
      });
      const { inputs, failures } = await host.check(
        {},
        { externalClientApplication: 'Agent_Gateway', namedUserJwtTimeout: 30 },
      );
      assert.deepEqual(failures, []);
      const { outs } = await host.create(inputs);
      assert.equal(outs['namedUserJwtTimeout'], 30);
    } finally {
      await host.dispose();
    }
  } finally {
    await server.close();
  }
}
