import type { FastifyReply } from 'fastify';
import type { LocalOrg } from '../localOrg.js';
import { controlPath } from '../http/requestKinds.js';
import { html, instant, type Html } from './html.js';

/** The path of the Setup page. */
export const setupPath = `${controlPath}/setup`;

/** The sections of the Setup page, in the order of its navigation. */
const places = [
  { path: '', title: 'External Client App Manager' },
  { path: '/deploys', title: 'Deployment Status' },
  { path: '/tokens', title: 'Token desk' },
  { path: '/requests', title: 'Requests' },
  { path: '/faults', title: 'Faults' },
] as const;

/** A section of the Setup page: its path below {@link setupPath}. */
export type Place = (typeof places)[number]['path'];

/** The content of a page. */
export interface Page {
  /** The section of the page; undefined for errors. */
  place: Place | undefined;
  /** Heading of the page; default: the title of its section. */
  heading?: string;
  content: Html;
}

/** A page that cannot be shown; the message is for the user. */
export class PageError extends Error {
  override readonly name = 'PageError';
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Headers of every response of the Setup page: the browser loads nothing from another host, runs only the page's own scripts, lets no
 * other page frame this one, and caches nothing.
 */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Not no-referrer: with it a browser sends forms of the page itself with the origin `null`.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Adds {@link headers} to a response. */
export function withPageHeaders(reply: FastifyReply): FastifyReply {
  return reply.headers(headers);
}

/** Sends a page. */
export function sendPage(reply: FastifyReply, org: LocalOrg, page: Page): FastifyReply {
  return withPageHeaders(reply).type('text/html; charset=utf-8').send(document(org, page).text);
}

function document(org: LocalOrg, { place, heading, content }: Page): Html {
  const title = places.find(({ path }) => path === place)?.title ?? 'Setup';
  const h1 = heading ?? title;
  const links = places.map(
    ({ path, title: text }) =>
      html`<li>
        <a href="${setupPath}${path}" ${path === place && html`aria-current="page"`}>${text}</a>
      </li>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${h1 === title ? title : `${h1} · ${title}`} · ${org.name}</title>
        <link rel="icon" href="${setupPath}/files/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${setupPath}/files/style.css" />
        <script type="module" src="${setupPath}/files/page.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <p class="org"><strong>${org.name}</strong> <code>${org.organizationId}</code></p>
          <nav aria-label="Setup">
            <ul>
              ${links}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">
          <h1>${h1}</h1>
          <p id="status" role="status"></p>
          ${content}
        </main>
        <footer>
          <p>
            A local org on this machine, not Salesforce. Its clock:
            <span id="clock" data-live>${instant(org.now())}</span>
          </p>
        </footer>
      </body>
    </html> `;
}
