import type { LocalOrg, RequestKind } from 'salesforce-local-org';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../../support/orgSnapshot.js';
import {
  nativePolicyType,
  newPolicy,
  policyProgram,
  policyType,
  yamlProgram,
} from '../../support/policyProgram.js';
import { namespaceOf, type ProviderProgram } from '../../support/providerProgram.js';
import { PulumiStack } from '../../support/pulumiStack.js';
import { programOf, putCellApps, type CellApps } from '../cellApps.js';
import type { Column } from './cells.js';
import type { ChangingOperation } from './changingOperations.js';
import { startHeld, type HeldRun } from './heldRun.js';

/** A program's step, as it is after an operation, or when it is interrupted. */
const stepOf = { create: 'first', update: 'second', delete: 'first' } as const satisfies Record<
  ChangingOperation,
  'first' | 'second'
>;

/** The command of an operation, which asks nothing and shows no preview. */
export const commandOf = (operation: ChangingOperation): string[] => [
  operation === 'delete' ? 'destroy' : 'up',
  '--yes',
  '--skip-preview',
];

/** An org with apps of its own, and stacks before and after the first `pulumi up`: what cells begin with, one after the other. */
export class Scene {
  private constructor(
    readonly provider: ProviderProgram,
    readonly org: LocalOrg,
    readonly apps: CellApps,
    /** The org before the first `pulumi up`. */
    readonly original: OrgSnapshot,
    private readonly before: PulumiStack,
    private readonly after: { stack: PulumiStack; snapshot: OrgSnapshot },
  ) {}

  /** Puts apps into an org and runs the first `pulumi up`. */
  static async prepare(org: LocalOrg, provider: ProviderProgram): Promise<Scene> {
    const apps = putCellApps(org, 1);
    const original = takeSnapshot(org);
    const before = await PulumiStack.create({
      program: textOf('first', apps, provider),
      language: provider === 'native' ? 'yaml' : 'javascript',
    });
    let stack: PulumiStack | undefined;
    try {
      const { instanceUrl, clientId, username, privateKey } = org;
      const namespace = namespaceOf(provider);
      await before.config({
        [`${namespace}:instanceUrl`]: instanceUrl,
        [`${namespace}:clientId`]: clientId,
        [`${namespace}:username`]: username,
        [`${namespace}:privateKey`]: { secret: privateKey },
      });
      stack = await before.clone();
      await stack.run(commandOf('create'));
      return new Scene(provider, org, apps, original, before, { stack, snapshot: takeSnapshot(org) });
    } catch (error) {
      await stack?.dispose();
      await before.dispose();
      throw error;
    }
  }

  /** The type of the resources in the state. */
  get type(): string {
    return this.provider === 'native' ? nativePolicyType : policyType;
  }

  /** The settings that are declared when an operation runs. */
  programOf(operation: ChangingOperation): ReturnType<typeof programOf> {
    return programOf(stepOf[operation], this.apps.declared);
  }

  /** Brings the org to where an operation begins, and makes a stack that is there too; it has to be disposed of. */
  async begin(operation: ChangingOperation): Promise<PulumiStack> {
    const isFirst = operation === 'create';
    restoreSnapshot(this.org, isFirst ? this.original : this.after.snapshot);
    this.org.clearRequests();
    const stack = await (isFirst ? this.before : this.after.stack).clone();
    try {
      await stack.setProgram(textOf(stepOf[operation], this.apps, this.provider));
    } catch (error) {
      await stack.dispose();
      throw error;
    }
    return stack;
  }

  /** Starts an operation, and holds one of its requests, or none. */
  start(stack: PulumiStack, operation: ChangingOperation, held?: Column): HeldRun {
    return startHeld(this.org, () => stack.start(commandOf(operation)), this.apps.declared, held);
  }

  /** The requests of an operation when nobody disturbs it. */
  async record(operation: ChangingOperation): Promise<RequestKind[]> {
    const stack = await this.begin(operation);
    try {
      const { command, arrived, release } = this.start(stack, operation);
      try {
        await arrived;
      } finally {
        release();
      }
      const { code } = await command.result;
      if (code !== 0) throw new Error(`${operation} failed undisturbed:\n${command.output()}`);
      return this.org.requests.map(({ kind }) => kind);
    } finally {
      await stack.dispose();
    }
  }

  /** Ends what the stacks started, and removes them. */
  async dispose(): Promise<void> {
    await this.before.dispose();
    await this.after.stack.dispose();
  }
}

function textOf(step: 'first' | 'second', { declared }: CellApps, provider: ProviderProgram): string {
  const policies = [...programOf(step, declared)].map(
    ([app, settings]) => [app, { externalClientApplication: app, ...settings }] as const,
  );
  return provider === 'native'
    ? yamlProgram(Object.fromEntries(policies))
    : policyProgram(...policies.map(([app, inputs]) => newPolicy(app, inputs)));
}
