import { refresh } from './live.js';

/**
 * Sends the forms with `data-method` to the control API as JSON. `data-body` is the body; otherwise it is made of the fields: empty ones
 * are left out, `do.kind` is the field `kind` of `do`, and `data-type` says what is no text.
 */
export function sendControlForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.method === undefined) return;
    event.preventDefault();
    void send(form, form.dataset.method);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} method
 */
async function send(form, method) {
  const body = method === 'DELETE' ? undefined : (form.dataset.body ?? JSON.stringify(fieldsOf(form)));
  try {
    const response = await fetch(form.action, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) {
      /** @type {unknown} */
      const answer = await response.json();
      say(
        typeof answer === 'object' && answer && 'error' in answer ? String(answer.error) : 'Refused.',
        true,
      );
      return;
    }
    say(form.dataset.done ?? 'Done.', false);
    if ('reset' in form.dataset) form.reset();
    await refresh();
  } catch {
    say('The org does not respond.', true);
  }
}

/**
 * @param {string} text
 * @param {boolean} isProblem
 */
function say(text, isProblem) {
  const status = document.getElementById('status');
  if (!status) return;
  status.className = isProblem ? 'message problem' : 'message';
  status.textContent = text;
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, unknown>}
 */
function fieldsOf(form) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  for (const field of form.elements) {
    const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (!isField || field.name === '' || field.dataset.key !== undefined) continue;
    if (field.value === '' && field.dataset.type !== 'list') continue;
    const { value: ofKey } = field.dataset;
    if (ofKey !== undefined) {
      const key = form.querySelector(`[data-key="${ofKey}"]`);
      if (key instanceof HTMLInputElement) fields[ofKey] = { [key.value]: field.value };
      continue;
    }
    const [name = '', inner] = field.name.split('.');
    const value = valueOf(field);
    fields[name] = inner === undefined ? value : Object.assign(fields[name] ?? {}, { [inner]: value });
  }
  return fields;
}

/** @param {HTMLInputElement | HTMLSelectElement} field */
function valueOf({ value, dataset }) {
  if (dataset.type === 'number') return Number(value);
  if (dataset.type === 'list') return value.split(/\s+/).filter(Boolean);
  if (dataset.type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
