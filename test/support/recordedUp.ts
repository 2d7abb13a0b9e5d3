import type { LocalOrg } from 'salesforce-local-org';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from './orgSnapshot.js';
import { accessTokenEnvironment } from './policyProgram.js';
import { PulumiStack } from './pulumiStack.js';

/** What the first `pulumi up` of a program left, for tests that begin after it: running it for each would take minutes. */
export class RecordedUp {
  private constructor(
    readonly org: LocalOrg,
    readonly program: string,
    private readonly snapshot: OrgSnapshot,
    private readonly state: string,
  ) {}

  /** Runs `pulumi up` against an org, with the access token of its developer. */
  static async record(org: LocalOrg, program: string): Promise<RecordedUp> {
    const stack = await PulumiStack.create({ program, env: accessTokenEnvironment(org) });
    try {
      await stack.up();
      return new RecordedUp(org, program, takeSnapshot(org), (await stack.state()).text);
    } finally {
      await stack.dispose();
    }
  }

  /** Brings the org and a new stack to where they were after that `up`. */
  async resume(): Promise<PulumiStack> {
    restoreSnapshot(this.org, this.snapshot);
    const stack = await PulumiStack.create({
      program: this.program,
      env: accessTokenEnvironment(this.org),
    });
    try {
      await stack.importState(this.state);
    } catch (error) {
      await stack.dispose();
      throw error;
    }
    return stack;
  }
}
