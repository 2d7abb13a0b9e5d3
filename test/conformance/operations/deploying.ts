import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { NotOffered, type Deployed } from '../client.js';
import type { Operation } from '../operation.js';
import { changedPackage, isChanged, keepingTheApp, refusedPackage } from './portal.js';

const group = 'deploy';

/** The facts' text for a value that an enum does not have. */
const refusal = "'AdminApproved' is not a valid value for the enum 'PermittedUsersPolicyType'";

/** Deploys, over both of the org's ways, and what is refused. */
export const deployOperations: readonly Operation[] = [
  ...(['soap', 'rest'] as const).map((transport): Operation => ({
    name: `${transport}Deploy`,
    group,
    label: `over ${transport.toUpperCase()}`,
    compares: `The client shows \`Succeeded\`, the change is in the org, and the deploy came over ${transport.toUpperCase()}.`,
    check: ({ org, client, apiVersion }) =>
      keepingTheApp(org, async () => {
        org.clearRequests();
        assert.equal(
          (await client.deploy(changedPackage(org, apiVersion), { transport })).status,
          'Succeeded',
        );
        assert.equal(isChanged(org), true, 'the change is not in the org');
        assert.deepEqual(transportsUsed(org), [transport]);
      }),
  })),
  {
    name: 'validate',
    group,
    label: 'validate only',
    compares:
      'The client shows `Succeeded`, the org has received a deploy with `checkOnly`, and nothing has changed.',
    check: ({ org, client, apiVersion }) =>
      keepingTheApp(org, async () => {
        assert.equal((await client.validate(changedPackage(org, apiVersion))).status, 'Succeeded');
        assert.equal(org.deploys.at(-1)?.checkOnly, true);
        assert.equal(isChanged(org), false, 'the org has changed');
      }),
  },
  {
    name: 'refusedDeploy',
    group,
    label: 'refused: value of an enum',
    compares:
      "The client shows `Failed` and the org's exact message, with line and column if it shows any; nothing has changed.",
    check: ({ org, client, apiVersion }) =>
      keepingTheApp(org, async () => {
        const what = refusedPackage(org, apiVersion);
        const { status, problems } = await client.deploy(what, { transport: 'soap' });
        assert.equal(status, 'Failed');
        const told = org.deploys.at(-1)?.problems.map(({ fullName, problem }) => ({ fullName, problem }));
        assert.deepEqual(
          problems.map(({ fullName, problem }) => ({ fullName, problem })),
          told,
        );
        const [problem] = told ?? [];
        assert.ok(problem?.problem.includes(refusal), `the org says ${problem?.problem ?? 'nothing'}`);
        checkPosition(problems);
      }),
  },
  {
    name: 'quickDeploy',
    group,
    label: 'quick deploy of a validation',
    compares:
      'Nothing: the local org runs no Apex tests, and quick deploy requires a validation that ran tests.',
    check: () => {
      throw new NotOffered(
        'Not supported by the local org: it runs no Apex tests, and quick deploy requires a validation that ran tests.',
      );
    },
  },
];

/** Over which of the org's ways deploys came. */
function transportsUsed(org: LocalOrg): string[] {
  const deploys = org.requests.filter(({ kind }) => kind === 'deploy');
  return deploys.map(({ path }) => (path.includes('/deployRequest') ? 'rest' : 'soap'));
}

/** The value is on a separate line, so that the line in the org's message is not the first. */
function checkPosition(problems: Deployed['problems']): void {
  for (const { line, column } of problems) {
    if (line === undefined) continue;
    assert.ok(line > 1, `the client shows line ${line}`);
    assert.ok(column !== undefined, 'the client shows a line without a column');
  }
}
