import assert from 'node:assert/strict';
import { startLocalOrg } from 'salesforce-local-org';
import type { LocalOrg, LocalOrgServer } from 'salesforce-local-org';
import { ProviderError } from '../../provider/src/errors.js';
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

  beforeEach(async () => {
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
    changeBeforeList(1);
    assert.equal((await reconcile()).isPresent, true);
    const xml = org.component(policiesType, policies) ?? '';
    assert.match(xml, /<startUrl>https:\/\/changed\.example\.com\/1</);
    assert.match(xml, /<namedUserJwtTimeout>30</);
    assert.equal(org.deploys.length, 1);
  });

  it('is deployed all the same when only its date is another: what the file holds decides', async () => {
    onArrival(org, 'listMetadata', () => {
      const before = org.component(policiesType, policies) ?? '';
      changeStartUrl(org, 'https://changed.example.com/');
      org.putComponent(policiesType, policies, before);
    });
    assert.equal((await reconcile()).isPresent, true);
    assert.deepEqual(requestKinds(org), [
      'versions',
      ...['retrieve', 'checkRetrieveStatus'],
      'listMetadata',
      ...['retrieve', 'checkRetrieveStatus'],
      ...['deploy', 'checkDeployStatus'],
      ...['retrieve', 'checkRetrieveStatus'],
    ]);
  });

  it('is left alone when it keeps changing, with a word on who and when', async () => {
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
});
