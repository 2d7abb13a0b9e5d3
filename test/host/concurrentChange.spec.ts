import assert from 'node:assert/strict';
import { startLocalOrg } from 'salesforce-local-org';
import type { LocalOrg, LocalOrgServer } from 'salesforce-local-org';
import sinon from 'sinon';
import { ProviderError } from '../../provider/src/errors.js';
import { freshMilliseconds } from '../../provider/src/reconcile/concurrentChange.js';
import type { ReconcileResult } from '../../provider/src/reconcile/job.js';
import { OrgReconciler } from '../../provider/src/reconcile/orgReconciler.js';
import { readOrgConfiguration } from '../../provider/src/salesforce/configuration.js';
import { connect } from '../../provider/src/salesforce/orgConnection.js';
import { onArrival, requestKinds } from '../support/arrivals.js';

const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const policies = 'Agent_Gateway_oauthPlcy';

/** Somebody else's change of an element that the provider does not manage. */
function changeStartUrl(org: LocalOrg, url: string): void {
  const xml = org.component(policiesType, policies) ?? '';
  const changed = xml.includes('<startUrl>')
    ? xml.replace(/<startUrl>[^<]*</, `<startUrl>${url}<`)
    : xml.replace(`</${policiesType}>`, `    <startUrl>${url}</startUrl>\n</${policiesType}>`);
  assert.notEqual(changed, xml);
  org.putComponent(policiesType, policies, changed);
}

describe('a component that somebody else changes between the retrieve and the deploy', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  let advanced = 0;

  beforeEach(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    advanced = 0;
    const now = performance.now.bind(performance);
    // The look before a deploy is for retrieves that take seconds; the clock stands in for them.
    sinon.stub(performance, 'now').callsFake(() => now() + advanced);
  });

  afterEach(async () => {
    sinon.restore();
    await server.close();
  });

  /** The other one's change, at the nth look at a retrieve, which takes long. */
  function changeDuringRetrieve(nth: number): void {
    onArrival(
      org,
      'checkRetrieveStatus',
      () => {
        changeStartUrl(org, `https://changed.example.com/${nth}`);
        advanced += freshMilliseconds;
      },
      nth,
    );
  }

  async function reconcile(): Promise<ReconcileResult> {
    const configuration: Record<string, string> = {
      'salesforce:instanceUrl': org.instanceUrl,
      'salesforce:accessToken': org.accessToken,
    };
    const connection = await connect(readOrgConfiguration((key) => configuration[key], {}, undefined, false));
    const silent = (): void => undefined;
    return new OrgReconciler(connection).reconcile({
      app: 'Agent_Gateway',
      fields: ['isNamedUserJwtEnabled', 'namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
      wanted: {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'Custom',
        namedUserJwtTimeout: 30,
      },
      knownNames: undefined,
      allow: [],
      log: { progress: silent, inform: silent, warn: silent },
    });
  }

  it('is read again, so that both changes are kept', async () => {
    changeDuringRetrieve(1);
    assert.equal((await reconcile()).isPresent, true);
    const xml = org.component(policiesType, policies) ?? '';
    assert.match(xml, /<startUrl>https:\/\/changed\.example\.com\/1</);
    assert.match(xml, /<namedUserJwtTimeout>30</);
    assert.equal(org.deploys.length, 1);
    assert(requestKinds(org).includes('listMetadata'));
  });

  it('is left alone when it keeps changing, with a word on who and when', async () => {
    for (let nth = 1; nth <= 4; nth += 1) {
      changeDuringRetrieve(nth);
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
});
