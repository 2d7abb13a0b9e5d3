import type { ComponentStore } from '../components/componentStore.js';
import { html, table, type Html } from './html.js';
import { setupPath, type Page } from './page.js';
import { isNamedUserJwtEnabled, isOauthEnabled, readSetupApps, textOf, type SetupApp } from './setupApp.js';

/** The address of an app's settings or policies. */
export function appPath(fullName: string, view: 'settings' | 'policies'): string {
  return `${setupPath}/apps/${encodeURIComponent(fullName)}/${view}`;
}

/** External Client App Manager: every app, with links to its settings and policies. */
export function appsPage(store: ComponentStore): Page {
  const rows = readSetupApps(store).map((app) => [
    html`<strong>${app.label}</strong><br /><code>${app.fullName}</code>`,
    textOf(app.header, 'distributionState') ?? '',
    accessTokens(app),
    html`<a href="${appPath(app.fullName, 'settings')}" aria-label="Edit Settings of ${app.label}"
        >Edit Settings</a
      >
      <a href="${appPath(app.fullName, 'policies')}" aria-label="Edit Policies of ${app.label}"
        >Edit Policies</a
      >`,
  ]);
  const columns = ['App', 'Distribution state', 'Access tokens', 'Actions'];
  return {
    place: '',
    content: html`<div id="apps" data-live>
      ${table('External client apps', columns, rows, 'The org has no external client apps.')}
    </div>`,
  };
}

/** The kind of token that a named user gets from the app. */
function accessTokens(app: SetupApp): Html {
  if (app.oauthSettings === undefined) return html`None: no OAuth settings`;
  if (!isOauthEnabled(app)) return html`None: OAuth plugin off`;
  const isJwt = isNamedUserJwtEnabled(app);
  if (isJwt === undefined) return html`Unknown: no global OAuth settings in this org`;
  if (!isJwt) return html`Opaque`;
  const minutes = textOf(app.oauthPolicies, 'namedUserJwtTimeout');
  const isCustom = textOf(app.oauthPolicies, 'namedUserJwtSessionTimeoutType') === 'Custom';
  return html`<span class="jwt">JWT</span>,
    ${isCustom && minutes !== undefined ? `${minutes} minutes` : 'session timeout'}`;
}
