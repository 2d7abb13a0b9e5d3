import assert from 'node:assert/strict';
import { DeployFailure, type DeployOptions } from '../../../../local-org/src/deploy/deployResult.js';
import { startLocalOrg, type LocalOrg } from '../../../../local-org/src/index.js';
import { OrgState } from '../../../../local-org/src/org/orgState.js';
import type { KeptState, StatePart } from '../../../../local-org/src/state/keptState.js';
import { connect } from '../support/client.js';

const options: DeployOptions = {
  checkOnly: false,
  rollbackOnError: true,
  singlePackage: true,
  ignoreWarnings: false,
  purgeOnDelete: false,
  testLevel: 'NoTestRun',
};

/** Keeps in memory what a process would find that starts next. */
class KeptInMemory implements KeptState {
  readonly #parts = new Map<StatePart, Map<string, unknown>>();
  entries(part: StatePart): Map<string, unknown> {
    const entries = this.#parts.get(part) ?? new Map<string, unknown>();
    this.#parts.set(part, entries);
    return entries;
  }
  put(part: StatePart, key: string, value: object | string | number): void {
    this.entries(part).set(key, JSON.parse(JSON.stringify(value)));
  }
  remove(part: StatePart, key: string): void {
    this.entries(part).delete(key);
  }
  flush(): void {
    return;
  }
}

function start(kept: KeptState): OrgState {
  const delays = { latencyMs: 0, retrieveMs: 0, deployMs: 0, deployComponentMs: 0 };
  const host = '127.0.0.1';
  return new OrgState('dev', { ...delays, newestVersion: 68, host, instanceHost: host, kept });
}

describe('the deploys of an org', () => {
  it('each take the time drawn for them in their org', async () => {
    const drawn = { dev: [30_000, 60_000], uat: [90_000] };
    const nextOf = (org: string): number => drawn[org as keyof typeof drawn].shift()!;
    const server = await startLocalOrg({ orgs: ['dev', 'uat'], deployMs: nextOf });
    try {
      const [dev, uat] = server.orgs as [LocalOrg, LocalOrg];
      await connect(dev).metadata.deploy(Buffer.from('no zip'), {});
      await connect(dev).metadata.deploy(Buffer.from('no zip'), {});
      await connect(uat).metadata.deploy(Buffer.from('no zip'), {});
      const ended = (): string[] =>
        [dev, uat].map(({ deploys }) => String(deploys.map(({ status }) => status === 'Failed')));
      dev.advanceClock(45_000);
      uat.advanceClock(45_000);
      assert.deepEqual(ended(), ['true,false', 'false']);
      dev.advanceClock(46_000);
      uat.advanceClock(46_000);
      assert.deepEqual(ended(), ['true,true', 'true']);
    } finally {
      await server.close();
    }
  });

  it('are limited in number: the last ones stay, and no id is used twice, even after a restart', () => {
    const kept = new KeptInMemory();
    const deploy = (org: OrgState): string => {
      const { id } = org.deployJobs.submit(new DeployFailure('X', 'x'), options, org.userOfRole('developer'));
      org.settle();
      return id;
    };
    const first = start(kept);
    const ids = Array.from({ length: 5100 }, () => deploy(first));
    assert.equal(first.deployJobs.all.length, 5000);
    assert.equal(first.deployJobs.all.at(-1)?.id, ids.at(-1));
    assert.equal(first.deployJobs.get(ids[0]!), undefined);
    assert.equal(kept.entries('deploys').size, 5000);

    const second = start(kept);
    assert.equal(second.deployJobs.all.length, 5000);
    const all = [...ids, deploy(second)];
    assert.equal(new Set(all).size, all.length);
  });
});
