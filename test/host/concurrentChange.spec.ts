import assert from 'node:assert/strict';
import { startLocalOrg } from 'salesforce-local-org';
import type { LocalOrg, LocalOrgServer } from 'salesforce-local-org';
import { ProviderError } from '../../provider/src/errors.js';
import { AfterDeployError, type ReconcileResult } from '../../provider/src/reconcile/request.js';
import { OrgReconciler } from '../../provider/src/reconcile/orgReconciler.js';
import { OrgTurns } from '../../provider/src/reconcile/orgTurns.js';
import { readOrgConfiguration } from '../../provider/src/signIn/configuration.js';
import { connect } from '../../provider/src/org/orgConnection.js';
import type { OrgConnection } from '../../provider/src/org/orgConnection.js';
import { packageXml, zipComponents } from '../../provider/src/components/packageZip.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import { contextWithoutEngine } from '../../provider/src/org/orgContext.js';

const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const policies = 'Agent_Gateway_oauthPlcy';

/** The policies with another value of an element that the provider does not manage. */
function withStartUrl(org: LocalOrg, url: string): string {
  const xml = org.component(policiesType, policies) ?? '';
  const changed = xml.includes('<startUrl>')
    ? xml.replace(/<startUrl>[^<]*</, `<startUrl>${url}<`)
    : xml.replace(`</${policiesType}>`, `    <startUrl>${url}</startUrl>\n</${policiesType}>`);
  assert.notEqual(changed, xml);
  return changed;
}

/** Somebody else's change of that element. */
function changeStartUrl(org: LocalOrg, url: string): void {
  org.putComponent(policiesType, policies, withStartUrl(org, url));
}

