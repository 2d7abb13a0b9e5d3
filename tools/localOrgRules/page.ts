import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { orgRuleGroups } from '../../local-org/src/rules/allRules.js';
import type { OrgRule } from '../../local-org/src/rules/orgRule.js';
import { repositoryFolder } from '../pulumiCli/repository.js';

/** The page that lists the rules. */
export const rulesPageFile = join(repositoryFolder, 'local-org', 'docs', 'rules.md');

const introduction = `# Rules of the local org

What the local org assumes about Salesforce orgs, rule by rule, generated from \`src/rules\` by \`npx tsx tools/localOrgRules.ts\`. Each rule has a test
with its name (\`test/unit/localOrg/rules\`).

How certain a rule is:

- **documented**: Salesforce's documentation, or the schema behind \`@salesforce/types\`.
- **Salesforce's tools**: the source of jsforce, source-deploy-retrieve or the Salesforce CLI relies on it.
- **several reports**: public reports that agree.
- **one report**: one project says so.
- **inference**: not stated anywhere; follows from the rest.

A rule that is not documented can be turned on and off: by its name (\`--org-rule NAME=off\`; over HTTP
\`"orgRules":{"NAME":false}\`; in a program \`org.faults.change({ orgRules: { NAME: false } })\`), or with the switch in the table
(see [README](../README.md#faults)). "on" and "off" are the values in a new org.
`;

const limits = `## Limits

These are not Salesforce's. They limit the memory of the local org, no matter what clients send:

| what                                    | at most                             | response                                              |
| --------------------------------------- | ----------------------------------- | --------------------------------------------------- |
| XML document: a component file, package.xml, a SOAP message without its zip | 2 MiB, 50,000 elements, 5,000 attributes, 32 levels | component failure, failed deploy, \`INVALID_SOAP\` |
| DOCTYPE, and therefore custom entities | none                            | the same                                            |
| all files of a deploy, unpacked         | 200 MiB (an org: 600)               | failed deploy, \`INVALID_CONTENT\`                    |
| form or JSON document                   | 1 MiB                               | 413, \`LIMIT_EXCEEDED\`                               |
| bodies of more than 64 KiB, all together at a time | 200 MiB                  | 503 or a fault, \`SERVER_UNAVAILABLE\`              |
| sending a request                       | 60 s                                | 408, and the connection ends                        |
| connections at a time                   | 1,000                               | the connection is closed                            |
| conditions of a SOQL query              | 100 levels                          | 400, \`MALFORMED_QUERY\`                              |
| requests listed                         | 20,000, with paths of 4 million characters together | the oldest ones are dropped                  |
| deploys listed                          | 5,000, with 100,000 components together | the oldest ones are dropped                              |
| retrieves                               | 1,000, with 256 million bytes together | the oldest ones are dropped                               |
| sessions                                | 20,000                              | half of them end: those of guests, then those that end first |
| authorization codes of the guest flow   | 5,000                               | the oldest ones are dropped                                  |

The place of a problem (\`lineNumber\`, \`columnNumber\`) is the start of the wrong element, both from 1. It is not known
where a real org puts it for each kind of problem.

The README describes what roles may do besides deploys. Not supported: editions, the effect of a packaged app on other orgs, API request limits, \`FinalizingDeployFailed\`.
`;

/** The page's text, in the repository's format. */
export async function rulesPage(): Promise<string> {
  const sections = Object.entries(orgRuleGroups).map(([title, rules]) =>
    [
      `## ${title}`,
      '',
      '| rule | what an org does | certainty | source | switch |',
      '| --- | --- | --- | --- | --- |',
      ...Object.entries<OrgRule>(rules).map(
        ([name, rule]) =>
          `| \`${name}\` | ${rule.rule} | ${rule.certainty} | ${rule.source} | ${switchOf(rule)} |`,
      ),
      '',
    ].join('\n'),
  );
  const text = [introduction, ...sections, limits].join('\n');
  return format(text, { ...(await resolveConfig(rulesPageFile)), filepath: rulesPageFile });
}

function switchOf(rule: OrgRule): string {
  if ('initially' in rule) return rule.initially;
  return 'switch' in rule ? `\`${rule.switch}\`` : '';
}
