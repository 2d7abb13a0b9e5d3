import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { accessTokenEnvironment, jwtBearerEnvironment } from '../../test/support/policyProgram.js';
import { PulumiStack } from '../../test/support/pulumiStack.js';
import { compileCacheFolder } from '../pulumiCli/repository.js';
import type { Measurement, Operation } from './measurement.js';
import type { Parallelism } from './measurement.js';
import { PeakMemory } from './peakMemory.js';
import { appNames, filesOf, installerOf, programOf, type StackContenderName } from './programs.js';
import { requestsOf } from './requests.js';

/** More than any program has resources: everything that can run at the same time does. */
const highParallelism = '1000';
const deadlineMs = 4 * 60 * 60 * 1000;

/** The lifetime of tokens that the programs set at first, and the one that they change it to, in minutes. */
const minutes = { first: 30, changed: 60 };

/** The measurements of a command. */
export type Observed = Pick<
  Measurement,
  'wallMs' | 'requests' | 'bytesSent' | 'bytesReceived' | 'stateBytes' | 'peakMemoryBytes'
>;

/** A contender that is a Pulumi program, with its own stack. */
export class StackContender {
  private constructor(
    readonly name: StackContenderName,
    private readonly stack: PulumiStack,
    private readonly org: LocalOrg | undefined,
    private readonly apps: readonly string[],
  ) {}

  /** @param org the contender's own org; `undefined` if it needs none */
  static async create(
    name: StackContenderName,
    appCount: number,
    org: LocalOrg | undefined,
  ): Promise<StackContender> {
    const apps = appNames(appCount);
    const install = installerOf(name);
    const stack = await PulumiStack.create({
      program: programOf(name, apps, minutes.first),
      ...(install === undefined ? {} : { install }),
      // The Salesforce CLI has it too.
      env: { NODE_COMPILE_CACHE: compileCacheFolder, ...(org === undefined ? {} : environmentOf(name, org)) },
    });
    try {
      for (const [file, text] of Object.entries(await filesOf(name)))
        await writeFile(join(stack.folder, file), text);
      return new StackContender(name, stack, org, apps);
    } catch (error) {
      await stack.dispose();
      throw error;
    }
  }

  /** Runs the command of an operation to its end. */
  async run(operation: Operation, parallel: Parallelism): Promise<Observed> {
    if (operation === 'previewChanged') {
      await this.stack.setProgram(programOf(this.name, this.apps, minutes.changed));
    }
    this.org?.clearRequests();
    const memory = new PeakMemory(() => this.stack.runningProcesses());
    const start = performance.now();
    let wallMs: number;
    try {
      await this.stack.run(commandOf(operation), {
        args: parallel === 'high' ? ['--parallel', highParallelism] : [],
        deadlineMs,
      });
    } finally {
      wallMs = performance.now() - start;
      await memory.end();
    }
    return {
      wallMs,
      ...requestsOf(this.org),
      stateBytes: await this.#stateBytes(),
      peakMemoryBytes: await memory.end(),
    };
  }

  /** Ends what is running and removes the stack. */
  dispose(): Promise<void> {
    return this.stack.dispose();
  }

  /** The checkpoint of the file backend; there is none before the first change. */
  async #stateBytes(): Promise<number | undefined> {
    const folder = join(this.stack.folder, 'backend', '.pulumi', 'stacks');
    const files = await readdir(folder, { recursive: true }).catch(() => []);
    const checkpoint = files.find((file) => file.endsWith('.json'));
    return checkpoint === undefined ? undefined : (await stat(join(folder, checkpoint))).size;
  }
}

function commandOf(operation: Operation): string[] {
  switch (operation) {
    case 'up':
      return ['up', '--yes', '--skip-preview'];
    case 'noChange':
      return ['up', '--yes', '--skip-preview', '--expect-no-changes'];
    case 'refresh':
      return ['refresh', '--yes', '--skip-preview'];
    case 'previewNew':
    case 'previewChanged':
      return ['preview'];
    case 'previewUnchanged':
      return ['preview', '--expect-no-changes'];
  }
}

function environmentOf(name: StackContenderName, org: LocalOrg): Record<string, string> {
  return name === 'obvious' ? accessTokenEnvironment(org) : jwtBearerEnvironment(org);
}
