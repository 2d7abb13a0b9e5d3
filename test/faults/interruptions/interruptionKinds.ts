import type { PulumiStack } from '../../support/pulumiStack.js';
import { until } from '../../support/until.js';
import type { RunningProcess } from '../../../tools/pulumiCli/runProcess.js';
import type { ChangingOperation } from './changingOperations.js';
import { hasPrinted } from './output.js';

/** A row of the matrix. */
export interface InterruptionKind {
  name: string;
  /** The heading of docs/interrupted-runs.md under which a user finds what to type. */
  heading: string;
  /** Whether what runs is finished and recorded all the same. */
  isFinished: boolean;
  /**
   * How the interrupted command ends: its exit code, null where a signal ended it, and what Pulumi says, as far as the page quotes
   * it.
   */
  endOf: (operation: ChangingOperation) => { code: number | null; says?: string };
  /** Interrupts a command that waits for the org's answer; resolves when the interruption has had its effect. */
  strike(stack: PulumiStack, command: RunningProcess): Promise<void>;
}

/** What the CLI prints when it has taken a Ctrl-C. */
const cancelling = /\^C received; cancelling/;

/** Every interruption. */
export const interruptionKinds: readonly InterruptionKind[] = [
  {
    name: 'provider killed',
    heading: 'The provider process was killed',
    isFinished: false,
    endOf: () => ({ code: 1, says: 'error reading from server: ' }),
    async strike(stack) {
      const pids = await stack.providerProcesses();
      if (pids.length === 0) throw new Error('no provider process is running');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await providerIsGone(stack);
    },
  },
  {
    name: 'CLI killed',
    heading: 'Two Ctrl-C, or a killed CLI',
    isFinished: false,
    endOf: () => ({ code: null }),
    async strike(_stack, command) {
      command.signal('SIGKILL');
      await command.result;
    },
  },
  {
    name: 'one Ctrl-C',
    heading: 'One Ctrl-C',
    isFinished: true,
    // Where every resource was already being deleted, nothing is left to be cancelled.
    endOf: (operation) => (operation === 'delete' ? { code: 0 } : { code: 1, says: 'update canceled' }),
    async strike(_stack, command) {
      command.signal('SIGINT');
      await hasPrinted(command, cancelling);
    },
  },
  {
    name: 'two Ctrl-C',
    heading: 'Two Ctrl-C, or a killed CLI',
    isFinished: false,
    endOf: () => ({ code: 8 }),
    async strike(_stack, command) {
      command.signal('SIGINT');
      await hasPrinted(command, cancelling);
      command.signal('SIGINT');
      await command.result;
    },
  },
];

/** Resolves when no provider process of a stack is left. */
export async function providerIsGone(stack: PulumiStack): Promise<void> {
  await until('the provider process ends', async () => (await stack.providerProcesses()).length === 0);
}
