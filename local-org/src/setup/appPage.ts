import type { OrgState } from '../org/orgState.js';
import { definitions, html, instant, type Html } from './html.js';
import { appPath } from './appsPage.js';
import { PageError, setupPath, type Page } from './page.js';
import { readSetupApp, type SetupApp, type SetupComponent } from './setupApp.js';

/** The result of a form: nothing yet, what was saved, or why the org refused it. */
export interface Outcome {
  saved?: boolean;
  problem?: string;
}

/** @throws PageError 404 when the org has no such app */
export function existingApp({ store }: OrgState, fullName: string): SetupApp {
  const app = readSetupApp(store, fullName);
  if (app) return app;
  throw new PageError(404, `The org has no external client app '${fullName}'.`);
}

/** A page of one app: the result of its form, and its content below the tabs. */
export function appPage(app: SetupApp, view: 'settings' | 'policies', outcome: Outcome, content: Html): Page {
  const tab = (name: 'settings' | 'policies', text: string): Html =>
    html`<li>
      <a href="${appPath(app.fullName, name)}" ${name === view && html`aria-current="page"`}>${text}</a>
    </li>`;
  return {
    place: '',
    heading: app.label,
    content: html`<p><a href="${setupPath}">External Client App Manager</a> · <code>${app.fullName}</code></p>
      <nav class="tabs" aria-label="The app">
        <ul>
          ${tab('settings', 'Settings')} ${tab('policies', 'Policies')}
        </ul>
      </nav>
      ${outcomeOf(outcome)} ${content}`,
  };
}

function outcomeOf({ saved, problem }: Outcome): Html | undefined {
  if (problem !== undefined) {
    return html`<p class="message problem" role="alert">Not saved: ${problem}</p>`;
  }
  if (saved === undefined) return undefined;
  if (!saved)
    return html`<p class="message" role="status">Nothing to save: the org already has these values.</p>`;
  return html`<p class="message" role="status">
    Saved. If a Pulumi program manages the field, this is drift:
    <code>pulumi refresh --preview-only --diff</code> and <code>npx pulumi-salesforce-eca drift</code> show
    it, and <code>pulumi up --refresh</code> reverts it.
  </p>`;
}

/** Elements that are not shown: credentials. */
const unshown: ReadonlyMap<string, string> = new Map([
  ['certificate', 'stored, not shown here'],
  ['consumerSecret', 'stored, not shown here'],
]);

/**
 * The elements of a component that the page does not edit, as the Metadata API names them.
 * @param edited names that are elsewhere on the page
 */
export function otherFields(component: SetupComponent, edited: (name: string) => boolean): Html {
  const { stored, root } = component;
  const entries = root.children
    .filter(({ name }) => name !== 'externalClientApplication' && !edited(name))
    .map(({ name, text, children }) => {
      const value =
        children.length > 0 ? children.map((part) => `${part.name}: ${part.text}`).join(', ') : text;
      return [
        html`<code>${name}</code>`,
        html`<span class="lines">${unshown.get(name) ?? value.trim()}</span>`,
      ] as const;
    });
  return html`${definitions(entries)}
    <p class="fine">
      <code>${stored.type} ${stored.fullName}</code>, last changed ${instant(stored.modified.at)} by
      ${stored.modified.userName}
    </p>`;
}

/** The buttons below a form. */
export function formButtons(): Html {
  return html`<p class="buttons">
    <button type="submit" class="primary">Save</button>
    <a href="${setupPath}">Cancel</a>
  </p>`;
}
