import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { policiesType, zip, type Component } from '../support/client.js';
import { bin } from '../support/command.js';

/** When the process is killed, in milliseconds after the stream of deploys began: some within a deploy, some between two. */
const kills = [1, 6, 12, 20, 30, 45, 70, 110];

interface Org {
  instanceUrl: string;
  accessToken: string;
  password: string;
  clientId: string;
  privateKeyFile: string;
}

/** Starts the command on a state folder and waits until it has said how to reach its org. */
async function start(state: string): Promise<{ child: ChildProcess; ended: Promise<unknown>; org: Org }> {
  const child = spawn(process.execPath, [bin, '--json', '--state', state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    ended.then(() => '{"orgs":[]}'),
  ]);
  const { orgs } = JSON.parse(line) as { orgs: Org[] };
  assert.ok(orgs[0] !== undefined, 'the org did not start');
  return { child, ended, org: orgs[0] };
}

const components = (org: Org): string => `${org.instanceUrl}/local-org/components/${policiesType}`;

/** The policies of every local app, as the org holds them. */
async function readPolicies(org: Org): Promise<Component[]> {
  const names = (await (await fetch(components(org))).json()) as string[];
  return Promise.all(
    names
      .filter((name) => !name.startsWith('acme__'))
      .map(async (fullName) => {
        const xml = await (await fetch(`${components(org)}/${fullName}`)).text();
        return { type: policiesType, fullName, xml };
      }),
  );
}

const labelOf = ({ xml }: Component): string => /<label>(.*)<\/label>/.exec(xml)![1]!;

/**
 * Deploys the components with one label; resolves when the org has said that it succeeded. Without jsforce, which ends the process when an
 * answer is cut.
 */
async function deployRound(org: Org, policies: readonly Component[], round: number): Promise<void> {
  const changed = policies.map((component) => ({
    ...component,
    xml: component.xml.replace(/<label>.*<\/label>/, `<label>round ${round}</label>`),
  }));
  const body = new FormData();
  body.append(
    'file',
    new Blob([new Uint8Array(zip(changed, '66.0'))], { type: 'application/zip' }),
    'deploy.zip',
  );
  const options = { deployOptions: { singlePackage: true, rollbackOnError: true } };
  body.append('entity_content', new Blob([JSON.stringify(options)], { type: 'application/json' }));
  const jobs = `${org.instanceUrl}/services/data/v66.0/metadata/deployRequest`;
  const headers = { authorization: `Bearer ${org.accessToken}` };
  const { id } = (await (await fetch(jobs, { method: 'POST', headers, body })).json()) as { id: string };
  const job = (await (await fetch(`${jobs}/${id}`, { headers })).json()) as {
    deployResult: { status: string };
  };
  assert.equal(job.deployResult.status, 'Succeeded');
}

/** Deploys round after round until the org does not answer any more; resolves with the round that was under way then. */
async function streamDeploys(org: Org, policies: readonly Component[], first: number): Promise<number> {
  for (let round = first; ; round += 1) {
    try {
      await deployRound(org, policies, round);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return round;
    }
  }
}

describe('a state folder whose process is killed', function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'killed-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('contains complete deploys after every kill, including each one that was answered', async () => {
    const state = join(folder, 'state');
    let identity: Org | undefined;
    /** The round that was under way at the last kill; the one before it had been answered. */
    let underWay: number | undefined;
    for (const killAfterMs of [...kills, undefined]) {
      const { child, ended, org } = await start(state);
      try {
        identity ??= { ...org };
        // The port and the password are other ones at each start.
        const { instanceUrl, password } = identity;
        assert.deepEqual({ ...org, instanceUrl, password }, identity, 'who has signed in stays signed in');
        const policies = await readPolicies(org);
        if (underWay === undefined) await deployRound(org, policies, 1);
        const labels = [...new Set((await readPolicies(org)).map(labelOf))];
        assert.equal(labels.length, 1, `mixed: ${labels.join(', ')}`);
        const left = Number(/^round (\d+)$/.exec(labels[0]!)?.[1]);
        assert.ok(
          underWay === undefined || left === underWay || left === underWay - 1,
          `${left} is left after a kill in round ${underWay ?? 'none'}`,
        );
        if (killAfterMs === undefined) break;
        const cut = streamDeploys(org, policies, left + 1);
        setTimeout(() => child.kill('SIGKILL'), killAfterMs);
        underWay = await cut;
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
    }
    assert.match(
      await readFile(join(state, 'salesforce-local-org', 'dev.state'), 'utf8'),
      /^\{"format":"salesforce-local-org state"/,
    );
  });
});
