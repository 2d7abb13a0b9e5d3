import assert from 'node:assert/strict';
import type { LocalOrg } from '../../../../local-org/src/index.js';

/** An answer of the Setup page. */
export interface PageAnswer {
  status: number;
  headers: Headers;
  /** The markup. */
  markup: string;
  /** What a person reads: the markup without tags and style, white space once. */
  text: string;
}

/** Fetches a page below `/local-org/setup`, or sends a form to it; redirects are not followed. */
export async function setupPage(
  org: LocalOrg,
  path: string,
  form?: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageAnswer> {
  const response = await fetch(`${org.setupPageUrl}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers,
    ...(form !== undefined && { body: new URLSearchParams(form) }),
  });
  const markup = await response.text();
  return { status: response.status, headers: response.headers, markup, text: visibleText(markup) };
}

/** Sends a form that is taken, and fetches the page that the answer points to. */
export async function submitForm(
  org: LocalOrg,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<PageAnswer & { path: string }> {
  const { status, headers, text } = await setupPage(org, path, form);
  assert.equal(status, 303, text);
  const location = (headers.get('location') ?? '').replace(/^\/local-org\/setup/, '');
  return { ...(await setupPage(org, location)), path: location };
}

function visibleText(markup: string): string {
  return markup
    .replace(/<head>.*?<\/head>/s, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
