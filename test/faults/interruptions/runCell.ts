import type { DeployRecord, LocalOrg } from 'salesforce-local-org';
import { areSentTogether } from '../../support/arrivals.js';
import type { PulumiStack } from '../../support/pulumiStack.js';
import type { StackState } from '../../support/stackState.js';
import type { ProcessResult } from '../../../tools/pulumiCli/runProcess.js';
import { differences, takeSnapshot, wrongSettings } from '../cellApps.js';
import { secretsIn } from '../judgeError.js';
import type { CellResult } from '../runCell.js';
import type { InterruptionCell } from './cells.js';
import { providerIsGone } from './interruptionKinds.js';
import { asTyped, sectionOf } from './page.js';
import { commandOf, type Scene } from './scene.js';

/** Interrupts one operation at one request, types what the page says, and judges stack and org. */
export async function runInterruption(
  scene: Scene,
  cell: InterruptionCell,
  page: string,
): Promise<CellResult<InterruptionCell>> {
  const start = performance.now();
  const stack = await scene.begin(cell.operation);
  const run = new InterruptionRun(scene, stack, cell, page);
  try {
    await run.play();
  } catch (thrown) {
    run.faults.push(thrown instanceof Error ? thrown.message : String(thrown));
  } finally {
    scene.org.faults.clear();
    await stack.dispose();
  }
  return { cell, faults: run.faults, story: run.story, milliseconds: performance.now() - start };
}

class InterruptionRun {
  readonly faults: string[] = [];
  readonly story: string[] = [];
  readonly #org: LocalOrg;
  readonly #firstDeploy: number;
  /** Everything that any command printed. */
  #printed = '';

  constructor(
    private readonly scene: Scene,
    private readonly stack: PulumiStack,
    private readonly cell: InterruptionCell,
    private readonly page: string,
  ) {
    this.#org = scene.org;
    this.#firstDeploy = scene.org.deploys.length;
  }

  async play(): Promise<void> {
    const { operation, interruption } = this.cell;
    const section = sectionOf(this.page, interruption.heading);
    const before = takeSnapshot(this.#org);
    const interrupted = await this.#interrupt();
    const wasDeployed = this.#ownDeploys().length > 0;
    this.#judgeEnd(interrupted, section.text);
    if (interruption.isFinished) this.#judgeFinished(await this.stack.state());

    for (const command of section.commands) await this.#run(asTyped(command, operation));
    this.#judgeDeploys();
    await this.#judgeState();
    if (operation === 'delete') {
      this.faults.push(...differences(this.scene.original, takeSnapshot(this.#org), 'nothing'));
    } else {
      this.faults.push(...wrongSettings(this.#org, this.scene.programOf(operation)));
      this.faults.push(...differences(before, takeSnapshot(this.#org), 'managed'));
      await this.#run(['preview', '--refresh', '--expect-no-changes']);
      // The page says so: a create that was never recorded leaves its own values as those that were found.
      const isForgotten = operation === 'create' && !interruption.isFinished && wasDeployed;
      const expected = isForgotten ? takeSnapshot(this.#org) : this.scene.original;
      await this.#run(commandOf('delete'));
      this.faults.push(...differences(expected, takeSnapshot(this.#org), 'nothing'));
    }
    this.faults.push(...secretsIn(this.#printed, this.#org).map((secret) => `the output holds ${secret}`));
  }

  /** Runs the operation, and interrupts it when the request has reached the org, before the org acts on it. */
  async #interrupt(): Promise<ProcessResult> {
    const { operation, column, interruption } = this.cell;
    const { command, arrived, release } = this.scene.start(this.stack, operation, column);
    try {
      await arrived;
      await interruption.strike(this.stack, command);
      const requests = this.#org.requests.length;
      release();
      const result = await command.result;
      await providerIsGone(this.stack);
      // What went out beside the interrupted request may arrive after it.
      const later = this.#org.requests
        .slice(requests)
        .map(({ kind }) => kind)
        .filter((kind) => !areSentTogether(kind, column.kind));
      if (!interruption.isFinished && later.length > 0) {
        this.faults.push(`after the interruption the org still got: ${later.join(', ')}`);
      }
      return result;
    } finally {
      release();
      command.signal('SIGKILL');
      this.#tell(commandOf(operation), command.output());
    }
  }

  /** @throws Error with what was printed when the command fails */
  async #run(args: readonly string[]): Promise<void> {
    const { stdout, stderr } = await this.stack.run(args);
    this.#tell(args, stdout + stderr);
  }

  #tell(args: readonly string[], output: string): void {
    this.#printed += output;
    this.story.push(`pulumi ${args.join(' ')}`, ...output.trimEnd().replace(/^/gm, '  ').split('\n'));
  }

  #judgeEnd({ code, signal, stdout, stderr }: ProcessResult, text: string): void {
    const { interruption, operation } = this.cell;
    const expected = interruption.endOf(operation);
    if (code !== expected.code) {
      this.faults.push(
        `it ended with ${signal ?? `exit code ${String(code)}`} instead of ${String(expected.code)}`,
      );
    }
    const { says } = expected;
    if (says === undefined) return;
    if (!text.includes(`\`${says}\``)) this.faults.push(`the page does not say "${says}"`);
    if (!(stdout + stderr).includes(says)) this.faults.push(`Pulumi did not say "${says}"`);
  }

  /** What ran is finished and recorded, before anything more is typed. */
  #judgeFinished(state: StackState): void {
    const { operation } = this.cell;
    if (operation === 'delete') {
      this.faults.push(...differences(this.scene.original, takeSnapshot(this.#org), 'nothing'));
    } else {
      this.faults.push(...wrongSettings(this.#org, this.scene.programOf(operation)));
    }
    this.#judgeResources(state);
  }

  /** Each app's components went through exactly one deploy that had an effect, whoever sent it. */
  #judgeDeploys(): void {
    for (const app of this.scene.apps.declared) {
      const own = this.#ownDeploys().filter(({ components }) =>
        components.some(({ fullName }) => fullName.startsWith(`${app}_`)),
      );
      const ends = own.map(({ status }) => status).join(', ');
      if (ends !== 'Succeeded') this.faults.push(`${app} went through these deploys: ${ends || 'none'}`);
    }
  }

  async #judgeState(): Promise<void> {
    const state = await this.stack.state();
    this.#judgeResources(state);
    this.faults.push(...secretsIn(state.text, this.#org).map((secret) => `the state holds ${secret}`));
    const locks = await this.stack.locks();
    if (locks.length > 0) this.faults.push(`the stack is still locked: ${locks.join(', ')}`);
  }

  #judgeResources({ resources, pendingOperations }: StackState): void {
    const expected = this.cell.operation === 'delete' ? 0 : this.scene.apps.declared.length;
    const policies = resources.filter(({ type }) => type === this.scene.type);
    if (policies.length !== expected) {
      this.faults.push(`the state holds ${policies.length} resources instead of ${expected}`);
    }
    for (const { urn, initErrors } of policies) {
      if (initErrors.length > 0) this.faults.push(`${urn} has init errors: ${initErrors.join('; ')}`);
    }
    if (pendingOperations.length > 0) {
      this.faults.push(`the state has pending operations: ${pendingOperations.join(', ')}`);
    }
  }

  #ownDeploys(): DeployRecord[] {
    return this.#org.deploys.slice(this.#firstDeploy);
  }
}
