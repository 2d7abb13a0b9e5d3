import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';
import { nextStep } from '../../../../../provider/src/reports/drift/describeDrift.js';
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
  statements: ['not read: the preview ended first'],
};
const pending: ResourceDrift = {
  ...clean,
  status: 'pending',
  statements: ['the state does not contain it yet: up would create it'],
};
const report: DriftReport = makeReport({
  stack: 'acme/dev',
  resources: [drifted, clean, failed],
  failures: ['sign-in was refused: <invalid_grant>'],
  notes: ['the org did not return it: why'],
});

describe('a drift report', () => {
  it('has the status of its worst resource, "both" for drifted and pending, "failed" if anything failed', () => {
    const of = (resources: ResourceDrift[], failures: string[] = []): string =>
      makeReport({ stack: 'dev', resources, failures, notes: [] }).status;
    assert.equal(of([]), 'clean');
    assert.equal(of([clean, drifted, pending]), 'both');
    assert.equal(of([clean, drifted]), 'drifted');
    assert.equal(of([clean, pending]), 'pending');
    assert.equal(of([pending, { ...clean, status: 'both' }]), 'both');
    assert.equal(of([drifted, failed]), 'failed');
    assert.equal(of([clean], ['broken']), 'failed');
  });

  it('as text: what differs first, and only the number of clean resources', () => {
    assert.equal(
      formatDriftText(report, false, false),
      `Stack acme/dev: failed

portal (00D000000000062EAA): failed
  not read: the preview ended first

gateway (app Agent_Gateway, org "uat", 00D000000000062EAA): drifted
  namedUserJwtTimeout: the org has 720 minutes, the program 1 minute (changed in the org)
  guestJwtSessionTimeoutType: the org has |*Eternal*| # <script>, the program Custom (org or program
    changed)
  last modified at 2026-11-24T07:58:37Z by Ada "|" <Admin> & Söhne\uFFFD

3 resources: 1 failed, 1 drifted, 1 clean (--all lists the clean ones)
Failed: sign-in was refused: <invalid_grant>
Note: the org did not return it: why
`,
    );
  });

  it('as Markdown, in which no text breaks out of its cell', () => {
    assert.equal(
      formatDriftMarkdown(report, true),
      `### Drift of stack acme/dev: failed

3 resources: 1 failed, 1 drifted, 1 clean

| resource | app | status | field | the org has | the program has | why | last modified |
| --- | --- | --- | --- | --- | --- | --- | --- |
| portal | portal | failed |  |  |  | not read: the preview ended first |  |
| gateway | Agent_Gateway in uat | drifted | namedUserJwtTimeout | 720 minutes | 1 minute | changed in the org | ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was last modified at 2026-11-24T07:58:37Z by Ada "\\|" &lt;Admin> &amp; Söhne\uFFFD |
| gateway | Agent_Gateway in uat | drifted | guestJwtSessionTimeoutType | \\|\\*Eternal\\*\\| \\# &lt;script> | Custom | org or program changed |  |
| partners | Partner_API | clean |  |  |  |  |  |

**Failed**

- sign-in was refused: &lt;invalid_grant>

**Notes**

- the org did not return it: why
`,
    );
  });

  it('lists clean resources with --all, and shows once what applies to several in one org', () => {
    const others = [
      { ...pending, name: 'first', app: 'First' },
      { ...pending, name: 'Second', app: 'Second' },
      { ...pending, name: 'third', app: 'Third', org: 'uat' },
    ];
    assert.equal(
      formatDriftText(
        makeReport({ stack: 'dev', resources: [clean, ...others], failures: [], notes: [] }),
        true,
        false,
      ),
      `Stack dev: pending

2 resources (00D000000000062EAA): pending
  First, Second
  the state does not contain it yet: up would create it

third (app Third, org "uat", 00D000000000062EAA): pending
  the state does not contain it yet: up would create it

partners (app Partner_API, 00D000000000062EAA): clean

4 resources: 3 pending, 1 clean
Next: pulumi up --stack dev applies what is pending (3 resources)
`,
    );
  });

  it('says what the next up restores and what it applies', () => {
    const next = (...resources: ResourceDrift[]): string | undefined =>
      nextStep(makeReport({ stack: 'dev', resources, failures: [], notes: [] }));
    const both = 'restores what the program declares (2 resources) and applies what is pending (1 resource)';
    assert.equal(next(drifted, drifted, pending, clean), `pulumi up --refresh --diff --stack dev ${both}`);
    const gone = { ...drifted, differences: [] };
    assert.equal(next(clean), undefined);
    assert.equal(next(gone), undefined, 'an app that is gone is not restored');
  });

  it('fits 30 apps, two of them drifted, on one screen, in lines of at most 100 characters', () => {
    const resources = Array.from({ length: 30 }, (_, number): ResourceDrift => ({
      ...(number % 20 === 7 ? { ...drifted, differences: drifted.differences.slice(0, 1) } : clean),
      name: `app${number}`,
    }));
    const lines = formatDriftText(
      makeReport({ stack: 'production', resources, failures: [], notes: [] }),
      false,
      false,
    ).split('\n');
    assert.equal(lines.length, 10, lines.join('\n'));
    for (const line of lines) assert.ok(line.length <= 100, line);
  });

  it('shows equal differences of 30 apps once, with their names and who changed them when', () => {
    const [difference] = drifted.differences;
    const resources = Array.from({ length: 30 }, (_, number): ResourceDrift => {
      const lastModified = {
        ...difference!.lastModified!,
        date: `2026-11-24T07:58:${10 + number}.000Z`,
        byName: number < 28 ? 'Ada Admin' : 'Bo Builder',
      };
      const field = { ...difference!, lastModified };
      const type = { ...field, field: 'namedUserJwtSessionTimeoutType', live: 'UserSession' } as const;
      return {
        ...drifted,
        name: `app${number}`,
        app: `App_${number}`,
        differences: [{ ...type, declared: 'Custom' }, field],
      };
    });
    const text = formatDriftText(
      makeReport({ stack: 'production', resources, failures: [], notes: [] }),
      false,
      false,
    );
    const lines = text.split('\n');
    assert.ok(lines.length <= 20, text);
    for (const line of lines) assert.ok(line.length <= 100, line);
    assert.match(text, /\n30 resources \(org "uat", 00D000000000062EAA\): drifted\n {2}App_0, App_1, /);
    const flat = text.replaceAll(/\s+/g, ' ');
    for (const { app } of resources) assert.ok(flat.includes(` ${app}`), text);
    assert.match(
      flat,
      / last modified between 2026-11-24T07:58:10Z and 2026-11-24T07:58:37Z by Ada Admin: App_0, /,
    );
    assert.match(
      flat,
      / last modified between 2026-11-24T07:58:38Z and 2026-11-24T07:58:39Z by Bo Builder: App_28, App_29 /,
    );
    assert.equal(text.match(/the org has/g)?.length, 2);
    const markdown = formatDriftMarkdown(
      makeReport({ stack: 'production', resources, failures: [], notes: [] }),
      false,
    );
    const rows = markdown.split('\n').filter((line) => line.startsWith('| app0, app1, '));
    assert.equal(rows.length, 2, markdown);
    assert.match(rows[0]!, / App_28, App_29 in uat \| drifted \| namedUserJwtSessionTimeoutType \| /);
  });

  it('lists the apps that no resource declares, if they were asked for', () => {
    const unmanaged = [
      { org: 'uat', organizationId: '00D000000000062EAA', apps: ['Order_Api', 'Portal'] },
      { org: undefined, organizationId: '00D000000000063EAA', apps: [] },
    ];
    const covered = {
      ...makeReport({ stack: 'dev', resources: [clean], failures: [], notes: [] }),
      unmanaged,
    };
    assert.equal(
      formatDriftText(covered, false, false),
      `Stack dev: clean, but 2 apps are not declared (exit code 3)

1 resource: 1 clean (--all lists the clean ones)
Not declared by any resource (org "uat", 00D000000000062EAA): Order_Api, Portal
Not declared by any resource (00D000000000063EAA): no app
`,
    );
    const many = Array.from({ length: 48 }, (_, index) => `App_${index + 10}`);
    const long = formatDriftText({ ...covered, unmanaged: [{ ...unmanaged[1]!, apps: many }] }, false, false);
    assert.match(long, /^Stack dev: clean, but 48 apps are not declared \(exit code 3\)\n/);
    for (const line of long.split('\n')) assert.ok(line.length <= 100, line);
    assert.ok(long.replaceAll(/\s+/g, ' ').includes(many.join(', ')));
    assert.match(
      formatDriftText({ ...report, unmanaged }, false, false),
      /^Stack \S+: \w[\w ]*, and 2 apps are not declared\n/,
    );
    assert.match(
      formatDriftMarkdown(covered, false),
      /^### Drift of stack dev: clean, but 2 apps are not declared/,
    );
    assert.match(
      formatDriftMarkdown(covered, false),
      /\*\*Coverage\*\*\n\n- Not declared by any resource \(org "uat"/,
    );
    const junit = formatJunit(covered);
    assert.match(junit, /tests="3" failures="1" errors="0"/);
    assert.match(
      junit,
      /name="every app of uat is declared"[^]*no resource declares Order_Api\nno resource declares Portal/,
    );
  });

  it('has colours if they are wanted, and otherwise no control characters', () => {
    assert.match(formatDriftText(report, true, true), /: \u001b\[31mdrifted\u001b\[39m\n/);
    assert.match(formatDriftText(report, true, true), /: \u001b\[32mclean\u001b\[39m\n/);
    assert.doesNotMatch(formatDriftText(report, true, false), /\u001b/);
  });

  it('as JUnit XML that a strict parser accepts', () => {
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
      'namedUserJwtTimeout: the org has 720 minutes, the program 1 minute (changed in the org; ' +
      'ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was last modified at 2026-11-24T07:58:37Z by Ada "|" ' +
      '<Admin> & Söhne\uFFFD)';
    assert.deepEqual(seen, [
      'testsuites; pulumi-salesforce-eca drift; 4; 1; 2',
      'testsuite; acme/dev; 4; 1; 2',
      'testcase; gateway (app Agent_Gateway, org "uat", 00D000000000062EAA); acme/dev',
      `failure; drifted; ${gone}`,
      `${gone}\nguestJwtSessionTimeoutType: the org has |*Eternal*| # <script>, the program Custom (org or program changed)`,
      'testcase; partners (app Partner_API, 00D000000000062EAA); acme/dev',
      'testcase; portal (00D000000000062EAA); acme/dev',
      'error; failed; not read: the preview ended first',
      'not read: the preview ended first',
      'testcase; the comparison of the stack; acme/dev',
      'error; failed; sign-in was refused: <invalid_grant>',
      'sign-in was refused: <invalid_grant>',
    ]);
  });
});
