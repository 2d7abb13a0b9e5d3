import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import {
  archiveName,
  platforms,
  pluginVersion,
  program,
  thisPlatform,
  writePluginArchives,
} from '../../tools/native/pluginArchives.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { codeBlock } from '../support/codeBlocks.js';
import { npm, pack } from '../support/npm.js';
import { makeOlderNode } from '../support/olderNode.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { nativeFolder } from '../support/providerProgram.js';
import { projectName, PulumiStack } from '../support/pulumiStack.js';
import { Shell } from '../support/shell.js';
import { createEmptyProject, type TemporaryProject } from '../support/temporaryProject.js';

const app = 'Agent_Gateway';
const nextVersion = '99.0.0';

/** A YAML program with one app; `options` are the lines of its resource options. */
const programWith = (...options: string[]): string => `
resources:
  gateway:
    type: salesforce-eca:ExternalClientAppJwtPolicy
    properties:
      externalClientApplication: ${app}
      isNamedUserJwtEnabled: true
      namedUserJwtTimeout: 30
${options.length === 0 ? '' : `    options:\n${options.map((line) => `      ${line}\n`).join('')}`}`;

/** Serves the files of a folder on this machine. */
async function serve(folder: string): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    asked.push(name);
    void readFile(join(folder, name)).then(
      (content) => response.writeHead(200, { 'content-length': content.length }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `http://127.0.0.1:${address.port}`, asked, server };
}

