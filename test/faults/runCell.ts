import type { DeployRecord, LocalOrg } from 'salesforce-local-org';
import { componentNamesOf } from '../support/localApps.js';
import { jwtBearerSettings } from './configuration.js';
import { armFault, type ArmedFault } from './armFault.js';
import {
  differences,
  isSameApp,
  programOf,
  putCellApps,
  takeSnapshot,
  wrongSettings,
  type CellApps,
} from './cellApps.js';
import { ampleMinutes, foreverAtPollMinutes, isStatusPoll } from './faultKinds.js';
import { judgeError, blemishesIn } from './judgeError.js';
import type { Cell } from './matrix.js';
import { repetitions } from './targets.js';
import { newProviderRun, startNativeProviderRun } from '../support/providerRun.js';
import {
  destroy,
  preview,
  refresh,
  up,
  type Provider,
  type Resource,
  type ResourceFailure,
} from './resources.js';

/** How a cell ended. */
export interface CellResult<OwnCell = Cell> {
  cell: OwnCell;
  /** What was found wrong; empty when the cell is right. */
  faults: string[];
  /** What happened, line by line. */
  story: string[];
  milliseconds: number;
}

/** A command that takes longer is given up: far beyond every limit of the provider's own. */
const commandDeadlineMs = 90_000;

/** Minutes that nobody declared. */
const changedByHand = 240;

/** The share of Retry-After that has to be kept: the org's clock and the client's do not tick together. */
const retryAfterShare = 0.95;

/** Runs one cell in an org that nobody else uses meanwhile. */
export async function runCell(org: LocalOrg, cell: Cell, number: number): Promise<CellResult> {
  const start = performance.now();
  const run = new CellRun(org, cell, number);
  try {
    await run.play();
  } catch (thrown) {
    run.faults.push(thrown instanceof Error ? thrown.message : String(thrown));
  }
  return { cell, faults: run.faults, story: run.story, milliseconds: performance.now() - start };
}

class CellRun {
  readonly faults: string[] = [];
  readonly story: string[] = [];
  readonly #alias: string;
  readonly #apps: CellApps;
  readonly #resources: Resource[];

  constructor(
    private readonly org: LocalOrg,
    private readonly cell: Cell,
    number: number,
  ) {
    this.#alias = `cell${number}`;
    this.#apps = putCellApps(org, number);
    this.#resources = this.#apps.declared.map((app) => ({ app, args: {}, state: undefined }));
  }

  async play(): Promise<void> {
    const { operation } = this.cell;
    const atFirst = takeSnapshot(this.org);
    if (operation !== 'create') {
      this.#declare('first');
      this.#expectSuccess('the create before', await this.#command('create', this.#up));
    }
    if (operation === 'preview') return this.#playPreview();
    if (operation === 'read') return this.#playRead();
    const isDelete = operation === 'delete';
    if (!isDelete) this.#declare(operation === 'create' ? 'first' : 'second');
    const deploysBefore = this.org.deploys.length;
    await this.#underFault(isDelete ? this.#destroy : this.#up);
    if (isDelete) {
      this.faults.push(...differences(atFirst, takeSnapshot(this.org), 'nothing'));
      this.#judgeDeploys(deploysBefore);
      return;
    }
    const program = programOf(operation === 'create' ? 'first' : 'second', this.#apps.declared);
    this.faults.push(...wrongSettings(this.org, program));
    this.faults.push(...differences(atFirst, takeSnapshot(this.org), 'managed'));
    this.#judgeDeploys(deploysBefore);
    this.#expectSuccess('the destroy after', await this.#command('destroy', this.#destroy));
    this.faults.push(...differences(atFirst, takeSnapshot(this.org), 'nothing'));
  }

  /** A preview changes nothing, in the org and in the state. */
  async #playPreview(): Promise<void> {
    this.#declare('second');
    const before = takeSnapshot(this.org);
    const deploysBefore = this.org.deploys.length;
    await this.#underFault(this.#preview);
    this.faults.push(...differences(before, takeSnapshot(this.org), 'nothing'));
    if (this.org.deploys.length > deploysBefore) this.faults.push('a preview deployed something');
  }

