import type { ExportedOrg, ExportedPolicy } from '../../provider/src/reports/export/exportedPolicies.js';
import type { FieldValues } from '../../provider/src/policy/fields.js';

export const organizationId = '00D000000000062EAA';

/** A resource of an export, named as its app. */
export function exportedPolicy(
  app: string,
  settings: FieldValues,
  remarks: readonly string[] = [],
): ExportedPolicy {
  return {
    resourceName: app,
    id: `${organizationId}/${app}`,
    inputs: { app, org: undefined, settings, allow: [] },
    observed: { live: settings, names: { ExternalClientApplication: app }, tokenFormat: 'jwt' },
    remarks,
  };
}

/** An export with these resources. */
export function exportedOrg(
  policies: readonly ExportedPolicy[],
  leftOut: ExportedOrg['leftOut'] = [],
): ExportedOrg {
  return { organizationId, apiVersion: 68, policies, leftOut };
}

/** Texts that mean something in one of the languages, or to what reads a program. */
export const awkwardTexts: readonly string[] = [
  ...[
    '',
    ' ',
    "'",
    '"',
    '`',
    '\\',
    '\\n',
    "\\'",
    '\n',
    '\r\n',
    '\t',
    '\0',
    '\x7f',
    '\x85',
    '\u2028',
    '\u2029',
  ],
  ...[
    '\ufeff',
    '\u202e',
    '\u{1f511}',
    'é',
    '$',
    '$$',
    '${',
    '$${',
    '${pulumi.stack}',
    '}',
    '{{',
    '%s',
    '%(a)s',
  ],
  ...[
    'null',
    '~',
    'Null',
    'yes',
    'No',
    'on',
    'y',
    'true',
    '1',
    '1_0',
    '0x1',
    '1e3',
    '.inf',
    '2026-11-30',
    '12:30:45',
  ],
  ...[
    '# comment',
    'a: b',
    '- a',
    '? a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '@a',
    '[a]',
    '{a: b}',
    '<<',
    '---',
    '...',
    '%YAML',
  ],
  ...[
    'None',
    'True',
    'class',
    'def',
    'lambda',
    'async',
    '__proto__',
    'constructor',
    '*/',
    '//',
    '-*- coding: ascii -*-',
  ],
  ...['"""', "'''", '\\N{BULLET}', '\\u0041', '\\x41', '\\', 'pulumi', 'default'],
];