describe('the plugin salesforce-eca', function () {
  this.timeout(240_000);
  let archives: TemporaryProject;
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack | undefined;

  const archive = (platform = thisPlatform): string => join(archives.folder, archiveName(platform));

  before(async () => {
    archives = await createEmptyProject();
    await writePluginArchives(archives.folder);
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(async () => {
    await server.close();
    await archives.remove();
  });
  afterEach(async () => {
    await stack?.dispose();
    stack = undefined;
  });

  /** A stack whose project names no path for the plugin. */
  async function createStack(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<PulumiStack> {
    stack = await PulumiStack.create({
      language: 'yaml',
      program: yaml,
      env: { ...jwtBearerEnvironment(org), ...env },
    });
    await writeProject(stack, '');
    return stack;
  }
  const writeProject = (of: PulumiStack, plugins: string): Promise<void> =>
    writeFile(join(of.folder, 'Pulumi.yaml'), `name: ${projectName}\nruntime: yaml\n${plugins}`);

  /** Types a block of the page in the folder of the archives. */
  const typeBlock = async (of: PulumiStack, block: string, version = pluginVersion): Promise<string> => {
    const text = block.replace('salesforce-eca 0.1.0', `salesforce-eca ${version}`);
    const own = text.replaceAll('0.1.0', pluginVersion).replaceAll('linux-amd64', thisPlatform);
    const session = join(of.folder, '.shell-session');
    return (await new Shell(archives.folder, of.environment, session).type(own)).stdout;
  };
  const install = (of: PulumiStack, version?: string): Promise<string> =>
    typeBlock(of, codeBlock('docs/native-install.md', '--file'), version);

  /** The versions of the plugin that are installed. */
  const installedVersions = async (of: PulumiStack): Promise<string[]> => {
    const entries = await readdir(join(of.folder, 'pulumi-home/plugins'));
    return entries.flatMap((name) => /^resource-salesforce-eca-v([\d.]+)$/.exec(name)?.[1] ?? []).sort();
  };

  /** Sets the values, is unchanged without a request, and restores byte for byte. */
  async function liveAndDie(of: PulumiStack): Promise<void> {
    const original = takeSnapshot(org);
    await of.previewAndUp();
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
    org.clearRequests();
    await of.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(requestKinds(org), []);
    await of.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  }

  async function unpack(): Promise<TemporaryProject> {
    const folder = await createEmptyProject();
    const args = ['-xzf', archive(), '-C', folder.folder];
    const { code, stderr } = await runProcess('tar', args, { deadlineMs: 20_000 });
    assert.equal(code, 0, stderr);
    return folder;
  }

  it('has a reproducible archive for each platform, and the checksum of each', async () => {
    const again = await createEmptyProject();
    try {
      await writePluginArchives(again.folder);
      const names = platforms.map(archiveName);
      assert.deepEqual((await readdir(again.folder)).sort(), [...names, 'SHA256SUMS'].sort());
      const sums: string[] = [];
      for (const name of names.sort()) {
        const content = await readFile(join(again.folder, name));
        assert.ok(content.equals(await readFile(join(archives.folder, name))), name);
        sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
      }
      assert.equal(await readFile(join(again.folder, 'SHA256SUMS'), 'utf8'), sums.join(''));
    } finally {
      await again.remove();
    }
  });

  it('has the program at the root of the archive, and the licences of all its packages, each once', async () => {
    const { stdout } = await runProcess('tar', ['-tvzf', archive()], { deadlineMs: 20_000 });
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^(\S+) .* (\S+)$/, '$1 $2')),
      [
        `-rwxr-xr-x ${program}`,
        `-rw-r--r-- ${program}.cmd`,
        '-rw-r--r-- main.js',
        '-rw-r--r-- server.js',
        '-rw-r--r-- LICENSE',
        '-rw-r--r-- THIRD-PARTY-NOTICES.txt',
      ],
    );
    const folder = await unpack();
    try {
      const read = (name: string): Promise<string> => readFile(join(folder.folder, name), 'utf8');
      assert.equal(await read('LICENSE'), await readFile(join(repositoryFolder, 'LICENSE'), 'utf8'));
      const notices = await read('THIRD-PARTY-NOTICES.txt');
      const packages = [...notices.matchAll(/^ {2}(\S+) [\d.]+\S*: \S/gm)].map(([, name]) => name);
      assert.deepEqual(packages, [...new Set(packages)]);
      for (const name of ['@pulumi/pulumi', '@grpc/grpc-js', 'google-protobuf', 'undici', 'saxes'])
        assert.ok(packages.includes(name), `${name} is among ${packages.join(', ')}`);
      assert.match(notices, /Permission is hereby granted, free of charge/);
    } finally {
      await folder.remove();
    }
  });

  it('returns the schema that the program in the repository returns', async () => {
    const folder = await unpack();
    const own = await createStack(programWith());
    const schemaOf = async (path: string): Promise<string> =>
      (await own.run(['package', 'get-schema', path])).stdout;
    try {
      const schema = await schemaOf(join(folder.folder, program));
      assert.match(schema, /"salesforce-eca:index:ExternalClientAppJwtPolicy"/);
      assert.equal(schema, await schemaOf(join(nativeFolder, program)));
    } finally {
      await folder.remove();
    }
  });

  it('can be installed from a file with its checksum, and then runs a program', async () => {
    const own = await createStack(programWith());
    const checked = await typeBlock(own, codeBlock('docs/native-install.md', 'sha256sum'));
    assert.match(checked, new RegExp(`^${archiveName(thisPlatform)}: OK$`, 'm'));
    await install(own);
    assert.deepEqual(await installedVersions(own), [pluginVersion]);
    await liveAndDie(own);
  });

  it('is downloaded from the address in the options of a resource, at the version there', async () => {
    const { url, asked, server: files } = await serve(archives.folder);
    try {
      const options = codeBlock('docs/native-install.md', 'pluginDownloadURL').replace(
        'https://downloads.acme.com/pulumi',
        url,
      );
      const own = await createStack(options.replaceAll('0.1.0', pluginVersion), {
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'false',
      });
      await liveAndDie(own);
      assert.deepEqual(asked, [archiveName(thisPlatform)]);
      assert.deepEqual(await installedVersions(own), [pluginVersion]);
    } finally {
      files.close();
    }
  });

  for (const [kind, programOf] of [
    ['no version', () => programWith()],
    ['its version', (version: string) => programWith(`version: ${version}`)],
  ] as const) {
    it(`is upgraded if a program names ${kind}: unchanged without a request, and the older one can be removed`, async () => {
      const original = takeSnapshot(org);
      const own = await createStack(programOf(pluginVersion));
      await install(own);
      await own.up();
      await install(own, nextVersion);
      await own.setProgram(programOf(nextVersion));
      org.clearRequests();
      await own.previewAndUp({ args: ['--expect-no-changes'] });
      assert.deepEqual(requestKinds(org), []);
      await typeBlock(own, codeBlock('docs/native-install.md', 'plugin rm'));
      assert.deepEqual(await installedVersions(own), [nextVersion]);
      await own.destroy();
      assert.deepEqual(takeSnapshot(org), original);
    });
  }

  it('has the version that the program named in the state', async () => {
    const own = await createStack(programWith(`version: ${pluginVersion}`));
    await install(own);
    await own.up();
    await typeBlock(own, codeBlock('docs/native-install.md', 'plugin rm'));
    const { stdout, stderr } = await own.run(['destroy', '--yes'], { expectCode: 'any' });
    const needed = `found in the workspace at version v${pluginVersion}`;
    assert.ok((stdout + stderr).includes(needed), stdout + stderr);
    await install(own);
    await own.destroy();
  });

  it('without Node.js on PATH says what is required, started directly and by the CLI', async () => {
    const folder = await unpack();
    const required = /Node\.js 22\.19 or newer is required, and there is no "node" on PATH/;
    try {
      const path = join(folder.folder, program);
      const alone = await runProcess(path, [], { env: { PATH: '' }, deadlineMs: 20_000 });
      assert.deepEqual([alone.code, alone.stdout], [1, '']);
      assert.match(alone.stderr, required);

      const own = await createStack(programWith());
      await install(own);
      const only = join(own.folder, 'only-pulumi');
      await mkdir(only);
      const found = new Map<string, string>();
      for (const onPath of (own.environment['PATH'] ?? '').split(delimiter))
        for (const name of await readdir(onPath).catch(() => []))
          if (name.startsWith('pulumi') && !found.has(name)) found.set(name, join(onPath, name));
      for (const [name, path] of found) await symlink(path, join(only, name));
      const { stdout, stderr } = await own.run(['preview'], { env: { PATH: only }, expectCode: 'any' });
      assert.match(stdout + stderr, required);
    } finally {
      await folder.remove();
    }
  });

  it('with an older Node.js on PATH says which one is required', async () => {
    const folder = await unpack();
    try {
      const older = await makeOlderNode(folder.folder, '22.18.0');
      const { code, stdout, stderr } = await runProcess(join(folder.folder, program), [], {
        env: { PATH: `${older}:${process.env['PATH'] ?? ''}` },
        deadlineMs: 20_000,
      });
      assert.deepEqual(
        [code, stdout, stderr],
        [1, '', `${program}: Node.js 22.19 or newer is required; this is 22.18.0\n`],
      );
    } finally {
      await folder.remove();
    }
  });

  it('is also in the npm package: Pulumi.yaml names its folder', async () => {
    const own = await createStack(programWith());
    const { tarball } = await pack(join(repositoryFolder, 'provider'), ['--pack-destination', own.folder]);
    await rm(join(own.folder, 'node_modules'), { recursive: true });
    await npm(
      ['install', '--no-audit', '--no-fund', '--prefer-offline', '--no-save', `./${tarball}`],
      own.folder,
    );
    await writeProject(own, codeBlock('docs/native-install.md', 'path: '));
    await liveAndDie(own);
  });

  it('has scripts that require the Node.js that package.json does', async () => {
    const manifest = JSON.parse(await readFile(join(repositoryFolder, 'provider/package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const oldest = manifest.engines.node.replace(/^>=(\d+\.\d+)\.0$/, '$1');
    for (const name of [program, `${program}.cmd`]) {
      const script = await readFile(join(repositoryFolder, 'provider/native', name), 'utf8');
      assert.ok(script.includes(`Node.js ${oldest} or newer is required`), name);
    }
  });
});
