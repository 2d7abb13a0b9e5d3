import assert from 'node:assert/strict';
import { createServer, request as sendRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalOrg } from 'salesforce-local-org';

/** Is in every hostile text, so that a test can check that the text arrived. */
export const mark = 'h0stile';

const markers =
  '::error::h0stile ##vso[task.setvariable variable=a]b ##[error]c ##teamcity[d] <{%fg 9%}> @octocat #12 [a](b) \\ ' +
  'https://evil.example www.evil.example evil@example.com';

/** A text as an administrator of an org can put it into XML. */
export const hostileXmlText = `${markers}\u0085\u009b31m\u202e\u2066\u200b\u2028\u2029\r\n::warning::e`;

/** A text that can be in a JSON response, or in SOAP with references. */
export const hostileText = `${markers}\u001b]0;a\u0007\u001b[2J\u0008${hostileXmlText}`;

/** The name of an app that no org has and that a hostile server lists. Line breaks are in no name. */
export const hostileName = `h0stile##vso[a]<{%b%}>\u202e\u200b@octocat`;

const active = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|##\w*\[|^\s*::\w+::|<\{%|%\}>/mu;

/** Asserts that a text shows something of the org, and that nothing of it acts on a terminal, a log or an editor. */
export function assertHarmless(text: string, what: string): void {
  const found = active.exec(text);
  assert.equal(
    found && JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 40)),
    null,
    `${what} shows ${JSON.stringify(found?.[0])}`,
  );
  assert.ok(text.includes(mark), `${what} shows nothing of the org: ${text}`);
}

/** Asserts that no text in a report in Markdown is a mention, a reference or a link. */
export function assertNoMarkdownLinks(markdown: string): void {
  assert.doesNotMatch(markdown, /@\w|(?<!&)#\w|https?:\/\/|www\.|(?<!\\)\[/);
}

/** What a hostile org puts a text to: JSON's properties and XML's elements by these names. */
const texts = ['lastModifiedByName', 'createdByName', 'problem', 'errorMessage', 'faultstring', 'message'];

/** A server on loopback in front of a local org that puts a hostile text to what people call things. */
export interface HostileOrg {
  url: string;
  /** The name of an app that every list has in addition to those of the org; `undefined` for none. */
  listedApp: string | undefined;
  close(): Promise<void>;
}

/** Starts a hostile server in front of a local org. */
export async function startHostileOrg(org: LocalOrg): Promise<HostileOrg> {
  const target = new URL(org.instanceUrl);
  const server = createServer((incoming, outgoing) => {
    const forwarded = sendRequest(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: { ...incoming.headers, host: target.host, connection: 'close' } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const body = Buffer.from(rewrite(Buffer.concat(chunks).toString('utf8'), answer.headers));
          const headers = { ...answer.headers, 'content-length': body.length };
          delete headers['transfer-encoding'];
          outgoing
            .writeHead(answer.statusCode ?? 500, { ...headers, 'content-length': body.length })
            .end(body);
        });
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function rewrite(body: string, { 'content-type': type = '' }: IncomingHttpHeaders): string {
    const own = body.replaceAll(org.instanceUrl, url);
    if (type.startsWith('application/json')) {
      return JSON.stringify(JSON.parse(own), (name, value: unknown) =>
        texts.includes(name) && typeof value === 'string' ? `${value}${hostileText}` : value,
      );
    }
    if (!type.includes('xml')) return own;
    const named = own.replace(new RegExp(`(</(?:${texts.join('|')})>)`, 'g'), `${references(hostileText)}$1`);
    const entry =
      `<result><fileName>a</fileName><fullName>${references(hostileOrg.listedApp ?? '')}</fullName>` +
      '<type>ExternalClientApplication</type></result>';
    return hostileOrg.listedApp !== undefined
      ? named.replace('</listMetadataResponse>', `${entry}$&`)
      : named;
  }

  const hostileOrg: HostileOrg = {
    url,
    listedApp: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return hostileOrg;
}

/** A text in XML: references, except for the characters that XML does not allow and that jsforce's parser accepts. */
export const references = (text: string): string =>
  Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 32 && !'\r\n\t'.includes(character) ? character : `&#${code};`;
  }).join('');
