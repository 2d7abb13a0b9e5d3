import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';
import { formatJunit } from '../../../../../provider/src/reports/drift/formatJunit.js';
import { formatDriftMarkdown } from '../../../../../provider/src/reports/drift/formatMarkdown.js';
import { formatDriftText } from '../../../../../provider/src/reports/drift/formatText.js';
import {
  makeReport,
  type DriftReport,
  type ResourceDrift,
} from '../../../../../provider/src/reports/drift/report.js';

const clean: ResourceDrift = {
  urn: 'urn:partners',
  name: 'partners',
  app: 'Partner_API',
  org: undefined,
  organizationId: '00D000000000062EAA',
  status: 'clean',
  statements: [],
  differences: [],
};
const drifted: ResourceDrift = {
  ...clean,
  name: 'gateway',
  app: 'Agent_Gateway',
  org: 'uat',
  status: 'drifted',
  differences: [
    {
      field: 'namedUserJwtTimeout',
      declared: 1,
      live: 720,
      inState: 1,
      cause: 'changedInOrg',
      lastModified: {
        componentType: 'ExtlClntAppOauthConfigurablePolicies',
        fullName: 'Agent_Gateway_oauthPlcy',
        date: '2026-11-24T07:58:37.000Z',
        byName: 'Ada "|" <Admin> & Söhne\u0000',
      },
    },
    {
      field: 'guestJwtSessionTimeoutType',
      declared: 'Custom',
      live: '|*Eternal*|\n# <script>',
      inState: undefined,
      cause: 'undetermined',
      lastModified: undefined,
    },
  ],
};
const failed: ResourceDrift = {
  ...clean,
  name: 'portal',
  app: 'portal',
  status: 'failed',
  statements: ['it was not read: the preview ended before'],
};
const report: DriftReport = makeReport({
  stack: 'acme/dev',
  resources: [drifted, clean, failed],
  failures: ['sign-in was refused: <invalid_grant>'],
  notes: ['the org did not tell: why'],
});

describe('a drift report', () => {
  it('is as its worst resource, and failed where anything failed', () => {
    const of = (resources: ResourceDrift[], failures: string[] = []): string =>
      makeReport({ stack: 'dev', resources, failures, notes: [] }).status;
    assert.equal(of([]), 'clean');
    assert.equal(of([clean, drifted, { ...clean, status: 'notApplied' }]), 'drifted');
    assert.equal(of([clean, { ...clean, status: 'notApplied' }]), 'notApplied');
    assert.equal(of([drifted, failed]), 'failed');
    assert.equal(of([clean], ['broken']), 'failed');
  });

  it('as text', () => {
    assert.equal(
      formatDriftText(report),
      `Stack acme/dev: failed

gateway (app Agent_Gateway, org "uat", 00D000000000062EAA): drifted
  namedUserJwtTimeout: the org has 720 minutes, the program 1 minute (changed in the org, was 1 minute)
    ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was last modified at 2026-11-24T07:58:37.000Z by Ada "|" <Admin> & Söhne\uFFFD
  guestJwtSessionTimeoutType: the org has |*Eternal*| # <script>, the program Custom (org or program changed: the state was refreshed since the last up, so which of them cannot be told)

partners (app Partner_API, 00D000000000062EAA): clean

portal (app portal, 00D000000000062EAA): failed
  it was not read: the preview ended before

3 resources: 1 clean, 1 drifted, 1 failed
Failed: sign-in was refused: <invalid_grant>
Note: the org did not tell: why
`,
    );
  });

  it('as Markdown, in which no text leaves its cell', () => {
    assert.equal(
      formatDriftMarkdown(report),
      `### Drift of stack acme/dev: failed

3 resources: 1 clean, 1 drifted, 1 failed

| resource | app | status | field | the org has | the program has | why | last modified |
| --- | --- | --- | --- | --- | --- | --- | --- |
| gateway | Agent_Gateway in uat | drifted | namedUserJwtTimeout | 720 minutes | 1 minute | changed in the org, was 1 minute | ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was last modified at 2026-11-24T07:58:37.000Z by Ada "\\|" &lt;Admin> &amp; Söhne\uFFFD |
| gateway | Agent_Gateway in uat | drifted | guestJwtSessionTimeoutType | \\|\\*Eternal\\*\\| \\# &lt;script> | Custom | org or program changed: the state was refreshed since the last up, so which of them cannot be told |  |
| partners | Partner_API | clean |  |  |  |  |  |
| portal | portal | failed |  |  |  | it was not read: the preview ended before |  |

**Failed**

- sign-in was refused: &lt;invalid_grant>

**Notes**

- the org did not tell: why
`,
    );
  });

  it('as JUnit XML that a strict parser reads back', () => {
    const xml = formatJunit(report);
    const seen: string[] = [];
    const parser = new SaxesParser();
    parser.on('opentag', ({ name, attributes }) => {
      seen.push([name, ...Object.values(attributes)].join('; '));
    });
    parser.on('text', (text) => {
      if (text.trim() !== '') seen.push(text);
    });
    parser.write(xml).close();
    const gone =
      'namedUserJwtTimeout: the org has 720 minutes, the program 1 minute (changed in the org, was 1 minute; ' +
      'ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was last modified at 2026-11-24T07:58:37.000Z by Ada "|" ' +
      '<Admin> & Söhne\uFFFD)';
    assert.deepEqual(seen, [
      'testsuites; pulumi-salesforce-eca drift; 4; 1; 2',
      'testsuite; acme/dev; 4; 1; 2',
      'testcase; gateway (app Agent_Gateway, org "uat", 00D000000000062EAA); acme/dev',
      `failure; drifted; ${gone}`,
      `${gone}\nguestJwtSessionTimeoutType: the org has |*Eternal*| # <script>, the program Custom (org or program changed: the ` +
        'state was refreshed since the last up, so which of them cannot be told)',
      'testcase; partners (app Partner_API, 00D000000000062EAA); acme/dev',
      'testcase; portal (app portal, 00D000000000062EAA); acme/dev',
      'error; failed; it was not read: the preview ended before',
      'it was not read: the preview ended before',
      'testcase; the look at the stack; acme/dev',
      'error; failed; sign-in was refused: <invalid_grant>',
      'sign-in was refused: <invalid_grant>',
    ]);
  });
});
