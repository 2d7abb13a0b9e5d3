import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { callCommandLine } from '../support/commandLine.js';
import { createEmptyProject, type TemporaryProject } from '../support/temporaryProject.js';

const configuration = `config:
  salesforce:instanceUrl: https://dev.my.salesforce.com
  salesforce:accessToken:
    secure: v1:abc:def==
`;
const moved = configuration.replaceAll('salesforce:', 'salesforce-eca:');
const list =
  '  salesforce:instanceUrl -> salesforce-eca:instanceUrl\n  salesforce:accessToken -> salesforce-eca:accessToken\n';

describe('pulumi-salesforce-eca move-config', () => {
  let project: TemporaryProject;
  let file: string;

  beforeEach(async () => {
    project = await createEmptyProject();
    file = join(project.folder, 'Pulumi.dev.yaml');
    await writeFile(join(project.folder, 'Pulumi.yaml'), 'name: project\nruntime: yaml\n');
    await writeFile(file, configuration);
  });
  afterEach(() => project.remove());

  const moveConfig = async (code: number, ...args: string[]): Promise<ProcessResult> => {
    const result = await callCommandLine(
      ['move-config', '--cwd', project.folder, '--stack', 'dev', ...args],
      {},
    );
    assert.equal(result.code, code, result.stdout + result.stderr);
    return result;
  };
  const read = (): Promise<string> => readFile(file, 'utf8');

  it('renames the settings and back, and says what it did or would do', async () => {
    assert.equal(
      (await moveConfig(0, '--dry-run')).stdout,
      `Pulumi.dev.yaml: would rename 2 settings\n${list}`,
    );
    assert.equal(await read(), configuration);
    assert.equal((await moveConfig(0)).stdout, `Pulumi.dev.yaml: renamed 2 settings\n${list}`);
    assert.equal(await read(), moved);
    assert.equal((await moveConfig(0)).stdout, 'Pulumi.dev.yaml: no settings to rename\n');
    await moveConfig(0, '--back');
    assert.equal(await read(), configuration);
    assert.deepEqual((await readdir(project.folder)).sort(), ['Pulumi.dev.yaml', 'Pulumi.yaml']);
  });

  it('finds the file of a stack as the Pulumi CLI does, and does not change the project’s file', async () => {
    await mkdir(join(project.folder, 'stacks'));
    await mkdir(join(project.folder, 'program'));
    await writeFile(
      join(project.folder, 'Pulumi.yaml'),
      'name: project\nstackConfigDir: stacks\nconfig:\n  salesforce:apiVersion: "66.0"\n',
    );
    await writeFile(join(project.folder, 'stacks/Pulumi.dev.yaml'), configuration);
    const { stdout, code } = await callCommandLine(
      ['move-config', '--cwd', join(project.folder, 'program'), '--stack', 'acme/project/dev'],
      {},
    );
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `${join('..', 'stacks', 'Pulumi.dev.yaml')}: renamed 2 settings\n${list}` +
        `Note: ${join('..', 'Pulumi.yaml')} sets salesforce:apiVersion for every stack, and is unchanged: rename it there\n`,
    );
    assert.equal(await readFile(join(project.folder, 'stacks/Pulumi.dev.yaml'), 'utf8'), moved);
    assert.equal(await read(), configuration);
  });

  it('keeps the permissions of the file, and a link', async () => {
    await chmod(file, 0o640);
    await symlink('Pulumi.dev.yaml', join(project.folder, 'Pulumi.linked.yaml'));
    await moveConfig(0, '--stack', 'linked');
    assert.equal(await read(), moved);
    assert.equal((await stat(file)).mode & 0o777, 0o640);
    assert.ok((await lstat(join(project.folder, 'Pulumi.linked.yaml'))).isSymbolicLink());
  });

  it('changes nothing if the file cannot be written, or a setting has two values', async () => {
    const both = `${configuration}  salesforce-eca:instanceUrl: https://other.my.salesforce.com\n`;
    await writeFile(file, both);
    assert.match(
      (await moveConfig(1)).stderr,
      /\[ECA8403\] Pulumi\.dev\.yaml sets salesforce:instanceUrl and /,
    );
    assert.equal(await read(), both);

    await writeFile(file, Buffer.from([0x63, 0xff]));
    assert.match((await moveConfig(1)).stderr, /\[ECA8402\] Pulumi\.dev\.yaml: it cannot be read \(/);

    // A temporary file beside this one would have too long a name, for the superuser too.
    const name = 'a'.repeat(230);
    const long = join(project.folder, `Pulumi.${name}.yaml`);
    await writeFile(long, configuration);
    assert.match(
      (await moveConfig(1, '--stack', name)).stderr,
      /\[ECA8404\] Pulumi\.a+\.yaml could not be written \(ENAMETOOLONG.*\), so it is unchanged\.\n$/,
    );
    assert.equal(await readFile(long, 'utf8'), configuration);
  });

  it('says what it does not find', async () => {
    assert.match(
      (await moveConfig(1, '--stack', 'uat')).stderr,
      /\[ECA8401\] stack uat has no configuration file: Pulumi\.uat\.yaml does not/,
    );
    assert.match(
      (await moveConfig(1, '--cwd', '/')).stderr,
      /\[ECA8401\] no Pulumi\.yaml in this folder or above it\. Check --stack and --cwd\.\n$/,
    );
    assert.match((await callCommandLine(['move-config'], {})).stderr, /required option '--stack <name>'/);
  });
});
