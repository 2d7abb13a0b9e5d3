import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { connect, zip } from '../unit/localOrg/support/client.js';
import { chromiumOrSkip, SetupPageVisitor } from '../support/setupPageVisitor.js';

const app = 'Agent_Gateway';

/** The name of the focused element: its label, the name of its field, or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `(({ ariaLabel, name, textContent }) => ariaLabel || name || textContent)(document.activeElement)`,
  );

describe('the Setup page in Chromium', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let server: LocalOrgServer;
  let org: LocalOrg;
  let visitor: SetupPageVisitor | undefined;
  let page: Page;

  before(async function () {
    browser = await chromiumOrSkip(this);
  });
  after(() => browser?.close());

  beforeEach(async () => {
    visitor = undefined;
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(async () => {
    try {
      await visitor?.leave();
    } finally {
      await server.close();
    }
  });

  const come = async (path: string, size?: { width: number; height: number }): Promise<void> => {
    visitor = await SetupPageVisitor.come(browser!, org, size);
    page = visitor.page;
    await visitor.open(path);
  };

  it('supports the steps of the help article: settings, then policies', async () => {
    await come('');
    await page.getByRole('link', { name: 'Edit Settings of Agent Gateway' }).click();
    await page
      .getByRole('group', { name: 'Security' })
      .getByLabel('Issue JSON Web Token (JWT)-based access tokens for named users')
      .check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    assert.deepEqual(settingsOf(org, app), { isNamedUserJwtEnabled: 'true' });

    await page.getByRole('link', { name: 'External Client App Manager' }).first().click();
    await page.getByRole('link', { name: 'Edit Policies of Agent Gateway' }).click();
    for (const [legend, minutes] of [
      ['Named User JWT-Based Access Token Settings', '15'],
      ['Guest User JWT-Based Access Token Timeout', '720'],
    ] as const) {
      const timeout = page.getByRole('group', { name: legend });
      assert.equal(await timeout.getByLabel('Timeout in minutes').isVisible(), false, 'not yet asked for');
      await timeout.getByLabel('Set app-specific token timeout').check();
      await timeout.getByLabel('Timeout in minutes').selectOption(minutes);
    }
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    assert.deepEqual(settingsOf(org, app), {
      isNamedUserJwtEnabled: 'true',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: '15',
      guestJwtSessionTimeoutType: 'Custom',
      guestJwtTimeout: '720',
    });
  });

  it('can be used without a mouse', async () => {
    await come('');
    await page.keyboard.press('Tab');
    assert.match(await focused(page), /Skip to the content/);
    await page.keyboard.press('Enter');
    /** Presses Tab until the focus is on what is wanted. */
    const tabTo = async (wanted: RegExp): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        assert.ok(
          await page.evaluate(`document.activeElement.matches(':focus-visible')`),
          'the focus can be seen',
        );
        if (wanted.test(await focused(page))) return;
      }
      assert.fail(`Tab never came to ${String(wanted)}`);
    };
    await tabTo(/^Edit Policies of Partner/);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/apps/Partner_API/policies');
    await tabTo(/^namedUserJwtTimeout$/);
    await page.keyboard.type('48');
    await tabTo(/^guestJwtSessionTimeoutType$/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    assert.deepEqual(settingsOf(org, 'Partner_API'), {
      isNamedUserJwtEnabled: 'true',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: '480',
      guestJwtSessionTimeoutType: 'UserSession',
    });
  });

  it('fits a small screen in every state', async () => {
    const long = 'A'.repeat(200);
    org.faults.failComponent(long, long);
    await fetch(`${org.instanceUrl}/services/${long}`);
    await come('', { width: 360, height: 640 });
    const token = { app, grantType: 'clientCredentials' };
    await fetch(`${org.setupPageUrl}/tokens`, { method: 'POST', body: new URLSearchParams(token) });
    for (const path of [
      '',
      `/apps/${app}/settings`,
      '/apps/Partner_API/policies',
      '/deploys',
      '/tokens',
      '/tokens/1',
      '/requests',
      '/faults',
    ]) {
      await visitor!.open(path);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= 360, `${path} is ${width} pixels wide`);
      const wider = `[...document.querySelectorAll('.table')].filter((e) => e.scrollWidth > e.clientWidth).length`;
      assert.equal(await page.evaluate(wider), 0, `${path} has a table that is wider than the screen`);
    }
  });

  it('shows requests as they arrive, and can clear them', async () => {
    await come('/requests');
    await page.getByText('No requests yet.').waitFor();
    const rows = page.getByRole('row').filter({ hasText: '/services/' });
    await fetch(`${org.instanceUrl}/services/data`);
    await rows.filter({ hasText: 'versions' }).filter({ hasText: '200' }).waitFor();
    await fetch(`${org.instanceUrl}/services/data/v68.0/query?q=SELECT+Id+FROM+User`);
    await rows.first().filter({ hasText: 'query' }).filter({ hasText: '401' }).waitFor();
    assert.equal(await rows.count(), 2);

    await page.getByRole('button', { name: 'Clear the list' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('No requests yet.').waitFor();
    assert.deepEqual(org.requests, []);
    assert.equal(await focused(page), 'Clear the list', 'the focus stays where it was');
  });

  it('shows a deploy as it runs, and executes no markup from the org', async () => {
    const markup = '<img src="x" onerror="alert(1)"><script>alert(1)</script>';
    org.faults.failComponent('portal', markup);
    const release = org.faults.occupyDeploys();
    await come('/deploys');
    await page.getByText('No deploys yet.').waitFor();
    const xml = org.component('ExternalClientApplication', 'portal') ?? '';
    const component = { type: 'ExternalClientApplication', fullName: 'portal', xml };
    const { metadata } = connect(org);
    const { id } = await metadata.deploy(zip([component], '66.0'), { singlePackage: true });
    await page.getByRole('row', { name: `${id} Pending` }).waitFor();
    await page.getByRole('link', { name: id }).focus();
    const second = await metadata.deploy(zip([component], '66.0'), { singlePackage: true });
    await page.getByRole('row', { name: `${second.id} Pending` }).waitFor();
    assert.equal(await focused(page), id, 'the focus stays where it was');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Components in the package' }).waitFor();
    release();
    await page.getByRole('heading', { name: 'Component failures' }).waitFor();
    await page.getByRole('cell', { name: markup, exact: true }).waitFor();
  });

  it('gets a token, shows it decoded with a countdown, and shows that it is refused after its end', async () => {
    await come('/tokens');
    await page.getByRole('combobox', { name: 'App', exact: true }).selectOption('Partner_API');
    await page.getByRole('button', { name: 'Get a token' }).click();
    await page.getByRole('heading', { name: 'Token 1' }).waitFor();
    await page.getByText('CORE_ATJWT.').waitFor();
    const countdown = page.locator('[data-ends]');
    const first = await countdown.textContent();
    await countdown.filter({ hasNotText: first ?? '' }).waitFor();

    const call = async (): Promise<void> => {
      await page
        .getByRole('combobox', { name: 'Call', exact: true })
        .selectOption({ label: 'REST userinfo' });
      await page.getByRole('button', { name: 'Call', exact: true }).click();
    };
    await call();
    await page.getByText('"preferred_username": "developer@dev.example"').waitFor();
    await page.getByRole('button', { name: '30 minutes later' }).click();
    await countdown.filter({ hasText: 'expired' }).waitFor();
    await call();
    await page.getByText('Bad_OAuth_Token').waitFor();
  });

  it('switches faults and rules on and off', async () => {
    await come('/faults');
    await page.getByLabel('Retrieves return the certificate').selectOption('no');
    await page.getByLabel('Invalid plugin settings').selectOption('while JWT is off');
    await page.getByLabel('Milliseconds until settings reach the token endpoint').fill('500');
    await page.getByLabel('Status of a deploy that is being finalized').selectOption('FinalizingDeploy');
    await page.getByLabel('Types that readMetadata refuses').fill(' ExtlClntAppOauthConfigurablePolicies');
    await page.getByLabel('Elements that readMetadata omits').fill('certificate label');
    await page.getByRole('button', { name: 'Save switches' }).click();
    await page.getByText('Switches saved.').waitFor();
    assert.equal(org.faults.returnCertificate, false);
    assert.equal(org.faults.refusePluginSettings, true);
    assert.equal(org.faults.spreadMs, 500);
    assert.deepEqual(org.faults.refuseReadMetadata, ['ExtlClntAppOauthConfigurablePolicies']);
    assert.deepEqual(org.faults.omitFromReadMetadata, ['certificate', 'label']);
    assert.equal(org.faults.finalizingStatus, 'FinalizingDeploy');

    await page.getByLabel('Name of a component or an app', { exact: true }).fill('portal');
    await page.getByLabel('Message of the org').fill('<b>Under review</b>');
    await page.getByRole('button', { name: 'Fail it' }).click();
    await page.getByText('From now on every deploy of it fails.').waitFor();
    assert.deepEqual(org.faults.switches.failComponent, { portal: '<b>Under review</b>' });
    await page.getByRole('button', { name: 'Stop failing portal' }).click();
    await page.getByText('Deploys of it work again.').waitFor();
    assert.deepEqual(org.faults.switches.failComponent, {});

    await page.getByRole('combobox', { name: 'Request', exact: true }).selectOption('versions');
    await page.getByRole('combobox', { name: 'Fault', exact: true }).selectOption('status');
    await page.getByLabel('HTTP status').fill('503');
    await page.getByLabel('Number of requests (empty').fill('1');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByText('Rule added.').waitFor();
    const [rule] = org.faults.rules;
    assert.deepEqual(
      { ...rule, id: 0 },
      { id: 0, on: 'versions', times: 1, do: { kind: 'status', status: 503 }, met: 0 },
    );
    assert.equal((await fetch(`${org.instanceUrl}/services/data`)).status, 503);
    await page
      .getByRole('row')
      .filter({ hasText: 'versions' })
      .getByRole('cell')
      .nth(5)
      .filter({ hasText: '1' })
      .waitFor();
    await page.getByRole('button', { name: /^Remove rule/ }).click();
    await page.getByText('No rules.').waitFor();
    assert.deepEqual(org.faults.rules, []);

    await page.getByRole('button', { name: 'Clear all faults' }).click();
    await page.getByText('all switches are at their defaults').waitFor();
    assert.equal(org.faults.returnCertificate, true);
  });
});
