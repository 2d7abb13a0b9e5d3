import assert from 'node:assert/strict';
import { Example } from '../../support/example.js';

describe('the example installed-app', function () {
  this.timeout(300_000);
  let example: Example;
  before(async () => {
    example = await Example.open('installed-app');
    await example.startLocalOrgs();
  });
  after(() => example.dispose());

  it('does what its README says, as the administrator of the org', async () => {
    const org = await example.org('production');
    const minutes = (): Promise<string | undefined> =>
      org.element(
        'ExtlClntAppOauthConfigurablePolicies',
        'acme__Ledger_defaultPolicy',
        'namedUserJwtTimeout',
      );

    await example.type(/^export SALESFORCE_USERNAME=subscriberadmin@/m);
    const audited = await example.type(/^npm run audit$/m);
    assert.match(audited.stdout, /^acme__Ledger +jwt +up to 120 min /m);
    await example.type(/^pulumi stack select --create practice$/m);
    const up = await example.type(/^pulumi up --yes\npulumi stack output apps$/m);
    assert.match(up.stdout, /^\{"acme__Ledger":\{"minutes":15\}\}$/m);
    assert.equal(await minutes(), '15');
    await example.type(/^npm run drift -- --stack practice$/m);
    await example.type(/^pulumi destroy --yes\npulumi stack rm practice --yes$/);
    assert.equal(await minutes(), undefined);
    await example.type(/^unset PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE /);
    const left = await example.typeBesides('export -p');
    assert.doesNotMatch(left.stdout, /PULUMI_BACKEND_URL|PULUMI_CONFIG_PASSPHRASE|SALESFORCE_/);
    example.assertAllTyped();
  });
});
