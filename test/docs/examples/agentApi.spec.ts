import assert from 'node:assert/strict';
import { Example } from '../../support/example.js';

describe('the example agent-api', function () {
  this.timeout(300_000);
  let example: Example;
  before(async () => {
    example = await Example.open('agent-api');
    await example.startLocalOrgs();
  });
  after(() => example.dispose());

  it('does what its README says', async () => {
    await example.type(/^pulumi stack init production$/m);
    const before = await example.type(/^npm run doctor +# not ready: ends with 2/m, 2);
    assert.match(before.stdout, /^missing +token format +developer of the app /m);
    assert.equal(
      before.stdout.match(/^(?:missing|unknown) /gm)?.length,
      1,
      'the program sets all that is missing',
    );
    const after = await example.type(/^pulumi up --yes\nnpm run doctor +# ready$/m);
    assert.match(after.stdout, /^App Agent_Gateway in org \S+ \(\w{18}\) is ready for the Agent API$/m);

    assert.match(after.stdout, /^\{"Agent_Gateway":\{"format":"jwt","minutes":30\}\}$/m);

    const token = await example.type(/npm run token -- --verify$/m);
    assert.match(token.stdout, /^Token of \S+ by client credentials: JWT-based$/m);
    assert.match(token.stdout, /^Signature: valid: /m);
    assert.match(token.stdout, /^ {2}ok +lifetime +30 minutes, as set/m);
    assert.doesNotMatch(token.stdout + token.stderr, /eyJ|00D\w{12}!/, 'no token');

    await example.type(/^pulumi destroy --yes$/m);
    const org = await example.org('production');
    assert.equal(
      await org.element('ExtlClntAppGlobalOauthSettings', 'Agent_Gateway_glbloauth', 'isNamedUserJwtEnabled'),
      'false',
    );
    example.assertAllTyped();
  });
});
