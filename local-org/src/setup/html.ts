import { escapeXml } from '../xml.js';

/** Safe markup, created only by {@link html}. */
export class Html {
  constructor(readonly text: string) {}
}

/** Values for {@link html}: text is escaped, markup is not, a list is joined, undefined and false are empty. */
export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

/** A template of markup; values are escaped, both in elements and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((string, index) => string + written(values[index])).join(''));
}

function written(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return escapeXml(String(value));
}

/** A table; on a narrow screen each row is a card, whose lines have the headings of the columns. */
export function table(
  label: string,
  columns: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
  empty: string,
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell, index) => html`<td data-label="${columns[index]}"><div>${cell}</div></td>`)}
      </tr>`,
  );
  return html`<div class="table" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** Names and values, as a list. */
export function definitions(entries: readonly (readonly [name: HtmlValue, value: HtmlValue])[]): Html {
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** An instant (milliseconds since 1970), in UTC to the second. */
export function instant(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** Options of a `<select>`. */
export function options(
  entries: readonly (readonly [value: string, text: string])[],
  selected?: string,
): Html[] {
  return entries.map(
    ([value, text]) =>
      html`<option value="${value}" ${value === selected && html`selected`}>${text}</option>`,
  );
}
