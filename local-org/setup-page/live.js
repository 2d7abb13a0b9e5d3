/** Milliseconds between two looks at the org, so that a burst of requests is not a burst of looks. */
const shortestInterval = 250;

/** Milliseconds after which a page with something that runs looks again by itself: the org lets time pass when it is asked. */
const runningInterval = 1000;

/** @type {Promise<void> | undefined} */
let looking;
let isStale = false;

/**
 * Fetches the page anew and puts what has changed into its parts marked with `data-live`, each found again by its id. A part in which
 * somebody is typing or choosing stays.
 */
async function look() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    const focused = part.contains(document.activeElement) ? document.activeElement : undefined;
    if (!next || next.innerHTML === part.innerHTML || focused?.matches('input, select')) continue;
    part.replaceChildren(...next.childNodes);
    part.toggleAttribute('data-running', next.hasAttribute('data-running'));
    if (focused?.id) document.getElementById(focused.id)?.focus();
  }
}

/** Looks at the org now, or again right after a look that is under way. */
export async function refresh() {
  isStale = true;
  looking ??= (async () => {
    while (isStale) {
      isStale = false;
      // An org that is stopped or offline answers nothing; the next event brings the page up to date.
      await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, shortestInterval));
    }
    looking = undefined;
  })();
  await looking;
}

/** Keeps the page as the org is, as long as it can be seen: a browser has six connections for all pages of one org. */
export function refreshOnChange() {
  /** @type {EventSource | undefined} */
  let events;
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource(new URL('../events', import.meta.url));
    // What happened before the connection was there is not told.
    events.onopen = events.onmessage = () => void refresh();
  };
  document.addEventListener('visibilitychange', listen);
  listen();
  setInterval(() => {
    if (!document.hidden && document.querySelector('[data-running]')) void refresh();
  }, runningInterval);
}
