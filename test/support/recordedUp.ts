import type { LocalOrg } from 'salesforce-local-org';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from './orgSnapshot.js';
import { accessTokenEnvironment } from './policyProgram.js';
import { PulumiStack } from './pulumiStack.js';

/** What the first `pulumi up` of a program left, for tests that begin after it: running it for each would take minutes. */
export class RecordedUp {
  private constructor(
    private readonly org: LocalOrg,
    private readonly snapshot: OrgSnapshot,
    private readonly stack: PulumiStack,
  ) {}

  /** Runs `pulumi up` against an org, with the access token of its developer. */
  static async record(org: LocalOrg, program: string): Promise<RecordedUp> {
    const stack = await PulumiStack.create({ program, env: accessTokenEnvironment(org) });
    try {
      await stack.up();
    } catch (error) {
      await stack.dispose();
      throw error;
    }
    return new RecordedUp(org, takeSnapshot(org), stack);
  }

  /** Puts the org and a new stack into their state after this `up`. */
  resume(): Promise<PulumiStack> {
    restoreSnapshot(this.org, this.snapshot);
    return this.stack.clone();
  }

  /** Removes what was recorded; stacks that go on from there stay. */
  dispose(): Promise<void> {
    return this.stack.dispose();
  }
}