  /** A refresh tells what somebody changed behind the stack's back, and never loses a resource. */
  async #playRead(): Promise<void> {
    const [portal] = this.#resources;
    const { policies } = componentNamesOf(this.#apps.declared[0]);
    const type = 'ExtlClntAppOauthConfigurablePolicies';
    const xml = this.org.component(type, policies) ?? '';
    this.org.putComponent(
      type,
      policies,
      xml.replace(/(?<=<namedUserJwtTimeout>)\d+/, String(changedByHand)),
    );
    const before = takeSnapshot(this.org);
    const deploysBefore = this.org.deploys.length;
    await this.#underFault(this.#refresh);
    if (this.#resources.some(({ state }) => state === undefined)) {
      this.faults.push('a resource is gone from the state');
    }
    if (portal?.state?.outputs['namedUserJwtTimeout'] !== changedByHand) {
      this.faults.push(
        `the refresh did not see the change by hand: ${JSON.stringify(portal?.state?.outputs)}`,
      );
    }
    this.faults.push(...differences(before, takeSnapshot(this.org), 'nothing'));
    if (this.org.deploys.length > deploysBefore) this.faults.push('a refresh deployed something');
  }

  readonly #refresh = (provider: Provider): Promise<ResourceFailure[]> => refresh(provider, this.#resources);
  readonly #preview = (provider: Provider): Promise<ResourceFailure[]> => preview(provider, this.#resources);
  readonly #up = (provider: Provider): Promise<ResourceFailure[]> => up(provider, this.#resources);
  readonly #destroy = (provider: Provider): Promise<ResourceFailure[]> => destroy(provider, this.#resources);

  #declare(step: 'first' | 'second'): void {
    const program = programOf(step, this.#apps.declared);
    for (const resource of this.#resources) {
      resource.args = {
        externalClientApplication: resource.app,
        org: this.#alias,
        ...program.get(resource.app),
      };
    }
  }

  /** Repeats the command as a user does, until it succeeds: a fault for ever is taken away after the first failure. */
  async #underFault(command: (provider: Provider) => Promise<ResourceFailure[]>): Promise<void> {
    const { repetition, fault, target } = this.cell;
    const times = repetitions[repetition];
    const armed = armFault(this.org, this.cell, this.#apps.declared[1]);
    const arrivals: number[] = [];
    const stop = this.org.onRequest(({ kind, at }) => {
      if (kind === target.on) arrivals.push(at);
    });
    try {
      let minutes =
        repetition === 'for ever' && isStatusPoll(target.on)
          ? Math.min(fault.timeoutMinutes, foreverAtPollMinutes)
          : fault.timeoutMinutes;
      const mostFailures = Number.isFinite(times) ? times : 1;
      for (let failures = 0; ; failures += 1) {
        const before = takeSnapshot(this.org);
        if (armed.hits() >= times) minutes = ampleMinutes;
        const failed = await this.#command(`try ${failures + 1}`, command, minutes);
        if (failures === 0) this.#judgeWaits(arrivals);
        if (failed.length === 0) break;
        if (failures === mostFailures) {
          throw new Error('it did not succeed after the fault was gone');
        }
        this.#judgeFailures(failed, before, armed);
        if (!Number.isFinite(times)) {
          await armed.disarm();
          minutes = ampleMinutes;
        }
      }
      if (armed.hits() === 0) this.faults.push(`the fault "${fault.name}" never met a request`);
    } finally {
      stop();
      await armed.disarm();
      this.org.faults.clear();
    }
  }

