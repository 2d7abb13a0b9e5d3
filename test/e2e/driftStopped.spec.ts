import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { startProcess } from '../../tools/pulumiCli/runProcess.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { onArrival } from '../support/arrivals.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack, stackName } from '../support/pulumiStack.js';

const program = join(repositoryFolder, 'provider/bin/pulumi-salesforce-eca.js');
const inputs = { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true };

describe('pulumi-salesforce-eca drift that is stopped', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    stack = await PulumiStack.create({
      program: policyProgram(newPolicy('gateway', inputs)),
      env: accessTokenEnvironment(org),
    });
    await stack.up();
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });
  afterEach(() => {
    org.faults.clear();
  });

  /** Looks at the stack, and gets a signal while the provider waits for an org that does not answer. */
  async function stopBy(
    signal: NodeJS.Signals,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    org.faults.add({ on: 'readMetadata', do: { kind: 'hang' } });
    const arrived = new Promise<void>((resolve) => {
      onArrival(org, 'readMetadata', resolve);
    });
    const drift = startProcess(
      process.execPath,
      [program, 'drift', '--cwd', stack.folder, '--stack', stackName],
      {
        env: stack.environment,
        deadlineMs: 110_000,
      },
    );
    await Promise.race([arrived, drift.result.then(({ stdout, stderr }) => assert.fail(stdout + stderr))]);
    const providers = await stack.providerProcesses();
    assert.equal(providers.length, 1, 'the provider process runs');
    // The process alone, not its group: what it has started is for it to end.
    drift.child.kill(signal);
    return drift.result;
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`by ${signal} ends all processes that it has started, says so, and leaves no lock`, async () => {
      const { code, stdout, stderr } = await stopBy(signal);
      assert.deepEqual(await stack.runningProcesses(), []);
      assert.equal(
        stderr,
        `pulumi-salesforce-eca: [ECA8011] stopped by ${signal} before the stack was compared; the processes that it had started have ended.\n`,
      );
      assert.deepEqual([code, stdout], [1, '']);
      assert.deepEqual(await stack.locks(), []);
    });
  }
});
