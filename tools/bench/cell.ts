import { startLocalOrg, type LocalOrg } from 'salesforce-local-org';
import { componentNamesOf, putApp } from '../../test/support/localApps.js';
import type { CleanUp } from '../cleanUp.js';
import { leastOrgTime, leastTimeOneByOne } from './floor.js';
import { operations, type ContenderName, type Measurement, type Operation } from './measurement.js';
import type { Parallelism } from './measurement.js';
import { drawTimes, JobTimes, type DrawnTimes, type OrgTimes } from './orgTimes.js';
import { appNames } from './programs.js';
import { SalesforceCliContender } from './salesforceCli/contender.js';
import { StackContender, type Observed } from './stackContender.js';

/** What is measured together: one number of apps at one `--parallel`, every contender in turn. */
export interface Cell {
  apps: number;
  parallel: Parallelism;
  run: number;
  contenders: readonly ContenderName[];
  times: OrgTimes;
}

/** What else a cell needs. */
export interface CellContext {
  cleanUp: CleanUp;
  /** Not set if the Salesforce CLI does not take part. */
  salesforceCli: string | undefined;
  onMeasurement: (measurement: Measurement) => void;
  /** Gets what could not be measured: another program's failure must not lose all other results. */
  onFailure: (message: string) => void;
}

/**
 * Measures a cell. The contenders take turns at every operation, in another order in every second run, so that a machine that
 * becomes slower does so for all; each that asks an org has one of its own.
 */
export async function measureCell(cell: Cell, context: CellContext): Promise<void> {
  const askOrg = cell.contenders.filter((name) => name !== 'empty');
  const jobTimes = new JobTimes();
  const server = await startLocalOrg({
    orgs: askOrg,
    latencyMs: cell.times.latencyMs,
    deployComponentMs: cell.times.deployComponentMs,
    retrieveMs: (org) => jobTimes.next('retrieveMs', org),
    deployMs: (org) => jobTimes.next('deployMs', org),
  });
  const ends = [context.cleanUp.add(() => server.close())];
  try {
    const contenders: StackContender[] = [];
    for (const name of cell.contenders) {
      const org = name === 'empty' ? undefined : server.org(name);
      if (org !== undefined)
        appNames(cell.apps).forEach((app) => {
          putApp(org, app);
        });
      if (name === 'salesforceCli') continue;
      const creating = StackContender.create(name, cell.apps, org);
      ends.push(whenMade(context.cleanUp, creating));
      contenders.push(await creating);
    }
    const inTurn = cell.run % 2 === 1 ? contenders : contenders.toReversed();
    for (const operation of operations) {
      const drawn = drawTimes(cell.times, { ...cell, operation });
      jobTimes.begin(drawn);
      for (const contender of inTurn.filter((candidate) => takesPart(candidate.name, operation))) {
        const observed = await contender.run(operation, cell.parallel);
        report(cell, drawn, context, contender.name, operation, observed);
        if (operation === 'up' && contender.name !== 'empty')
          assertDone(server.org(contender.name), cell.apps);
      }
      if (
        operation === 'up' &&
        cell.contenders.includes('salesforceCli') &&
        context.salesforceCli !== undefined
      ) {
        await measureSalesforceCli(
          cell,
          drawn,
          context,
          context.salesforceCli,
          server.org('salesforceCli'),
          ends,
        );
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function measureSalesforceCli(
  cell: Cell,
  drawn: DrawnTimes,
  context: CellContext,
  script: string,
  org: LocalOrg,
  ends: (() => Promise<void>)[],
): Promise<void> {
  try {
    const creating = SalesforceCliContender.create(script, cell.apps, org);
    ends.push(whenMade(context.cleanUp, creating));
    const observed = await (await creating).run();
    assertDone(org, cell.apps);
    report(cell, drawn, context, 'salesforceCli', 'up', observed);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.onFailure(`The Salesforce CLI could not be measured with ${cell.apps} apps: ${reason}`);
  }
}

/** Disposes of a contender, also of one that is still being made; one that could not be made has disposed of itself. */
function whenMade(cleanUp: CleanUp, creating: Promise<{ dispose(): Promise<void> }>): () => Promise<void> {
  return cleanUp.add(async () => {
    const made = await creating.catch(() => undefined);
    await made?.dispose();
  });
}

/** The obvious provider can only create. */
function takesPart(contender: ContenderName, operation: Operation): boolean {
  return contender !== 'obvious' || operation === 'up';
}

/** A contender that does not do the work is not fast. */
function assertDone(org: LocalOrg, apps: number): void {
  const undone = appNames(apps).filter((app) => {
    const { globalSettings, policies } = componentNamesOf(app);
    return !(
      org.component('ExtlClntAppGlobalOauthSettings', globalSettings)?.includes('JwtEnabled>true<') ===
        true &&
      org.component('ExtlClntAppOauthConfigurablePolicies', policies)?.includes('JwtTimeout>30<') === true
    );
  });
  if (undone.length > 0) throw new Error(`${org.name} left ${undone.length} of ${apps} apps as they were`);
}

function report(
  { apps, parallel, run }: Cell,
  drawn: DrawnTimes,
  context: CellContext,
  contender: ContenderName,
  operation: Operation,
  observed: Observed,
): void {
  context.onMeasurement({
    operation,
    contender,
    apps,
    parallel: contender === 'salesforceCli' ? undefined : parallel,
    run,
    orgMs: contender === 'empty' ? 0 : leastOrgTime(operation, apps, drawn),
    oneByOneMs: leastTimeOneByOne(apps, drawn),
    ...observed,
  });
}