describe('a component that somebody else changes between the retrieve and the deploy', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;

  let warnings: string[];

  /** Longer than any test: a deploy ends when the test says so. */
  const deployMs = 60 * 60 * 1000;

  function endDeploy(): void {
    org.advanceClock(deployMs);
  }

  beforeEach(async () => {
    warnings = [];
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => server.close());

  /** The other one's change, right before the nth look at what was modified since. */
  function changeBeforeList(nth: number): void {
    onArrival(
      org,
      'listMetadata',
      () => {
        changeStartUrl(org, `https://changed.example.com/${nth}`);
      },
      nth,
    );
  }

  async function signedIn(accessToken: string): Promise<OrgConnection> {
    const configuration: Record<string, string> = {
      'salesforce:instanceUrl': org.instanceUrl,
      'salesforce:accessToken': accessToken,
    };
    return connect(
      readOrgConfiguration((key) => configuration[key], {}, undefined, false),
      contextWithoutEngine(),
    );
  }

  async function reconcile(): Promise<ReconcileResult> {
    const silent = (): void => undefined;
    return new OrgReconciler(await signedIn(org.accessToken), new OrgTurns(), {
      progress: silent,
      inform: silent,
      warn: silent,
    }).reconcile({
      app: 'Agent_Gateway',
      fields: ['isNamedUserJwtEnabled', 'namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
      wanted: {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
      },
      knownNames: undefined,
      allow: [],
      log: { progress: silent, inform: silent, warn: (line) => warnings.push(line) },
    });
  }

  /** The other one's change by a deploy of its own, which is sent but not awaited. */
  async function deployStartUrl(): Promise<string> {
    const admin = org.users.find(({ role }) => role === 'subscriberAdmin')!;
    const other = await signedIn(admin.accessToken);
    const path = `extlClntAppOauthPolicies/${policies}.ecaOauthPlcy`;
    const manifest = packageXml(new Map([[policiesType, [policies]]]), `${other.apiVersion}.0`);
    const { id } = await other.send((api) =>
      api.startDeploy(
        zipComponents(
          new Map([
            ['package.xml', Buffer.from(manifest)],
            [path, Buffer.from(withStartUrl(org, 'https://changed.example.com/'))],
          ]),
        ),
      ),
    );
    return id;
  }

  it('is read again, and both changes are kept', async () => {
    changeBeforeList(1);
    assert.equal((await reconcile()).isPresent, true);
    const xml = org.component(policiesType, policies) ?? '';
    assert.match(xml, /<startUrl>https:\/\/changed\.example\.com\/1</);
    assert.match(xml, /<namedUserJwtTimeout>30</);
    assert.equal(org.deploys.length, 1);
  });

  it('is still deployed if only its date differs: the content of the file decides', async () => {
    onArrival(org, 'listMetadata', () => {
      const before = org.component(policiesType, policies) ?? '';
      changeStartUrl(org, 'https://changed.example.com/');
      org.putComponent(policiesType, policies, before);
    });
    assert.equal((await reconcile()).isPresent, true);
    assert.deepEqual(requestKinds(org), [
      'versions',
      ...['retrieve', 'checkRetrieveStatus'],
      ...['query', 'listMetadata'],
      ...['retrieve', 'checkRetrieveStatus'],
      ...['deploy', 'checkDeployStatus'],
      ...['retrieve', 'checkRetrieveStatus'],
    ]);
  });

  it('is not changed if it keeps changing, and a message says who changed it and when', async () => {
    for (let nth = 1; nth <= 4; nth += 1) {
      changeBeforeList(nth);
    }
    await assert.rejects(reconcile(), (error) => {
      assert(error instanceof ProviderError);
      assert.match(
        error.message,
        /somebody else keeps changing the same components, so nothing was deployed: ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was changed by Sam Subscriber at \d{4}-.*Run pulumi up again when they are done\. The org was not changed$/,
      );
      return true;
    });
    assert.equal(org.deploys.length, 0);
  });

  it('by a deploy that was ahead in the queue, is reported', async () => {
    await server.close();
    server = await startLocalOrg({ deployMs });
    org = server.org('dev');
    const theirs = await deployStartUrl();
    // The other deploy ends when ours already waits, then ours does.
    for (const nth of [1, 2]) {
      onArrival(org, 'checkDeployStatus', endDeploy, nth);
    }
    assert.equal((await reconcile()).isPresent, true);
    assert.deepEqual(warnings, [
      `[ECA7002] External client app "Agent_Gateway" in org ${org.instanceUrl} (${org.organizationId}): ${policiesType} ${policies} was changed ` +
        `by deploy ${theirs} by Sam Subscriber while the deploy of this stack was waiting in the org's queue. This stack ` +
        'then overwrote the component with what it had read before. Check what else that deploy set, apart from the settings that ' +
        'this stack manages (Setup, Deployment Status), and deploy it again.',
    ]);
  });

  it('by a deploy that is still running when ours is sent, is kept: ours waits for it', async () => {
    await server.close();
    server = await startLocalOrg({ deployMs });
    org = server.org('dev');
    const theirs = await deployStartUrl();
    // Ours waits, then is taken back; theirs is waited for, then ours is sent anew.
    for (const nth of [3, 4]) {
      onArrival(org, 'checkDeployStatus', endDeploy, nth);
    }
    assert.equal((await reconcile()).isPresent, true);
    const xml = org.component(policiesType, policies) ?? '';
    assert.match(xml, /<startUrl>https:\/\/changed\.example\.com\/</);
    assert.match(xml, /<namedUserJwtTimeout>30</);
    assert.deepEqual(
      org.deploys.map(({ id, status }) => [id === theirs, status]),
      [
        [true, 'Succeeded'],
        [false, 'Canceled'],
        [false, 'Succeeded'],
      ],
    );
    assert.deepEqual(warnings, []);
  });

  it('by a deploy that ours cannot let pass, is reported', async () => {
    await server.close();
    server = await startLocalOrg({ deployMs });
    org = server.org('dev');
    org.faults.add({ on: 'cancelDeploy', do: { kind: 'status', status: 400 } });
    for (const nth of [2, 3]) {
      onArrival(org, 'checkDeployStatus', endDeploy, nth);
    }
    await deployStartUrl();
    assert.equal((await reconcile()).isPresent, true);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /was changed by deploy \w+ by Sam Subscriber while the deploy of this stack was waiting/,
    );
    assert.deepEqual(
      org.deploys.map(({ status }) => status),
      ['Succeeded', 'Succeeded'],
    );
  });

  it('after the first of two deploys: if the wait fails, the message does not say that the org is unchanged', async () => {
    await server.close();
    server = await startLocalOrg({ deployMs });
    org = server.org('dev');
    org.faults.change({ refusePluginSettings: 'strict' });
    // Refused as one, the change goes in two: the other deploy is sent while the first is at work, and ahead of the second.
    onArrival(org, 'checkDeployStatus', endDeploy);
    onArrival(org, 'checkDeployStatus', () => void deployStartUrl().then(endDeploy), 2);
    onArrival(org, 'cancelDeploy', () => {
      org.faults.add({ on: 'checkDeployStatus', skip: 1, do: { kind: 'status', status: 403 } });
    });
    await assert.rejects(reconcile(), (error) => {
      assert(error instanceof AfterDeployError);
      assert.equal(error.after.live.isNamedUserJwtEnabled, true);
      assert.doesNotMatch(error.message, /The org was not changed/);
      return true;
    });
  });
});
