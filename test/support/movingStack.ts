import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from './arrivals.js';
import { codeBlock } from './codeBlocks.js';
import { takeSnapshot, type OrgSnapshot } from './orgSnapshot.js';
import { newPolicy, policyProgram } from './policyProgram.js';
import { projectName, PulumiStack, type PulumiStackOptions } from './pulumiStack.js';
import { answeredYes, Shell } from './shell.js';

/** A stack of the dynamic provider with credentials in its file, on its way to the native provider as `docs/native-moving.md` leads it. */
export class MovingStack {
  private constructor(
    private readonly server: LocalOrgServer,
    readonly orgs: readonly [dev: LocalOrg, uat: LocalOrg],
    private readonly originals: readonly OrgSnapshot[],
    readonly stack: PulumiStack,
    readonly shell: Shell,
    private readonly nativeProject: string,
  ) {}

  /**
   * Makes the stack: `gateway` in the top-level org and `partners` in the org `uat`, both for 30 minutes; then its settings are renamed.
   *
   * @param options the program that it leads to, and what that needs
   */
  static async create(options: PulumiStackOptions): Promise<MovingStack> {
    const server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    let stack: PulumiStack | undefined;
    try {
      const orgs = [server.org('dev'), server.org('uat')] as const;
      const originals = orgs.map(takeSnapshot);
      stack = await PulumiStack.create({ ...options, name: 'dev', env: { ...options.env, ...answeredYes } });
      const project = await readFile(join(stack.folder, 'Pulumi.yaml'), 'utf8');
      const shell = new Shell(stack.folder, stack.environment);
      const moving = new MovingStack(server, orgs, originals, stack, shell, project);
      await moving.#begin();
      return moving;
    } catch (error) {
      await stack?.dispose();
      await server.close();
      throw error;
    }
  }

  async #begin(): Promise<void> {
    const [dev, uat] = this.orgs;
    await this.stack.config({
      'salesforce:instanceUrl': dev.instanceUrl,
      'salesforce:clientId': dev.clientId,
      'salesforce:username': dev.username,
      'salesforce:privateKey': { secret: await readFile(dev.privateKeyFile, 'utf8') },
      'salesforce:orgs.uat.instanceUrl': uat.instanceUrl,
      'salesforce:orgs.uat.accessToken': { secret: uat.accessToken },
    });
    await this.useDynamicProvider(30);
    await this.stack.up();
    await this.shell.type(codeBlock('docs/native-moving.md', 'pulumi preview --refresh --expect-no-changes'));
    await this.shell.type(codeBlock('docs/native-moving.md', 'move-config --stack dev --dry-run'));
    for (const org of this.orgs) org.clearRequests();
  }

  /** Makes the program of the dynamic provider the stack's. */
  async useDynamicProvider(minutes: number): Promise<void> {
    const plugins = this.nativeProject.slice(this.nativeProject.indexOf('plugins:'));
    await this.#writeProject(
      `name: ${projectName}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: dynamic.js\n${plugins}`,
    );
    const gateway = {
      externalClientApplication: 'Agent_Gateway',
      isNamedUserJwtEnabled: true,
      namedUserJwtTimeout: minutes,
    };
    const partners = { externalClientApplication: 'Partner_API', org: 'uat', namedUserJwtTimeout: 30 };
    await writeFile(
      join(this.stack.folder, 'dynamic.js'),
      policyProgram(newPolicy('gateway', gateway), newPolicy('partners', partners)),
    );
  }

  /** Makes the program of the native provider the stack's. */
  useNativeProvider(): Promise<void> {
    return this.#writeProject(this.nativeProject);
  }

  /** Types the preview and the `up` of the page: they change nothing and ask no org for anything. */
  async assertUnchanged(): Promise<void> {
    const { stdout } = await this.shell.type(
      codeBlock('docs/native-moving.md', '--expect-no-changes\npulumi up'),
    );
    assert.match(stdout, /3 unchanged/);
    assert.deepEqual(this.orgs.flatMap(requestKinds), []);
  }

  /** The types of the resources in the state. */
  async types(): Promise<string[]> {
    const { resources } = await this.stack.state();
    return resources.map(({ type }) => type).filter((type) => !type.startsWith('pulumi:'));
  }

  /** Destroys the stack: the orgs are as they were before it, byte for byte. */
  async assertRestores(): Promise<void> {
    await this.stack.destroy();
    assert.deepEqual(this.orgs.map(takeSnapshot), this.originals);
  }

  async dispose(): Promise<void> {
    await this.stack.dispose();
    await this.server.close();
  }

  #writeProject(text: string): Promise<void> {
    return writeFile(join(this.stack.folder, 'Pulumi.yaml'), text);
  }
}
