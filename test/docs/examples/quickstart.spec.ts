import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Example } from '../../support/example.js';

describe('the example quickstart', function () {
  this.timeout(300_000);
  let example: Example;
  before(async () => {
    example = await Example.open('quickstart');
    await example.startLocalOrgs();
  });
  after(() => example.dispose());

  it('does what its README says', async () => {
    await example.type(/^pulumi stack init dev$/m);
    const up = await example.type(/^pulumi preview\npulumi up --yes\npulumi stack output$/m);
    assert.match(up.stdout, /^ +apps +\{"Agent_Gateway":\{"format":"jwt","minutes":30\}\}$/m);
    await example.type(/^pulumi up --yes --expect-no-changes$/m);

    const page = await example.type(/^echo .*\/local-org\/setup/m);
    const saved = await fetch(page.stdout.trim(), {
      method: 'POST',
      body: new URLSearchParams({ namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: '720' }),
    });
    assert.match(await saved.text(), /Saved\./);
    const drift = await example.type(/^pulumi refresh --preview-only --diff\npulumi up --yes --refresh$/m);
    assert.match(drift.stdout, /namedUserJwtTimeout\s*: 30 => 720/);

    await example.type(/^pulumi destroy --yes$/m);
    const org = await example.org('dev');
    assert.equal(
      await org.element('ExtlClntAppGlobalOauthSettings', 'Agent_Gateway_glbloauth', 'isNamedUserJwtEnabled'),
      'false',
    );

    await example.typeBesides('pulumi stack init own');
    await copyFile(org.privateKeyFile, join(example.folder, 'deploy.pem'));
    await example.typeFor(org, /^pulumi config set app My_App_Name[^]*:privateKey --secret < deploy\.pem$/m);
    const preview = await example.typeBesides('pulumi preview');
    assert.match(preview.stdout, /up would change isNamedUserJwtEnabled false → true/);
    example.assertAllTyped();
  });
});
