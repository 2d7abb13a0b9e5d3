import type { OrgState } from '../org/orgState.js';
import { appPage, existingApp, formButtons, otherFields, type Outcome } from './appPage.js';
import { appPath } from './appsPage.js';
import { definitions, html, options, type Html } from './html.js';
import type { Page } from './page.js';
import { saveChange } from './saveChange.js';
import { isNamedUserJwtEnabled, textOf, type SetupApp, type SetupComponent } from './setupApp.js';
import {
  hasTimeoutType,
  readTimeoutPolicy,
  timeoutsOf,
  withTimeoutPolicy,
  type TimeoutSubject,
} from './timeoutPolicy.js';

/** The labels in Setup of each timeout (Salesforce's help: Configure an External Client App to Issue JWT-Based Access Tokens). */
const words: Readonly<Record<TimeoutSubject, { legend: string; userSession: string; custom: string }>> = {
  namedUserJwt: {
    legend: 'Named User JWT-Based Access Token Settings',
    userSession: "Use the user's default session timeout",
    custom: 'Set app-specific token timeout',
  },
  guestJwt: {
    legend: 'Guest User JWT-Based Access Token Timeout',
    userSession: 'Use the Experience Cloud guest user timeout',
    custom: 'Set app-specific token timeout',
  },
};

const subjects = Object.keys(words) as readonly TimeoutSubject[];

/** Elements that belong to the flows; the others are shown with App Authorization. */
const flowElements: readonly string[] = [
  'clientCredentialsFlowUser',
  'isClientCredentialsFlowEnabled',
  'isGuestCodeCredFlowEnabled',
  'isTokenExchangeFlowEnabled',
];

const isTimeout = (name: string): boolean =>
  subjects.some((subject) => name === `${subject}SessionTimeoutType` || name === `${subject}Timeout`);

/** The policies of an app, which an administrator of the org sets, even of an installed app. */
export function policiesPage(org: OrgState, fullName: string, outcome: Outcome = {}): Page {
  const app = existingApp(org, fullName);
  const { oauthPolicies, plugins } = app;
  const note = oauthPolicies && whyNotEditable(app, org.newestVersion);
  const timeout = (subject: TimeoutSubject): Html | undefined =>
    oauthPolicies &&
    (note === undefined
      ? timeoutFields(subject, oauthPolicies, org.newestVersion)
      : storedTimeout(subject, oauthPolicies, note));
  return appPage(
    app,
    'policies',
    outcome,
    html`<form method="post" action="${appPath(fullName, 'policies')}">
      ${
        oauthPolicies === undefined
          ? html`<section><p>This org has no OAuth policies for the app.</p></section>`
          : html`<section>
                <h2>App Authorization</h2>
                ${timeout('namedUserJwt')}
                <h3>Further policies</h3>
                ${otherFields(oauthPolicies, (name) => isTimeout(name) || flowElements.includes(name))}
              </section>
              <section>
                <h2>OAuth Flows and External Client App Enhancements</h2>
                ${timeout('guestJwt')}
                ${definitions(
                  flowElements.map((name) => [
                    html`<code>${name}</code>`,
                    textOf(oauthPolicies, name) ?? 'not set',
                  ]),
                )}
              </section>
              ${note === undefined && formButtons()}`
      }
      ${
        plugins &&
        html`<section>
          <h2>Plugins</h2>
          ${otherFields(plugins, () => false)}
        </section>`
      }
    </form>`,
  );
}

/**
 * Why the timeouts cannot be changed; undefined if they can. The setting "Issue … JWT-based access tokens" exposes them (documented); for
 * an installed app whose setting exists only in its developer's org, they are assumed to be exposed.
 */
function whyNotEditable(app: SetupApp, version: number): string | undefined {
  if (!hasTimeoutType('namedUserJwt', version)) {
    return `Read-only here: the type of a timeout exists since API version 65.0, and the newest of this org is ${version}.0.`;
  }
  if (isNamedUserJwtEnabled(app) !== false) return undefined;
  return app.isInstalled
    ? 'Available when the developer of the app turns JWT-based access tokens on.'
    : 'Available when JWT-based access tokens are on: Settings, OAuth Settings, Security.';
}

function timeoutFields(subject: TimeoutSubject, policies: SetupComponent, version: number): Html {
  const { legend, userSession, custom } = words[subject];
  const typeName = `${subject}SessionTimeoutType`;
  const isCustom = textOf(policies, typeName) === 'Custom';
  const minutes = textOf(policies, `${subject}Timeout`);
  const choice = (value: string, text: string, checked: boolean): Html =>
    html`<label class="check">
      <input type="radio" name="${typeName}" value="${value}" ${checked && html`checked`} />
      ${text}
    </label>`;
  return html`<fieldset class="timeout">
    <legend>${legend}</legend>
    ${choice('UserSession', userSession, !isCustom)} ${choice('Custom', custom, isCustom)}
    <label class="minutes">
      Timeout in minutes
      <select name="${subject}Timeout">
        ${options(
          timeoutsOf(subject, version).map((value) => [value, value]),
          minutes ?? '30',
        )}
      </select>
    </label>
  </fieldset>`;
}

function storedTimeout(subject: TimeoutSubject, policies: SetupComponent, note: string): Html {
  const stored = [`${subject}SessionTimeoutType`, `${subject}Timeout`].flatMap((name) => {
    const text = textOf(policies, name);
    return text === undefined ? [] : [`${name} ${text}`];
  });
  return html`<fieldset disabled>
    <legend>${words[subject].legend}</legend>
    <p class="fine">${note}</p>
    ${stored.length > 0 && html`<p class="fine">Stored, but without effect: <code>${stored.join(', ')}</code></p>`}
  </fieldset>`;
}

/**
 * Saves the form of {@link policiesPage}.
 * @throws InputError for what the page does not offer
 */
export function savePolicies(org: OrgState, fullName: string, form: URLSearchParams): Outcome {
  const app = existingApp(org, fullName);
  if (!app.oauthPolicies) return { problem: 'This org has no OAuth policies for the app.' };
  const problem = whyNotEditable(app, org.newestVersion);
  if (problem !== undefined) return { problem };
  const wanted = subjects.flatMap((subject) => {
    const policy = readTimeoutPolicy(form, subject, org.newestVersion);
    return policy ? [{ subject, policy }] : [];
  });
  const user = org.userOfRole(app.isInstalled ? 'subscriberAdmin' : 'developer');
  return saveChange(org, user, app.oauthPolicies, (xml) =>
    wanted.reduce((text, { subject, policy }) => withTimeoutPolicy(text, subject, policy), xml),
  );
}
