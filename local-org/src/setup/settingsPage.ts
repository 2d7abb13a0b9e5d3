import { isElementOfVersion } from '../components/schema.js';
import { setElement } from '../components/editComponent.js';
import type { OrgState } from '../org/orgState.js';
import { appPage, existingApp, formButtons, otherFields, type Outcome } from './appPage.js';
import { appPath } from './appsPage.js';
import { html, type Html } from './html.js';
import type { Page } from './page.js';
import { saveChange } from './saveChange.js';
import { isNamedUserJwtEnabled, textOf, type SetupApp } from './setupApp.js';

const field = 'isNamedUserJwtEnabled';

/** The settings of an app, which its developer sets. */
export function settingsPage(org: OrgState, fullName: string, outcome: Outcome = {}): Page {
  const app = existingApp(org, fullName);
  return appPage(
    app,
    'settings',
    outcome,
    html`<form method="post" action="${appPath(fullName, 'settings')}">
      <section>
        <h2>Basic Information</h2>
        ${otherFields(app.header, () => false)}
      </section>
      <section>
        <h2>OAuth Settings</h2>
        ${
          app.oauthSettings === undefined
            ? html`<p>The app has no OAuth settings.</p>`
            : otherFields(app.oauthSettings, () => false)
        }
        ${security(app, org.newestVersion)}
      </section>
    </form>`,
  );
}

function security(app: SetupApp, version: number): Html | undefined {
  const { globalSettings, oauthSettings } = app;
  if (globalSettings === undefined) {
    return (
      oauthSettings &&
      html`<h3>Security</h3>
        <p>
          This org has no global OAuth settings for the app, so it is unknown here whether the app issues
          JWT-based access tokens. ${app.isInstalled && 'The settings are in the org of its developer.'}
        </p>`
    );
  }
  const isInVersion = isElementOfVersion('ExtlClntAppGlobalOauthSettings', field, version);
  const isEditable = isInVersion && !app.isInstalled;
  const note = app.isInstalled
    ? 'The app was installed from a package: only its developer can change its settings.'
    : !isInVersion
      ? `Not available in API version ${version}.0, the newest of this org: JWT-based access tokens exist since 61.0.`
      : textOf(app.header, 'distributionState') === 'Packaged' &&
        'The app is packaged: in a real org, this setting applies in every org that has installed it.';
  return html`<fieldset ${!isEditable && html`disabled`}>
      <legend>Security</legend>
      <label class="check">
        <input type="checkbox" name="${field}" ${isNamedUserJwtEnabled(app) === true && html`checked`} />
        Issue JSON Web Token (JWT)-based access tokens for named users
      </label>
      ${note && html`<p class="fine">${note}</p>`}
    </fieldset>
    ${isEditable && formButtons()}
    <h3>Further settings</h3>
    ${otherFields(globalSettings, (name) => name === field)}`;
}

/** Saves the form of {@link settingsPage}. */
export function saveSettings(org: OrgState, fullName: string, form: URLSearchParams): Outcome {
  const app = existingApp(org, fullName);
  if (!app.globalSettings) return { problem: 'This org has no global OAuth settings for the app.' };
  const wanted = form.has(field);
  // Local apps are the developer's; the org itself refuses changes to the settings of an installed one.
  return saveChange(org, org.userOfRole('developer'), app.globalSettings, (xml) =>
    isNamedUserJwtEnabled(app) === wanted ? xml : setElement(xml, field, String(wanted)),
  );
}