  /** One command in a new provider process, with a deadline. */
  async #command(
    name: string,
    command: (provider: Provider) => Promise<ResourceFailure[]>,
    timeoutMinutes: number = ampleMinutes,
  ): Promise<ResourceFailure[]> {
    const { provider, close } = await this.#startProvider(timeoutMinutes);
    const firstRequest = this.org.requests.length;
    const firstDeploy = this.org.deploys.length;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`"${name}" was not done within ${commandDeadlineMs / 1000} seconds`));
      }, commandDeadlineMs);
    });
    try {
      const failures = await Promise.race([command(provider), deadline]);
      this.story.push(
        `${name}: ${failures.length === 0 ? 'succeeded' : failures.map(describe).join('\n    ')}`,
      );
      return failures;
    } finally {
      clearTimeout(timer);
      close();
      const requests = this.org.requests.slice(firstRequest).map(({ kind }) => kind);
      const deploys = this.org.deploys.slice(firstDeploy).map(({ status }) => status);
      this.story.push(`  requests: ${shorten(requests)}; deploys: ${deploys.join(', ') || 'none'}`);
    }
  }

  /** A provider that remembers nothing of the commands before. */
  async #startProvider(timeoutMinutes: number): Promise<{ provider: Provider; close: () => void }> {
    const settings = jwtBearerSettings(this.org, this.#alias, timeoutMinutes);
    return this.cell.program === 'native'
      ? startNativeProviderRun(settings, commandDeadlineMs)
      : { provider: newProviderRun(settings), close: () => undefined };
  }

  #expectSuccess(name: string, failures: readonly ResourceFailure[]): void {
    if (failures.length > 0) throw new Error(`${name} failed: ${failures.map(describe).join('; ')}`);
  }

  #judgeFailures(
    failures: readonly ResourceFailure[],
    before: ReturnType<typeof takeSnapshot>,
    armed: ArmedFault,
  ): void {
    const now = takeSnapshot(this.org);
    if (armed.hits() === 0) this.faults.push('it failed although the fault had not met anything');
    for (const { app, message, carriesState } of failures) {
      const context = {
        org: this.org,
        alias: this.#alias,
        app,
        isUnchanged: isSameApp(app, before, now),
        carriesState: ['delete', 'read', 'preview'].includes(this.cell.operation) ? undefined : carriesState,
      };
      this.faults.push(...judgeError(message, context).map((fault) => `${fault}: ${message}`));
    }
    for (const { state } of this.#resources) {
      const text = JSON.stringify(state?.outputs ?? {});
      this.faults.push(
        ...blemishesIn(text, this.org).map((blemish) => `the state holds ${blemish}: ${text}`),
      );
    }
  }

  /** Each of an app's changed components went through exactly one deploy that had an effect. */
  #judgeDeploys(first: number): void {
    const { effect } = this.cell.fault;
    const isEffective = ({ status, checkOnly }: DeployRecord): boolean =>
      !checkOnly &&
      (status === 'Succeeded' || (status === 'Canceled' && effect.kind === 'canceled' && effect.committed));
    const deploys = this.org.deploys.slice(first);
    for (const app of this.#apps.declared) {
      const changed = deploys
        .filter(isEffective)
        .flatMap(({ components }) => components.map(({ fullName }) => fullName))
        .filter((fullName) => fullName.startsWith(`${app}_`));
      if (changed.length === 0) this.faults.push(`${app} was changed by no deploy`);
      if (new Set(changed).size < changed.length) {
        this.faults.push(`${app} was deployed more than once: ${changed.join(', ')}`);
      }
    }
    if (deploys.some(({ status }) => !['Succeeded', 'Failed', 'Canceled'].includes(status))) {
      this.faults.push('a deploy is still running');
    }
  }

  /** What the org asked to wait for was waited for, as far as the request was repeated. */
  #judgeWaits(arrivals: readonly number[]): void {
    const { fault, target, repetition } = this.cell;
    if (fault.retryAfterMs === undefined || target.isSideBySide === true) return;
    const met = arrivals.slice(target.skip, target.skip + repetitions[repetition] + 1);
    const shortest = Math.min(...met.slice(1).map((at, index) => at - (met[index] ?? at)));
    if (shortest < fault.retryAfterMs * retryAfterShare) {
      this.faults.push(
        `the org asked to wait for ${fault.retryAfterMs} ms, and the next ${target.name} came after ${shortest} ms`,
      );
    }
  }
}

function describe({ app, message, carriesState }: ResourceFailure): string {
  return `${app} failed${carriesState ? ', with a state' : ''}: ${message}`;
}

/** A list in which a run of the same is written once. */
function shorten(kinds: readonly string[]): string {
  const runs: { kind: string; count: number }[] = [];
  for (const kind of kinds) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.count += 1;
    else runs.push({ kind, count: 1 });
  }
  return runs.map(({ kind, count }) => (count === 1 ? kind : `${kind} ×${count}`)).join(', ');
}
