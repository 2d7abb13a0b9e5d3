import assert from 'node:assert/strict';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { connect, globalType, policiesType, withOrg } from '../support/client.js';
import { setupPage, submitForm } from './setupClient.js';

const jwtLabel = 'Issue JSON Web Token (JWT)-based access tokens for named users';

const userSession = (subject: 'namedUserJwt' | 'guestJwt') => ({
  [`${subject}SessionTimeoutType`]: 'UserSession',
});
const custom = (subject: 'namedUserJwt' | 'guestJwt', minutes: string) => ({
  [`${subject}SessionTimeoutType`]: 'Custom',
  [`${subject}Timeout`]: minutes,
});

describe('External Client App Manager of the Setup page', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  beforeEach(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => server.close());

  const globalOf = (app: string): string => org.component(globalType, `${app}_glbloauth`) ?? '';
  const policiesOf = (app: string): string => org.component(policiesType, `${app}_oauthPlcy`) ?? '';
  const turnJwtOn = (app: string) =>
    submitForm(org, `/apps/${app}/settings`, { isNamedUserJwtEnabled: 'on' });

  it('lists every app with its state and what it issues', async () => {
    const { text } = await setupPage(org, '');
    for (const words of [
      'Agent Gateway Agent_Gateway Local Opaque Edit Settings Edit Policies',
      'Partner & Reseller API "v2" Partner_API Local JWT , 30 minutes',
      'No_OAuth Local None: no OAuth settings',
      'Plugin_Disabled Local None: OAuth plugin off',
      'acme__Billing_Sync Managed Unknown: no global OAuth settings in this org',
      'acme__Ledger Managed JWT , session timeout',
    ])
      assert.ok(text.includes(words), `${words}\nin\n${text}`);
  });

  it('shows names and values as text, even if they contain markup', async () => {
    const markup = '<img src=x onerror=alert(1)>"\'';
    const header = org.component('ExternalClientApplication', 'portal') ?? '';
    const escaped = '&lt;img src=x onerror=alert(1)&gt;&quot;&apos;';
    org.putComponent(
      'ExternalClientApplication',
      'portal',
      header.replace(/<label>.*<\/label>/, `<label>${escaped}</label><description>${escaped}</description>`),
    );
    org.faults.failComponent(markup, markup);
    await fetch(`${org.instanceUrl}/services/${encodeURIComponent(markup)}?<b>"`);
    for (const path of [
      '',
      '/apps/portal/settings',
      '/apps/portal/policies',
      '/tokens',
      '/requests',
      '/faults',
    ]) {
      const page = await setupPage(org, path);
      assert.equal(page.status, 200);
      assert.doesNotMatch(page.markup, /<img|<b>/, path);
      if (path !== '/requests') assert.ok(page.text.includes(markup), `${path}: ${page.text}`);
    }
  });

  describe('Edit Settings', () => {
    it('turns JWT-based access tokens on and off as the developer, and changes nothing else', async () => {
      const before = globalOf('Agent_Gateway');
      const page = await setupPage(org, '/apps/Agent_Gateway/settings');
      assert.match(page.text, /OAuth Settings .* Security /);
      assert.ok(page.text.includes(jwtLabel));
      assert.doesNotMatch(page.markup, /type="checkbox"[^>]*checked/);

      const on = await turnJwtOn('Agent_Gateway');
      assert.match(on.text, /Saved\. .* pulumi refresh --preview-only --diff .* pulumi-salesforce-eca drift/);
      assert.match(on.markup, /type="checkbox"[^>]*checked/);
      assert.equal(
        globalOf('Agent_Gateway'),
        before.replace('<isNamedUserJwtEnabled>false', '<isNamedUserJwtEnabled>true'),
      );
      const [listed] = await connect(org)
        .metadata.list({ type: globalType })
        .then((all) => all.filter(({ fullName }) => fullName === 'Agent_Gateway_glbloauth'));
      assert.equal(listed?.lastModifiedByName, 'Dana Developer');

      await submitForm(org, '/apps/Agent_Gateway/settings', {});
      assert.equal(globalOf('Agent_Gateway'), before);
    });

    it('keeps the certificate if retrieves do not return it', async () => {
      org.faults.returnCertificate = false;
      await turnJwtOn('Agent_Gateway');
      assert.match(globalOf('Agent_Gateway'), /<certificate>[A-Za-z0-9+/=\s]+<\/certificate>/);
      assert.match(globalOf('Agent_Gateway'), /<isNamedUserJwtEnabled>true/);
    });

    it('says that there is nothing to save', async () => {
      const before = globalOf('Agent_Gateway');
      const { text } = await submitForm(org, '/apps/Agent_Gateway/settings', {});
      assert.match(text, /Nothing to save/);
      assert.equal(globalOf('Agent_Gateway'), before);
    });

    it('shows no secret and no certificate', async () => {
      const xml = globalOf('Agent_Gateway');
      const { markup } = await setupPage(org, '/apps/Agent_Gateway/settings');
      for (const element of ['consumerSecret', 'certificate']) {
        const value = new RegExp(`<${element}>([^<]{20})`).exec(xml)?.[1] ?? '';
        assert.ok(value.length === 20 && !markup.includes(value), element);
      }
    });

    it('cannot change an installed app, whose settings are its developer’s', async () => {
      const before = org.component(globalType, 'acme__Ledger_glbloauth');
      const page = await setupPage(org, '/apps/acme__Ledger/settings');
      assert.match(page.markup, /<fieldset disabled>/);
      assert.doesNotMatch(page.markup, /type="submit"/);
      assert.match(page.text, /only its developer can change its settings/);
      const { status, text } = await setupPage(org, '/apps/acme__Ledger/settings', {});
      assert.equal(status, 200);
      assert.match(text, /Not saved: INSUFFICIENT_ACCESS_OR_READONLY/);
      assert.equal(org.component(globalType, 'acme__Ledger_glbloauth'), before);
    });

    it('explains that the global settings of an installed app are in the org of its developer', async () => {
      const { text, markup } = await setupPage(org, '/apps/acme__Billing_Sync/settings');
      assert.match(text, /has no global OAuth settings for the app.* org of its developer/);
      assert.doesNotMatch(markup, /type="submit"/);
    });

    it('shows the org’s refusal and does not change the settings', async () => {
      org.faults.failComponent('Agent_Gateway', 'Under review');
      const before = globalOf('Agent_Gateway');
      const { text } = await setupPage(org, '/apps/Agent_Gateway/settings', { isNamedUserJwtEnabled: 'on' });
      assert.match(text, /Not saved: Under review/);
      assert.equal(globalOf('Agent_Gateway'), before);
    });
  });

  describe('Edit Policies', () => {
    it('has the timeouts of the help article, once JWT-based access tokens are on', async () => {
      const path = '/apps/Agent_Gateway/policies';
      const off = await setupPage(org, path);
      assert.doesNotMatch(off.markup, /type="radio"|type="submit"/);
      assert.match(off.text, /Available when JWT-based access tokens are on/);

      await turnJwtOn('Agent_Gateway');
      const { text, markup } = await setupPage(org, path);
      assert.match(
        text,
        /App Authorization Named User JWT-Based Access Token Settings Use the user's default session timeout Set app-specific token timeout/,
      );
      assert.match(
        text,
        /OAuth Flows and External Client App Enhancements Guest User JWT-Based Access Token Timeout Use the Experience Cloud guest user timeout Set app-specific token timeout/,
      );
      const offered = [...markup.matchAll(/<option value="(\d+)"/g)].map(([, minutes]) => minutes);
      const minutes = ['1', '5', '10', '15', '30', '60', '90', '120', '240', '480', '720'];
      assert.deepEqual(offered, [...minutes, ...minutes]);
    });

    it('writes a timeout with its type in alphabetical order, and the session timeout without one', async () => {
      await turnJwtOn('Agent_Gateway');
      const before = policiesOf('Agent_Gateway');
      await submitForm(org, '/apps/Agent_Gateway/policies', {
        ...custom('namedUserJwt', '15'),
        ...userSession('guestJwt'),
      });
      assert.equal(
        policiesOf('Agent_Gateway'),
        before.replace(
          '    <permittedUsersPolicyType>',
          '    <namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType>\n' +
            '    <namedUserJwtTimeout>15</namedUserJwtTimeout>\n    <permittedUsersPolicyType>',
        ),
      );
      const { markup } = await setupPage(org, '/apps/Agent_Gateway/policies');
      assert.match(markup, /name="namedUserJwtSessionTimeoutType" value="Custom" checked/);
      assert.match(markup, /name="guestJwtSessionTimeoutType" value="UserSession" checked/);

      await submitForm(org, '/apps/Agent_Gateway/policies', {
        ...userSession('namedUserJwt'),
        ...custom('guestJwt', '720'),
      });
      assert.match(policiesOf('Agent_Gateway'), /<namedUserJwtSessionTimeoutType>UserSession</);
      assert.doesNotMatch(policiesOf('Agent_Gateway'), /<namedUserJwtTimeout>/);
      assert.match(policiesOf('Agent_Gateway'), /<guestJwtTimeout>720</);
    });

    it('of an installed app are set as its subscriber admin', async () => {
      const { text } = await submitForm(
        org,
        '/apps/acme__Billing_Sync/policies',
        custom('namedUserJwt', '60'),
      );
      assert.match(text, /last changed .* by Sam Subscriber/);
      assert.match(
        org.component(policiesType, 'acme__Billing_Sync_defaultPolicy') ?? '',
        /<namedUserJwtTimeout>60</,
      );
    });

    for (const [form, problem] of [
      [custom('namedUserJwt', '7'), 'namedUserJwtTimeout is "7"; it takes one of: 1, 5, 10'],
      [
        { namedUserJwtSessionTimeoutType: 'Never' },
        'namedUserJwtSessionTimeoutType is "Never"; it takes one of: UserSession, Custom',
      ],
      [{ guestJwtSessionTimeoutType: 'Custom' }, 'guestJwtTimeout is null; it takes one of: 1, 5, 10'],
    ] as const) {
      it(`refuses ${JSON.stringify(form)}`, async () => {
        const before = org.component(policiesType, 'Partner_API');
        const { status, text } = await setupPage(org, '/apps/Partner_API/policies', form);
        assert.equal(status, 400);
        assert.ok(text.includes(problem), text);
        assert.equal(org.component(policiesType, 'Partner_API'), before);
      });
    }

    it('cannot be sent while JWT-based access tokens are off', async () => {
      const before = policiesOf('Agent_Gateway');
      const { text } = await setupPage(org, '/apps/Agent_Gateway/policies', custom('namedUserJwt', '15'));
      assert.match(text, /Not saved: Available when JWT-based access tokens are on/);
      assert.equal(policiesOf('Agent_Gateway'), before);
    });

    it('are read-only in an org whose newest API version has no timeout types; settings in one without JWT', async () => {
      await withOrg(
        async (old) => {
          const { text, markup } = await setupPage(old, '/apps/Partner_API/policies');
          assert.match(text, /exists since API version 65\.0, and the newest of this org is 64\.0/);
          assert.doesNotMatch(markup, /type="submit"/);
        },
        { apiVersion: '64.0' },
      );
      await withOrg(
        async (old) => {
          const { text, markup } = await setupPage(old, '/apps/Partner_API/settings');
          assert.match(text, /Not available in API version 60\.0/);
          assert.doesNotMatch(markup, /type="submit"/);
        },
        { apiVersion: '60.0' },
      );
    });
  });
});
