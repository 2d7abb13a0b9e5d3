import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { PulumiStack, type PulumiStackOptions } from './pulumiStack.js';
import { Shell } from './shell.js';

/** What somebody has who types what the pages say: an org, a stack of his own, and a terminal in its folder. */
export class PageSession {
  private constructor(
    private readonly server: LocalOrgServer,
    readonly org: LocalOrg,
    readonly stack: PulumiStack,
    readonly shell: Shell,
  ) {}

  /** @param stackFor the stack for the org */
  static async open(stackFor: (org: LocalOrg) => PulumiStackOptions): Promise<PageSession> {
    const server = await startLocalOrg();
    try {
      const org = server.org('dev');
      const stack = await PulumiStack.create(stackFor(org));
      return new PageSession(server, org, stack, new Shell(stack.folder, stack.environment));
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Ends everything and removes the stack. */
  async close(): Promise<void> {
    try {
      await this.stack.dispose();
    } finally {
      await this.server.close();
    }
  }
}
