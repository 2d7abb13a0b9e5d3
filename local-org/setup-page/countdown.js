/** Says every second how long the tokens of the page have to live, by the org's clock, which `data-now` tells. */
export function countDown() {
  tick();
  setInterval(tick, 1000);
}

function tick() {
  for (const element of document.querySelectorAll('[data-ends]')) {
    if (element instanceof HTMLElement) element.textContent = remaining(element);
  }
}

/**
 * The difference between the org's clock and this browser's, by the element that told it.
 * @type {WeakMap<HTMLElement, number>}
 */
const offsets = new WeakMap();

/** @param {HTMLElement} element */
function remaining(element) {
  const offset = offsets.get(element) ?? Number(element.dataset.now) - Date.now();
  offsets.set(element, offset);
  const seconds = Math.ceil((Number(element.dataset.ends) - Date.now() - offset) / 1000);
  if (seconds <= 0) return 'expired';
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `in ${minutes} min ${seconds % 60} s` : `in ${seconds} s`;
}
