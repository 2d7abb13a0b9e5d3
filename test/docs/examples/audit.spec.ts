import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Example } from '../../support/example.js';
import { assertSarif } from '../../support/sarif.js';

describe('the example audit', function () {
  this.timeout(300_000);
  let example: Example;
  before(async () => {
    example = await Example.open('audit');
    await example.startLocalOrgs();
  });
  after(() => example.dispose());

  it('does what its README says', async () => {
    await example.type(/^pulumi stack init production$/m);
    const outputs = await example.type(/^pulumi stack output notJwt\npulumi stack output longLived$/m);
    const [notJwt, longLived] = outputs.stdout.split('\n').filter((line) => line.startsWith('['));
    assert.deepEqual(JSON.parse(notJwt ?? ''), [
      'Agent_Gateway',
      'Deployer',
      'Packaged_App',
      'acme__Billing_Sync',
      'portal',
      'portal_uat',
    ]);
    assert.ok(longLived?.includes('"acme__Ledger"') && !longLived.includes('"Partner_API"'));
    const { stdout } = await example.type(/^pulumi stack output apps --json$/m);
    const apps = JSON.parse(stdout) as { app: string }[];
    const { lastChange, ...billing } = apps.find(({ app }) => app === 'acme__Billing_Sync') as Record<
      string,
      unknown
    >;
    assert.ok(typeof lastChange === 'string' && !Number.isNaN(Date.parse(lastChange)));
    assert.deepEqual(billing, {
      app: 'acme__Billing_Sync',
      namespace: 'acme',
      state: 'Managed',
      issuesTokens: true,
      tokenFormat: 'unknown',
      remark:
        'the org has no ExtlClntAppGlobalOauthSettings component for the app, which is normal for an installed app: only the org of its developer has the token format',
      minutes: 120,
      source: 'org',
      guestFlow: false,
      permittedUsers: 'AdminApprovedPreAuthorized',
      refreshTokens: 'Infinite',
    });

    const accepted = await example.type(/^pulumi config set maximumMinutes 120$/m);
    assert.match(accepted.stdout, /^\[\]$/m);

    const audited = await example.type(/^npm run --silent audit$/m);
    assert.deepEqual(
      audited.stdout.match(/^\w+(?= +(?:jwt|opaque|unknown|no OAuth) )/gm),
      apps.map(({ app }) => app),
      'the same apps',
    );
    assert.match(audited.stdout, /^Partner_API +jwt +30 min +15 min +ok$/m);
    assert.match(audited.stdout, /^No_OAuth +no OAuth /m);
    const strict = await example.type(/--require-jwt --max-minutes 120 +# ends with 2/m, 2);
    assert.match(strict.stdout, /^ {2}error opaque-access-tokens Agent_Gateway, /m);
    await example.type(/--format markdown[^]*--format sarif/);
    assert.match(
      await readFile(join(example.folder, 'audit.md'), 'utf8'),
      /^### External client apps of org /,
    );
    assertSarif(JSON.parse(await readFile(join(example.folder, 'audit.sarif'), 'utf8')));

    await example.type(/^pulumi stack rm production --yes --force$/m);
    example.assertAllTyped();
  });
});
