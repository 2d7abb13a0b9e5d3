import type { RecordedRequest } from '../localOrg.js';
import { controlPath } from '../http/requestKinds.js';
import { html, instant, table } from './html.js';
import type { Page } from './page.js';

/** How many requests the log shows. */
const shownRequests = 200;

/** The log: the requests to the org, newest first, as they come. */
export function requestsPage(requests: readonly RecordedRequest[]): Page {
  const rows = requests
    .slice(-shownRequests)
    .reverse()
    .map(({ at, kind, method, path, status, bytesIn, bytesOut }) => [
      instant(at),
      html`<strong>${kind}</strong>`,
      html`<code>${method} ${path}</code>`,
      status === undefined
        ? 'no response'
        : html`<span class="badge ${status < 400 ? 'good' : 'bad'}">${status}</span>`,
      bytesIn,
      bytesOut,
    ]);
  const columns = ['Arrived', 'Kind', 'Request', 'Status', 'Bytes in', 'Bytes out'];
  const left = requests.length - rows.length;
  return {
    place: '/requests',
    content: html`<form
        data-method="DELETE"
        action="${controlPath}/requests"
        data-done="Cleared."
        class="inline"
      >
        <button type="submit">Clear the list</button>
      </form>
      <div id="requests" data-live>
        <p class="fine">
          The last ${requests.length} requests since the start, or since the list was cleared.
        </p>
        ${table('Requests', columns, rows, 'No requests yet. Requests of this page and of the control API are not listed.')}
        ${left > 0 && html`<p class="fine">${left} earlier entries are not shown.</p>`}
      </div>`,
  };
}
