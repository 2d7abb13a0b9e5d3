import type { OrgState } from '../org/orgState.js';
import { controlPath } from '../http/requestKinds.js';
import { apiCalls } from './apiCalls.js';
import type { Exchange } from './exchange.js';
import { definitions, html, instant, options, table, type Html } from './html.js';
import { setupPath, type Page } from './page.js';
import { readSetupApps } from './setupApp.js';
import { grantTypes, type DeskToken, type TokenDesk } from './tokenDesk.js';

const path = `${setupPath}/tokens`;

/** Steps of the org's clock that the desk offers, in milliseconds. */
const clockMoves: readonly (readonly [milliseconds: number, words: string])[] = [
  [60_000, '1 minute later'],
  [30 * 60_000, '30 minutes later'],
  [60 * 60_000, '1 hour later'],
  [24 * 60 * 60_000, '1 day later'],
];

/** The token desk: requests a token, and lists those that it has. */
export function tokensPage(org: OrgState, desk: TokenDesk): Page {
  const apps = readSetupApps(org.store)
    .filter(({ fullName }) => org.identityApp(fullName) !== undefined)
    .map(({ fullName, label }) => [fullName, `${label} (${fullName})`] as const);
  const users = org.users.map(
    ({ username, displayName }) => [username, `${displayName}, ${username}`] as const,
  );
  const grants = Object.entries(grantTypes);
  const rows = desk.tokens.map((token) => [
    html`<a href="${path}/${token.id}">Token ${token.id}</a>`,
    html`<code>${token.app}</code>`,
    format(token),
    token.accessToken === undefined
      ? ''
      : html`<span id="ends-${token.id}">${ends(token, org.clock.now())}</span>`,
  ]);
  return {
    place: '/tokens',
    content: html`<form method="post" action="${path}">
        <section>
          <h2>Get an access token</h2>
          <div class="fields">
            <label
              >App
              <select name="app">
                ${options(apps)}
              </select></label
            >
            <label
              >How
              <select name="grantType">
                ${options(grants)}
              </select></label
            >
            <label
              >User (not used for client credentials)
              <select name="username">
                ${options(users)}
              </select></label
            >
          </div>
          <p class="buttons"><button type="submit" class="primary">Get a token</button></p>
        </section>
      </form>
      <h2>Tokens so far</h2>
      <div id="tokens" data-live>
        ${table('Tokens', ['Token', 'App', 'Format', 'Expires'], rows, 'None yet.')}
      </div>
      ${clock()}`,
  };
}

/** One token: the response, the decoded token, when it ends, and calls with it. */
export function tokenPage(org: OrgState, token: DeskToken): Page {
  const { id, app, grantType, username, answer, accessToken } = token;
  return {
    place: '/tokens',
    heading: `Token ${id}`,
    content: html`<p><a href="${path}">Token desk</a></p>
      <section>
        ${definitions([
          ['App', html`<code>${app}</code>`],
          ['How', grantTypes[grantType]],
          ...(username === undefined ? [] : [['User', username] as const]),
          ['Format', format(token)],
          ...(accessToken === undefined
            ? []
            : [['Expires', html`<span id="ends" data-live>${ends(token, org.clock.now())}</span>`] as const]),
        ])}
      </section>
      ${decoded(token)} ${accessToken !== undefined && calls(token, org.newestVersion)}
      ${accessToken !== undefined && clock()}
      <section>
        <h2>Response of the org</h2>
        ${exchangeDetails(answer)}
      </section>`,
  };
}

function format({ accessToken, decoded: jwt }: DeskToken): Html {
  if (accessToken === undefined) return html`<span class="badge bad">none: refused</span>`;
  return jwt ? html`<span class="jwt">JWT</span>` : html`Opaque`;
}

function ends({ expiresAt }: DeskToken, now: number): Html {
  if (expiresAt === undefined) return html`unknown`;
  // The page's script continues to count from here; without it the text does not change.
  return html`${instant(expiresAt)},
    <span data-ends="${expiresAt}" data-now="${now}">${remaining(expiresAt - now)}</span>`;
}

/** `in 29 min 5 s`, as in the page's script. */
function remaining(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds <= 0) return 'expired';
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `in ${minutes} min ${seconds % 60} s` : `in ${seconds} s`;
}

function calls(token: DeskToken, newestVersion: number): Html {
  const names = apiCalls(newestVersion).map(({ name }) => [name, name] as const);
  return html`<section id="calls">
    <h2>Call the API with this token</h2>
    <form method="post" action="${path}/${token.id}/calls">
      <div class="fields">
        <label
          >Call
          <select name="call">
            ${options(names, token.calls.at(-1)?.name)}
          </select></label
        >
      </div>
      <p class="buttons"><button type="submit" class="primary">Call</button></p>
    </form>
    ${token.calls.toReversed().map(
      ({ name, answer }) =>
        html`<h3>${name}</h3>
          ${exchangeDetails(answer)}`,
    )}
  </section>`;
}

function clock(): Html {
  return html`<section>
    <h2>Move the clock</h2>
    <p class="fine">Sessions, tokens and jobs follow the org's clock.</p>
    <div class="buttons">
      ${clockMoves.map(
        ([milliseconds, words]) =>
          html`<form
            data-method="POST"
            action="${controlPath}/clock"
            data-body="${JSON.stringify({ advanceMs: milliseconds })}"
            data-done="The clock is now ${words}."
          >
            <button type="submit">${words}</button>
          </form>`,
      )}
    </div>
  </section>`;
}

/** Claims that are instants, in seconds. */
const instants: readonly string[] = ['iat', 'nbf', 'exp'];

function decoded({ accessToken, decoded: jwt }: DeskToken): Html | undefined {
  if (accessToken === undefined) return undefined;
  if (!jwt) {
    return html`<section>
      <h2>Decoded</h2>
      <p>
        An opaque token contains no information. Its expiry is from the org (introspection), and changes with
        every use.
      </p>
      ${tokenItself(accessToken)}
    </section>`;
  }
  const claims = (part: object): Html =>
    definitions(
      Object.entries(part).map(([name, value]: [string, unknown]) => [
        html`<code>${name}</code>`,
        html`${typeof value === 'string' ? value : JSON.stringify(value)}
        ${instants.includes(name) && typeof value === 'number' && html`(${instant(value * 1000)})`}`,
      ]),
    );
  return html`<section>
    <h2>Decoded</h2>
    <h3>Header</h3>
    ${claims(jwt.header)}
    <h3>Payload</h3>
    ${claims(jwt.payload)} ${tokenItself(accessToken)}
  </section>`;
}

function tokenItself(accessToken: string): Html {
  return html`<details>
    <summary>The token itself</summary>
    <pre tabindex="0">${accessToken}</pre>
  </details>`;
}

function exchangeDetails({ method, path: asked, at, status, body }: Exchange): Html {
  const badge =
    status === undefined
      ? html`<span class="badge bad">no response</span>`
      : html`<span class="badge ${status < 400 ? 'good' : 'bad'}">${status}</span>`;
  return html`<p>${badge} <code>${method} ${asked}</code> at ${instant(at)}</p>
    <pre tabindex="0">${pretty(body)}</pre>`;
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
