import { oneLine } from '../format/plainText.js';
import { textTable } from '../format/textTable.js';
import type { TokenReport } from './tokenReport.js';

/** The claims that are shown, with their labels. */
const shownClaims = { iss: 'issuer', aud: 'audience', sub: 'subject', client_id: 'client_id', scp: 'scopes' };

/** A token report as lines for a person. */
export function formatTokenText(report: TokenReport): string {
  const { instanceUrl, flow, token, app, settingsProblem, comparisons, note, accessToken } = report;
  return [
    `Token of ${instanceUrl} by ${flow}: ${token.format === 'jwt' ? 'JWT-based' : 'opaque'}`,
    ...contents(report).map((line) => `  ${line}`),
    `Signature: ${signatureText(report)}`,
    ...(app === undefined ? [] : [`Settings of app ${app.externalClientApplication}:`]),
    ...(comparisons.length === 0
      ? []
      : textTable(
          ['STATUS', 'WHAT', 'FOUND'],
          comparisons.map(({ status, name, text }) => [status, name, text]),
        ).map((line) => `  ${line}`)),
    ...(settingsProblem === undefined ? [] : [`Settings: not read: ${oneLine(settingsProblem)}`]),
    ...(note === undefined ? [] : [`Note: ${oneLine(note)}`]),
    ...(accessToken === undefined ? [] : [accessToken]),
    '',
  ].join('\n');
}

function signatureText({ token, signature }: TokenReport): string {
  if (token.format === 'opaque') {
    return 'none (opaque token)';
  }
  return signature === undefined
    ? 'not checked (use --verify)'
    : `${signature.isValid ? 'valid' : 'not valid'}: ${oneLine(signature.text)}`;
}

/** The contents of the token. */
function contents({ token }: TokenReport): string[] {
  const { organizationId, header, claims, issuedAt, expiresAt, lifetimeMinutes } = token;
  const rows: (readonly [string, unknown])[] = [
    ['organization', organizationId],
    ...Object.entries(shownClaims).map(([claim, name]) => [name, claims?.[claim]] as const),
    ['issued', issuedAt],
    ['expires', expiresAt],
    ['lifetime', lifetimeMinutes === undefined ? undefined : `${lifetimeMinutes} minutes`],
    ['key', header?.['kid']],
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(12)}  ${oneLine(textOf(value))}`);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
