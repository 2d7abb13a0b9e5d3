import assert from 'node:assert/strict';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import { connect, deploy, policies, policiesType, withOrg } from '../support/client.js';
import { setupPage } from './setupClient.js';

const fullName = 'Agent_Gateway_oauthPlcy';

const deployPolicies = (org: LocalOrg, elements: string, options: object = {}) =>
  deploy(
    connect(org, '66.0'),
    [{ type: policiesType, fullName, xml: policies('Agent_Gateway', elements) }],
    options,
  );

describe('Deployment Status of the Setup page', () => {
  it('lists every deploy, newest first, and shows what a successful one did', async () => {
    await withOrg(async (org) => {
      assert.match((await setupPage(org, '/deploys')).text, /No deploys yet/);
      const checked = await deployPolicies(org, '', { checkOnly: true });
      const done = await deployPolicies(org, '');
      const { text } = await setupPage(org, '/deploys');
      assert.match(
        text,
        new RegExp(
          `${done.id} Succeeded Deploy developer@dev\\.example .*${checked.id} Succeeded Validation`,
        ),
      );
      const page = await setupPage(org, `/deploys/${done.id}`);
      assert.match(page.text, /Status Succeeded .* API version 66\.0 .* Created by Dana Developer/);
      assert.match(page.text, new RegExp(`Component successes .* ${fullName} ${policiesType} changed`));
      assert.doesNotMatch(page.text, /Component failures/);
    });
  });

  it('shows what failed, why and where', async () => {
    await withOrg(async (org) => {
      const { id } = await deployPolicies(org, '    <namedUserJwtTimeout>7</namedUserJwtTimeout>\n');
      assert.match((await setupPage(org, '/deploys')).text, new RegExp(`${id} Failed .* 1, 1 failed`));
      const { text } = await setupPage(org, `/deploys/${id}`);
      assert.match(
        text,
        new RegExp(
          `Component failures .* ${fullName} ${policiesType} bad value for restricted picklist field: 7 \\S+/${fullName}\\.ecaOauthPlcy , line 4, column 5`,
        ),
      );
    });
  });

  it('shows a waiting deploy with the content of its package, and a canceled one with who did it', async () => {
    await withOrg(async (org) => {
      const release = org.faults.occupyDeploys();
      const waiting = await deployPolicies(org, '');
      const page = await setupPage(org, `/deploys/${waiting.id}`);
      assert.match(
        page.text,
        new RegExp(`Status Pending .* Completed not yet Components in the package .* ${fullName}`),
      );
      assert.match(page.markup, /data-running/);
      org.faults.cancelNextDeploy();
      release();
      const after = await setupPage(org, `/deploys/${waiting.id}`);
      assert.match(after.text, /Status Canceled .* Canceled by Sam Subscriber/);
      assert.doesNotMatch(after.markup, /data-running/);
    });
  });

  it('shows why a whole deploy failed', async () => {
    await withOrg(async (org) => {
      const { metadata } = connect(org, '66.0');
      const { id } = await metadata.deploy(Buffer.from('no zip'), { singlePackage: true });
      const { text } = await setupPage(org, `/deploys/${id}`);
      assert.match(
        text,
        /Status Failed .* API version unknown .* INVALID_CONTENT The zip file cannot be read/,
      );
    });
  });
});
